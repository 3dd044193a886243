//! What the Registry stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, FixedBytes, Uint, U128, U256, U64};
use arithmetic::checkpoint::{counts_at, Checkpoint, Pair};
use common::stored::{number, set_number, wide};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{
    StorageAddress, StorageB256, StorageBool, StorageMap, StorageU256, StorageU64, StorageU8, StorageUint,
};

/// A time in 40 bits (Unix seconds), enough for 34,000 years, or a count.
pub(crate) type StorageU40 = StorageUint<40, 1>;

/// The end of what has none.
pub(crate) const NO_END: u64 = (1 << 40) - 1;

/// The last epoch that is told apart, a thousand years from now.
const MAX_EPOCH: u64 = (1 << 16) - 1;

/// Reads a time or a count.
pub(crate) fn time(slot: &StorageU40) -> u64 {
    let [value] = *slot.get().as_limbs();
    value
}

/// Writes a time or a count.
pub(crate) fn set_time(slot: &mut StorageU40, value: u64) {
    slot.set(Uint::from_limbs([value.min(NO_END)]));
}

/// An operator of the service, in one word, and its history.
#[storage]
pub struct StoredOperator {
    /// From the lowest bits: since when its signatures carry nothing because a fault was proven (40 bits, Unix seconds,
    /// zero if they do), since which epoch updates find it refused by the admission contract (16 bits, zero if the last
    /// one did not), whether it serves now (8), its current signing key, or its last one (160), and how many words its
    /// checkpoints before the last two fill (32).
    member: StorageB256,
    /// Its checkpoints.
    pub(crate) history: StoredHistory,
}

/// What is known of an operator beside its history.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) signing_key: Address,
    pub(crate) suspended_since: u64,
    pub(crate) refused_epoch: u64,
    pub(crate) serves: bool,
    pub(crate) full_pairs: u64,
}

impl StoredOperator {
    #[inline(never)]
    pub(crate) fn read(&self) -> Member {
        let [p, q, r, s, signing_key @ .., a, b, c, d, e, f, g, h] = self.member.get().0;
        let numbers = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        Member {
            signing_key: Address::from(signing_key),
            suspended_since: numbers & NO_END,
            refused_epoch: (numbers >> 40) & MAX_EPOCH,
            serves: numbers >> 56 != 0,
            full_pairs: u32::from_be_bytes([p, q, r, s]).into(),
        }
    }

    #[inline(never)]
    pub(crate) fn write(&mut self, member: &Member) {
        let Member { signing_key, suspended_since, refused_epoch, serves, full_pairs } = *member;
        let numbers = suspended_since.min(NO_END) | refused_epoch.min(MAX_EPOCH) << 40 | u64::from(serves) << 56;
        // With a word each second enough for a century.
        let full_pairs = u32::try_from(full_pairs).unwrap_or(u32::MAX);
        let upper = FixedBytes::from(full_pairs.to_be_bytes()).concat_const::<20, 24>(signing_key.0);
        self.member.set(upper.concat_const(FixedBytes::from(numbers.to_be_bytes())));
    }
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

/// Checkpoints in order of time, two in a word: the last two in one of their own, because most questions are about
/// them. How many words came before is counted where the owner of the history writes anyway.
#[storage]
pub struct StoredHistory {
    /// The last one or two, each from the lowest bits: its time (40 bits, Unix seconds), whether it signs (1), its
    /// stake (87). Of two the older is in the lower half, which is empty otherwise.
    last: StorageU256,
    /// Two each, in the same way.
    before: StorageMap<U64, StorageU256>,
}

impl StoredHistory {
    /// The last checkpoint that is not later than `time`; nothing counts before the first.
    #[inline(never)]
    pub(crate) fn at(&self, full_pairs: u64, time: u64) -> Checkpoint {
        counts_at(&pair(&self.last), full_pairs, time, |index| pair(&self.before.getter(U64::from(index))))
    }

    /// The last checkpoint.
    pub(crate) fn last(&self) -> Checkpoint {
        pair(&self.last).newer
    }

    /// Adds a checkpoint, which is not earlier than the last; one of the same second is overwritten. Counts the words
    /// that are full.
    #[inline(never)]
    pub(crate) fn append(&mut self, full_pairs: &mut u64, checkpoint: Checkpoint) {
        let mut last = pair(&self.last);
        if let Some(full) = last.append(checkpoint) {
            self.before.setter(U64::from(*full_pairs)).set(U256::from_limbs(full.to_limbs()));
            *full_pairs = full_pairs.saturating_add(1);
        }
        self.last.set(U256::from_limbs(last.to_limbs()));
    }
}

#[inline(never)]
fn pair(word: &StorageU256) -> Pair {
    Pair::from_limbs(*word.get().as_limbs())
}

/// What one base unit of a token counts. Who weighs reads the first word only, unless the weight was set with notice.
#[storage]
pub struct StoredWeight {
    pub(crate) token: StorageAddress,
    /// The weight that was set last (a wad).
    next: StorageU64,
    /// Whether that was with notice.
    noticed: StorageBool,
    /// A wad.
    weight: Scheduled,
}

impl StoredWeight {
    /// The weight at `now`.
    pub(crate) fn at(&self, now: u64) -> u64 {
        if self.noticed.get() {
            narrow(self.weight.at(now))
        } else {
            number(&self.next)
        }
    }

    /// The weight at `now`, the one scheduled last, and when that holds.
    pub(crate) fn view(&self, now: u64) -> (u64, u64, u64) {
        let (weight, next, effective_at) = self.weight.view(now);
        (narrow(weight), narrow(next), effective_at)
    }

    /// Schedules `next` in place of what was scheduled and does not hold yet.
    pub(crate) fn schedule(&mut self, token: Address, now: u64, next: u64, effective_at: u64) {
        self.token.set(token);
        set_number(&mut self.next, next);
        self.noticed.set(now < effective_at);
        self.weight.schedule(now, next.into(), effective_at);
    }
}

/// Weights are given as 64 bits.
fn narrow(weight: u128) -> u64 {
    u64::try_from(weight).unwrap_or(u64::MAX)
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
    pub(crate) operator_count: StorageU40,
    /// How many words the checkpoints of the total before the last two fill.
    pub(crate) total_full_pairs: StorageU40,
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
    /// The sum of the stakes of all operators; its checkpoints do not sign.
    pub(crate) total: StoredHistory,
}
