//! What operators let services slash: budgets, which are parts of the magnitude one, in two tiers.

use crate::ledger::Bag;
use crate::{Answer, Mistake, Protocol, nonzero, revert};
use alloy_primitives::Address;
use arithmetic::time::{GRANT_NOTICE_SECONDS, LAPSE_SECONDS};
use arithmetic::wide::{mul_div_down, mul_div_up};
use arithmetic::{epoch, pause, wad};
use interfaces::IAccess::Paused;
use interfaces::ISlasher::*;
use std::collections::BTreeMap;

/// The end of a grant that the operator has not ended.
pub const NO_END: u64 = u64::MAX;

/// The smallest budget, as a part of the magnitude, and the smallest request, as a part of the budget: a hundredth.
const SMALLEST_PART: u64 = 100;

/// A grant of one operator to one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grant {
    /// What is left of the budget (wad of the magnitude one).
    pub budget: u64,
    /// The budget as it came into force.
    pub full: u64,
    /// Whether it is of the exclusive tier.
    pub exclusive: bool,
    /// Until when it can be used (Unix seconds); [`NO_END`] while it is not ended, zero if it never was in force.
    pub until: u64,
    /// What is announced and not in force.
    pub announced: Option<Announced>,
    /// When the operator opted in (Unix seconds).
    pub since: u64,
    /// All that ever came into force of it, to hold against what was taken.
    pub granted: u128,
}

/// A grant or a raise that is announced and not in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// How much the budget grows (wad of the magnitude one).
    pub raise: u64,
    /// When it was announced (Unix seconds).
    pub at: u64,
    /// For how long queueing out of the operator had ever been refused by then (seconds).
    pub refused: u64,
}

/// Operator, service => grant.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    /// Every grant that there is, or was.
    pub all: BTreeMap<(Address, Address), Grant>,
    /// Operator => how many of its executed slashes count no more, because its magnitude was one again after them.
    pub forgotten: BTreeMap<Address, usize>,
}

/// What an operator's grants add up to (wads of the magnitude one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Exclusive budgets in force, with those that ended and were not released, and open exclusive requests.
    pub exclusive: u64,
    /// The same for the shared tier.
    pub shared: u64,
    /// What is announced for the exclusive tier.
    pub announced_exclusive: u64,
    /// What is announced for the shared tier.
    pub announced_shared: u64,
    /// Open shared requests; part of `shared`.
    pub open_shared: u64,
}

impl Sums {
    /// All of it.
    pub fn committed(&self) -> u64 {
        self.exclusive + self.shared + self.announced_exclusive + self.announced_shared
    }
}

impl Grants {
    /// The grant; all zero if there is none.
    pub fn of(&self, operator: Address, service: Address) -> Grant {
        self.all.get(&(operator, service)).copied().unwrap_or_default()
    }

    /// The grants of an operator, with the services that have them.
    pub fn by(&self, operator: Address) -> impl Iterator<Item = (Address, &Grant)> {
        let own = self.all.iter().filter(move |((of, _), _)| *of == operator);
        own.map(|((_, service), grant)| (*service, grant))
    }
}

impl Protocol {
    /// What an operator's grants and open requests add up to.
    pub fn sums(&self, operator: Address) -> Sums {
        let mut sums = Sums::default();
        for (_, grant) in self.grants.by(operator) {
            let announced = grant.announced.map_or(0, |announced| announced.raise);
            let (budget, announce) = match grant.exclusive {
                true => (&mut sums.exclusive, &mut sums.announced_exclusive),
                false => (&mut sums.shared, &mut sums.announced_shared),
            };
            *budget += grant.budget;
            *announce += announced;
        }
        for request in self.requests.open(operator) {
            if request.exclusive {
                sums.exclusive += request.wad;
            } else {
                sums.shared += request.wad;
                sums.open_shared += request.wad;
            }
        }
        sums
    }

    /// What slashes left of an operator: one, less what those took that were executed since it was one last.
    pub fn magnitude(&self, operator: Address) -> u64 {
        let forgotten = self.grants.forgotten.get(&operator).copied().unwrap_or(0);
        let lost: u64 = self.requests.executed(operator).skip(forgotten).map(|request| request.taken).sum();
        wad::ONE.saturating_sub(lost)
    }

    /// All that an operator has granted and announced, as a part of its magnitude (wad, rounded up, 2^64 - 1 at most).
    pub fn commitment(&self, operator: Address) -> u64 {
        part_of(self.sums(operator).committed(), self.magnitude(operator))
    }

