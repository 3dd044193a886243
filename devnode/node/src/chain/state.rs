//! The accounts of the chain at one moment.

mod difference;

pub(crate) use difference::StateChange;

use super::fork::{FarAccount, ForkError, Origin};
use super::shared_map::SharedMap;
use alloy::primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256};
use stylus_vm::SlotChange;
use stylus_vm::revm::state::{AccountInfo, Bytecode, EvmState};

/// All accounts, codes and storage. The maps share what did not change with their clones. A clone therefore costs
/// nothing, and every block can keep its own.
///
/// In a fork the maps hold what became of accounts since the forked block. What they do not hold is as it was there,
/// and may have to be fetched: hence the errors.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Behind pointers, because in the map a branch takes as much room as an entry.
    accounts: SharedMap<Address, Box<Account>>,
    codes: SharedMap<B256, Bytecode>,
    origin: Option<Origin>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    nonce: u64,
    balance: U256,
    code_hash: B256,
    storage: SharedMap<U256, U256>,
    /// Whether the slots that `storage` does not hold are zero, and it only holds such that are not. Otherwise they are
    /// as they were at the forked block.
    is_whole: bool,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            nonce: 0,
            balance: U256::ZERO,
            code_hash: KECCAK256_EMPTY,
            storage: SharedMap::default(),
            is_whole: true,
        }
    }
}

impl Account {
    fn facts(&self) -> FarAccount {
        FarAccount { nonce: self.nonce, balance: self.balance, code_hash: self.code_hash }
    }

    fn store(&mut self, slot: U256, value: U256) {
        if self.is_whole && value.is_zero() {
            self.storage.remove(&slot);
        } else {
            self.storage.insert(slot, value);
        }
    }

    fn clear(&mut self) {
        self.storage = SharedMap::default();
        self.is_whole = true;
    }
}

impl State {
    /// The state as it was at a forked block.
    pub(crate) fn forked(origin: Origin) -> Self {
        Self { origin: Some(origin), ..Self::default() }
    }

    /// Lets what is not here come from there.
    pub(crate) fn fetch_from(&mut self, origin: Origin) {
        self.origin = Some(origin);
    }

    /// Where what is not here comes from.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// The account without its storage, if there is one.
    pub(super) fn facts(&self, address: Address) -> Result<Option<FarAccount>, ForkError> {
        match (self.accounts.get(&address), &self.origin) {
            (Some(account), None) => Ok(Some(account.facts())),
            (None, None) => Ok(None),
            // An account that is gone leaves an empty one behind, or those of the forked block would come back.
            (Some(account), Some(_)) => Ok(Some(account.facts()).filter(|facts| !facts.is_empty())),
            (None, Some(origin)) => Ok(Some(origin.account(address)?).filter(|facts| !facts.is_empty())),
        }
    }

    /// The balance in wei.
    pub(crate) fn balance(&self, address: Address) -> Result<U256, ForkError> {
        Ok(self.facts(address)?.map_or(U256::ZERO, |account| account.balance))
    }

    /// The number of transactions sent, or of contracts created.
    pub(crate) fn nonce(&self, address: Address) -> Result<u64, ForkError> {
        Ok(self.facts(address)?.map_or(0, |account| account.nonce))
    }

    /// The code, without the padding the EVM adds.
    pub(crate) fn code(&self, address: Address) -> Result<Bytes, ForkError> {
        let code = self.facts(address)?.and_then(|account| self.code_of(account.code_hash));
        Ok(code.as_ref().map(Bytecode::original_bytes).unwrap_or_default())
    }

    /// The code with this hash, if an account was found with it.
    pub(super) fn code_of(&self, hash: B256) -> Option<Bytecode> {
        let here = self.codes.get(&hash).cloned();
        here.or_else(|| self.origin.as_ref()?.code(hash))
    }

    /// The value of a storage slot.
    pub(crate) fn storage(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        let account = self.accounts.get(&address);
        match (account.and_then(|account| account.storage.get(&slot)), &self.origin) {
            (Some(value), _) => Ok(*value),
            (None, Some(origin)) if account.is_none_or(|account| !account.is_whole) => origin.slot(address, slot),
            (None, _) => Ok(U256::ZERO),
        }
    }

