//! The model as the words that the contracts must have stored, one fact each.

use super::registry::Scheduled;
use super::requests::State;
use super::terms::Terms;
use super::{Bag, Model};
use crate::stage::Who;
use alloy::primitives::{Address, B256, U256};
use std::collections::BTreeMap;

/// One word of the contracts' storage, or the ETH of an account. Where a thing takes several words they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Fact {
    Eth(Address),
    Balance { token: Address, account: Address },
    Allowance { token: Address, account: Address },
    VaultPause,
    Strategy(Address),
    Queue(Address),
    Deferral { staker: Address, operator: Address, token: Address, release: u64 },
    Pool(Bag),
    Position(Bag, Address),
    Stream(Bag),
    Funds { claimant: Address, token: Address },
    SlasherPause,
    RequestCount,
    Grant { operator: Address, service: Address, word: u64 },
    Status { operator: Address, word: u64 },
    Request { id: u64, word: u64 },
    OperatorCount(usize),
    MinimumStake(usize),
    Member { service: usize, operator: Address },
    KeyOwner { service: usize, key: Address },
    WeightCount(usize),
    Weighted { service: usize, index: u64 },
    Weight { service: usize, token: Address },
    HistoryLength { service: usize, operator: Address },
    History { service: usize, operator: Address, index: u64 },
    TotalLength(usize),
    Total { service: usize, index: u64 },
    TermsTime(usize),
    Terms { service: usize, word: u64 },
    Bond { service: usize, account: Address },
    Judged { service: usize, name: B256 },
    ChallengeCount(usize),
    Challenge { service: usize, id: u64, word: u64 },
    Commission(Address),
    GovernancePause,
    Limits(Address),
    Scheduled(Address),
}

/// All facts. What is not among them is zero.
pub(crate) type Facts = BTreeMap<Fact, U256>;

/// A word as Stylus packs it: fields from the lowest bits up.
#[derive(Default)]
struct Word {
    value: U256,
    bits: usize,
}

impl Word {
    fn put(mut self, bits: usize, number: impl TryInto<u128>) -> Self {
        let number = U256::from(number.try_into().unwrap_or(u128::MAX));
        self.value |= number << self.bits;
        self.bits += bits;
        self
    }

    fn address(mut self, account: Address) -> Self {
        self.value |= U256::from_be_slice(account.as_slice()) << self.bits;
        self.bits += 160;
        self
    }
}

fn word() -> Word {
    Word::default()
}

fn count(length: usize) -> U256 {
    U256::from(length)
}

fn of_address(account: Address) -> U256 {
    word().address(account).value
}

fn scheduled(number: &Scheduled) -> U256 {
    word().put(96, number.before).put(96, number.after).put(64, number.effective_at).value
}

fn numbered<T>(list: &[T]) -> impl Iterator<Item = (u64, &T)> {
    (0..).zip(list)
}

