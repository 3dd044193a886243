//! The storage of an account in parts, in the order of a trie.

use super::Chain;
use super::error::ChainError;
use super::state::State;
use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U256, keccak256};
use stylus_vm::Tracing;

/// Some slots of an account.
#[derive(Debug)]
pub(crate) struct StorageRange {
    /// The hash, the number and the value of each, by hash.
    pub(crate) slots: Vec<(B256, B256, U256)>,
    /// The hash of the slot after them.
    pub(crate) next: Option<B256>,
}

impl Chain {
    /// Up to `most` slots of an account that are not zero, from the first whose hash is `start` or comes after it,
    /// before the transaction at `index` of a block. None if the account has no storage.
    ///
    /// # Errors
    ///
    /// If there is no such block, in the first block, beyond the transactions of the block, if its state is not kept,
    /// and if the account is that of another chain, whose slots nobody lists.
    pub(crate) fn storage_range(
        &mut self,
        id: BlockId,
        index: usize,
        address: Address,
        start: &[u8],
        most: usize,
    ) -> Result<Option<StorageRange>, ChainError> {
        let slots = self.state_before(id, index)?.slots(address).ok_or(ChainError::StorageElsewhere)?;
        if slots.is_empty() {
            return Ok(None);
        }
        let mut slots: Vec<_> = slots.into_iter().map(|(slot, value)| (hashed(slot), slot.into(), value)).collect();
        slots.retain(|(hash, ..)| hash.as_slice() >= start);
        slots.sort_unstable_by_key(|(hash, ..)| *hash);
        let next = slots.get(most).map(|(hash, ..)| *hash);
        slots.truncate(most);
        Ok(Some(StorageRange { slots, next }))
    }

    /// The accounts before the transaction at `index` of a block; an empty block counts as one without changes.
    fn state_before(&mut self, id: BlockId, index: usize) -> Result<State, ChainError> {
        let name = |id| match id {
            BlockId::Number(number) => number.as_number().unwrap_or_default().to_string(),
            BlockId::Hash(hash) => hash.block_hash.to_string(),
        };
        let block = self.block(id)?.cloned().ok_or_else(|| ChainError::NoBlock(name(id)))?;
        let parent = block.number().checked_sub(1).ok_or(ChainError::NoTransactionInGenesis)?;
        if index == 0 && block.transactions().is_empty() {
            return self.ledger.state_after(parent).cloned().ok_or(ChainError::StateNotKept(parent));
        }
        if index >= block.transactions().len() {
            return Err(ChainError::NoTransactionAt { index, block: block.hash() });
        }
        let traced = self.trace_transactions(block.number(), index, Tracing::default())?.pop();
        traced.map(|(_, traced)| traced.before).ok_or(ChainError::UnknownTransaction)
    }
}

fn hashed(slot: U256) -> B256 {
    keccak256(B256::from(slot))
}
