//! Rewards and commissions.

use crate::ledger::{Bag, too_much};
use crate::{Answer, Protocol, nonzero, revert};
use alloy_primitives::Address;
use arithmetic::{epoch, pause, wad};
use interfaces::IRewards::{CommissionPending, CommissionScheduled, CommissionTooHigh, RewardPaid};
use interfaces::IStrategyManager::{NoRoomForReward, NothingStaked, RewardAdded};
use std::collections::BTreeMap;

/// What an operator keeps of rewards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Commission {
    /// Until `effective_at` (wad).
    pub before: u64,
    /// From then on (wad).
    pub after: u64,
    /// When it changes or changed (Unix seconds).
    pub effective_at: u64,
}

/// Operator => commission.
#[derive(Debug, Clone, Default)]
pub struct Rewards {
    /// What was ever scheduled.
    pub commissions: BTreeMap<Address, Commission>,
}

impl Protocol {
    /// Anyone: pays a reward to the stakers of an operator.
    pub fn pay_reward(&mut self, payer: Address, operator: Address, token: Address, paid: u128) -> Answer {
        let stored = self.rewards.commissions.get(&operator).copied().unwrap_or_default();
        let part = if self.now < stored.effective_at { stored.before } else { stored.after };
        // Rounded down, against the operator.
        let commission = wad::portion_down(paid, part).unwrap_or(0);
        let amount = paid - commission;
        self.log(self.setup.contracts.rewards, RewardPaid { payer, operator, token, amount, commission });
        self.require_open_door(pause::STAKE)?;
        self.require_cap(token, paid)?;

        nonzero(operator)?;
        let bag = Bag::pool(operator, token);
        let mut pool = self.settle(bag);
        if pool.shares == 0 {
            return revert(NothingStaked { operator, token });
        }
        let mut stream = self.ledger.streams.get(&bag).copied().unwrap_or_default();
        let room = pool.shares.saturating_sub(pool.assets).saturating_sub(stream.remaining);
        if amount > room {
            return revert(NoRoomForReward { room });
        }
        stream.add(amount, self.now).or_else(too_much)?;
        self.set_aside(operator, token, commission, commission)?;
        pool.streaming = true;
        self.ledger.streams.insert(bag, stream);
        self.ledger.bags.insert(bag, pool);
        let event = RewardAdded { operator, token, amount, commission, ends: stream.ends };
        self.log(self.setup.contracts.strategy_manager, event);
        self.pull(token, payer, paid)
    }

    /// Operator: keeps another part of rewards, after a notice.
    pub fn schedule_commission(&mut self, operator: Address, commission: u64) -> Answer {
        if commission > wad::MAX_COMMISSION {
            return revert(CommissionTooHigh { commission, limit: wad::MAX_COMMISSION });
        }
        let stored = self.rewards.commissions.entry(operator).or_default();
        if self.now < stored.effective_at {
            return revert(CommissionPending { effectiveAt: stored.effective_at });
        }
        let effective_at = epoch::notice_ends(self.now);
        *stored = Commission { before: stored.after, after: commission, effective_at };
        self.log(self.setup.contracts.rewards, CommissionScheduled { operator, commission, effectiveAt: effective_at });
        Ok(())
    }
}
