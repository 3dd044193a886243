//! The contract that puts anybody's Stylus programs into the chain's cache.
//!
//! On public chains such a manager sells places by bids. This manager has room for all programs and asks for nothing,
//! so that `cargo stylus cache` and bidding scripts find what they expect. Its address is the one in the usual setups
//! of development chains.

use alloy::primitives::{Address, address, hex};

/// Where it is.
pub(super) const CACHE_MANAGER: Address = address!("2F8Bd4EaB69764c105aDd7dE7CB0402557a44E6f");

/// Its code. `isPaused()`, `queueSize()`, `getMinBid(address)` and `getMinBid(uint64)` answer with zero, and
/// `cacheSize()` with 512 MiB. `placeBid(address)` calls `cacheProgram(address)` of ArbWasmCache, and passes on the
/// data if that call reverts. All other selectors are refused.
pub(super) const CACHE_MANAGER_CODE: [u8; 124] = hex!(
    "5f3560e01c"
    "8063b187bd2614604457"
    "8063bae6c2ad14604457"
    "806332052a9b14604457"
    "8063d29b303e14604457"
    "8063674a64e014604957"
    "8063e494015714605557"
    "5f5ffd"
    "5b60205ff3"
    "5b63200000005f5260205ff3"
    "5b63e73ac9f260e01b5f52600435600452"
    "5f5f60245f5f60725af13d5f5f3e607a573d5ffd5b00"
);
