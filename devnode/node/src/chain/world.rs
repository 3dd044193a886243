//! The accounts of the chain at one moment.

mod difference;

pub(crate) use difference::WorldChange;

use super::ledger::Ledger;
use alloy::primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256};
use rpds::HashTrieMapSync;
use std::convert::Infallible;
use stylus_vm::SlotChange;
use stylus_vm::revm::database_interface::Database;
use stylus_vm::revm::state::{AccountInfo, Bytecode, EvmState};

/// All accounts, codes and storage. The maps share what did not change with their clones. A clone therefore costs
/// nothing, and every block can keep its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    accounts: HashTrieMapSync<Address, Account>,
    codes: HashTrieMapSync<B256, Bytecode>,
}

/// One account. Storage holds only the slots that are not zero.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    nonce: u64,
    balance: U256,
    code_hash: B256,
    storage: HashTrieMapSync<U256, U256>,
}

impl Default for Account {
    fn default() -> Self {
        Self { nonce: 0, balance: U256::ZERO, code_hash: KECCAK256_EMPTY, storage: HashTrieMapSync::default() }
    }
}

impl World {
    /// The balance in wei.
    pub(crate) fn balance(&self, address: Address) -> U256 {
        self.accounts.get(&address).map_or(U256::ZERO, |account| account.balance)
    }

    /// The number of transactions sent, or of contracts created.
    pub(crate) fn nonce(&self, address: Address) -> u64 {
        self.accounts.get(&address).map_or(0, |account| account.nonce)
    }

    /// The code, without the padding the EVM adds.
    pub(crate) fn code(&self, address: Address) -> Bytes {
        let hash = self.accounts.get(&address).map(|account| &account.code_hash);
        hash.and_then(|hash| self.codes.get(hash)).map(Bytecode::original_bytes).unwrap_or_default()
    }

    /// The value of a storage slot.
    pub(crate) fn storage(&self, address: Address, slot: U256) -> U256 {
        let account = self.accounts.get(&address);
        account.and_then(|account| account.storage.get(&slot)).copied().unwrap_or_default()
    }

    /// Sets the balance in wei.
    pub(crate) fn set_balance(&mut self, address: Address, balance: U256) {
        self.update(address, |account| account.balance = balance);
    }

    /// Sets the nonce.
    pub(crate) fn set_nonce(&mut self, address: Address, nonce: u64) {
        self.update(address, |account| account.nonce = nonce);
    }

    /// Sets the code.
    pub(crate) fn set_code(&mut self, address: Address, code: Bytecode) {
        let hash = self.remember(code);
        self.update(address, |account| account.code_hash = hash);
    }

    /// Sets some storage slots. With `clear`, all others become zero.
    pub(crate) fn set_storage(&mut self, address: Address, slots: impl IntoIterator<Item = (U256, U256)>, clear: bool) {
        self.update(address, |account| {
            if clear {
                account.storage = HashTrieMapSync::default();
            }
            for (slot, value) in slots {
                store(&mut account.storage, slot, value);
            }
        });
    }

    /// Writes down what changed outside of transactions.
    pub(crate) fn write(&mut self, changes: impl IntoIterator<Item = SlotChange>) {
        for (address, slot, value) in changes {
            self.set_storage(address, [(slot, value)], false);
        }
    }

    /// Adds an account as genesis lists it.
    pub(crate) fn insert(&mut self, address: Address, info: AccountInfo, slots: Vec<(U256, U256)>) {
        let code_hash = info.code.map_or(info.code_hash, |code| self.remember(code));
        self.update(address, |account| {
            account.nonce = info.nonce;
            account.balance = info.balance;
            account.code_hash = code_hash;
        });
        self.set_storage(address, slots, false);
    }

    /// Writes down what a transaction changed. Accounts that are left empty disappear (EIP-161).
    pub(crate) fn commit(&mut self, changes: &EvmState) {
        for (address, change) in changes {
            if !change.is_touched() {
                continue;
            }
            if change.is_selfdestructed() || change.is_empty() {
                self.accounts.remove_mut(address);
                continue;
            }
            let code_hash = match &change.info.code {
                Some(code) if !code.is_empty() => self.remember(code.clone()),
                _ => change.info.code_hash,
            };
            self.update(*address, |account| {
                account.nonce = change.info.nonce;
                account.balance = change.info.balance;
                account.code_hash = code_hash;
                if change.is_created() {
                    account.storage = HashTrieMapSync::default();
                }
                for (slot, value) in change.changed_storage_slots() {
                    store(&mut account.storage, *slot, value.present_value());
                }
            });
        }
    }

    /// The world without accounts that knows these codes.
    pub(crate) fn of_codes(codes: impl IntoIterator<Item = Bytecode>) -> Self {
        let mut world = Self::default();
        for code in codes {
            world.remember(code);
        }
        world
    }

