//! How deep in the chain a transaction is: a chain may take its last blocks back.

use super::sending::Pauses;
use super::{CallError, Chain};
use alloy::primitives::B256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use std::time::Instant;

/// A transaction was mined, and is not known to be as deep in the chain as was asked for.
#[derive(Debug, thiserror::Error)]
#[error("transaction {hash} was mined in block {block}, but {reason}")]
pub struct Shallow {
    hash: B256,
    block: u64,
    reason: String,
}

impl Shallow {
    /// What to do.
    pub fn advice(&self) -> String {
        "look for it before you do the same again".to_owned()
    }
}

impl Chain {
    /// Waits until a transaction is so many blocks deep, its own included.
    ///
    /// # Errors
    /// By [`Shallow`] if the node cannot be asked, the blocks are not made in time, or the transaction's was taken
    /// back.
    pub async fn confirm(&self, receipt: &TransactionReceipt, blocks: u64) -> Result<(), CallError> {
        let (hash, block) = (receipt.transaction_hash, receipt.block_number.unwrap_or_default());
        let shallow = |reason: String| CallError::Node(Shallow { hash, block, reason }.into());
        let behind = blocks.saturating_sub(1);
        if behind == 0 {
            return Ok(());
        }
        let (deadline, mut pauses) = (Instant::now() + self.patience, Pauses::new());
        loop {
            let head = self.provider.get_block_number().await.map_err(|error| shallow(error.to_string()))?;
            if head >= block.saturating_add(behind) {
                break;
            }
            if Instant::now() >= deadline {
                return Err(shallow(format!("only {} block(s) were made behind it", head.saturating_sub(block))));
            }
            pauses.next().await;
        }
        let again = self.provider.get_transaction_receipt(hash).await.map_err(|error| shallow(error.to_string()))?;
        match again.is_some_and(|again| again.block_hash == receipt.block_hash) {
            true => Ok(()),
            false => Err(shallow("that block was taken back".to_owned())),
        }
    }
}
