//! Grants: what an operator lets a service slash, in which tier, and until when.

use crate::operators::require_magnitude;
use crate::storage::{limbs, set_limbs, Slasher};
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::grant::{Grant, Notice, NO_END};
use arithmetic::magnitude::{smallest_budget, Budgets, Excess};
use arithmetic::{epoch, freeze, pause, wad};
use common::{access, calls, Emit, Outcome};
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
        // One grant a service: also one that ended counts until it is released.
        let grant = self.load_grant(operator, service_manager);
        if grant.can_slash_until != 0 || self.announced(operator, service_manager) != 0 {
            return Err(ISlasher::AlreadyOptedIn {}.into());
        }
        self.grow(operator, service_manager, 0, budget, exclusive)
    }

    pub(crate) fn _raise_budget(&mut self, operator: Address, service_manager: Address, budget: u64) -> Outcome {
        self.require_granted(operator, service_manager)?;
        if self.announced(operator, service_manager) != 0 {
            return self.refuse_pending(operator, service_manager);
        }
        let grant = self.load_grant(operator, service_manager);
        if budget <= grant.budget {
            return Err(ISlasher::InvalidWad { wad: budget }.into());
        }
        self.grow(operator, service_manager, grant.budget, budget, grant.exclusive)
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
            return self.refuse_pending(operator, service_manager);
        }
        if now >= lapses_at {
            return Err(ISlasher::GrantHasLapsed { lapsedAt: lapses_at }.into());
        }
        let exclusive = self.load_grant(operator, service_manager).exclusive;
        let raise = self.load_notice(operator, service_manager).raise;
        let mut budgets = self.operators.getter(operator).budgets();
        require_magnitude(operator, &budgets)?;
        budgets.remove(raise, exclusive, true);
        budgets.add(raise, exclusive, false);
        self.commit(operator, &budgets, exclusive)?;
        self.store_notice(operator, service_manager, &Notice::default());
        self.put_into_force(operator, service_manager, raise, exclusive);
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
        let grant = self.load_grant(operator, service_manager);
        let Grant { budget, pending, can_slash_until, exclusive, .. } = grant;
        if can_slash_until == 0 {
            return Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into());
        }
        if can_slash_until >= self.vm().block_timestamp() {
            return Err(ISlasher::GrantNotEnded { canSlashUntil: grant.shown_end() }.into());
        }
        // A veto would give a request back to a budget that is gone.
        if pending != 0 {
            return Err(ISlasher::GrantHasOpenRequests { pending }.into());
        }
        self.store_grant(operator, service_manager, &Grant::default());
        let mut budgets = self.operators.getter(operator).budgets();
        budgets.remove(budget, exclusive, false);
        self.vm().emit(&ISlasher::CommitmentReleased { operator, serviceManager: service_manager, budget });
        self.store_budgets(operator, budgets);
        Ok(())
    }

    pub(crate) fn _guarantee_of(&self, operator: Address, service_manager: Address) -> (u64, u64, u64, u64) {
        let grant = self.load_grant(operator, service_manager);
        let Grant { budget, pending, exclusive, .. } = grant;
        let budgets = self.operators.getter(operator).budgets();
        let magnitude = budgets.magnitude();
        if !grant.is_granted() {
            (0, 0, magnitude, pending)
        } else if exclusive {
            (budget, 0, magnitude, pending)
        } else {
            let others = budgets.open_shared.saturating_sub(pending);
            (0, budgets.countable_shared(budget, others), magnitude, pending)
        }
    }

    /// Withdraws what was announced, if anything was, and ends the grant.
    pub(crate) fn end_grant(&mut self, operator: Address, service_manager: Address) {
        self.drop_raise(operator, service_manager);
        let mut grant = self.load_grant(operator, service_manager);
        if !grant.is_granted() {
            return;
        }
        grant.can_slash_until = epoch::can_slash_until(self.vm().block_timestamp());
        self.store_grant(operator, service_manager, &grant);
        self.vm().emit(&ISlasher::SlashingAbilityRevoked {
            operator,
            serviceManager: service_manager,
            canSlashUntil: grant.can_slash_until,
        });
    }

    /// Raises a budget from `before` to `budget`: at once if the operator risks nobody's stake but its own and nothing
    /// is shared, otherwise after a notice in which everybody else can leave. With a shared budget about, an exclusive
    /// grant to a service of the operator's own, in front of a shared request, would leave that request nothing.
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
        if announced {
            self.announce(operator, service_manager, raise, exclusive);
        } else {
            self.put_into_force(operator, service_manager, raise, exclusive);
        }
        Ok(())
    }

    fn risks_stake_of_others(&self, operator: Address) -> Outcome<bool> {
        let function = IStrategyManager::hasForeignStakeCall::SELECTOR;
        let answer = calls::ask(self.vm(), self.strategy_manager.get(), function, &[operator])?;
        Ok(calls::answer(&answer, 0)? != 0)
    }

    /// Stores budgets to which something was added, if it fits.
    #[inline(never)]
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
    #[inline(never)]
    pub(crate) fn store_budgets(&mut self, operator: Address, mut budgets: Budgets) {
        if budgets.reset() {
            self.vm().emit(&ISlasher::MagnitudeReset { operator });
        }
        self.operators.setter(operator).set_budgets(&budgets);
    }

    fn announce(&mut self, operator: Address, service_manager: Address, raise: u64, exclusive: bool) {
        let (now, refused) = (self.vm().block_timestamp(), self.seconds_without_queueing(operator));
        self.store_notice(operator, service_manager, &Notice { raise, announced_at: now, refused_before: refused });
        let grant = self.load_grant(operator, service_manager);
        self.store_grant(operator, service_manager, &Grant { exclusive, ..grant });
        self.vm().emit(&ISlasher::GrantAnnounced {
            operator,
            serviceManager: service_manager,
            raise,
            exclusive,
            effectiveAt: freeze::notice_ends(now, 0),
        });
    }

    #[inline(never)]
    fn put_into_force(&mut self, operator: Address, service_manager: Address, raise: u64, exclusive: bool) {
        let before = self.load_grant(operator, service_manager);
        let budget = before.budget.saturating_add(raise);
        let grant = Grant { budget, full_budget: budget, can_slash_until: NO_END, exclusive, ..before };
        self.store_grant(operator, service_manager, &grant);
        self.vm().emit(&ISlasher::OptedIntoSlashing { operator, serviceManager: service_manager, budget, exclusive });
    }

    #[inline(never)]
    fn drop_raise(&mut self, operator: Address, service_manager: Address) {
        let raise = self.load_notice(operator, service_manager).raise;
        if raise == 0 {
            return;
        }
        self.store_notice(operator, service_manager, &Notice::default());
        let grant = self.load_grant(operator, service_manager);
        if grant.can_slash_until == 0 {
            self.store_grant(operator, service_manager, &Grant::default());
        }
        let mut budgets = self.operators.getter(operator).budgets();
        budgets.remove(raise, grant.exclusive, true);
        self.vm().emit(&ISlasher::GrantCancelled { operator, serviceManager: service_manager, raise });
        self.store_budgets(operator, budgets);
    }

    /// When the notice of what is announced ends, as far as queueing was refused until now, and when it lapses.
    pub(crate) fn notice(&self, operator: Address, service_manager: Address) -> (u64, u64) {
        let Notice { announced_at, refused_before, .. } = self.load_notice(operator, service_manager);
        let refused = self.seconds_without_queueing(operator).saturating_sub(refused_before);
        let ends = freeze::notice_ends(announced_at, refused);
        (ends, freeze::lapses(ends))
    }

    /// The raise that is announced (wad), zero for nothing. The word of a notice is not read where the operator has
    /// announced nothing to any service.
    fn announced(&self, operator: Address, service_manager: Address) -> u64 {
        match self.operators.getter(operator).budgets().announced() {
            0 => 0,
            _ => self.load_notice(operator, service_manager).raise,
        }
    }

    pub(crate) fn require_granted(&self, operator: Address, service_manager: Address) -> Outcome {
        if self.load_grant(operator, service_manager).is_granted() {
            Ok(())
        } else if self.announced(operator, service_manager) != 0 {
            self.refuse_pending(operator, service_manager)
        } else {
            Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into())
        }
    }

    fn require_pending(&self, operator: Address, service_manager: Address) -> Outcome {
        if self.announced(operator, service_manager) == 0 {
            return Err(ISlasher::NothingPending {}.into());
        }
        Ok(())
    }

    fn refuse_pending(&self, operator: Address, service_manager: Address) -> Outcome {
        let (effective_at, _) = self.notice(operator, service_manager);
        Err(ISlasher::GrantPending { effectiveAt: effective_at }.into())
    }

    #[inline(never)]
    pub(crate) fn load_grant(&self, operator: Address, service_manager: Address) -> Grant {
        Grant::from_limbs(limbs(&self.grants.getter(operator).getter(service_manager).grant))
    }

    #[inline(never)]
    pub(crate) fn store_grant(&mut self, operator: Address, service_manager: Address, grant: &Grant) {
        set_limbs(&mut self.grants.setter(operator).setter(service_manager).grant, grant.to_limbs());
    }

    #[inline(never)]
    fn load_notice(&self, operator: Address, service_manager: Address) -> Notice {
        Notice::from_limbs(limbs(&self.grants.getter(operator).getter(service_manager).notice))
    }

    #[inline(never)]
    fn store_notice(&mut self, operator: Address, service_manager: Address, notice: &Notice) {
        set_limbs(&mut self.grants.setter(operator).setter(service_manager).notice, notice.to_limbs());
    }
}
