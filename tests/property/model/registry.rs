//! Who serves, and with how much stake that counts, now and at any past time.

use super::{Answer, Model, refuse};
use crate::stage::Weighing;
use alloy::primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::{epoch, wad};
use interfaces::IRegistry::*;
use std::collections::BTreeMap;

/// An operator of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: Address,
    pub(crate) serves: bool,
}

/// A number that its owner changes with notice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scheduled {
    pub(crate) before: u128,
    pub(crate) after: u128,
    pub(crate) effective_at: u64,
}

impl Scheduled {
    fn begin(value: u128, time: u64) -> Self {
        Self { before: 0, after: value, effective_at: time }
    }

    pub(crate) fn at(&self, now: u64) -> u128 {
        if now >= self.effective_at { self.after } else { self.before }
    }
}

/// The operator set of one service.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    pub(crate) members: BTreeMap<Address, Member>,
    /// Signing key => operator.
    pub(crate) keys: BTreeMap<Address, Address>,
    pub(crate) minimum: Scheduled,
    /// In the order in which they first got a weight.
    pub(crate) weights: Vec<(Address, Scheduled)>,
    /// Operator => stake that counts from a time on.
    pub(crate) histories: BTreeMap<Address, Vec<(u64, u128)>>,
    /// The times at which the total changed.
    pub(crate) changes: Vec<u64>,
}

impl Registry {
    pub(super) fn new(begin: &Weighing) -> Self {
        let weights = begin.weights.iter();
        Self {
            members: BTreeMap::new(),
            keys: BTreeMap::new(),
            minimum: Scheduled::begin(begin.minimum.value, begin.minimum.time),
            weights: weights
                .map(|(token, weight)| (*token, Scheduled::begin(weight.value.into(), weight.time)))
                .collect(),
            histories: BTreeMap::new(),
            changes: Vec::new(),
        }
    }

    /// The stake of an operator that counts at a time.
    pub(crate) fn stake_at(&self, operator: Address, time: u64) -> u128 {
        let history = self.histories.get(&operator).map_or(&[][..], Vec::as_slice);
        history.iter().rev().find(|(since, _)| *since <= time).map_or(0, |(_, stake)| *stake)
    }

    /// The stake of all operators that counts at a time: the sum over them.
    pub(crate) fn total_at(&self, time: u64) -> u128 {
        self.histories.keys().map(|operator| self.stake_at(*operator, time)).sum()
    }
}

impl Model {
    pub(super) fn register(&mut self, operator: Address, service: usize, key: Address) -> Answer {
        let registry = &self.registries[service];
        if registry.members.get(&operator).is_some_and(|member| member.serves) {
            return refuse(AlreadyRegistered { operator });
        }
        if registry.keys.get(&key).is_some_and(|owner| *owner != operator) {
            return refuse(SigningKeyInUse { signingKey: key });
        }
        if key.is_zero() {
            return refuse(InvalidKeyProof {});
        }
        let (stake, minimum) = (self.weigh(operator, service), registry.minimum.at(self.now));
        if stake < minimum {
            return refuse(StakeBelowMinimum { stake, minimum });
        }
        let registry = &mut self.registries[service];
        registry.members.insert(operator, Member { key, serves: true });
        registry.keys.insert(key, operator);
        let contracts = self.stage.services[service];
        self.log(contracts.registry, OperatorRegistered { operator, signingKey: key, stake });
        self.count(operator, service, self.counting(operator, service, stake));
        self.record_stake(operator, contracts.service_manager, self.now + EPOCH_SECONDS)
    }

    pub(super) fn deregister(&mut self, operator: Address, service: usize) -> Answer {
        self.require_member(operator, service)?.serves = false;
        let contracts = self.stage.services[service];
        self.log(contracts.registry, OperatorDeregistered { operator });
        self.count(operator, service, 0);
        self.record_last(operator, contracts.service_manager, self.now + EPOCH_SECONDS)
    }

    pub(super) fn update_stake(&mut self, service: usize, operator: Address) -> Answer {
        self.require_member(operator, service)?;
        let stake = self.counting(operator, service, self.weigh(operator, service));
        self.count(operator, service, stake);
        if stake == 0 {
            return Ok(());
        }
        self.record_stake(operator, self.stage.services[service].service_manager, self.now + EPOCH_SECONDS)
    }

    pub(super) fn set_weight(&mut self, service: usize, token: Address, weight: u64) -> Answer {
        let weights = &self.registries[service].weights;
        let place = weights.iter().position(|(known, _)| *known == token);
        let scheduled = self.scheduled(service, place.map(|place| weights[place].1), weight.into());
        let weights = &mut self.registries[service].weights;
        match place {
            Some(place) => weights[place].1 = scheduled,
            None => weights.push((token, scheduled)),
        }
        let event = StrategyWeightScheduled { token, weight, effectiveAt: scheduled.effective_at };
        self.log(self.stage.services[service].registry, event);
        Ok(())
    }

    pub(super) fn set_minimum(&mut self, service: usize, minimum: u128) -> Answer {
        if minimum >> 96 != 0 {
            return refuse(StakeTooLarge {});
        }
        let scheduled = self.scheduled(service, Some(self.registries[service].minimum), minimum);
        self.registries[service].minimum = scheduled;
        let event = MinimumStakeScheduled { minimumStake: minimum, effectiveAt: scheduled.effective_at };
        self.log(self.stage.services[service].registry, event);
        Ok(())
    }

    /// At once while nobody serves, otherwise after a notice; instead of what was scheduled and does not hold yet.
    fn scheduled(&self, service: usize, known: Option<Scheduled>, after: u128) -> Scheduled {
        let anyone = self.registries[service].members.values().any(|member| member.serves);
        let effective_at = if anyone { epoch::notice_ends(self.now) } else { self.now };
        Scheduled { before: known.map_or(0, |known| known.at(self.now)), after, effective_at }
    }

    fn require_member(&mut self, operator: Address, service: usize) -> Answer<&mut Member> {
        let member = self.registries[service].members.get_mut(&operator).filter(|member| member.serves);
        match member {
            Some(member) => Ok(member),
            None => refuse(NotRegistered { operator }),
        }
    }

    /// The operator's stake by the service's weights, each rounded down.
    fn weigh(&self, operator: Address, service: usize) -> u128 {
        let weights = &self.registries[service].weights;
        let weighed = weights.iter().map(|(token, weight)| {
            let pool = self.ledger.at(super::Bag::pool(operator, *token), self.now);
            let weight = u64::try_from(weight.at(self.now)).expect("weights are given as 64 bits");
            wad::portion_down(pool.assets, weight).unwrap_or(0)
        });
        weighed.sum()
    }

    fn counting(&self, operator: Address, service: usize, stake: u128) -> u128 {
        let enough = stake >= self.registries[service].minimum.at(self.now);
        let secured = self.secures(operator, self.stage.services[service].service_manager);
        if enough && secured { stake } else { 0 }
    }

    fn count(&mut self, operator: Address, service: usize, stake: u128) {
        let (now, registry) = (self.now, &mut self.registries[service]);
        if registry.stake_at(operator, now) == stake {
            return;
        }
        let history = registry.histories.entry(operator).or_default();
        history.retain(|(since, _)| *since != now);
        history.push((now, stake));
        if registry.changes.last() != Some(&now) {
            registry.changes.push(now);
        }
        self.log(self.stage.services[service].registry, StakeUpdated { operator, stake });
    }
}
