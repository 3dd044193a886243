//! Who serves, with which keys, and with how much stake that counts, now and at any past time.

use crate::grants::counted;
use crate::setup::{ServiceSetup, Since};
use crate::{Answer, Mistake, Protocol, only, revert};
use alloy_primitives::Address;
use arithmetic::{epoch, wad};
use interfaces::IRegistry::*;
use std::collections::BTreeMap;

/// Most tokens that can have a weight.
const MAX_WEIGHTS: usize = 8;

/// An operator of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Member {
    /// Its signing key, or the last one.
    pub key: Address,
    /// Whether it serves.
    pub serves: bool,
    /// Since when its signatures carry nothing because a fault was proven (Unix seconds); zero if they do.
    pub suspended_since: u64,
    /// Since when updates find it refused by the admission contract (Unix seconds); zero if the last one did not.
    pub refused_since: u64,
}

/// A signing key: it signs from the first time on and before the second (Unix seconds), and accuses in the second, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Whose it is.
    pub operator: Address,
    /// When it was registered.
    pub from: u64,
    /// When it was replaced, or its operator left; the maximum while it signs.
    pub until: u64,
}

/// What counts of an operator from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// From when (Unix seconds).
    pub time: u64,
    /// The weighted stake, in the total.
    pub stake: u128,
    /// Whether signatures carry it.
    pub signs: bool,
}

impl Checkpoint {
    /// The stake that signatures for a task of `time` carry by this checkpoint, the last one before.
    pub fn signed_at(&self, time: u64) -> u128 {
        if self.signs && time < epoch::checkpoint_expires(self.time) { self.stake } else { 0 }
    }
}

/// Something that changes with notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scheduled<T> {
    /// What it is before it changes.
    pub before: T,
    /// What it is from then on.
    pub after: T,
    /// When it changes (Unix seconds).
    pub effective_at: u64,
    /// Whether that was later than it was scheduled.
    pub noticed: bool,
}

impl<T: Copy + Default> Scheduled<T> {
    fn begin(since: Since<T>) -> Self {
        Self { before: T::default(), after: since.value, effective_at: since.time, noticed: false }
    }

    /// What it is at a time.
    pub fn at(&self, now: u64) -> T {
        if now >= self.effective_at { self.after } else { self.before }
    }
}

/// The operator set of one service.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Operator => what is known of it; also of those that left.
    pub members: BTreeMap<Address, Member>,
    /// Signing key => what is known of it.
    pub keys: BTreeMap<Address, Key>,
    /// The weighted stake that an operator needs.
    pub minimum: Scheduled<u128>,
    /// Token, and what one base unit of it counts (wad), in the order in which they first got a weight.
    pub weights: Vec<(Address, Scheduled<u128>)>,
    /// The contract that decides who signs; the zero address for none.
    pub admission: Scheduled<Address>,
    /// Operator => its checkpoints, oldest first.
    pub histories: BTreeMap<Address, Vec<Checkpoint>>,
    /// The times at which the total changed.
    pub changes: Vec<u64>,
    /// Whether checkpoints count until they are renewed, which is a mistake.
    pub(crate) endless: bool,
}

impl Registry {
    pub(crate) fn new(setup: &ServiceSetup) -> Self {
        let weights = setup.weights.iter().map(|(token, weight)| {
            let since = Since { value: u128::from(weight.value), time: weight.time };
            (*token, Scheduled::begin(since))
        });
        Self {
            minimum: Scheduled::begin(setup.minimum_stake),
            weights: weights.collect(),
            admission: Scheduled::begin(setup.admission),
            ..Self::default()
        }
    }

    /// The checkpoint of an operator that counts at a time.
    pub fn checkpoint_at(&self, operator: Address, time: u64) -> Option<Checkpoint> {
        let history = self.histories.get(&operator).map_or(&[][..], Vec::as_slice);
        history.iter().rfind(|checkpoint| checkpoint.time <= time).copied()
    }

