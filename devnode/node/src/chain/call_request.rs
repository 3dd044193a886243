//! What a client asks to execute without mining it.

use alloy::eips::BlockId;
use alloy::rpc::types::state::StateOverride;
use alloy::rpc::types::{BlockOverrides, TransactionRequest};

/// A call as a client describes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallRequest {
    /// The transaction. Everything in it is optional.
    pub(crate) transaction: TransactionRequest,
    /// The block after which it happens.
    pub(crate) block: BlockId,
    /// What it pretends about accounts.
    pub(crate) state_overrides: StateOverride,
    /// What it pretends about the block.
    pub(crate) block_overrides: BlockOverrides,
}
