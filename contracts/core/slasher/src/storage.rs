//! What the Slasher stores: what is read together shares a word.

use alloy_primitives::{Address, U64};
use common::stored::{number, set_number};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{
    StorageAddress, StorageBool, StorageMap, StorageU16, StorageU32, StorageU64, StorageU8, StorageUint,
};

/// Accessor for a time of at most [`NO_END`].
pub(crate) type StorageU40 = StorageUint<40, 1>;

/// What an operator lets one service do, in one word, and what it announced.
#[storage]
pub struct StoredGrant {
    /// What is left of the budget (wad).
    pub(crate) budget: StorageU64,
    /// The budget as it came into force (wad).
    pub(crate) full_budget: StorageU64,
    /// The sum of the service's open requests (wad).
    pub(crate) pending: StorageU64,
    /// Last second at which the service may open a request: zero for no grant, the maximum while it has not been ended.
    pub(crate) can_slash_until: StorageU40,
    /// Whether the grant, or what is announced where there is none, is of the exclusive tier.
    pub(crate) exclusive: StorageBool,
    // A second word, only where a notice runs.
    /// What is added to the budget when its notice ends (wad), zero for nothing.
    pub(crate) raise: StorageU64,
    /// When it was announced (Unix seconds).
    pub(crate) announced_at: StorageU64,
    /// For how many seconds queueing had been refused or paused until then.
    pub(crate) refused_before: StorageU64,
}

/// The state of an operator. Whoever stakes or queues reads the first word only.
#[storage]
pub struct StoredOperator {
    /// What executed slashes took of the magnitude (wad).
    pub(crate) lost: StorageU64,
    /// Sum of all budgets, open requests and announced raises (wad).
    pub(crate) committed: StorageU64,
    /// Since when it is frozen (Unix seconds), zero if it is not.
    pub(crate) frozen_since: StorageU64,
    /// Open slash requests: it is frozen while there are any.
    pub(crate) open_requests: StorageU32,
    // The second word: who can take what.
    /// Budgets in force and open requests of the exclusive tier (wad).
    pub(crate) exclusive: StorageU64,
    /// What is announced for the exclusive tier (wad).
    pub(crate) announced_exclusive: StorageU64,
    /// What is announced for the shared tier (wad).
    pub(crate) announced_shared: StorageU64,
    /// Open requests of the shared tier (wad).
    pub(crate) open_shared: StorageU64,
    // The third word: freezes.
    /// Sum of all open requests (wad).
    pub(crate) pending: StorageU64,
    /// When its last freeze ended (Unix seconds), zero if it never was frozen.
    pub(crate) released_at: StorageU40,
    /// For how many seconds freezes that ended refused queueing.
    pub(crate) refused: StorageU32,
    /// The newest epoch in which an open request was captured.
    pub(crate) newest_capture: StorageU32,
    /// How many that were captured then, and one, two and three epochs before, are open.
    pub(crate) captured: StorageU16,
    /// One epoch before.
    pub(crate) captured_1: StorageU16,
    /// Two epochs before.
    pub(crate) captured_2: StorageU16,
    /// Three epochs before.
    pub(crate) captured_3: StorageU16,
    // The fourth word, only where several requests were open.
    /// The newest epoch of a capture that was executed while others were open.
    pub(crate) newest_executed: StorageU64,
    /// What such requests took (wad), captured then,
    pub(crate) executed: StorageU64,
    /// one epoch before,
    pub(crate) executed_1: StorageU64,
    /// and two epochs before.
    pub(crate) executed_2: StorageU64,
}

/// A slash request, in four words, and a fifth if there is a resolver.
#[storage]
pub struct StoredRequest {
    pub(crate) operator: StorageAddress,
    /// What it asks for (wad of the magnitude one).
    pub(crate) wad: StorageU64,
    pub(crate) open: StorageBool,
    /// Whether it is of the exclusive tier.
    pub(crate) exclusive: StorageBool,
    pub(crate) service_manager: StorageAddress,
    /// From when it can be executed (Unix seconds): one challenge period after its capture.
    pub(crate) executable_at: StorageU64,
    pub(crate) challenger: StorageAddress,
    pub(crate) challenger_share: StorageU64,
    pub(crate) recipient: StorageAddress,
    /// For how many seconds executing had been paused before its capture.
    pub(crate) paused_before: StorageU64,
    /// Who may veto it; the zero address for nobody.
    pub(crate) resolver: StorageAddress,
}

/// The last pause of one action, in one word ([`arithmetic::pause::Window`]).
#[storage]
pub struct StoredWindow {
    /// When it began (Unix seconds).
    since: StorageU64,
    /// When it ends or ended.
    until: StorageU64,
    /// For how many seconds those before it lasted.
    before: StorageU64,
}

impl StoredWindow {
    pub(crate) fn read(&self) -> arithmetic::pause::Window {
        arithmetic::pause::Window {
            since: number(&self.since),
            until: number(&self.until),
            before: number(&self.before),
        }
    }

    pub(crate) fn write(&mut self, window: &arithmetic::pause::Window) {
        set_number(&mut self.since, window.since);
        set_number(&mut self.until, window.until);
        set_number(&mut self.before, window.before);
    }
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Slasher {
    pub(crate) strategy_manager: StorageAddress,
    /// The actions that are paused ([`arithmetic::pause`]).
    pub(crate) paused: StorageU8,
    pub(crate) governance: StorageAddress,
    pub(crate) request_count: StorageU64,
    /// Pauses of queueing, which the TokenPool refuses then.
    pub(crate) queue_pauses: StoredWindow,
    /// Pauses of executing.
    pub(crate) execute_pauses: StoredWindow,
    /// Operator => service => grant.
    pub(crate) grants: StorageMap<Address, StorageMap<Address, StoredGrant>>,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    pub(crate) requests: StorageMap<U64, StoredRequest>,
}
