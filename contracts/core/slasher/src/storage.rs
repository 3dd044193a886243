//! What the Slasher stores: what changes together shares a word.

use alloy_primitives::{Address, U64};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageU64, StorageU8};

/// What an operator lets one service do, in one word, and what it will.
#[storage]
pub struct StoredGrant {
    /// What is left of the budget (wad). Counts in the operator's commitment until it is released.
    pub(crate) max_slash: StorageU64,
    /// Last second at which the service may open a request: zero for no grant, the maximum while the operator has not left.
    pub(crate) can_slash_until: StorageU64,
    /// Until when the operator owes service.
    pub(crate) serve_until: StorageU64,
    /// When that was recorded.
    pub(crate) last_update: StorageU64,
    // A second word, only where a notice runs.
    /// What is added to the budget when its notice ends (wad), zero for nothing. Counts in the operator's commitment from its announcement.
    pub(crate) raise: StorageU64,
    /// When the notice ends (Unix seconds).
    pub(crate) raise_at: StorageU64,
}

/// The state of an operator, in one word, and when it was last released.
#[storage]
pub struct StoredOperator {
    /// Sum of `max_slash` and `raise` over its grants (wad).
    pub(crate) commitment: StorageU64,
    /// Open slash requests: it is frozen while there are any.
    pub(crate) open_requests: StorageU64,
    /// Since when it is frozen, zero if it is not.
    pub(crate) frozen_since: StorageU64,
    /// Sum of what its open requests ask for (wad).
    pub(crate) pending_slash: StorageU64,
    /// When its last freeze ended (Unix seconds), zero if it never was frozen: read only when a notice ends.
    pub(crate) released_at: StorageU64,
}

/// A slash request, in four words, and a fifth if there is a resolver.
#[storage]
pub struct StoredRequest {
    pub(crate) operator: StorageAddress,
    pub(crate) wad: StorageU64,
    pub(crate) open: StorageBool,
    pub(crate) service_manager: StorageAddress,
    pub(crate) executable_at: StorageU64,
    pub(crate) challenger: StorageAddress,
    pub(crate) challenger_share: StorageU64,
    pub(crate) recipient: StorageAddress,
    pub(crate) capture_epoch: StorageU64,
    /// Who may veto it; the zero address for nobody.
    pub(crate) resolver: StorageAddress,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Slasher {
    pub(crate) strategy_manager: StorageAddress,
    /// The actions that are paused ([`arithmetic::pause`]).
    pub(crate) paused: StorageU8,
    /// Until when freezing is (Unix seconds).
    pub(crate) paused_until: StorageU64,
    pub(crate) governance: StorageAddress,
    pub(crate) request_count: StorageU64,
    /// Operator => service => grant.
    pub(crate) grants: StorageMap<Address, StorageMap<Address, StoredGrant>>,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    pub(crate) requests: StorageMap<U64, StoredRequest>,
}