    /// The stake that signatures of an operator for a task of a time carry.
    pub fn stake_at(&self, operator: Address, time: u64) -> u128 {
        let since = self.members.get(&operator).map_or(0, |member| member.suspended_since);
        if since != 0 && since <= time {
            return 0;
        }
        let checkpoint = self.checkpoint_at(operator, time);
        let endless = checkpoint.filter(|checkpoint| self.endless && checkpoint.signs);
        endless.map_or(checkpoint.map_or(0, |checkpoint| checkpoint.signed_at(time)), |checkpoint| checkpoint.stake)
    }

    /// The stake of all operators at a time, also of those whose signatures carry nothing: the sum over them.
    pub fn total_at(&self, time: u64) -> u128 {
        let counted = self.histories.keys().filter_map(|operator| self.checkpoint_at(*operator, time));
        counted.map(|checkpoint| checkpoint.stake).sum()
    }

    /// The checkpoints of the total, oldest first.
    pub(crate) fn totals(&self) -> Vec<Checkpoint> {
        let total = |time: &u64| Checkpoint { time: *time, stake: self.total_at(*time), signs: false };
        self.changes.iter().map(total).collect()
    }

    /// The stake that signatures by these keys for a task of a time carry together.
    pub fn signed_at(&self, keys: &[Address], time: u64) -> u128 {
        let signing = keys.iter().filter_map(|key| self.keys.get(key));
        let signing = signing.filter(|key| key.from <= time && time < key.until).map(|key| key.operator);
        let active =
            signing.filter(|operator| self.members.get(operator).is_none_or(|member| member.suspended_since == 0));
        active.map(|operator| self.stake_at(operator, time)).sum()
    }

    /// How many operators serve.
    pub fn serving(&self) -> usize {
        self.members.values().filter(|member| member.serves).count()
    }
}

impl Protocol {
    /// What an operator weighs for a service, in the exclusive or in the shared tier: its active stake in each token by
    /// the token's weight, rounded down, and of the sum the part that the service could take, rounded down.
    pub fn weigh(&self, service: usize, operator: Address) -> (u128, u128) {
        let manager = self.setup.services[service].contracts.service_manager;
        let (guaranteed, shared) = self.guarantee(operator, manager);
        if self.mistake == Mistake::WholeStakeCounts {
            let all = |part: u64| if part == 0 { 0 } else { self.weighted_stake(service, operator) };
            return (all(guaranteed), all(shared));
        }
        if (guaranteed, shared) == (0, 0) {
            return (0, 0);
        }
        let (stake, magnitude) = (self.weighted_stake(service, operator), self.magnitude(operator));
        (counted(stake, guaranteed, magnitude), counted(stake, shared, magnitude))
    }

    /// An operator's active stake by the weights of a service, each rounded down.
    pub fn weighted_stake(&self, service: usize, operator: Address) -> u128 {
        let weights = &self.registries[service].weights;
        let weighed = weights.iter().map(|(token, weight)| {
            let pool = self.ledger.at(crate::Bag::pool(operator, *token), self.now);
            let weight = u64::try_from(weight.at(self.now)).unwrap_or(u64::MAX);
            wad::portion_down(pool.assets, weight).unwrap_or(0)
        });
        weighed.sum()
    }

    /// What of that counts.
    pub(crate) fn accepted(&self, service: usize, operator: Address) -> u128 {
        let (guaranteed, shared) = self.weigh(service, operator);
        if self.mistake == Mistake::FreezesZeroWeight && self.is_frozen(operator) {
            return 0;
        }
        if self.setup.services[service].accepts_shared { guaranteed.max(shared) } else { guaranteed }
    }

    /// Anyone: weighs operators again, and passes over who does not serve.
    pub fn update_stakes(&mut self, service: usize, operators: &[Address]) -> Answer {
        operators.iter().try_for_each(|operator| self.update_stake(service, *operator))
    }

