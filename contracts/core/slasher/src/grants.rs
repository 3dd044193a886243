//! Grants: what an operator lets a service slash, and until when.

use crate::storage::Slasher;
use alloy_primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::{epoch, pause, wad};
use common::stored::{number, set_number};
use common::{access, calls, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// `can_slash_until` of a grant that the operator has not ended.
const NO_END: u64 = u64::MAX;

impl Slasher {
    pub(crate) fn open_grant(&mut self, operator: Address, service_manager: Address, max_slash: u64) -> Outcome {
        self.require_unpaused(pause::OPT_IN)?;
        access::nonzero(service_manager)?;
        if max_slash == 0 || max_slash > wad::ONE {
            return Err(ISlasher::InvalidWad { wad: max_slash }.into());
        }
        self.require_not_frozen(operator)?;
        let now = self.vm().block_timestamp();
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        if number(&grant.can_slash_until) >= now || number(&grant.raise) != 0 {
            return Err(ISlasher::AlreadyOptedIn {}.into());
        }
        // What is left of an ended grant to the same service is replaced.
        self.commit(operator, number(&grant.max_slash), max_slash)?;
        let mut grants = self.grants.setter(operator);
        set_number(&mut grants.setter(service_manager).max_slash, 0);
        self.announce(operator, service_manager, max_slash)
    }

    pub(crate) fn raise_slash_budget(
        &mut self,
        operator: Address,
        service_manager: Address,
        max_slash: u64,
    ) -> Outcome {
        self.require_unpaused(pause::OPT_IN)?;
        self.require_not_frozen(operator)?;
        self.require_granted(operator, service_manager)?;
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        if number(&grant.raise) != 0 {
            return Err(ISlasher::GrantPending { effectiveAt: number(&grant.raise_at) }.into());
        }
        let budget = number(&grant.max_slash);
        if max_slash <= budget || max_slash > wad::ONE {
            return Err(ISlasher::InvalidWad { wad: max_slash }.into());
        }
        self.commit(operator, budget, max_slash)?;
        self.announce(operator, service_manager, max_slash.saturating_sub(budget))
    }

    /// Puts what was announced into force when its notice has ended: with a full notice since the operator was last frozen, because nobody could leave meanwhile.
    pub(crate) fn activate(&mut self, operator: Address, service_manager: Address) -> Outcome {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        let raise = number(&grant.raise);
        if raise == 0 {
            return Err(ISlasher::NothingPending {}.into());
        }
        self.require_not_frozen(operator)?;
        let released_at = number(&self.operators.getter(operator).released_at);
        let since_release = if released_at == 0 { 0 } else { epoch::notice_ends(released_at) };
        let effective_at = number(&grant.raise_at).max(since_release);
        if self.vm().block_timestamp() < effective_at {
            return Err(ISlasher::GrantPending { effectiveAt: effective_at }.into());
        }
        self.put_into_force(operator, service_manager, raise);
        Ok(())
    }

    pub(crate) fn cancel_pending(&mut self, operator: Address, service_manager: Address) -> Outcome {
        if number(&self.grants.getter(operator).getter(service_manager).raise) == 0 {
            return Err(ISlasher::NothingPending {}.into());
        }
        self.drop_raise(operator, service_manager);
        Ok(())
    }

    /// Counts `new` instead of `old` in the operator's commitment, within the protocol's limit.
    fn commit(&mut self, operator: Address, old: u64, new: u64) -> Outcome {
        let mut status = self.operators.setter(operator);
        // The commitment is at most two wads and counts `old`: neither step leaves 64 bits.
        let commitment = number(&status.commitment).saturating_sub(old).saturating_add(new);
        if commitment > wad::MAX_COMMITMENT {
            return Err(ISlasher::CommitmentTooHigh { commitment, limit: wad::MAX_COMMITMENT }.into());
        }
        set_number(&mut status.commitment, commitment);
        Ok(())
    }

    /// Adds `raise` to a budget: at once if the operator risks nobody's stake but its own, otherwise after a notice in which everybody else can leave.
    fn announce(&mut self, operator: Address, service_manager: Address, raise: u64) -> Outcome {
        let ledger = self.strategy_manager.get();
        if !calls::view(self.vm(), ledger, &IStrategyManager::hasForeignStakeCall { operator })? {
            self.put_into_force(operator, service_manager, raise);
            return Ok(());
        }
        let effective_at = epoch::notice_ends(self.vm().block_timestamp());
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        set_number(&mut grant.raise, raise);
        set_number(&mut grant.raise_at, effective_at);
        self.vm().log(ISlasher::GrantAnnounced {
            operator,
            serviceManager: service_manager,
            raise,
            effectiveAt: effective_at,
        });
        Ok(())
    }

    fn put_into_force(&mut self, operator: Address, service_manager: Address, raise: u64) {
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        let max_slash = number(&grant.max_slash).saturating_add(raise);
        set_number(&mut grant.max_slash, max_slash);
        if number(&grant.can_slash_until) != NO_END {
            set_number(&mut grant.can_slash_until, NO_END);
            set_number(&mut grant.serve_until, 0);
            set_number(&mut grant.last_update, 0);
        }
        if number(&grant.raise) != 0 {
            set_number(&mut grant.raise, 0);
            set_number(&mut grant.raise_at, 0);
        }
        self.vm().log(ISlasher::OptedIntoSlashing { operator, serviceManager: service_manager, maxSlash: max_slash });
    }

    /// Withdraws what was announced, if anything was.
    fn drop_raise(&mut self, operator: Address, service_manager: Address) {
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        let raise = number(&grant.raise);
        if raise == 0 {
            return;
        }
        set_number(&mut grant.raise, 0);
        set_number(&mut grant.raise_at, 0);
        let mut status = self.operators.setter(operator);
        let commitment = number(&status.commitment).saturating_sub(raise);
        set_number(&mut status.commitment, commitment);
        self.vm().log(ISlasher::GrantCancelled { operator, serviceManager: service_manager, raise });
    }

    /// The operator ends the grant itself, whatever the service does.
    pub(crate) fn close_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self.require_granted(operator, service_manager)?;
        self.revoke(operator, service_manager, self.longest_obligation())
    }

    pub(crate) fn release_ended_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        let now = self.vm().block_timestamp();
        let mut status = self.operators.setter(operator);
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        let released = number(&grant.max_slash);
        let can_slash_until = number(&grant.can_slash_until);
        if can_slash_until >= now {
            return Err(ISlasher::GrantNotEnded { canSlashUntil: can_slash_until }.into());
        }
        if released == 0 {
            return Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into());
        }
        set_number(&mut grant.max_slash, 0);
        let rest = number(&status.commitment).saturating_sub(released);
        set_number(&mut status.commitment, rest);
        self.vm().log(ISlasher::CommitmentReleased { operator, serviceManager: service_manager, commitment: released });
        Ok(())
    }

    pub(crate) fn record_obligation(
        &mut self,
        operator: Address,
        service_manager: Address,
        serve_until: u64,
    ) -> Outcome {
        self.require_granted(operator, service_manager)?;
        self.record(operator, service_manager, serve_until)
    }

    pub(crate) fn end_obligation(&mut self, operator: Address, service_manager: Address, serve_until: u64) -> Outcome {
        let until = number(&self.grants.getter(operator).getter(service_manager).can_slash_until);
        if until == 0 {
            return Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into());
        }
        self.record(operator, service_manager, serve_until)?;
        // A service cannot extend what the operator has ended itself.
        self.revoke(operator, service_manager, serve_until.min(until))
    }

    fn record(&mut self, operator: Address, service_manager: Address, serve_until: u64) -> Outcome {
        let limit = self.longest_obligation();
        if serve_until > limit {
            return Err(ISlasher::ObligationTooLong { serveUntil: serve_until, limit }.into());
        }
        let now = self.vm().block_timestamp();
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        set_number(&mut grant.serve_until, serve_until);
        set_number(&mut grant.last_update, now);
        self.vm().log(ISlasher::StakeUpdateRecorded {
            operator,
            serviceManager: service_manager,
            serveUntil: serve_until,
        });
        Ok(())
    }

    fn revoke(&mut self, operator: Address, service_manager: Address, can_slash_until: u64) -> Outcome {
        self.drop_raise(operator, service_manager);
        set_number(&mut self.grants.setter(operator).setter(service_manager).can_slash_until, can_slash_until);
        self.vm().log(ISlasher::SlashingAbilityRevoked {
            operator,
            serviceManager: service_manager,
            canSlashUntil: can_slash_until,
        });
        Ok(())
    }

    /// Who is frozen takes no new risk: what its open requests were taken from stays as it is until they are closed.
    fn require_not_frozen(&self, operator: Address) -> Outcome {
        if number(&self.operators.getter(operator).open_requests) == 0 {
            Ok(())
        } else {
            Err(IStrategyManager::OperatorIsFrozen { operator }.into())
        }
    }

    /// Whether there is a grant in force that the operator has not ended.
    pub(crate) fn is_granted(&self, operator: Address, service_manager: Address) -> bool {
        number(&self.grants.getter(operator).getter(service_manager).can_slash_until) == NO_END
    }

    fn require_granted(&self, operator: Address, service_manager: Address) -> Outcome {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        if self.is_granted(operator, service_manager) {
            Ok(())
        } else if number(&grant.raise) != 0 {
            Err(ISlasher::GrantPending { effectiveAt: number(&grant.raise_at) }.into())
        } else {
            Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into())
        }
    }

    /// Obligations end within one epoch, the time for which leaving stake stays slashable.
    fn longest_obligation(&self) -> u64 {
        self.vm().block_timestamp().saturating_add(EPOCH_SECONDS)
    }
}
