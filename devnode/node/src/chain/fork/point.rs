//! Where a fork begins.

use alloy::primitives::B256;
use serde::{Deserialize, Serialize};

/// Where a fork begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Point {
    /// The chain.
    pub(crate) chain_id: u64,
    /// The number of the last block of the other chain.
    pub(crate) number: u64,
    /// Its hash.
    pub(crate) hash: B256,
}
