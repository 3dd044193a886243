//! What is different between two worlds.

use super::{Account, World};
use alloy::primitives::{Address, B256, KECCAK256_EMPTY, U256};
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of the accounts that are not as before. `None` stands for an account that is gone.
pub(crate) type WorldChange = BTreeMap<Address, Option<AccountChange>>;

/// What an account is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccountChange {
    nonce: u64,
    balance: U256,
    code_hash: B256,
    /// The slots that are not as before.
    storage: BTreeMap<B256, U256>,
    /// Whether in a fork the slots that were never changed are as at the forked block.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    continues: bool,
}

impl World {
    /// What makes `before` this world, codes apart.
    pub(crate) fn changes_since(&self, before: &Self) -> WorldChange {
        let gone = before.accounts.keys().filter(|address| !self.accounts.contains_key(*address));
        let mut changes: WorldChange = gone.map(|address| (*address, None)).collect();
        for (address, account) in self.accounts.iter() {
            let before = before.accounts.get(address);
            if before != Some(account) {
                changes.insert(*address, Some(account.changes_since(before)));
            }
        }
        changes
    }

    /// Makes such changes.
    ///
    /// # Errors
    ///
    /// The account whose code is not known.
    pub(crate) fn change(&mut self, changes: WorldChange) -> Result<(), Address> {
        for (address, change) in changes {
            let Some(AccountChange { nonce, balance, code_hash, storage, continues }) = change else {
                self.accounts.remove_mut(&address);
                continue;
            };
            if code_hash != KECCAK256_EMPTY && !self.codes.contains_key(&code_hash) {
                return Err(address);
            }
            self.here(address, |account| {
                (account.nonce, account.balance, account.code_hash) = (nonce, balance, code_hash);
                account.is_whole = !continues;
                storage.into_iter().for_each(|(slot, value)| account.store(slot.into(), value));
            });
        }
        Ok(())
    }
}

impl Account {
    fn changes_since(&self, before: Option<&Self>) -> AccountChange {
        let nothing = HashTrieMapSync::default();
        let continues = !self.is_whole;
        let before = before.map_or(&nothing, |account| &account.storage);
        let mut storage = BTreeMap::new();
        if self.storage != *before {
            let cleared = before.keys().filter(|slot| !self.storage.contains_key(*slot));
            storage.extend(cleared.map(|slot| (B256::from(*slot), U256::ZERO)));
            let written = self.storage.iter().filter(|(slot, value)| before.get(*slot) != Some(*value));
            storage.extend(written.map(|(slot, value)| (B256::from(*slot), *value)));
        }
        AccountChange { nonce: self.nonce, balance: self.balance, code_hash: self.code_hash, storage, continues }
    }
}

#[cfg(test)]
mod tests {
    use super::World;
    use alloy::primitives::{Address, U256};
    use stylus_vm::revm::state::Bytecode;

    fn slots(values: &[(u64, u64)]) -> Vec<(U256, U256)> {
        values.iter().map(|(slot, value)| (U256::from(*slot), U256::from(*value))).collect()
    }

    #[test]
    fn changes_lead_from_one_world_to_the_other() {
        let [one, two, three] = [1, 2, 3].map(Address::repeat_byte);
        let code = Bytecode::new_legacy(vec![0x00].into());
        let mut first = World::of_codes([code.clone()], None);
        first.set_storage(one, slots(&[(1, 1), (2, 2), (3, 3)]), false).expect("all is here");
        first.set_balance(two, U256::from(7)).expect("all is here");
        let mut second = first.clone();
        second.set_storage(one, slots(&[(1, 0), (2, 9), (4, 4)]), false).expect("all is here");
        second.accounts.remove_mut(&two);
        second.set_code(three, code).expect("all is here");

        for (from, to) in [(&first, &second), (&second, &first)] {
            let changes = to.changes_since(from);
            assert_eq!(changes.len(), 3);
            let mut world = from.clone();
            world.change(changes).expect("the code is known");
            assert_eq!(world.accounts, to.accounts);
        }
        let changes = second.changes_since(&first);
        assert_eq!(changes[&one].as_ref().expect("an account").storage.len(), 3, "one slot is as before");
        assert_eq!(World::default().change(changes), Err(three), "the code is not known");
        assert!(second.changes_since(&second.clone()).is_empty());
    }
}
