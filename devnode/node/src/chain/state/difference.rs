//! What is different between two states.

use super::{Account, State};
use crate::chain::shared_map::SharedMap;
use alloy::primitives::{Address, B256, KECCAK256_EMPTY, U256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a part of the changes holds: so many accounts and slots.
const PART: usize = 1_024;

/// What became of the accounts that are not as before. `None` stands for an account that is gone.
pub(crate) type StateChange = BTreeMap<Address, Option<AccountChange>>;

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

impl State {
    /// Gives what makes `before` this state, codes apart, a part of it at a time.
    ///
    /// # Errors
    ///
    /// The first one of `give`.
    pub(crate) fn changes_since<E>(
        &self,
        before: &Self,
        give: impl FnMut(StateChange) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut parts = Parts { part: StateChange::new(), room: PART, give, given: Ok(()) };
        self.accounts.differences(&before.accounts, |address, before, after| match after {
            Some(account) if before == Some(account) => {}
            Some(account) => {
                parts.add(*address, Some(account));
                account.slots_since(before.map(AsRef::as_ref), |slot, value| {
                    if let Some(change) = parts.add(*address, Some(account)) {
                        change.storage.insert(B256::from(slot), value);
                    }
                });
            }
            None => {
                parts.add(*address, None);
            }
        });
        parts.end()
    }

    /// Makes such changes.
    ///
    /// # Errors
    ///
    /// The account whose code is not known.
    pub(crate) fn change(&mut self, changes: StateChange) -> Result<(), Address> {
        for (address, change) in changes {
            let Some(AccountChange { nonce, balance, code_hash, storage, continues }) = change else {
                self.accounts.remove(&address);
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

/// Changes that are given away when there are enough of them.
struct Parts<F, E> {
    part: StateChange,
    room: usize,
    give: F,
    given: Result<(), E>,
}

impl<F: FnMut(StateChange) -> Result<(), E>, E> Parts<F, E> {
    /// What is told of an account in this part. It takes some room.
    fn add(&mut self, address: Address, account: Option<&Account>) -> Option<&mut AccountChange> {
        if self.room == 0 {
            self.give();
        }
        self.room -= 1;
        self.part.entry(address).or_insert_with(|| account.map(AccountChange::from)).as_mut()
    }

    fn give(&mut self) {
        let part = std::mem::take(&mut self.part);
        self.room = PART;
        if self.given.is_ok() && !part.is_empty() {
            self.given = (self.give)(part);
        }
    }

    fn end(mut self) -> Result<(), E> {
        self.give();
        self.given
    }
}

impl From<&Account> for AccountChange {
    fn from(account: &Account) -> Self {
        let Account { nonce, balance, code_hash, is_whole, .. } = *account;
        Self { nonce, balance, code_hash, storage: BTreeMap::new(), continues: !is_whole }
    }
}

impl Account {
    /// Tells of the slots that are not as before.
    fn slots_since(&self, before: Option<&Self>, mut tell: impl FnMut(U256, U256)) {
        let nothing = SharedMap::default();
        let before = before.map_or(&nothing, |account| &account.storage);
        self.storage.differences(before, |slot, before, after| {
            if before != after {
                tell(*slot, after.copied().unwrap_or_default());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{State, StateChange};
    use alloy::primitives::{Address, U256};
    use stylus_vm::revm::state::Bytecode;

    fn slots(values: &[(u64, u64)]) -> Vec<(U256, U256)> {
        values.iter().map(|(slot, value)| (U256::from(*slot), U256::from(*value))).collect()
    }

    fn all(from: &State, to: &State) -> Vec<StateChange> {
        let mut parts = Vec::new();
        to.changes_since(from, |part| {
            parts.push(part);
            Ok::<_, ()>(())
        })
        .expect("all are taken");
        parts
    }

    fn change(mut state: State, parts: Vec<StateChange>) -> State {
        parts.into_iter().for_each(|part| state.change(part).expect("the code is known"));
        state
    }

    #[test]
    fn changes_lead_from_one_world_to_the_other() {
        let [one, two, three] = [1, 2, 3].map(Address::repeat_byte);
        let code = Bytecode::new_legacy(vec![0x00].into());
        let mut empty = State::default();
        empty.remember(code.clone());
        let mut first = empty.clone();
        first.set_storage(one, slots(&[(1, 1), (2, 2), (3, 3)]), false).expect("all is here");
        first.set_balance(two, U256::from(7)).expect("all is here");
        let mut second = first.clone();
        second.set_storage(one, slots(&[(1, 0), (2, 9), (4, 4)]), false).expect("all is here");
        second.accounts.remove(&two);
        second.set_code(three, code).expect("all is here");

        for (from, to) in [(&first, &second), (&second, &first), (&empty, &second)] {
            assert_eq!(change(from.clone(), all(from, to)).accounts, to.accounts);
        }
        let parts = all(&first, &second);
        assert_eq!((parts.len(), parts[0].len()), (1, 3));
        assert_eq!(parts[0][&one].as_ref().expect("an account").storage.len(), 3, "one slot is as before");
        assert_eq!(State::default().change(parts[0].clone()), Err(three), "the code is not known");
        assert!(all(&second, &second.clone()).is_empty());
    }

    #[test]
    fn many_changes_come_in_parts() {
        let many: Vec<(u64, u64)> = (1..=5_000).map(|slot| (slot, slot)).collect();
        let mut state = State::default();
        state.set_storage(Address::repeat_byte(1), slots(&many), false).expect("all is here");
        let parts = all(&State::default(), &state);
        assert_eq!(parts.len(), 5);
        assert_eq!(change(State::default(), parts).accounts, state.accounts);
        let mut given = 0;
        let refused = state.changes_since(&State::default(), |_| {
            given += 1;
            Err(given)
        });
        assert_eq!((refused, given), (Err(1), 1), "nothing is given after that");
    }
}