    /// All codes, without the padding the EVM adds.
    pub(crate) fn codes(&self) -> impl Iterator<Item = Bytes> + '_ {
        self.codes.values().map(Bytecode::original_bytes)
    }

    fn update(&mut self, address: Address, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.accounts.get_mut(&address) {
            change(account);
        } else {
            let mut account = Account::default();
            change(&mut account);
            self.accounts.insert_mut(address, account);
        }
    }

    fn remember(&mut self, code: Bytecode) -> B256 {
        let hash = code.hash_slow();
        if !code.is_empty() && !self.codes.contains_key(&hash) {
            self.codes.insert_mut(hash, code);
        }
        hash
    }
}

fn store(storage: &mut HashTrieMapSync<U256, U256>, slot: U256, value: U256) {
    if value.is_zero() {
        storage.remove_mut(&slot);
    } else {
        storage.insert_mut(slot, value);
    }
}

/// A world together with the blocks before it: what the machine reads from.
#[derive(Debug)]
pub(crate) struct WorldReader<'a> {
    /// The accounts.
    pub(crate) world: &'a World,
    /// The blocks, for BLOCKHASH.
    pub(crate) ledger: &'a Ledger,
}

impl Database for WorldReader<'_> {
    type Error = Infallible;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.world.accounts.get(&address).map(|account| AccountInfo {
            balance: account.balance,
            nonce: account.nonce,
            code_hash: account.code_hash,
            code: self.world.codes.get(&account.code_hash).cloned(),
            ..AccountInfo::default()
        }))
    }

    fn code_by_hash(&mut self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.world.codes.get(&code_hash).cloned().unwrap_or_default())
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Infallible> {
        Ok(self.world.storage(address, slot))
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Infallible> {
        Ok(self.ledger.block(number).map_or(B256::ZERO, |block| block.hash()))
    }
}

#[cfg(test)]
mod tests {
    use super::World;
    use alloy::primitives::{Address, U256};
    use stylus_vm::revm::state::{Account, AccountInfo, Bytecode, EvmState, EvmStorageSlot, TransactionId};

    const ADDRESS: Address = Address::repeat_byte(7);

    fn slot(from: u64, to: u64) -> EvmStorageSlot {
        EvmStorageSlot::new_changed(U256::from(from), U256::from(to), TransactionId::ZERO)
    }

    /// A touched account with one wei.
    fn account(slots: impl IntoIterator<Item = (u64, EvmStorageSlot)>) -> Account {
        let info = AccountInfo { balance: U256::from(1), ..AccountInfo::default() };
        let slots = slots.into_iter().map(|(key, slot)| (U256::from(key), slot));
        Account::default().with_info(info).with_storage(slots).with_touched_mark()
    }

    fn commit(world: &mut World, account: Account) {
        world.commit(&EvmState::from_iter([(ADDRESS, account)]));
    }

    fn storage(world: &World, key: u64) -> U256 {
        world.storage(ADDRESS, U256::from(key))
    }

    #[test]
    fn changed_slots_are_written_and_zeros_forgotten() {
        let mut world = World::default();
        commit(&mut world, account([(1, slot(0, 10)), (2, slot(0, 20))]));
        let before = world.clone();
        commit(&mut world, account([(1, slot(10, 0))]));
        assert_eq!((storage(&world, 1), storage(&world, 2)), (U256::ZERO, U256::from(20)));
        assert_eq!(world.accounts.get(&ADDRESS).expect("the account").storage.size(), 1);
        assert_eq!(storage(&before, 1), U256::from(10), "a clone does not follow");
    }

    #[test]
    fn what_is_only_looked_at_does_not_change() {
        let mut world = World::default();
        let mut looked_at = account([(1, slot(0, 10))]);
        looked_at.unmark_touch();
        commit(&mut world, looked_at);
        assert_eq!(world.balance(ADDRESS), U256::ZERO);
        assert_eq!(storage(&world, 1), U256::ZERO);
    }

    #[test]
    fn empty_and_destroyed_accounts_disappear() {
        for end in [Account::default().with_touched_mark(), account([]).with_touched_mark().with_selfdestruct_mark()] {
            let mut world = World::default();
            commit(&mut world, account([(1, slot(0, 10))]));
            commit(&mut world, end);
            assert!(world.accounts.is_empty());
        }
    }

    #[test]
    fn a_new_contract_starts_with_empty_storage() {
        let mut world = World::default();
        commit(&mut world, account([(1, slot(0, 10))]));
        let mut created = account([(2, slot(0, 20))]).with_created_mark();
        created.info.code = Some(Bytecode::new_legacy(vec![0xfe].into()));
        commit(&mut world, created);
        assert_eq!((storage(&world, 1), storage(&world, 2)), (U256::ZERO, U256::from(20)));
        assert_eq!(world.code(ADDRESS).as_ref(), [0xfe]);
    }
}