    fn update_stake(&mut self, service: usize, operator: Address) -> Answer {
        let now = self.now;
        let Some(member) = self.registries[service].members.get(&operator).filter(|member| member.serves) else {
            return Ok(());
        };
        let refused_since = member.refused_since;
        let admitted = self.is_admitted(service, operator);
        let refused_since = match (admitted, refused_since) {
            (true, _) => 0,
            (false, 0) => {
                let event = OperatorRefused { operator, effectiveAt: epoch::notice_ends(now) };
                self.log(self.setup.services[service].contracts.registry, event);
                now
            }
            (false, since) => since,
        };
        let removed = refused_since != 0 && now >= epoch::notice_ends(refused_since);
        self.member(service, operator).refused_since = refused_since;
        let accepted = self.accepted(service, operator);
        let enough = if accepted < self.registries[service].minimum.at(now) { 0 } else { accepted };
        let manager = self.setup.services[service].contracts.service_manager;
        let open = self.open_of(operator, manager).next().is_some() && self.mistake != Mistake::RequestsLeaveTotal;
        let last = self.registries[service].histories.get(&operator).and_then(|history| history.last());
        let stake = match (removed, open) {
            (true, _) => 0,
            (false, false) => enough,
            // What open requests ask for may come back by a veto: until they are closed nothing leaves the total.
            (false, true) => enough.max(last.map_or(0, |last| last.stake)),
        };
        self.count(service, operator, stake, admitted, true)
    }

    /// Lets a stake of an operator count from now on, which its signatures carry if it is admitted and not suspended. A
    /// suspension can end here, when no request of this service is open.
    pub(crate) fn count(
        &mut self,
        service: usize,
        operator: Address,
        stake: u128,
        admitted: bool,
        ends_suspension: bool,
    ) -> Answer {
        let now = self.now;
        let manager = self.setup.services[service].contracts.service_manager;
        let suspended_since = self.member(service, operator).suspended_since;
        let open = self.open_of(operator, manager).next().is_some();
        let lifted = suspended_since != 0 && ends_suspension && !open;
        if lifted {
            self.member(service, operator).suspended_since = 0;
        }
        let signs = admitted && (lifted || suspended_since == 0);
        let history = self.registries[service].histories.entry(operator).or_default();
        let none = Checkpoint { time: 0, stake: 0, signs: false };
        let last = history.last().copied().unwrap_or(none);
        let same = last.stake == stake && last.signs == signs && epoch::at(last.time) == epoch::at(now);
        if same && !lifted {
            return Ok(());
        }
        // When a suspension ends, the history is all that is left of it.
        if suspended_since != 0 && last.signs && last.time <= suspended_since {
            put(history, Checkpoint { time: suspended_since, stake: last.stake, signs: false });
        }
        put(history, Checkpoint { time: now, stake, signs });
        let registry = &mut self.registries[service];
        if last.stake != stake && registry.changes.last() != Some(&now) {
            registry.changes.push(now);
        }
        self.log(self.setup.services[service].contracts.registry, StakeUpdated { operator, stake, signs });
        if self.mistake == Mistake::ExpiredLeavesTotal {
            self.drop_expired(service);
        }
        Ok(())
    }

    /// A mistake: whose checkpoint has expired is taken out of the total.
    fn drop_expired(&mut self, service: usize) {
        let now = self.now;
        for history in self.registries[service].histories.values_mut() {
            if history.last().is_some_and(|last| now >= epoch::checkpoint_expires(last.time) && last.stake != 0) {
                history.push(Checkpoint { time: now, stake: 0, signs: false });
            }
        }
    }

    pub(crate) fn suspend(&mut self, service: usize, operator: Address) {
        let now = self.now;
        if self.mistake == Mistake::NobodyIsSuspended {
            return;
        }
        let member = self.member(service, operator);
        if member.suspended_since == 0 {
            member.suspended_since = now;
            self.log(self.setup.services[service].contracts.registry, OperatorSuspended { operator });
        }
    }