    /// The part of an operator's magnitude that the exclusive tier does not need.
    fn beside_exclusive(&self, operator: Address) -> u64 {
        self.magnitude(operator).saturating_sub(self.sums(operator).exclusive)
    }

    /// What a service can count of an operator's stake, as parts of its magnitude: in the exclusive, or in the shared
    /// tier.
    pub fn guarantee(&self, operator: Address, service: Address) -> (u64, u64) {
        let grant = self.grants.of(operator, service);
        if grant.until != NO_END {
            return (0, 0);
        }
        if grant.exclusive {
            return (grant.budget, 0);
        }
        let others = self.requests.open(operator).filter(|request| !request.exclusive && request.service != service);
        let others: u64 = others.map(|request| request.wad).sum();
        (0, grant.budget.min(self.beside_exclusive(operator).saturating_sub(others)))
    }

    /// The fraction of what an operator has at stake that its open requests take in all (wad, rounded up).
    pub fn pending_slash(&self, operator: Address) -> u64 {
        let open = |exclusive: bool| {
            let of = self.requests.open(operator).filter(move |request| request.exclusive == exclusive);
            of.map(|request| request.wad).sum::<u64>()
        };
        let takes = open(true) + open(false).min(self.beside_exclusive(operator));
        part_of(takes, self.magnitude(operator)).min(wad::ONE)
    }

    /// When the notice of what an operator announced to a service ends, if queueing is not refused until then, and when
    /// it lapses; zero for nothing announced.
    pub fn notice(&self, operator: Address, service: Address) -> (u64, u64) {
        let Some(announced) = self.grants.of(operator, service).announced else { return (0, 0) };
        let refused = self.refused_seconds(operator).saturating_sub(announced.refused);
        let ends = announced.at + GRANT_NOTICE_SECONDS + refused;
        (ends, ends + LAPSE_SECONDS)
    }

    /// Operator: lets a service slash up to a budget.
    pub fn opt_in(&mut self, operator: Address, service: Address, budget: u64, exclusive: bool) -> Answer {
        nonzero(service)?;
        if self.grants.all.contains_key(&(operator, service)) {
            return revert(AlreadyOptedIn {});
        }
        self.require_growth(operator, budget)?;
        self.grants.all.insert((operator, service), Grant { exclusive, since: self.now, ..Grant::default() });
        self.announce(operator, service, budget)
    }

    /// Operator: raises what is left of a budget.
    pub fn raise_budget(&mut self, operator: Address, service: Address, budget: u64) -> Answer {
        self.require_granted(operator, service)?;
        let grant = self.grants.of(operator, service);
        if grant.announced.is_some() {
            return revert(GrantPending { effectiveAt: self.notice(operator, service).0 });
        }
        if budget <= grant.budget {
            return revert(InvalidWad { wad: budget });
        }
        self.require_growth(operator, budget)?;
        self.announce(operator, service, budget - grant.budget)
    }

    fn require_unpaused_opt_in(&self) -> Answer {
        if self.governance.is_paused(pause::OPT_IN, self.now) {
            return revert(Paused { action: pause::OPT_IN });
        }
        Ok(())
    }

    pub(crate) fn require_magnitude(&self, operator: Address) -> Answer {
        let magnitude = self.magnitude(operator);
        if magnitude < wad::ONE / 1_000_000 { revert(MagnitudeDepleted { operator, magnitude }) } else { Ok(()) }
    }

    /// Reverts unless a budget may become as large as this.
    fn require_growth(&self, operator: Address, budget: u64) -> Answer {
        self.require_unpaused_opt_in()?;
        self.require_not_frozen(operator)?;
        self.require_magnitude(operator)?;
        if budget > wad::ONE {
            return revert(InvalidWad { wad: budget });
        }
        let minimum = self.magnitude(operator).div_ceil(SMALLEST_PART);
        if budget < minimum && self.mistake != Mistake::BudgetsOfOneWad {
            return revert(BudgetTooSmall { budget, minimum });
        }
        Ok(())
    }

    /// Reverts if what is announced already does not fit: exclusive budgets and open shared requests into the
    /// magnitude, everything into the highest commitment.
    fn require_fit(&self, operator: Address, exclusive: bool) -> Answer {
        let (sums, magnitude) = (self.sums(operator), self.magnitude(operator));
        let size = sums.exclusive + sums.announced_exclusive + sums.open_shared.min(self.beside_exclusive(operator));
        if exclusive && size > magnitude && self.mistake != Mistake::ExclusiveTierOverfull {
            return revert(ExclusiveTierFull { size, magnitude });
        }
        let commitment = self.commitment(operator);
        if commitment > wad::MAX_COMMITMENT {
            return revert(CommitmentTooHigh { commitment, limit: wad::MAX_COMMITMENT });
        }
        Ok(())
    }

