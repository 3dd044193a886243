//! What the Registry stores.

use alloy_primitives::{Address, Uint, U128, U256, U64};
use arithmetic::checkpoint::{last_at, Checkpoint};
use common::stored::{number, set_number, wide};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageU256, StorageU64, StorageU8, StorageUint};

/// A time in 40 bits (Unix seconds): enough for 34,000 years.
pub(crate) type StorageU40 = StorageUint<40, 1>;

/// The end of what has none.
pub(crate) const NO_END: u64 = (1 << 40) - 1;

/// Reads a time.
pub(crate) fn time(slot: &StorageU40) -> u64 {
    let [value] = *slot.get().as_limbs();
    value
}

/// Writes a time.
pub(crate) fn set_time(slot: &mut StorageU40, value: u64) {
    slot.set(Uint::from_limbs([value.min(NO_END)]));
}

/// An operator of the service, in one word, and its history.
#[storage]
pub struct StoredOperator {
    /// Its current signing key, or its last one.
    pub(crate) signing_key: StorageAddress,
    /// Since when its signatures carry nothing because a fault was proven; zero if they do.
    pub(crate) suspended_since: StorageU40,
    /// Since when updates find it refused by the admission contract; zero if the last one did not.
    pub(crate) refused_since: StorageU40,
    /// Whether it serves now.
    pub(crate) serves: StorageBool,
    /// Its checkpoints.
    pub(crate) history: StoredHistory,
}

/// A signing key, in one word. A key that has an operator is never registered again.
#[storage]
pub struct StoredKey {
    /// The operator that proved to hold it.
    pub(crate) operator: StorageAddress,
    /// When it was registered.
    pub(crate) from: StorageU40,
    /// When it was replaced, or its operator left; [`NO_END`] while it signs.
    pub(crate) until: StorageU40,
}

/// A [`Checkpoint`], in one word. Those of the total do not sign.
#[storage]
pub struct StoredCheckpoint {
    /// From the lowest bits: its time (64 bits), its stake (128), whether it signs (1), and how many came before (63).
    word: StorageU256,
}

impl StoredCheckpoint {
    /// Reads the checkpoint, and how many came before.
    fn read(&self) -> (Checkpoint, u64) {
        let [time, low, high, rest] = *self.word.get().as_limbs();
        (Checkpoint { time, stake: wide(&[low, high]), signs: rest & 1 != 0 }, rest >> 1)
    }

    /// Writes them.
    fn write(&mut self, checkpoint: Checkpoint, before: u64) {
        let [low, high] = *U128::from(checkpoint.stake).as_limbs();
        let rest = (before << 1) | u64::from(checkpoint.signs);
        self.word.set(U256::from_limbs([checkpoint.time, low, high, rest]));
    }
}

/// Checkpoints in order of time: the last in a word of its own, because most questions are about it.
#[storage]
pub struct StoredHistory {
    last: StoredCheckpoint,
    before: StorageMap<U64, StoredCheckpoint>,
}

impl StoredHistory {
    /// The last checkpoint that is not later than `time`; nothing counts before the first.
    pub(crate) fn at(&self, time: u64) -> Checkpoint {
        let (last, before) = self.last.read();
        if last.time <= time {
            return last;
        }
        let read = |index| self.before.getter(U64::from(index)).read().0;
        last_at(before, time, |index| read(index).time).map_or_else(Checkpoint::default, read)
    }

    /// The last checkpoint.
    pub(crate) fn last(&self) -> Checkpoint {
        self.last.read().0
    }

    /// Adds a checkpoint, which is not earlier than the last; one of the same second is overwritten.
    pub(crate) fn append(&mut self, checkpoint: Checkpoint) {
        let (last, before) = self.last.read();
        if last.time == 0 || last.time == checkpoint.time {
            self.last.write(checkpoint, before);
        } else {
            self.before.setter(U64::from(before)).write(last, before);
            self.last.write(checkpoint, before.saturating_add(1));
        }
    }
}

/// What one base unit of a token counts.
#[storage]
pub struct StoredWeight {
    pub(crate) token: StorageAddress,
    /// A wad.
    pub(crate) weight: Scheduled,
}

/// A number that changes with notice, in one word.
#[storage]
pub struct Scheduled {
    /// From the lowest bits: the number before its change and after it (96 bits each), and when it changes (64 bits,
    /// Unix seconds).
    word: StorageU256,
}

/// Most that a [`Scheduled`] number can be: 96 bits.
pub(crate) const MAX_SCHEDULED: u128 = (1 << 96) - 1;

impl Scheduled {
    /// The number at `now`.
    pub(crate) fn at(&self, now: u64) -> u128 {
        self.view(now).0
    }

    /// The number at `now`, the one scheduled last, and when that holds.
    #[inline(never)]
    pub(crate) fn view(&self, now: u64) -> (u128, u128, u64) {
        let [a, b, c, effective_at] = *self.word.get().as_limbs();
        let (low, high) = (wide(&[a, b]), u128::from(c));
        let after = (low >> 96) | (high << 32);
        (if now < effective_at { low & MAX_SCHEDULED } else { after }, after, effective_at)
    }

    /// Schedules `next`, at most [`MAX_SCHEDULED`], in place of what was scheduled and does not hold yet.
    pub(crate) fn schedule(&mut self, now: u64, next: u128, effective_at: u64) {
        let [a, b] = *U128::from(self.at(now) | (next << 96)).as_limbs();
        let [c, _] = *U128::from(next >> 32).as_limbs();
        self.word.set(U256::from_limbs([a, b, c, effective_at]));
    }
}

/// A contract that changes with notice. What was scheduled last and when it holds share a word: after that it is all
/// that is read.
#[storage]
pub struct ScheduledContract {
    next: StorageAddress,
    effective_at: StorageU64,
    before: StorageAddress,
}

impl ScheduledContract {
    /// The contract at `now`.
    pub(crate) fn at(&self, now: u64) -> Address {
        if now < number(&self.effective_at) {
            self.before.get()
        } else {
            self.next.get()
        }
    }

    /// The contract at `now`, the one scheduled last, and when that holds.
    pub(crate) fn view(&self, now: u64) -> (Address, Address, u64) {
        (self.at(now), self.next.get(), number(&self.effective_at))
    }

    /// Schedules `next` in place of what was scheduled and does not hold yet.
    pub(crate) fn schedule(&mut self, now: u64, next: Address, effective_at: u64) {
        let before = self.at(now);
        self.before.set(before);
        self.next.set(next);
        set_number(&mut self.effective_at, effective_at);
    }
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Registry {
    pub(crate) service_manager: StorageAddress,
    pub(crate) operator_count: StorageU64,
    /// Whether stake of the shared tier counts.
    pub(crate) accepts_shared: StorageBool,
    /// How many tokens ever had a weight.
    pub(crate) weight_count: StorageU8,
    pub(crate) strategy_manager: StorageAddress,
    /// How long evidence of a task is good (seconds).
    pub(crate) evidence_window: StorageU64,
    pub(crate) slasher: StorageAddress,
    pub(crate) dispute_resolution: StorageAddress,
    /// In units of weighted stake.
    pub(crate) minimum_stake: Scheduled,
    /// The contract that decides who signs; the zero address for none.
    pub(crate) admission: ScheduledContract,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    pub(crate) keys: StorageMap<Address, StoredKey>,
    /// Tokens that ever had a weight.
    pub(crate) weights: StorageMap<U64, StoredWeight>,
    /// The sum of the stakes of all operators.
    pub(crate) total: StoredHistory,
}
