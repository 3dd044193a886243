//! What stands in the `stateRoot` of a header.
//!
//! The chain keeps no Merkle trie. Its state root is a chain of hashes instead: the root of the parent block hashed
//! with everything that each transaction changed, accounts and slots in order. Blocks with different effects therefore
//! have different hashes, but nobody can prove an account against the root. The root does not cover changes by hand
//! (`anvil_setBalance`).

use alloy::primitives::{Address, B256, Keccak256, U256};
use std::collections::BTreeMap;
use stylus_vm::revm::state::{Account, EvmState};

/// The state root after a transaction that changes `changes` on top of `parent`.
pub(crate) fn state_root(parent: B256, changes: &EvmState) -> B256 {
    let touched: BTreeMap<&Address, &Account> = changes.iter().filter(|(_, account)| account.is_touched()).collect();
    if touched.is_empty() {
        return parent;
    }
    let mut hasher = Keccak256::new();
    hasher.update(parent);
    for (address, account) in touched {
        hasher.update(address);
        hasher.update([u8::from(account.is_selfdestructed())]);
        hasher.update(account.info.nonce.to_be_bytes());
        hasher.update(account.info.balance.to_be_bytes::<32>());
        hasher.update(account.info.code_hash);
        let slots: BTreeMap<&U256, U256> =
            account.changed_storage_slots().map(|(slot, value)| (slot, value.present_value())).collect();
        for (slot, value) in slots {
            hasher.update(slot.to_be_bytes::<32>());
            hasher.update(value.to_be_bytes::<32>());
        }
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::state_root;
    use alloy::primitives::{Address, B256, U256};
    use stylus_vm::revm::state::{Account, AccountInfo, EvmState, EvmStorageSlot, TransactionId};

    fn change(address: u8, slot: u64, value: u64) -> (Address, Account) {
        let value = EvmStorageSlot::new_changed(U256::ZERO, U256::from(value), TransactionId::ZERO);
        let account = Account::default()
            .with_info(AccountInfo::default())
            .with_storage(std::iter::once((U256::from(slot), value)));
        (Address::repeat_byte(address), account.with_touched_mark())
    }

    #[test]
    fn the_root_depends_on_what_changed_and_on_the_parent() {
        let root = |parent: u8, changes: &[(Address, Account)]| {
            state_root(B256::repeat_byte(parent), &EvmState::from_iter(changes.iter().cloned()))
        };
        let base = root(0, &[change(1, 1, 1), change(2, 1, 1)]);
        assert_eq!(base, root(0, &[change(2, 1, 1), change(1, 1, 1)]), "the order is that of the addresses");
        for other in [
            root(1, &[change(1, 1, 1), change(2, 1, 1)]),
            root(0, &[change(1, 1, 2), change(2, 1, 1)]),
            root(0, &[change(1, 2, 1), change(2, 1, 1)]),
            root(0, &[change(3, 1, 1), change(2, 1, 1)]),
            root(0, &[change(1, 1, 1)]),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn without_changes_the_root_stays() {
        let parent = B256::repeat_byte(9);
        assert_eq!(state_root(parent, &EvmState::default()), parent);
        let (address, mut account) = change(1, 1, 1);
        account.unmark_touch();
        assert_eq!(state_root(parent, &EvmState::from_iter([(address, account)])), parent);
    }
}
