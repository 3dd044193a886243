//! Grants: what an operator lets a service slash, in which tier, and until when.

use crate::operators::{require_magnitude, set_time, time, NO_END};
use crate::storage::Slasher;
use alloy_primitives::Address;
use arithmetic::magnitude::{smallest_budget, Budgets, Excess};
use arithmetic::{epoch, freeze, pause, wad};
use common::stored::{number, set_number};
use common::{access, calls, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

impl Slasher {
    pub(crate) fn _opt_into_slashing(
        &mut self,
        operator: Address,
        service_manager: Address,
        budget: u64,
        exclusive: bool,
    ) -> Outcome {
        access::nonzero(service_manager)?;
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        // One grant a service: also one that ended counts until it is released.
        if time(&grant.can_slash_until) != 0 || number(&grant.raise) != 0 {
            return Err(ISlasher::AlreadyOptedIn {}.into());
        }
        self.grow(operator, service_manager, 0, budget, exclusive)
    }

    pub(crate) fn _raise_budget(&mut self, operator: Address, service_manager: Address, budget: u64) -> Outcome {
        self.require_granted(operator, service_manager)?;
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        if number(&grant.raise) != 0 {
            let (effective_at, _) = self.notice(operator, service_manager);
            return Err(ISlasher::GrantPending { effectiveAt: effective_at }.into());
        }
        let (before, exclusive) = (number(&grant.budget), grant.exclusive.get());
        if budget <= before {
            return Err(ISlasher::InvalidWad { wad: budget }.into());
        }
        self.grow(operator, service_manager, before, budget, exclusive)
    }

    pub(crate) fn _cancel_pending_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self.require_pending(operator, service_manager)?;
        self.drop_raise(operator, service_manager);
        Ok(())
    }

    pub(crate) fn _activate_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self.require_unpaused(pause::OPT_IN)?;
        self.require_pending(operator, service_manager)?;
        self.require_not_frozen(operator)?;
        let (effective_at, lapses_at) = self.notice(operator, service_manager);
        let now = self.vm().block_timestamp();
        if now < effective_at {
            return Err(ISlasher::GrantPending { effectiveAt: effective_at }.into());
        }
        if now >= lapses_at {
            return Err(ISlasher::GrantHasLapsed { lapsedAt: lapses_at }.into());
        }
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        let (raise, exclusive) = (number(&grant.raise), grant.exclusive.get());
        let mut budgets = self.operators.getter(operator).budgets();
        require_magnitude(operator, &budgets)?;
        budgets.remove(raise, exclusive, true);
        budgets.add(raise, exclusive, false);
        self.commit(operator, &budgets, exclusive)?;
        self.put_into_force(operator, service_manager, raise);
        Ok(())
    }

    pub(crate) fn _clear_lapsed_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self.require_pending(operator, service_manager)?;
        let (_, lapses_at) = self.notice(operator, service_manager);
        if self.vm().block_timestamp() < lapses_at {
            return Err(ISlasher::GrantNotLapsed { lapsesAt: lapses_at }.into());
        }
        self.drop_raise(operator, service_manager);
        Ok(())
    }

    pub(crate) fn _release_commitment(&mut self, operator: Address, service_manager: Address) -> Outcome {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        let (until, pending) = (time(&grant.can_slash_until), number(&grant.pending));
        if until == 0 {
            return Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into());
        }
        if until >= self.vm().block_timestamp() {
            return Err(ISlasher::GrantNotEnded { canSlashUntil: shown(until) }.into());
        }
        // A veto would give a request back to a budget that is gone.
        if pending != 0 {
            return Err(ISlasher::GrantHasOpenRequests { pending }.into());
        }
        let (budget, exclusive) = (number(&grant.budget), grant.exclusive.get());
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        set_number(&mut grant.budget, 0);
        set_number(&mut grant.full_budget, 0);
        set_time(&mut grant.can_slash_until, 0);
        grant.exclusive.set(false);
        let mut budgets = self.operators.getter(operator).budgets();
        budgets.remove(budget, exclusive, false);
        self.vm().log(ISlasher::CommitmentReleased { operator, serviceManager: service_manager, budget });
        self.store_budgets(operator, budgets);
        Ok(())
    }

    /// Withdraws what was announced, if anything was, and ends the grant.
    pub(crate) fn end_grant(&mut self, operator: Address, service_manager: Address) {
        self.drop_raise(operator, service_manager);
        if !self.is_granted(operator, service_manager) {
            return;
        }
        let until = epoch::can_slash_until(self.vm().block_timestamp());
        set_time(&mut self.grants.setter(operator).setter(service_manager).can_slash_until, until);
        self.vm().log(ISlasher::SlashingAbilityRevoked {
            operator,
            serviceManager: service_manager,
            canSlashUntil: until,
        });
    }

    /// Raises a budget from `before` to `budget`: at once if the operator risks nobody's stake but its own and nothing is
    /// shared, otherwise after a notice in which everybody else can leave. With a shared budget about, an exclusive grant to
    /// a service of the operator's own, in front of a shared request, would leave that request nothing.
    fn grow(
        &mut self,
        operator: Address,
        service_manager: Address,
        before: u64,
        budget: u64,
        exclusive: bool,
    ) -> Outcome {
        self.require_unpaused(pause::OPT_IN)?;
        self.require_not_frozen(operator)?;
        let mut budgets = self.operators.getter(operator).budgets();
        require_magnitude(operator, &budgets)?;
        if budget > wad::ONE {
            return Err(ISlasher::InvalidWad { wad: budget }.into());
        }
        let minimum = smallest_budget(budgets.magnitude());
        if budget < minimum {
            return Err(ISlasher::BudgetTooSmall { budget, minimum }.into());
        }
        let raise = budget.saturating_sub(before);
        let announced = budgets.shared() != 0 || self.risks_stake_of_others(operator)?;
        budgets.add(raise, exclusive, announced);
        self.commit(operator, &budgets, exclusive)?;
        self.grants.setter(operator).setter(service_manager).exclusive.set(exclusive);
        if announced {
            self.announce(operator, service_manager, raise, exclusive);
        } else {
            self.put_into_force(operator, service_manager, raise);
        }
        Ok(())
    }

    fn risks_stake_of_others(&self, operator: Address) -> Outcome<bool> {
        calls::view(self.vm(), self.strategy_manager.get(), &IStrategyManager::hasForeignStakeCall { operator })
    }

    /// Stores budgets to which something was added, if it fits.
    fn commit(&mut self, operator: Address, budgets: &Budgets, exclusive: bool) -> Outcome {
        match budgets.fit(exclusive) {
            Ok(()) => {
                self.operators.setter(operator).set_budgets(budgets);
                Ok(())
            }
            Err(Excess::Exclusive(size)) => {
                Err(ISlasher::ExclusiveTierFull { size, magnitude: budgets.magnitude() }.into())
            }
            Err(Excess::Commitment(commitment)) => {
                Err(ISlasher::CommitmentTooHigh { commitment, limit: wad::MAX_COMMITMENT }.into())
            }
        }
    }

    /// Stores budgets from which something was taken: the magnitude is one again with the last.
    pub(crate) fn store_budgets(&mut self, operator: Address, mut budgets: Budgets) {
        if budgets.reset() {
            self.vm().log(ISlasher::MagnitudeReset { operator });
        }
        self.operators.setter(operator).set_budgets(&budgets);
    }

    fn announce(&mut self, operator: Address, service_manager: Address, raise: u64, exclusive: bool) {
        let (now, refused) = (self.vm().block_timestamp(), self.seconds_without_queueing(operator));
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        set_number(&mut grant.raise, raise);
        set_number(&mut grant.announced_at, now);
        set_number(&mut grant.refused_before, refused);
        self.vm().log(ISlasher::GrantAnnounced {
            operator,
            serviceManager: service_manager,
            raise,
            exclusive,
            effectiveAt: freeze::notice_ends(now, 0),
        });
    }

    fn put_into_force(&mut self, operator: Address, service_manager: Address, raise: u64) {
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        let budget = number(&grant.budget).saturating_add(raise);
        set_number(&mut grant.budget, budget);
        set_number(&mut grant.full_budget, budget);
        set_time(&mut grant.can_slash_until, NO_END);
        clear_raise(&mut grant);
        let exclusive = grant.exclusive.get();
        self.vm().log(ISlasher::OptedIntoSlashing { operator, serviceManager: service_manager, budget, exclusive });
    }

    fn drop_raise(&mut self, operator: Address, service_manager: Address) {
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        let (raise, exclusive) = (number(&grant.raise), grant.exclusive.get());
        if raise == 0 {
            return;
        }
        clear_raise(&mut grant);
        if time(&grant.can_slash_until) == 0 {
            grant.exclusive.set(false);
        }
        let mut budgets = self.operators.getter(operator).budgets();
        budgets.remove(raise, exclusive, true);
        self.vm().log(ISlasher::GrantCancelled { operator, serviceManager: service_manager, raise });
        self.store_budgets(operator, budgets);
    }

    /// When the notice of what is announced ends, as far as queueing was refused until now, and when it lapses.
    pub(crate) fn notice(&self, operator: Address, service_manager: Address) -> (u64, u64) {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        let refused = self.seconds_without_queueing(operator).saturating_sub(number(&grant.refused_before));
        let ends = freeze::notice_ends(number(&grant.announced_at), refused);
        (ends, freeze::lapses(ends))
    }

    /// Whether there is a grant in force that the operator has not ended.
    pub(crate) fn is_granted(&self, operator: Address, service_manager: Address) -> bool {
        time(&self.grants.getter(operator).getter(service_manager).can_slash_until) == NO_END
    }

    pub(crate) fn require_granted(&self, operator: Address, service_manager: Address) -> Outcome {
        if self.is_granted(operator, service_manager) {
            Ok(())
        } else if number(&self.grants.getter(operator).getter(service_manager).raise) != 0 {
            let (effective_at, _) = self.notice(operator, service_manager);
            Err(ISlasher::GrantPending { effectiveAt: effective_at }.into())
        } else {
            Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into())
        }
    }

    fn require_pending(&self, operator: Address, service_manager: Address) -> Outcome {
        if number(&self.grants.getter(operator).getter(service_manager).raise) == 0 {
            return Err(ISlasher::NothingPending {}.into());
        }
        Ok(())
    }
}

fn clear_raise(grant: &mut crate::storage::StoredGrant) {
    // Only where there is one: nobody pays for the word of a notice that never ran.
    if number(&grant.raise) != 0 {
        set_number(&mut grant.raise, 0);
        set_number(&mut grant.announced_at, 0);
        set_number(&mut grant.refused_before, 0);
    }
}

/// The end of a grant as views show it.
pub(crate) fn shown(until: u64) -> u64 {
    if until == NO_END {
        u64::MAX
    } else {
        until
    }
}