impl Model {
    /// Everything that must be on the chain.
    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        self.tell_vault(&mut facts);
        self.tell_ledger(&mut facts);
        self.tell_slasher(&mut facts);
        for service in 0..self.registries.len() {
            self.tell_registry(&mut facts, service);
            self.tell_terms(&mut facts, service);
            self.tell_disputes(&mut facts, service);
        }
        self.tell_governance(&mut facts);
        facts.retain(|_, value| !value.is_zero());
        facts
    }

    fn tell_vault(&self, facts: &mut Facts) {
        facts.extend(self.eth.iter().map(|(account, wei)| (Fact::Eth(*account), *wei)));
        let vault = &self.vault;
        for ((token, account), amount) in &vault.wallets {
            facts.insert(Fact::Balance { token: *token, account: *account }, U256::from(*amount));
        }
        for ((token, account), amount) in &vault.allowances {
            facts.insert(Fact::Allowance { token: *token, account: *account }, *amount);
        }
        for (token, strategy) in &vault.strategies {
            let status = if strategy.open { 1 } else { 2 };
            let limits = word().put(112, strategy.cap).put(112, self.ledger.owed(*token)).put(8, status);
            let limits = limits.put(8, strategy.deposit).put(8, strategy.outflow);
            facts.insert(Fact::Strategy(*token), limits.value);
        }
        facts.extend(vault.queues.iter().map(|(token, time)| (Fact::Queue(*token), U256::from(*time))));
        for ((staker, operator, token, release), ready) in &vault.deferrals {
            let (staker, operator, token, release) = (*staker, *operator, *token, *release);
            facts.insert(Fact::Deferral { staker, operator, token, release }, U256::from(*ready));
        }
    }

    fn tell_ledger(&self, facts: &mut Facts) {
        for (bag, pool) in &self.ledger.bags {
            let stored = word().put(112, pool.assets).put(112, pool.shares).put(24, pool.generation);
            facts.insert(Fact::Pool(*bag), stored.put(8, u8::from(pool.streaming)).value);
        }
        for ((bag, owner), position) in &self.ledger.positions {
            let generation = if position.shares == 0 { 0 } else { position.generation };
            let stored = word().put(112, position.shares).put(32, generation);
            facts.insert(Fact::Position(*bag, *owner), stored.value);
        }
        for (bag, stream) in &self.ledger.streams {
            let stored = word().put(112, stream.remaining).put(64, stream.updated).put(64, stream.ends);
            facts.insert(Fact::Stream(*bag), stored.value);
        }
        for ((claimant, token), amount) in &self.ledger.funds {
            facts.insert(Fact::Funds { claimant: *claimant, token: *token }, U256::from(*amount));
        }
    }

    fn tell_slasher(&self, facts: &mut Facts) {
        let (suite, requests) = (self.stage.suite, &self.requests);
        let requested = word().address(suite.governance).put(64, requests.all.len());
        facts.insert(Fact::RequestCount, requested.value);
        for ((operator, service), grant) in &self.grants.all {
            let (operator, service) = (*operator, *service);
            let first = word().put(64, grant.budget).put(64, grant.until).put(64, grant.serve_until);
            facts.insert(Fact::Grant { operator, service, word: 0 }, first.put(64, grant.updated).value);
            let second = word().put(64, grant.raise).put(64, grant.raise_at);
            facts.insert(Fact::Grant { operator, service, word: 1 }, second.value);
        }
        for operator in Who::all().map(|who| self.stage.of(who)) {
            let since = requests.open(operator).next().map_or(0, |first| first.frozen_since);
            let first = word().put(64, self.grants.commitment(operator)).put(64, requests.open(operator).count());
            let first = first.put(64, since).put(64, requests.pending(operator));
            facts.insert(Fact::Status { operator, word: 0 }, first.value);
            let released = self.grants.released_at.get(&operator).copied().unwrap_or(0);
            facts.insert(Fact::Status { operator, word: 1 }, U256::from(released));
        }
        for (id, request) in numbered(&requests.all) {
            let open = u8::from(request.state == State::Open);
            let words = [
                word().address(request.operator).put(64, request.wad).put(8, open),
                word().address(request.service).put(64, request.executable_at),
                word().address(request.challenger).put(64, request.share),
                word().address(request.recipient).put(64, request.captured),
                word().address(request.resolver),
            ];
            facts.extend(numbered(&words).map(|(word, stored)| (Fact::Request { id, word }, stored.value)));
        }
    }

    fn tell_registry(&self, facts: &mut Facts, service: usize) {
        let (registry, contracts) = (&self.registries[service], self.stage.services[service]);
        let serving = registry.members.values().filter(|member| member.serves).count();
        let members = word().address(contracts.service_manager).put(64, serving);
        facts.insert(Fact::OperatorCount(service), members.value);
        facts.insert(Fact::MinimumStake(service), scheduled(&registry.minimum));
        for (operator, member) in &registry.members {
            let stored = word().address(member.key).put(8, u8::from(member.serves));
            facts.insert(Fact::Member { service, operator: *operator }, stored.value);
        }
        for (key, operator) in &registry.keys {
            facts.insert(Fact::KeyOwner { service, key: *key }, of_address(*operator));
        }
        facts.insert(Fact::WeightCount(service), count(registry.weights.len()));
        for (index, (token, weight)) in numbered(&registry.weights) {
            facts.insert(Fact::Weighted { service, index }, of_address(*token));
            facts.insert(Fact::Weight { service, token: *token }, scheduled(weight));
        }
        for (operator, history) in &registry.histories {
            let operator = *operator;
            facts.insert(Fact::HistoryLength { service, operator }, count(history.len()));
            for (index, (since, stake)) in numbered(history) {
                let stored = word().put(64, *since).put(128, *stake);
                facts.insert(Fact::History { service, operator, index }, stored.value);
            }
        }
        facts.insert(Fact::TotalLength(service), count(registry.changes.len()));
        for (index, since) in numbered(&registry.changes) {
            let stored = word().put(64, *since).put(128, registry.total_at(*since));
            facts.insert(Fact::Total { service, index }, stored.value);
        }
    }

    fn tell_terms(&self, facts: &mut Facts, service: usize) {
        let terms = &self.terms[service];
        let time = word().address(self.stage.suite.slasher).put(64, terms.effective_at);
        facts.insert(Fact::TermsTime(service), time.value);
        for (first, terms) in [(0, terms.before), (3, Some(terms.after))] {
            let Some(Terms { wads, share, rate, recipient, resolver }) = terms else { continue };
            let numbers = word().put(64, wads.0).put(64, wads.1).put(64, share).put(64, rate);
            facts.insert(Fact::Terms { service, word: first }, numbers.value);
            facts.insert(Fact::Terms { service, word: first + 1 }, of_address(recipient));
            facts.insert(Fact::Terms { service, word: first + 2 }, of_address(resolver));
        }
    }

    fn tell_disputes(&self, facts: &mut Facts, service: usize) {
        let disputes = &self.disputes[service];
        facts.extend(disputes.bonds.iter().map(|(account, wei)| (Fact::Bond { service, account: *account }, *wei)));
        facts.extend(disputes.judged.iter().map(|name| (Fact::Judged { service, name: *name }, U256::from(1))));
        facts.insert(Fact::ChallengeCount(service), count(disputes.challenges.len()));
        for (id, challenge) in numbered(&disputes.challenges) {
            let tree = crate::evidence::tree(challenge.leaf.of);
            let words = [
                word().address(challenge.operator).put(64, challenge.deadline).put(8, challenge.state).value,
                word().address(challenge.challenger).put(64, challenge.task_time).value,
                word().put(64, challenge.leaf.of).put(64, challenge.leaf.index).value,
                challenge.attestation.into(),
                tree.root().into(),
            ];
            facts.extend(numbered(&words).map(|(word, value)| (Fact::Challenge { service, id, word }, *value)));
        }
    }

    fn tell_governance(&self, facts: &mut Facts) {
        let (suite, governance) = (self.stage.suite, &self.governance);
        let pause = |contract| word().address(contract).put(8, governance.flags).put(64, governance.until).value;
        facts.insert(Fact::VaultPause, pause(suite.strategy_manager));
        facts.insert(Fact::SlasherPause, pause(suite.strategy_manager));
        facts.insert(Fact::GovernancePause, pause(suite.token_pool));
        for (token, (cap, deposit, outflow)) in &governance.limits {
            let stored = word().put(112, *cap).put(8, *deposit).put(8, *outflow).put(64, 0);
            facts.insert(Fact::Limits(*token), stored.put(8, 1).value);
        }
        for (token, ((cap, deposit, outflow), effective_at)) in &governance.scheduled {
            let stored = word().put(112, *cap).put(8, *deposit).put(8, *outflow).put(64, *effective_at);
            facts.insert(Fact::Scheduled(*token), stored.put(8, 1).value);
        }
        for (operator, commission) in &self.rewards.commissions {
            let stored = word().put(64, commission.before).put(64, commission.after).put(64, commission.effective_at);
            facts.insert(Fact::Commission(*operator), stored.value);
        }
    }
}
