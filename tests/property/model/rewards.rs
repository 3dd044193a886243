//! Rewards and commissions.

use super::ledger::{Bag, too_much};
use super::{Answer, Model, nonzero, refuse};
use alloy::primitives::Address;
use arithmetic::{epoch, wad};
use interfaces::IRewards::{CommissionPending, CommissionScheduled, CommissionTooHigh, RewardPaid};
use interfaces::IStrategyManager::{NothingStaked, RewardAdded};
use std::collections::BTreeMap;

/// What an operator keeps of rewards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Commission {
    pub(crate) before: u64,
    pub(crate) after: u64,
    pub(crate) effective_at: u64,
}

/// Operator => commission.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rewards {
    pub(crate) commissions: BTreeMap<Address, Commission>,
}

impl Model {
    pub(super) fn pay_reward(&mut self, payer: Address, operator: Address, token: Address, paid: u128) -> Answer {
        let stored = self.rewards.commissions.get(&operator).copied().unwrap_or_default();
        let part = if self.now < stored.effective_at { stored.before } else { stored.after };
        // Rounded down, against the operator.
        let commission = wad::portion_down(paid, part).unwrap_or(0);
        let amount = paid - commission;
        self.log(self.stage.suite.rewards, RewardPaid { payer, operator, token, amount, commission });
        self.require_listed(token)?;
        self.require_room(token, paid)?;

        nonzero(operator)?;
        let bag = Bag::pool(operator, token);
        let mut pool = self.settle(bag);
        if pool.shares == 0 {
            return refuse(NothingStaked { operator, token });
        }
        let mut stream = self.ledger.streams.get(&bag).copied().unwrap_or_default();
        stream.add(amount, self.now).or_else(too_much)?;
        self.set_aside(operator, token, commission)?;
        pool.streaming = true;
        self.ledger.streams.insert(bag, stream);
        self.ledger.bags.insert(bag, pool);
        let event = RewardAdded { operator, token, amount, commission, ends: stream.ends };
        self.log(self.stage.suite.strategy_manager, event);
        self.pull(token, payer, paid)
    }

    pub(super) fn schedule_commission(&mut self, operator: Address, commission: u64) -> Answer {
        if commission > wad::MAX_COMMISSION {
            return refuse(CommissionTooHigh { commission, limit: wad::MAX_COMMISSION });
        }
        let stored = self.rewards.commissions.entry(operator).or_default();
        if self.now < stored.effective_at {
            return refuse(CommissionPending { effectiveAt: stored.effective_at });
        }
        let effective_at = epoch::notice_ends(self.now);
        *stored = Commission { before: stored.after, after: commission, effective_at };
        self.log(self.stage.suite.rewards, CommissionScheduled { operator, commission, effectiveAt: effective_at });
        Ok(())
    }
}
