//! Which tokens are listed, and how much may come and go.

use crate::storage::{Governance, StoredLimits};
use alloy_primitives::{Address, U8};
use arithmetic::time::LAPSE_SECONDS;
use arithmetic::{epoch, limits};
use common::stored::{amount, byte, number, set_amount, set_number};
use common::{calls, Emit, Outcome};
use interfaces::{IGovernance, ITokenPool};
use stylus_sdk::prelude::*;

/// Limits as the TokenPool takes them.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Limits {
    pub(crate) cap: u128,
    pub(crate) deposit_percent: u8,
    pub(crate) outflow_percent: u8,
}

impl StoredLimits {
    pub(crate) fn read(&self) -> Limits {
        Limits {
            cap: amount(&self.cap),
            deposit_percent: byte(&self.deposit_percent),
            outflow_percent: byte(&self.outflow_percent),
        }
    }

    fn write(&mut self, limits: Option<Limits>, effective_at: u64) -> Outcome {
        self.set.set(limits.is_some());
        let limits = limits.unwrap_or_default();
        set_amount(&mut self.cap, limits.cap).map_err(|_| ITokenPool::InvalidLimits {})?;
        self.deposit_percent.set(U8::from(limits.deposit_percent));
        self.outflow_percent.set(U8::from(limits.outflow_percent));
        set_number(&mut self.effective_at, effective_at);
        Ok(())
    }
}

impl Governance {
    pub(crate) fn _add_strategy(&mut self, token: Address, limits: Limits) -> Outcome {
        if self.limits.getter(token).set.get() {
            return Err(IGovernance::AlreadyListed { token }.into());
        }
        self.limits.setter(token).write(Some(limits), 0)?;
        self.put_into_force(token, true, limits)
    }

    pub(crate) fn _close_strategy(&mut self, token: Address) -> Outcome {
        self.require_listed(token)?;
        // They would reopen the token.
        if self.scheduled.getter(token).set.get() {
            self._cancel_limits(token)?;
        }
        let limits = self.limits.getter(token).read();
        self.put_into_force(token, false, limits)
    }

    pub(crate) fn _schedule_limits(&mut self, token: Address, limits: Limits) -> Outcome {
        self.require_listed(token)?;
        if !limits::fit(limits.cap, limits.deposit_percent, limits.outflow_percent) {
            return Err(ITokenPool::InvalidLimits {}.into());
        }
        let effective_at = epoch::notice_ends(self.vm().block_timestamp());
        self.scheduled.setter(token).write(Some(limits), effective_at)?;
        self.vm().emit(&IGovernance::LimitsScheduled {
            token,
            cap: limits.cap,
            depositPercent: limits.deposit_percent,
            outflowPercent: limits.outflow_percent,
            effectiveAt: effective_at,
        });
        Ok(())
    }

    pub(crate) fn _cancel_limits(&mut self, token: Address) -> Outcome {
        self.require_scheduled(token)?;
        self.scheduled.setter(token).write(None, 0)?;
        self.vm().emit(&IGovernance::LimitsCancelled { token });
        Ok(())
    }

    pub(crate) fn _apply_limits(&mut self, token: Address) -> Outcome {
        self.require_scheduled(token)?;
        let (now, effective_at) = (self.vm().block_timestamp(), number(&self.scheduled.getter(token).effective_at));
        if now < effective_at {
            return Err(IGovernance::NoticeNotEnded { effectiveAt: effective_at }.into());
        }
        // Who joined long after the announcement has seen none: nothing waits in a drawer.
        let lapsed_at = effective_at.saturating_add(LAPSE_SECONDS);
        if now >= lapsed_at {
            return Err(IGovernance::LimitsHaveLapsed { lapsedAt: lapsed_at }.into());
        }
        let limits = self.scheduled.getter(token).read();
        self.scheduled.setter(token).write(None, 0)?;
        self.limits.setter(token).write(Some(limits), 0)?;
        self.put_into_force(token, true, limits)
    }

    fn put_into_force(&mut self, token: Address, open: bool, limits: Limits) -> Outcome {
        let Limits { cap, deposit_percent, outflow_percent } = limits;
        let vault = self.token_pool.get();
        let request = ITokenPool::setStrategyCall {
            token,
            open,
            cap,
            depositPercent: deposit_percent,
            outflowPercent: outflow_percent,
        };
        calls::send(self, vault, &request)?;
        Ok(())
    }

    fn require_listed(&self, token: Address) -> Outcome {
        if self.limits.getter(token).set.get() {
            Ok(())
        } else {
            Err(IGovernance::NotListed { token }.into())
        }
    }

    fn require_scheduled(&self, token: Address) -> Outcome {
        if self.scheduled.getter(token).set.get() {
            Ok(())
        } else {
            Err(IGovernance::NothingScheduled { token }.into())
        }
    }
}
