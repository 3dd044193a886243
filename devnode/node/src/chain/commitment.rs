//! What stands in the `stateRoot` of a header.
//!
//! The chain keeps no Merkle trie. Its state root is a chain of hashes instead: the root of the parent block hashed with everything the
//! block changed, accounts and slots in order. Blocks with different effects therefore have different hashes, but nobody can prove
//! an account against the root. Changes by hand (`anvil_setBalance`) are not part of it.

use alloy::primitives::{Address, B256, Keccak256, U256};
use std::collections::BTreeMap;
use stylus_vm::revm::state::{Account, EvmState};

/// The state root of a block that changes `changes` on top of `parent`.
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