    /// All slots of an account that are not zero, in no order. None if a forked chain may have more of them.
    pub(crate) fn slots(&self, address: Address) -> Option<Vec<(U256, U256)>> {
        let Some(account) = self.accounts.get(&address) else {
            return self.origin.is_none().then(Vec::new);
        };
        let mut slots = Vec::new();
        account.storage.differences(&SharedMap::default(), |slot, _, value| {
            slots.extend(value.map(|value| (*slot, *value)));
        });
        account.is_whole.then_some(slots)
    }

    /// What is known of an account without fetching anything: its balance.
    pub(crate) fn known_balance(&self, address: Address) -> U256 {
        self.accounts.get(&address).map_or(U256::ZERO, |account| account.balance)
    }

    /// What is known of an account without fetching anything: a slot.
    pub(crate) fn known_storage(&self, address: Address, slot: U256) -> U256 {
        let account = self.accounts.get(&address);
        account.and_then(|account| account.storage.get(&slot)).copied().unwrap_or_default()
    }

    /// Sets the balance in wei.
    pub(crate) fn set_balance(&mut self, address: Address, balance: U256) -> Result<(), ForkError> {
        self.update(address, |account| account.balance = balance)
    }

    /// Sets the nonce.
    pub(crate) fn set_nonce(&mut self, address: Address, nonce: u64) -> Result<(), ForkError> {
        self.update(address, |account| account.nonce = nonce)
    }

    /// Sets the code.
    pub(crate) fn set_code(&mut self, address: Address, code: Bytecode) -> Result<(), ForkError> {
        let hash = self.remember(code);
        self.update(address, |account| account.code_hash = hash)
    }

    /// Sets some storage slots. With `clear`, all others become zero.
    pub(crate) fn set_storage(
        &mut self,
        address: Address,
        slots: impl IntoIterator<Item = (U256, U256)>,
        clear: bool,
    ) -> Result<(), ForkError> {
        self.update(address, |account| {
            if clear {
                account.clear();
            }
            slots.into_iter().for_each(|(slot, value)| account.store(slot, value));
        })
    }

    /// Writes down what changed outside of transactions.
    pub(crate) fn write(&mut self, changes: impl IntoIterator<Item = SlotChange>) -> Result<(), ForkError> {
        changes.into_iter().try_for_each(|(address, slot, value)| self.set_storage(address, [(slot, value)], false))
    }

    /// Adds an account as genesis lists it.
    pub(crate) fn insert(&mut self, address: Address, info: AccountInfo, slots: Vec<(U256, U256)>) {
        let code_hash = info.code.map_or(info.code_hash, |code| self.remember(code));
        let (nonce, balance) = (info.nonce, info.balance);
        let mut account = Account { nonce, balance, code_hash, ..Account::default() };
        slots.into_iter().for_each(|(slot, value)| account.store(slot, value));
        self.accounts.insert(address, account.into());
    }

    /// Writes down what a transaction changed. Accounts that are left empty disappear (EIP-161).
    pub(crate) fn commit(&mut self, changes: &EvmState) {
        for (address, change) in changes {
            if !change.is_touched() {
                continue;
            }
            if change.is_selfdestructed() || change.is_empty() {
                self.remove(*address);
                continue;
            }
            let code_hash = match &change.info.code {
                Some(code) if !code.is_empty() => self.remember(code.clone()),
                _ => change.info.code_hash,
            };
            self.here(*address, |account| {
                account.nonce = change.info.nonce;
                account.balance = change.info.balance;
                account.code_hash = code_hash;
                if change.is_created() {
                    account.clear();
                }
                for (slot, value) in change.changed_storage_slots() {
                    account.store(*slot, value.present_value());
                }
            });
        }
    }

    /// The codes that `before` does not know, without the padding the EVM adds.
    pub(crate) fn codes_since(&self, before: &Self) -> Vec<Bytes> {
        let mut codes = Vec::new();
        self.codes.differences(&before.codes, |_, before, after| {
            if let (None, Some(code)) = (before, after) {
                codes.push(code.original_bytes());
            }
        });
        codes.sort_unstable();
        codes
    }

