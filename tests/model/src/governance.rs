//! Pauses, and limits behind a notice.

use crate::setup::Setup;
use crate::vault::Strategy;
use crate::{Answer, Mistake, Protocol, only, revert};
use alloy_primitives::Address;
use arithmetic::pause::{ALL, BOUNDED};
use arithmetic::time::{EPOCH_SECONDS, LONGEST_PAUSE_SECONDS, PAUSE_INTERVAL_SECONDS};
use arithmetic::{epoch, limits};
use interfaces::IAccess;
use interfaces::IGovernance::*;
use interfaces::{ISlasher, ITokenPool};
use std::collections::BTreeMap;

/// Limits of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Most base units that the protocol may hold.
    pub cap: u128,
    /// Most of the cap that one deposit may bring (percent).
    pub deposit: u8,
    /// Most of what is owed that may leave per epoch (percent), zero for no limit.
    pub outflow: u8,
}

/// Limits that were scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduledLimits {
    /// The limits.
    pub limits: Limits,
    /// From when they may be applied (Unix seconds).
    pub effective_at: u64,
}

/// A time for which one of the actions was paused whose pause ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The action's bit.
    pub action: u8,
    /// Since when (Unix seconds).
    pub since: u64,
    /// Until when (Unix seconds).
    pub until: u64,
}

/// What the owner's hands left.
#[derive(Debug, Clone, Default)]
pub struct Governance {
    /// Who may pause.
    pub pauser: Address,
    /// Who may end a pause.
    pub unpauser: Address,
    /// The actions that are paused.
    pub flags: u8,
    /// Until when the bounded ones among them are (Unix seconds).
    pub until: u64,
    /// Token => its limits.
    pub limits: BTreeMap<Address, Limits>,
    /// Token => limits that can be applied after a notice.
    pub scheduled: BTreeMap<Address, ScheduledLimits>,
    /// All bounded pauses that there ever were, oldest first.
    pub pauses: Vec<Pause>,
}

impl Governance {
    pub(crate) fn new(setup: &Setup) -> Self {
        let listed = setup.tokens.iter().filter_map(|token| Some((token.token, token.listed?)));
        Self { pauser: setup.pauser, unpauser: setup.unpauser, limits: listed.collect(), ..Self::default() }
    }

    /// Whether an action is paused.
    pub fn is_paused(&self, action: u8, now: u64) -> bool {
        self.flags & action != 0 && (action & BOUNDED == 0 || now < self.until)
    }

    /// For how many seconds a bounded action was ever paused, up to `now`.
    pub fn paused_seconds(&self, action: u8, now: u64) -> u64 {
        let of = self.pauses.iter().filter(|pause| pause.action == action);
        of.map(|pause| pause.until.min(now).saturating_sub(pause.since)).sum()
    }

    /// When the last pause of a bounded action ends or ended; zero if there was none.
    pub fn pause_ended(&self, action: u8) -> u64 {
        self.pauses.iter().rfind(|pause| pause.action == action).map_or(0, |pause| pause.until)
    }
}

impl Protocol {
    /// Pauser: pauses more actions.
    pub fn pause(&mut self, caller: Address, more: u8) -> Answer {
        only(caller, self.governance.pauser)?;
        if more == 0 || more & !ALL != 0 {
            return revert(InvalidFlags { flags: more });
        }
        let Governance { flags, mut until, .. } = self.governance;
        let still = if self.now < until { flags } else { flags & !BOUNDED };
        if more & BOUNDED & !still != 0 {
            let allowed_at = if until == 0 { 0 } else { until + PAUSE_INTERVAL_SECONDS };
            if self.now < allowed_at {
                return revert(PausedTooSoon { allowedAt: allowed_at });
            }
            until = self.now + LONGEST_PAUSE_SECONDS;
        }
        let flags = still | more;
        self.set_pause(flags, until);
        self.log(self.setup.contracts.governance, Paused { account: caller, flags, until });
        Ok(())
    }

    /// Unpauser: ends every pause.
    pub fn unpause(&mut self, caller: Address) -> Answer {
        only(caller, self.governance.unpauser)?;
        if caller.is_zero() {
            return revert(IAccess::Unauthorized { caller });
        }
        self.set_pause(0, self.governance.until.min(self.now));
        self.log(self.setup.contracts.governance, Unpaused { account: caller });
        Ok(())
    }

