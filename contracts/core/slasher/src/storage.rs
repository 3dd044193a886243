//! What the Slasher stores: what is read together shares a word.

use alloc::vec::Vec;
use alloy_primitives::{Address, U256, U64};
use arithmetic::pause::Window;
use common::connection::Connection;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageB256, StorageMap, StorageU256, StorageU8};

/// What an operator lets one service do, and what it announced: two words of four 64-bit numbers, lowest bits first.
#[storage]
pub struct StoredGrant {
    /// The budget left, the budget as it came into force, the sum of open requests (wads), and the last second at which
    /// the service may open one (zero for no grant, the maximum of 63 bits for no end) with the tier in the top bit
    /// (set: exclusive; also for what is announced where there is no grant).
    pub(crate) grant: StorageU256,
    /// The raise (wad, zero for nothing), when it was announced (Unix seconds), and for how many seconds queueing had
    /// been refused or paused until then.
    pub(crate) notice: StorageU256,
}

/// The state of an operator: four words of four 64-bit numbers, lowest bits first. Whoever stakes or queues reads the
/// first only.
#[storage]
pub struct StoredOperator {
    /// What executed slashes took of the magnitude, the sum of all budgets, open requests and announced raises, of it
    /// the budgets in force and open requests of the exclusive tier (wads), and since when the operator is frozen (Unix
    /// seconds, 40 bits, zero if it is not) with its number of open requests (23 bits) and whether `executed` is of
    /// this freeze (1).
    pub(crate) outline: StorageU256,
    /// What is announced for the exclusive and for the shared tier, and open requests of the shared tier (wads). Empty,
    /// and neither read nor written, while all budgets are in force and of the exclusive tier.
    pub(crate) beside: StorageU256,
    /// The sum of open requests (wad), when the last freeze ended (Unix seconds, zero for never), for how many seconds
    /// freezes that ended refused queueing (32 bits), the newest epoch in which a request was captured (32 bits), and
    /// how many captured then, and one, two and three epochs before, are open (16 bits each).
    pub(crate) freezes: StorageU256,
    /// Only where several requests were open, in the last such freeze: the newest epoch of a capture that was executed,
    /// and what was taken by those captured then, and one and two epochs before (wads).
    pub(crate) executed: StorageU256,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Slasher {
    pub(crate) strategy_manager: StorageAddress,
    /// The actions that are paused ([`arithmetic::pause`]).
    pub(crate) paused: StorageU8,
    pub(crate) governance: StorageAddress,
    /// The last pause of queueing, which the TokenPool refuses then: when it began, when it ends or ended, and for how
    /// many seconds those before it lasted (64 bits each, lowest first).
    pub(crate) queue_pauses: StorageU256,
    /// The same for executing, and in the highest 64 bits the number of the next request, plus one so that the word is
    /// never empty: a capture reads the first, and writes the second at the price of a change.
    pub(crate) execute_pauses: StorageU256,
    /// Operator => service => grant.
    pub(crate) grants: StorageMap<Address, StorageMap<Address, StoredGrant>>,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    /// Number => hash of the request that is open under it.
    pub(crate) requests: StorageMap<U64, StorageB256>,
    pub(crate) connection: Connection,
}

/// The four numbers of a word, lowest first.
pub(crate) fn limbs(word: &StorageU256) -> [u64; 4] {
    *word.get().as_limbs()
}

/// Writes them.
pub(crate) fn set_limbs(word: &mut StorageU256, limbs: [u64; 4]) {
    word.set(U256::from_limbs(limbs));
}

impl Slasher {
    /// The number of the next request.
    pub(crate) fn next_request(&self) -> u64 {
        let [.., next] = limbs(&self.execute_pauses);
        next.saturating_sub(1)
    }

    /// Writes it.
    pub(crate) fn set_next_request(&mut self, next: u64) {
        let [since, until, before, _] = limbs(&self.execute_pauses);
        set_limbs(&mut self.execute_pauses, [since, until, before, next.saturating_add(1)]);
    }
}

/// Reads the pauses of an action.
pub(crate) fn pauses(word: &StorageU256) -> Window {
    let [since, until, before, _] = limbs(word);
    Window { since, until, before }
}

/// Writes them, beside what else is in the word.
pub(crate) fn set_pauses(word: &mut StorageU256, window: &Window) {
    let [.., beside] = limbs(word);
    set_limbs(word, [window.since, window.until, window.before, beside]);
}
