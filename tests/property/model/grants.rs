//! What operators let services slash.

use super::governance::is_paused;
use super::ledger::Bag;
use super::{Answer, Model, nonzero, refuse};
use alloy::primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::{epoch, wad};
use interfaces::IAccess::Paused;
use interfaces::ISlasher::*;
use std::collections::BTreeMap;

/// The end of a grant that the operator has not ended.
pub(crate) const NO_END: u64 = u64::MAX;
const OPT_IN: u8 = 32;

/// A grant of one operator to one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Grant {
    pub(crate) budget: u64,
    pub(crate) until: u64,
    pub(crate) serve_until: u64,
    pub(crate) updated: u64,
    pub(crate) raise: u64,
    pub(crate) raise_at: u64,
    /// All that ever came into force, to hold against what was taken.
    pub(crate) granted: u128,
}

/// Operator, service => grant; and when each operator was last released.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grants {
    pub(crate) all: BTreeMap<(Address, Address), Grant>,
    pub(crate) released_at: BTreeMap<Address, u64>,
}

impl Grants {
    /// The grant, if there ever was one.
    pub(crate) fn of(&self, operator: Address, service: Address) -> Grant {
        self.all.get(&(operator, service)).copied().unwrap_or_default()
    }

    /// Everything that an operator has promised, in force or announced.
    pub(crate) fn commitment(&self, operator: Address) -> u64 {
        let own = self.all.iter().filter(|((of, _), _)| *of == operator);
        own.map(|(_, grant)| grant.budget + grant.raise).sum()
    }
}

impl Model {
    pub(super) fn opt_in(&mut self, operator: Address, service: Address, budget: u64) -> Answer {
        self.require_opt_in(operator, |_| {
            nonzero(service)?;
            if budget == 0 || budget > wad::ONE { refuse(InvalidWad { wad: budget }) } else { Ok(()) }
        })?;
        let grant = self.grants.of(operator, service);
        if grant.until >= self.now || grant.raise != 0 {
            return refuse(AlreadyOptedIn {});
        }
        self.require_commitment(operator, grant.budget, budget)?;
        self.grants.all.entry((operator, service)).or_default().budget = 0;
        self.announce(operator, service, budget);
        Ok(())
    }

    pub(super) fn raise(&mut self, operator: Address, service: Address, budget: u64) -> Answer {
        self.require_opt_in(operator, |_| Ok(()))?;
        self.require_granted(operator, service)?;
        let grant = self.grants.of(operator, service);
        if grant.raise != 0 {
            return refuse(GrantPending { effectiveAt: grant.raise_at });
        }
        if budget <= grant.budget || budget > wad::ONE {
            return refuse(InvalidWad { wad: budget });
        }
        self.require_commitment(operator, grant.budget, budget)?;
        self.announce(operator, service, budget - grant.budget);
        Ok(())
    }

    /// The pause, what the caller checks between, and the freeze, in the contract's order.
    fn require_opt_in(&self, operator: Address, between: impl FnOnce(&Self) -> Answer) -> Answer {
        if is_paused(&self.governance, OPT_IN, self.now) {
            return refuse(Paused { action: OPT_IN });
        }
        between(self)?;
        self.require_not_frozen(operator)
    }

    fn require_commitment(&self, operator: Address, old: u64, new: u64) -> Answer {
        let commitment = self.grants.commitment(operator) - old + new;
        if commitment > wad::MAX_COMMITMENT {
            return refuse(CommitmentTooHigh { commitment, limit: wad::MAX_COMMITMENT });
        }
        Ok(())
    }

    fn announce(&mut self, operator: Address, service: Address, raise: u64) {
        if !self.has_foreign_stake(operator) {
            return self.put_into_force(operator, service, raise);
        }
        let effective_at = epoch::notice_ends(self.now);
        let grant = self.grants.all.entry((operator, service)).or_default();
        (grant.raise, grant.raise_at) = (raise, effective_at);
        let event = GrantAnnounced { operator, serviceManager: service, raise, effectiveAt: effective_at };
        self.log(self.stage.suite.slasher, event);
    }

    fn put_into_force(&mut self, operator: Address, service: Address, raise: u64) {
        let grant = self.grants.all.entry((operator, service)).or_default();
        grant.budget += raise;
        grant.granted += u128::from(raise);
        if grant.until != NO_END {
            (grant.until, grant.serve_until, grant.updated) = (NO_END, 0, 0);
        }
        (grant.raise, grant.raise_at) = (0, 0);
        let event = OptedIntoSlashing { operator, serviceManager: service, maxSlash: grant.budget };
        self.log(self.stage.suite.slasher, event);
    }

