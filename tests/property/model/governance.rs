//! Pauses, and limits behind a notice.

use super::vault::Strategy;
use super::{Answer, Model, only, refuse};
use crate::stage::{LIMITS, Stage, Who};
use alloy::primitives::Address;
use arithmetic::time::{LONGEST_PAUSE_SECONDS, PAUSE_INTERVAL_SECONDS};
use arithmetic::{epoch, limits};
use interfaces::IGovernance::*;
use interfaces::{ISlasher, ITokenPool};
use std::collections::BTreeMap;

/// The actions whose pause ends by itself: queue, complete, freeze.
const BOUNDED: u8 = 4 | 8 | 16;
const ALL: u8 = 0b11_1111;

/// Limits of a token: cap, deposit percent, outflow percent.
pub(crate) type Limits = (u128, u8, u8);

/// What the owner's hands left.
#[derive(Debug, Clone)]
pub(crate) struct Governance {
    pub(crate) flags: u8,
    pub(crate) until: u64,
    pub(crate) limits: BTreeMap<Address, Limits>,
    /// With the time from which they may be applied.
    pub(crate) scheduled: BTreeMap<Address, (Limits, u64)>,
}

impl Governance {
    pub(super) fn new(stage: &Stage) -> Self {
        let limits = stage.tokens.into_iter().zip(LIMITS).collect();
        Self { flags: 0, until: 0, limits, scheduled: BTreeMap::new() }
    }
}

/// Whether an action is paused.
pub(super) fn is_paused(governance: &Governance, action: u8, now: u64) -> bool {
    governance.flags & action != 0 && (action & BOUNDED == 0 || now < governance.until)
}

impl Model {
    pub(super) fn pause(&mut self, account: Address, more: u8) -> Answer {
        only(account, self.stage.of(Who::JUDGE))?;
        if more == 0 || more & !ALL != 0 {
            return refuse(InvalidFlags { flags: more });
        }
        let Governance { flags, mut until, .. } = self.governance;
        let still = if self.now < until { flags } else { flags & !BOUNDED };
        if more & BOUNDED & !still != 0 {
            let allowed_at = if until == 0 { 0 } else { until + PAUSE_INTERVAL_SECONDS };
            if self.now < allowed_at {
                return refuse(PausedTooSoon { allowedAt: allowed_at });
            }
            until = self.now + LONGEST_PAUSE_SECONDS;
        }
        let flags = still | more;
        self.set_pause(flags, until);
        self.log(self.stage.suite.governance, Paused { account, flags, until });
        Ok(())
    }

    pub(super) fn unpause(&mut self, account: Address) -> Answer {
        only(account, self.stage.of(Who::JUDGE))?;
        self.set_pause(0, self.governance.until.min(self.now));
        self.log(self.stage.suite.governance, Unpaused { account });
        Ok(())
    }

    fn set_pause(&mut self, flags: u8, until: u64) {
        (self.governance.flags, self.governance.until) = (flags, until);
        self.log(self.stage.suite.token_pool, ITokenPool::PauseSet { flags, until });
        self.log(self.stage.suite.slasher, ISlasher::PauseSet { flags, until });
    }

    pub(super) fn schedule_limits(&mut self, token: Address, cap: u128, deposit: u8, outflow: u8) -> Answer {
        self.limits_of(token)?;
        if !limits::fit(cap, deposit, outflow) {
            return refuse(ITokenPool::InvalidLimits {});
        }
        let effective_at = epoch::notice_ends(self.now);
        self.governance.scheduled.insert(token, ((cap, deposit, outflow), effective_at));
        let event =
            LimitsScheduled { token, cap, depositPercent: deposit, outflowPercent: outflow, effectiveAt: effective_at };
        self.log(self.stage.suite.governance, event);
        Ok(())
    }

    pub(super) fn cancel_limits(&mut self, token: Address) -> Answer {
        if self.governance.scheduled.remove(&token).is_none() {
            return refuse(NothingScheduled { token });
        }
        self.log(self.stage.suite.governance, LimitsCancelled { token });
        Ok(())
    }

    pub(super) fn apply_limits(&mut self, token: Address) -> Answer {
        let Some((limits, effective_at)) = self.governance.scheduled.get(&token).copied() else {
            return refuse(NothingScheduled { token });
        };
        if self.now < effective_at {
            return refuse(NoticeNotEnded { effectiveAt: effective_at });
        }
        self.governance.scheduled.remove(&token);
        self.governance.limits.insert(token, limits);
        self.put_limits(token, true, limits);
        Ok(())
    }

    pub(super) fn close_token(&mut self, token: Address) -> Answer {
        let limits = self.limits_of(token)?;
        self.put_limits(token, false, limits);
        Ok(())
    }

    fn put_limits(&mut self, token: Address, open: bool, (cap, deposit, outflow): Limits) {
        self.vault.strategies.insert(token, Strategy { open, cap, deposit, outflow });
        let event = ITokenPool::StrategySet { token, open, cap, depositPercent: deposit, outflowPercent: outflow };
        self.log(self.stage.suite.token_pool, event);
    }

    fn limits_of(&self, token: Address) -> Answer<Limits> {
        match self.governance.limits.get(&token) {
            Some(limits) => Ok(*limits),
            None => refuse(NotListed { token }),
        }
    }
}
