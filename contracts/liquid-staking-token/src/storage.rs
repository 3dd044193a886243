//! What the token stores.

use alloy_primitives::Address;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageMap, StorageU256};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct LiquidStakingToken {
    pub(crate) total_supply: StorageU256,
    pub(crate) balances: StorageMap<Address, StorageU256>,
    /// Owner => spender => allowance.
    pub(crate) allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
}
