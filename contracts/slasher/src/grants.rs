//! Grants: what an operator lets a service slash, and until when.

use crate::storage::Slasher;
use alloy_primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad;
use common::stored::{number, set_number};
use common::{access, pause, Outcome};
use interfaces::ISlasher;
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
        let now = self.vm().block_timestamp();
        let mut status = self.operators.setter(operator);
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        if number(&grant.can_slash_until) >= now {
            return Err(ISlasher::AlreadyOptedIn {}.into());
        }
        // What is left of an ended grant to the same service is replaced. Both sums stay below 64 bits: the commitment is at most two wads.
        let others = number(&status.commitment).saturating_sub(number(&grant.max_slash));
        let commitment = others.saturating_add(max_slash);
        if commitment > wad::MAX_COMMITMENT {
            return Err(ISlasher::CommitmentTooHigh { commitment, limit: wad::MAX_COMMITMENT }.into());
        }
        set_number(&mut status.commitment, commitment);
        set_number(&mut grant.max_slash, max_slash);
        set_number(&mut grant.can_slash_until, NO_END);
        set_number(&mut grant.serve_until, 0);
        set_number(&mut grant.last_update, 0);
        self.vm().log(ISlasher::OptedIntoSlashing { operator, serviceManager: service_manager, maxSlash: max_slash });
        Ok(())
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
        set_number(&mut self.grants.setter(operator).setter(service_manager).can_slash_until, can_slash_until);
        self.vm().log(ISlasher::SlashingAbilityRevoked {
            operator,
            serviceManager: service_manager,
            canSlashUntil: can_slash_until,
        });
        Ok(())
    }

    fn require_granted(&self, operator: Address, service_manager: Address) -> Outcome {
        if number(&self.grants.getter(operator).getter(service_manager).can_slash_until) == NO_END {
            Ok(())
        } else {
            Err(ISlasher::NotOptedIn { operator, serviceManager: service_manager }.into())
        }
    }

    /// Obligations end within one epoch, the time for which leaving stake stays slashable.
    fn longest_obligation(&self) -> u64 {
        self.vm().block_timestamp().saturating_add(EPOCH_SECONDS)
    }
}
