//! Where storage is laid out: slots of fields, mappings and lists, for contracts that read the words of others.

use alloc::vec::Vec;
use alloy_primitives::{keccak256, Address, B256, U256};

/// The slot of a field.
pub fn field(index: u64) -> B256 {
    B256::left_padding_from(&index.to_be_bytes())
}

/// The slot of a mapping's entry: keccak256(key ‖ slot of the mapping).
pub fn entry(key: B256, mapping: B256) -> B256 {
    let mut bytes = Vec::from(key.as_slice());
    bytes.extend_from_slice(mapping.as_slice());
    keccak256(bytes)
}

/// The same for an address as key.
pub fn entry_of(account: Address, mapping: B256) -> B256 {
    entry(account.into_word(), mapping)
}

/// The slot of a list's element: keccak256(slot of the list) + index.
pub fn element(index: u64, list: B256) -> B256 {
    after(keccak256(list), index)
}

/// The slot `index` words after `slot`.
pub fn after(slot: B256, index: u64) -> B256 {
    U256::from_be_bytes(slot.0).saturating_add(U256::from(index)).into()
}

/// The four numbers of a word, lowest first.
pub fn limbs(word: B256) -> [u64; 4] {
    *U256::from_be_bytes(word.0).as_limbs()
}