    /// Announces a raise, or puts it into force at once where nobody else has anything at stake.
    fn announce(&mut self, operator: Address, service: Address, raise: u64) -> Answer {
        let mut at_once = self.sums(operator).shared == 0 && !self.has_foreign_stake(operator);
        at_once |= self.mistake == Mistake::GrantsAtOnce;
        let announced = Announced { raise, at: self.now, refused: self.refused_seconds(operator) };
        let grant = self.grants.all.entry((operator, service)).or_default();
        grant.announced = Some(announced);
        let exclusive = grant.exclusive;
        self.require_fit(operator, exclusive)?;
        if at_once {
            self.put_into_force(operator, service);
            return Ok(());
        }
        let effective_at = self.now + GRANT_NOTICE_SECONDS;
        let event = GrantAnnounced { operator, serviceManager: service, raise, exclusive, effectiveAt: effective_at };
        self.log(self.setup.contracts.slasher, event);
        Ok(())
    }

    fn put_into_force(&mut self, operator: Address, service: Address) {
        let grant = self.grants.all.entry((operator, service)).or_default();
        let raise = grant.announced.take().map_or(0, |announced| announced.raise);
        grant.budget += raise;
        grant.full = grant.budget;
        grant.granted += u128::from(raise);
        grant.until = NO_END;
        let Grant { budget, exclusive, .. } = *grant;
        let event = OptedIntoSlashing { operator, serviceManager: service, budget, exclusive };
        self.log(self.setup.contracts.slasher, event);
    }

    /// Anyone: puts what was announced into force, when its notice has ended and not an epoch later.
    pub fn activate_grant(&mut self, operator: Address, service: Address) -> Answer {
        self.require_unpaused_opt_in()?;
        let grant = self.grants.of(operator, service);
        if grant.announced.is_none() {
            return revert(NothingPending {});
        }
        self.require_not_frozen(operator)?;
        let (effective_at, lapses) = self.notice(operator, service);
        if self.now < effective_at {
            return revert(GrantPending { effectiveAt: effective_at });
        }
        if self.now >= lapses && self.mistake != Mistake::NothingLapses {
            return revert(GrantHasLapsed { lapsedAt: lapses });
        }
        self.require_magnitude(operator)?;
        self.require_fit(operator, grant.exclusive)?;
        self.put_into_force(operator, service);
        Ok(())
    }

    /// Operator: withdraws what it announced.
    pub fn cancel_pending_grant(&mut self, operator: Address, service: Address) -> Answer {
        if self.grants.of(operator, service).announced.is_none() {
            return revert(NothingPending {});
        }
        self.drop_announced(operator, service);
        self.forget_if_nothing_granted(operator);
        Ok(())
    }

    /// Anyone: clears what lapsed.
    pub fn clear_lapsed_grant(&mut self, operator: Address, service: Address) -> Answer {
        if self.grants.of(operator, service).announced.is_none() {
            return revert(NothingPending {});
        }
        let (_, lapses) = self.notice(operator, service);
        if self.now < lapses {
            return revert(GrantNotLapsed { lapsesAt: lapses });
        }
        self.drop_announced(operator, service);
        self.forget_if_nothing_granted(operator);
        Ok(())
    }

    fn drop_announced(&mut self, operator: Address, service: Address) {
        let Some(grant) = self.grants.all.get_mut(&(operator, service)) else { return };
        let Some(Announced { raise, .. }) = grant.announced.take() else { return };
        if grant.until == 0 {
            self.grants.all.remove(&(operator, service));
        }
        self.log(self.setup.contracts.slasher, GrantCancelled { operator, serviceManager: service, raise });
    }

    /// Operator: ends a grant.
    pub fn opt_out(&mut self, operator: Address, service: Address) -> Answer {
        self.require_granted(operator, service)?;
        self.end(operator, service);
        Ok(())
    }

    /// Withdraws what was announced, and ends the grant, if there is one.
    fn end(&mut self, operator: Address, service: Address) {
        self.drop_announced(operator, service);
        self.forget_if_nothing_granted(operator);
        if self.grants.of(operator, service).until != NO_END {
            return;
        }
        let until = epoch::can_slash_until(self.now);
        self.grants.all.entry((operator, service)).or_default().until = until;
        let event = SlashingAbilityRevoked { operator, serviceManager: service, canSlashUntil: until };
        self.log(self.setup.contracts.slasher, event);
    }