    /// Whether this is the same state in memory. If not, it may still hold the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.accounts.is_same(&other.accounts) && self.codes.is_same(&other.codes)
    }

    /// Changes an account, which in a fork may have to be fetched.
    fn update(&mut self, address: Address, change: impl FnOnce(&mut Account)) -> Result<(), ForkError> {
        if let (None, Some(origin)) = (self.accounts.get(&address), &self.origin) {
            let FarAccount { nonce, balance, code_hash } = origin.account(address)?;
            // What is changed here is a part of snapshots, and its code with it.
            if let Some(code) = origin.code(code_hash) {
                self.remember(code);
            }
            self.here(address, |account| {
                (account.nonce, account.balance, account.code_hash) = (nonce, balance, code_hash);
            });
        }
        self.here(address, change);
        Ok(())
    }

    /// Changes everything that is to be known of an account but its slots.
    fn here(&mut self, address: Address, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.accounts.get_mut(&address) {
            change(account);
        } else {
            let mut account = Account { is_whole: self.origin.is_none(), ..Account::default() };
            change(&mut account);
            self.accounts.insert(address, account.into());
        }
    }

    fn remove(&mut self, address: Address) {
        if self.origin.is_some() {
            self.accounts.insert(address, Box::default());
        } else {
            self.accounts.remove(&address);
        }
    }

    /// Knows a code from now on. Returns its hash.
    pub(crate) fn remember(&mut self, code: Bytecode) -> B256 {
        let hash = code.hash_slow();
        if !code.is_empty() && !self.codes.contains_key(&hash) {
            self.codes.insert(hash, code);
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::{SharedMap, State};
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

    fn commit(state: &mut State, account: Account) {
        state.commit(&EvmState::from_iter([(ADDRESS, account)]));
    }

    fn storage(state: &State, key: u64) -> U256 {
        state.known_storage(ADDRESS, U256::from(key))
    }

    #[test]
    fn changed_slots_are_written_and_zeros_forgotten() {
        let mut state = State::default();
        commit(&mut state, account([(1, slot(0, 10)), (2, slot(0, 20))]));
        let before = state.clone();
        commit(&mut state, account([(1, slot(10, 0))]));
        assert_eq!((storage(&state, 1), storage(&state, 2)), (U256::ZERO, U256::from(20)));
        let mut left = SharedMap::default();
        left.insert(U256::from(2), U256::from(20));
        assert_eq!(state.accounts.get(&ADDRESS).expect("the account").storage, left);
        assert_eq!(storage(&before, 1), U256::from(10), "a clone does not follow");
    }

    #[test]
    fn what_is_only_looked_at_does_not_change() {
        let mut state = State::default();
        let mut looked_at = account([(1, slot(0, 10))]);
        looked_at.unmark_touch();
        commit(&mut state, looked_at);
        assert_eq!(state.known_balance(ADDRESS), U256::ZERO);
        assert_eq!(storage(&state, 1), U256::ZERO);
    }

    #[test]
    fn empty_and_destroyed_accounts_disappear() {
        for end in [Account::default().with_touched_mark(), account([]).with_touched_mark().with_selfdestruct_mark()] {
            let mut state = State::default();
            commit(&mut state, account([(1, slot(0, 10))]));
            commit(&mut state, end);
            assert_eq!(state.accounts, SharedMap::default());
        }
    }

    #[test]
    fn a_new_contract_starts_with_empty_storage() {
        let mut state = State::default();
        commit(&mut state, account([(1, slot(0, 10))]));
        let mut created = account([(2, slot(0, 20))]).with_created_mark();
        created.info.code = Some(Bytecode::new_legacy(vec![0xfe].into()));
        commit(&mut state, created);
        assert_eq!((storage(&state, 1), storage(&state, 2)), (U256::ZERO, U256::from(20)));
        assert_eq!(state.code(ADDRESS).expect("code").as_ref(), [0xfe]);
    }
}