    /// Owner: names who may pause and who may end a pause.
    pub fn set_roles(&mut self, caller: Address, pauser: Address, unpauser: Address) -> Answer {
        only(caller, self.owner_of(self.setup.contracts.governance))?;
        (self.governance.pauser, self.governance.unpauser) = (pauser, unpauser);
        self.log(self.setup.contracts.governance, RolesSet { pauser, unpauser });
        Ok(())
    }

    fn set_pause(&mut self, flags: u8, until: u64) {
        let now = self.now;
        (self.governance.flags, self.governance.until) = (flags, until);
        for action in [1, 2, 4, 8, 16, 32].into_iter().filter(|action| action & BOUNDED != 0) {
            let pauses = &mut self.governance.pauses;
            let running = pauses.iter_mut().find(|pause| pause.action == action && now < pause.until);
            match running {
                Some(pause) => pause.until = if flags & action == 0 { now } else { until },
                None if flags & action != 0 && now < until => pauses.push(Pause { action, since: now, until }),
                None => {}
            }
        }
        self.log(self.setup.contracts.token_pool, ITokenPool::PauseSet { flags, until });
        self.log(self.setup.contracts.slasher, ISlasher::PauseSet { flags, until });
    }

    /// Owner: schedules other limits of a token.
    pub fn schedule_limits(&mut self, caller: Address, token: Address, limits: Limits) -> Answer {
        only(caller, self.owner_of(self.setup.contracts.governance))?;
        self.limits_of(token)?;
        let Limits { cap, deposit, outflow } = limits;
        if !limits::fit(cap, deposit, outflow) {
            return revert(ITokenPool::InvalidLimits {});
        }
        let effective_at = epoch::notice_ends(self.now);
        self.governance.scheduled.insert(token, ScheduledLimits { limits, effective_at });
        let event =
            LimitsScheduled { token, cap, depositPercent: deposit, outflowPercent: outflow, effectiveAt: effective_at };
        self.log(self.setup.contracts.governance, event);
        Ok(())
    }

    /// Owner: withdraws limits that were scheduled.
    pub fn cancel_limits(&mut self, caller: Address, token: Address) -> Answer {
        only(caller, self.owner_of(self.setup.contracts.governance))?;
        if self.governance.scheduled.remove(&token).is_none() {
            return revert(NothingScheduled { token });
        }
        self.log(self.setup.contracts.governance, LimitsCancelled { token });
        Ok(())
    }

    /// Anyone: applies limits whose notice has ended, within an epoch of that.
    pub fn apply_limits(&mut self, token: Address) -> Answer {
        let Some(ScheduledLimits { limits, effective_at }) = self.governance.scheduled.get(&token).copied() else {
            return revert(NothingScheduled { token });
        };
        if self.now < effective_at {
            return revert(NoticeNotEnded { effectiveAt: effective_at });
        }
        let lapses = effective_at + EPOCH_SECONDS;
        if self.now >= lapses && self.mistake != Mistake::LimitsNeverLapse {
            return revert(LimitsHaveLapsed { lapsedAt: lapses });
        }
        self.governance.scheduled.remove(&token);
        self.governance.limits.insert(token, limits);
        self.put_limits(token, true, limits);
        Ok(())
    }

    /// Owner: closes a token for deposits, and withdraws limits that were scheduled.
    pub fn close_strategy(&mut self, caller: Address, token: Address) -> Answer {
        only(caller, self.owner_of(self.setup.contracts.governance))?;
        let limits = self.limits_of(token)?;
        if self.governance.scheduled.remove(&token).is_some() {
            self.log(self.setup.contracts.governance, LimitsCancelled { token });
        }
        self.put_limits(token, false, limits);
        Ok(())
    }

    fn put_limits(&mut self, token: Address, open: bool, limits: Limits) {
        self.vault.strategies.insert(token, Strategy { open, limits });
        let Limits { cap, deposit, outflow } = limits;
        let event = ITokenPool::StrategySet { token, open, cap, depositPercent: deposit, outflowPercent: outflow };
        self.log(self.setup.contracts.token_pool, event);
    }

    fn limits_of(&self, token: Address) -> Answer<Limits> {
        match self.governance.limits.get(&token) {
            Some(limits) => Ok(*limits),
            None => revert(NotListed { token }),
        }
    }
}