    /// Anyone: takes what is left of an ended grant out of the operator's commitment.
    pub fn release_commitment(&mut self, operator: Address, service: Address) -> Answer {
        let grant = self.grants.of(operator, service);
        if grant.until == 0 {
            return revert(NotOptedIn { operator, serviceManager: service });
        }
        if self.now <= grant.until {
            return revert(GrantNotEnded { canSlashUntil: grant.until });
        }
        let pending: u64 = self.open_of(operator, service).map(|request| request.wad).sum();
        if pending != 0 {
            return revert(GrantHasOpenRequests { pending });
        }
        self.grants.all.remove(&(operator, service));
        let event = CommitmentReleased { operator, serviceManager: service, budget: grant.budget };
        self.log(self.setup.contracts.slasher, event);
        self.forget_if_nothing_granted(operator);
        Ok(())
    }

    /// The magnitude is one again when nothing is granted, open or announced.
    pub(crate) fn forget_if_nothing_granted(&mut self, operator: Address) {
        if self.sums(operator).committed() == 0 && self.magnitude(operator) != wad::ONE {
            let executed = self.requests.executed(operator).count();
            self.grants.forgotten.insert(operator, executed);
            self.log(self.setup.contracts.slasher, MagnitudeReset { operator });
        }
    }

    /// The service says that an operator joined it.
    pub fn record_first_stake_update(&mut self, service: Address, operator: Address) -> Answer {
        self.require_granted(operator, service)?;
        self.log(self.setup.contracts.slasher, ServiceJoined { operator, serviceManager: service });
        Ok(())
    }

    /// The service says that an operator left it.
    pub fn record_last_stake_update(&mut self, service: Address, operator: Address) -> Answer {
        self.end(operator, service);
        Ok(())
    }

    /// Reverts unless a grant is in force and not ended.
    fn require_granted(&self, operator: Address, service: Address) -> Answer {
        let grant = self.grants.of(operator, service);
        if grant.until == NO_END {
            Ok(())
        } else if grant.announced.is_some() {
            revert(GrantPending { effectiveAt: self.notice(operator, service).0 })
        } else {
            revert(NotOptedIn { operator, serviceManager: service })
        }
    }

    /// What a fault takes of a grant that asks for a part of it (wad): rounded up, a hundredth of the budget as it came
    /// into force at least, no more than is left, and all of it rather than leave less than a hundredth.
    pub fn requested(&self, grant: &Grant, part: u64) -> u64 {
        let asked = mul_div_up(grant.budget.into(), part.into(), wad::ONE.into()).unwrap_or(0);
        // At most the budget, of 64 bits, for a part of at most one.
        let asked = u64::try_from(asked).unwrap_or(u64::MAX);
        if self.mistake == Mistake::BudgetsOfOneWad {
            return asked.min(grant.budget);
        }
        let least = grant.full.div_ceil(SMALLEST_PART);
        let asked = asked.max(least).min(grant.budget);
        if grant.budget - asked >= least { asked } else { grant.budget }
    }

    /// Whether anybody else has a share of what could still be slashed of `operator`: found by asking everybody.
    pub fn has_foreign_stake(&self, operator: Address) -> bool {
        let this = epoch::at(self.now);
        let at_stake = |bag: &Bag| bag.operator == operator && bag.release.is_none_or(|release| release > this);
        let mut owners = self.ledger.positions.keys().filter(|(bag, owner)| at_stake(bag) && *owner != operator);
        owners.any(|(bag, owner)| self.ledger.worth(*bag, *owner, self.now).0 != 0)
    }
}

/// A size as a part of the magnitude (wad, rounded up, 2^64 - 1 at most).
pub(crate) fn part_of(size: u64, magnitude: u64) -> u64 {
    if size == 0 {
        return 0;
    }
    let part = mul_div_up(size.into(), wad::ONE.into(), magnitude.into());
    part.and_then(|part| u64::try_from(part).ok()).unwrap_or(u64::MAX)
}

/// A stake times a part of the magnitude, rounded down: what a service counts of it.
pub(crate) fn counted(stake: u128, part: u64, magnitude: u64) -> u128 {
    mul_div_down(stake, part.into(), magnitude.into()).unwrap_or(0)
}