    /// Whether the admission contract of a service, where it has one, admits an operator.
    pub fn is_admitted(&self, service: usize, operator: Address) -> bool {
        let admission = self.registries[service].admission.at(self.now);
        let known = self.admissions.get(&admission).and_then(|admitted| admitted.get(&operator));
        admission.is_zero() || known.copied().unwrap_or(false)
    }

    /// The admission contract decides: it admits an operator from now on, or not.
    pub fn admit(&mut self, admission: Address, operator: Address, admitted: bool) -> Answer {
        self.admissions.entry(admission).or_default().insert(operator, admitted);
        Ok(())
    }

    /// Owner of the service: lets a token count more or less.
    pub fn schedule_strategy_weight(&mut self, caller: Address, service: usize, token: Address, weight: u64) -> Answer {
        self.only_owner_of(caller, service)?;
        let weights = &self.registries[service].weights;
        let place = weights.iter().position(|(known, _)| *known == token);
        if place.is_none() && weights.len() >= MAX_WEIGHTS {
            return revert(TooManyWeights { limit: 8 });
        }
        let known = place.map(|place| weights[place].1).unwrap_or_default();
        let scheduled = self.scheduled(service, known, u128::from(weight));
        let weights = &mut self.registries[service].weights;
        match place {
            Some(place) => weights[place].1 = scheduled,
            None => weights.push((token, scheduled)),
        }
        let event = StrategyWeightScheduled { token, weight, effectiveAt: scheduled.effective_at };
        self.log(self.setup.services[service].contracts.registry, event);
        Ok(())
    }

    /// Owner of the service: sets the weighted stake that an operator needs.
    pub fn schedule_minimum_stake(&mut self, caller: Address, service: usize, minimum: u128) -> Answer {
        self.only_owner_of(caller, service)?;
        if minimum >> 96 != 0 {
            return revert(StakeTooLarge {});
        }
        let scheduled = self.scheduled(service, self.registries[service].minimum, minimum);
        self.registries[service].minimum = scheduled;
        let event = MinimumStakeScheduled { minimumStake: minimum, effectiveAt: scheduled.effective_at };
        self.log(self.setup.services[service].contracts.registry, event);
        Ok(())
    }

    /// Owner of the service: names the contract that decides who signs.
    pub fn schedule_admission(&mut self, caller: Address, service: usize, admission: Address) -> Answer {
        self.only_owner_of(caller, service)?;
        let scheduled = self.scheduled(service, self.registries[service].admission, admission);
        self.registries[service].admission = scheduled;
        let event = AdmissionScheduled { admission, effectiveAt: scheduled.effective_at };
        self.log(self.setup.services[service].contracts.registry, event);
        Ok(())
    }

    fn only_owner_of(&self, caller: Address, service: usize) -> Answer {
        only(caller, self.owner_of(self.setup.services[service].contracts.service_manager))
    }

    /// At once while nobody serves, otherwise after a notice; instead of what was scheduled and does not hold yet.
    fn scheduled<T: Copy + Default>(&self, service: usize, known: Scheduled<T>, after: T) -> Scheduled<T> {
        let noticed = self.registries[service].serving() != 0;
        let effective_at = if noticed { epoch::notice_ends(self.now) } else { self.now };
        Scheduled { before: known.at(self.now), after, effective_at, noticed }
    }

    pub(crate) fn member(&mut self, service: usize, operator: Address) -> &mut Member {
        self.registries[service].members.entry(operator).or_default()
    }
}

/// Adds a checkpoint; one of the same second is overwritten.
fn put(history: &mut Vec<Checkpoint>, checkpoint: Checkpoint) {
    if history.last().is_some_and(|last| last.time == checkpoint.time) {
        history.pop();
    }
    history.push(checkpoint);
}