    pub(super) fn activate(&mut self, operator: Address, service: Address) -> Answer {
        let grant = self.grants.of(operator, service);
        if grant.raise == 0 {
            return refuse(NothingPending {});
        }
        self.require_not_frozen(operator)?;
        let since_release = self.grants.released_at.get(&operator).map_or(0, |time| epoch::notice_ends(*time));
        let effective_at = grant.raise_at.max(since_release);
        if self.now < effective_at {
            return refuse(GrantPending { effectiveAt: effective_at });
        }
        self.put_into_force(operator, service, grant.raise);
        Ok(())
    }

    pub(super) fn cancel_pending(&mut self, operator: Address, service: Address) -> Answer {
        if self.grants.of(operator, service).raise == 0 {
            return refuse(NothingPending {});
        }
        self.drop_raise(operator, service);
        Ok(())
    }

    fn drop_raise(&mut self, operator: Address, service: Address) {
        let grant = self.grants.all.entry((operator, service)).or_default();
        let raise = grant.raise;
        (grant.raise, grant.raise_at) = (0, 0);
        if raise != 0 {
            self.log(self.stage.suite.slasher, GrantCancelled { operator, serviceManager: service, raise });
        }
    }

    pub(super) fn opt_out(&mut self, operator: Address, service: Address) -> Answer {
        self.require_granted(operator, service)?;
        self.revoke(operator, service, self.now + EPOCH_SECONDS);
        Ok(())
    }

    pub(super) fn release_commitment(&mut self, operator: Address, service: Address) -> Answer {
        let grant = self.grants.of(operator, service);
        if grant.until >= self.now {
            return refuse(GrantNotEnded { canSlashUntil: grant.until });
        }
        if grant.budget == 0 {
            return refuse(NotOptedIn { operator, serviceManager: service });
        }
        self.grants.all.entry((operator, service)).or_default().budget = 0;
        let event = CommitmentReleased { operator, serviceManager: service, commitment: grant.budget };
        self.log(self.stage.suite.slasher, event);
        Ok(())
    }

    /// The service says until when an operator owes it service.
    pub(super) fn record_stake(&mut self, operator: Address, service: Address, until: u64) -> Answer {
        self.require_granted(operator, service)?;
        self.record(operator, service, until)
    }

    /// The service lets an operator go.
    pub(super) fn record_last(&mut self, operator: Address, service: Address, serve_until: u64) -> Answer {
        let until = self.grants.of(operator, service).until;
        if until == 0 {
            return refuse(NotOptedIn { operator, serviceManager: service });
        }
        self.record(operator, service, serve_until)?;
        self.revoke(operator, service, until.min(serve_until));
        Ok(())
    }

    fn record(&mut self, operator: Address, service: Address, serve_until: u64) -> Answer {
        let (now, limit) = (self.now, self.now + EPOCH_SECONDS);
        if serve_until > limit {
            return refuse(ObligationTooLong { serveUntil: serve_until, limit });
        }
        let grant = self.grants.all.entry((operator, service)).or_default();
        (grant.serve_until, grant.updated) = (serve_until, now);
        let event = StakeUpdateRecorded { operator, serviceManager: service, serveUntil: serve_until };
        self.log(self.stage.suite.slasher, event);
        Ok(())
    }

    fn revoke(&mut self, operator: Address, service: Address, until: u64) {
        self.drop_raise(operator, service);
        self.grants.all.entry((operator, service)).or_default().until = until;
        let event = SlashingAbilityRevoked { operator, serviceManager: service, canSlashUntil: until };
        self.log(self.stage.suite.slasher, event);
    }

    fn require_granted(&self, operator: Address, service: Address) -> Answer {
        let grant = self.grants.of(operator, service);
        if grant.until == NO_END {
            Ok(())
        } else if grant.raise != 0 {
            refuse(GrantPending { effectiveAt: grant.raise_at })
        } else {
            refuse(NotOptedIn { operator, serviceManager: service })
        }
    }

    /// Whether a service can slash an operator for now without an end, and nothing holds it.
    pub(super) fn secures(&self, operator: Address, service: Address) -> bool {
        let grant = self.grants.of(operator, service);
        grant.until == NO_END && grant.budget != 0 && !self.is_frozen(operator)
    }

    /// Whether anybody else has a share of what could still be slashed of `operator`: found by asking everybody.
    pub(crate) fn has_foreign_stake(&self, operator: Address) -> bool {
        let leaving = epoch::slashable_releases(epoch::at(self.now));
        let at_stake = |bag: &Bag| bag.operator == operator && bag.release.is_none_or(|of| leaving.contains(&of));
        let owners = self.ledger.positions.keys().filter(|(bag, owner)| at_stake(bag) && *owner != operator);
        owners.into_iter().any(|(bag, owner)| self.ledger.worth(*bag, *owner, self.now).0 != 0)
    }
}
