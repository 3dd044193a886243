//! Rounds: what is stored, and when.

use crate::storage::PriceFeed;
use crate::ALL;
use alloc::vec::Vec;
use alloy_primitives::{keccak256, Bytes, B256, I256, U256, U64};
use alloy_sol_types::SolCall;
use arithmetic::wide::mul_div_up;
use common::stored::{large, number, set_large, set_number};
use common::{calls, Emit, Outcome};
use interfaces::{IPriceFeed, IQuorum};
use stylus_sdk::prelude::*;

/// The largest price.
const LARGEST: u128 = i128::MAX.unsigned_abs();

/// A round.
pub(crate) struct Round {
    pub(crate) price: u128,
    pub(crate) slot: u64,
    pub(crate) signed_stake: u128,
    pub(crate) total_stake: u128,
}

impl Round {
    /// As feeds answer everywhere. A price fits the signed word that they have for it.
    pub(crate) fn data(&self, round_id: u64) -> (U256, U256, U256, U256, U256) {
        let (id, slot) = (U256::from(round_id), U256::from(self.slot));
        (id, U256::from(self.price), slot, slot, id)
    }
}

impl PriceFeed {
    pub(crate) fn _update(&mut self, slot: u64, price: U256, signatures: Bytes) -> Outcome {
        let interval = number(&self.interval);
        if slot.checked_rem(interval) != Some(0) {
            return Err(IPriceFeed::OffGrid { slot, interval }.into());
        }
        // What was signed and held back for longer is worth more to who held it back than to who reads it.
        let until = slot.saturating_add(interval.saturating_mul(2));
        if self.vm().block_timestamp() >= until {
            return Err(IPriceFeed::RoundTooOld { until }.into());
        }
        let known = u128::try_from(price).ok().filter(|price| (1..=LARGEST).contains(price));
        let current = known.ok_or(IPriceFeed::InvalidPrice { price })?;
        self.require_news(slot, current)?;

        let verdict = IQuorum::verifyQuorumCall {
            task: self._task(),
            taskTime: slot,
            answer: price.into(),
            signatures,
            threshold: self.threshold.get().to(),
        };
        let verdict = calls::view_raw(self.vm(), self.quorum.get(), &verdict.abi_encode())?;
        let (reached, signed, total) =
            (calls::answer(&verdict, 0)? != 0, calls::answer(&verdict, 1)?, calls::answer(&verdict, 2)?);
        if !reached {
            return Err(IPriceFeed::QuorumNotReached { signedStake: signed, totalStake: total }.into());
        }
        let round_id = number(&self.latest).saturating_add(1);
        set_number(&mut self.latest, round_id);
        let mut round = self.rounds.setter(U64::from(round_id));
        set_large(&mut round.price, current);
        set_number(&mut round.slot, slot);
        set_large(&mut round.signed_stake, signed);
        set_large(&mut round.total_stake, total);
        let round_id = U256::from(round_id);
        let current = I256::from_raw(price);
        self.vm().emit(&IPriceFeed::AnswerUpdated { current, roundId: round_id, updatedAt: U256::from(slot) });
        self.vm().emit(&IPriceFeed::RoundSigned { roundId: round_id, signedStake: signed, totalStake: total });
        Ok(())
    }

    /// Checks that the slot is after that of the last round, and the price by the deviation beside its price or a
    /// heartbeat after it.
    fn require_news(&self, slot: u64, price: u128) -> Outcome {
        let latest = number(&self.latest);
        if latest == 0 {
            return Ok(());
        }
        let last = self.rounds.getter(U64::from(latest));
        let (last_price, last_slot) = (large(&last.price), number(&last.slot));
        if slot <= last_slot {
            return Err(IPriceFeed::RoundNotNew { slot: last_slot }.into());
        }
        let due_at = last_slot.saturating_add(number(&self.heartbeat));
        // Rounded up: a price has moved by the deviation at least.
        let deviation = self.deviation.get().to::<u16>();
        let enough = mul_div_up(last_price, u128::from(deviation), u128::from(ALL)).unwrap_or(last_price);
        if slot < due_at && price.abs_diff(last_price) < enough {
            return Err(IPriceFeed::NothingToReport { dueAt: due_at }.into());
        }
        Ok(())
    }

    /// A round, if there is one with this number.
    pub(crate) fn round(&self, round_id: U256) -> Outcome<Round> {
        let stored = self.rounds.getter(U64::from(round_id.saturating_to::<u64>()));
        let price = large(&stored.price);
        if price == 0 {
            return Err(IPriceFeed::NoRound { roundId: round_id.saturating_to() }.into());
        }
        Ok(Round {
            price,
            slot: number(&stored.slot),
            signed_stake: large(&stored.signed_stake),
            total_stake: large(&stored.total_stake),
        })
    }

    /// keccak256(feed ‖ description): no other feed's.
    pub(crate) fn _task(&self) -> B256 {
        let mut bytes = Vec::with_capacity(52);
        bytes.extend_from_slice(self.vm().contract_address().as_slice());
        bytes.extend_from_slice(self.description.get().as_slice());
        keccak256(bytes)
    }
}
