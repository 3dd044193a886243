//! Where each fact is stored: the slots of the contracts' fields, as Solidity and Stylus lay them out.

use crate::model::{Bag, Fact};
use crate::stage::Stage;
use alloy::primitives::{Address, B256, U256, keccak256};
use std::collections::HashMap;

/// The places of facts, remembered: they are hashes of hashes.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    places: HashMap<Fact, Option<(Address, U256)>>,
}

impl Layout {
    /// The contract and slot of a fact; none for ETH, which is no storage.
    pub(crate) fn place(&mut self, stage: &Stage, fact: Fact) -> Option<(Address, U256)> {
        *self.places.entry(fact).or_insert_with(|| place(stage, fact))
    }
}

/// The slot of a mapping's entry.
fn entry(key: B256, mapping: U256) -> U256 {
    keccak256([key.0, mapping.to_be_bytes()].concat()).into()
}

fn by(account: Address, mapping: U256) -> U256 {
    entry(account.into_word(), mapping)
}

fn by_number(number: u64, mapping: U256) -> U256 {
    entry(U256::from(number).into(), mapping)
}

/// The slot of a list's element of one word.
fn element(index: u64, list: U256) -> U256 {
    U256::from_be_bytes(keccak256(list.to_be_bytes::<32>()).0).wrapping_add(U256::from(index))
}

fn field(index: u64) -> U256 {
    U256::from(index)
}

/// The id of a pool or bucket.
fn id(bag: Bag) -> B256 {
    let pool = keccak256([bag.operator.as_slice(), bag.token.as_slice()].concat());
    match bag.release {
        None => pool,
        Some(epoch) => keccak256([b"bucket".as_slice(), pool.as_slice(), &epoch.to_be_bytes()].concat()),
    }
}

fn deferral(staker: Address, operator: Address, token: Address, release: u64) -> B256 {
    keccak256([staker.as_slice(), operator.as_slice(), token.as_slice(), &release.to_be_bytes()].concat())
}

fn place(stage: &Stage, fact: Fact) -> Option<(Address, U256)> {
    use Fact::*;
    let suite = &stage.suite;
    let (pool, ledger, slasher) = (suite.token_pool, suite.strategy_manager, suite.slasher);
    let registry = |service: usize| stage.services[service].registry;
    let manager = |service: usize| stage.services[service].service_manager;
    let disputes = |service: usize| stage.services[service].dispute_resolution;
    Some(match fact {
        Eth(_) => return None,
        Balance { token, account } => (token, by(account, field(1))),
        Allowance { token, account } => (token, by(pool, by(account, field(2)))),
        VaultPause => (pool, field(0)),
        Strategy(token) => (pool, by(token, field(4))),
        Queue(token) => (pool, by(token, field(5))),
        Deferral { staker, operator, token, release } => {
            (pool, entry(deferral(staker, operator, token, release), field(6)))
        }
        Pool(bag) => (ledger, entry(id(bag), field(3))),
        Position(bag, owner) => (ledger, by(owner, entry(id(bag), field(4)))),
        Stream(bag) => (ledger, entry(id(bag), field(5))),
        Funds { claimant, token } => (ledger, by(token, by(claimant, field(6)))),
        SlasherPause => (slasher, field(0)),
        RequestCount => (slasher, field(1)),
        Grant { operator, service, word } => (slasher, by(service, by(operator, field(2))) + field(word)),
        Status { operator, word } => (slasher, by(operator, field(3)) + field(word)),
        Request { id, word } => (slasher, by_number(id, field(4)) + field(word)),
        OperatorCount(service) => (registry(service), field(0)),
        MinimumStake(service) => (registry(service), field(3)),
        Member { service, operator } => (registry(service), by(operator, field(4))),
        KeyOwner { service, key } => (registry(service), by(key, field(5))),
        WeightCount(service) => (registry(service), field(6)),
        Weighted { service, index } => (registry(service), element(index, field(6))),
        Weight { service, token } => (registry(service), by(token, field(7))),
        HistoryLength { service, operator } => (registry(service), by(operator, field(8))),
        History { service, operator, index } => (registry(service), element(index, by(operator, field(8)))),
        TotalLength(service) => (registry(service), field(9)),
        Total { service, index } => (registry(service), element(index, field(9))),
        TermsTime(service) => (manager(service), field(4)),
        Terms { service, word } => (manager(service), field(5 + word)),
        Bond { service, account } => (disputes(service), by(account, field(3))),
        Judged { service, name } => (disputes(service), entry(name, field(4))),
        ChallengeCount(service) => (disputes(service), field(5)),
        Challenge { service, id, word } => (disputes(service), by_number(id, field(6)) + field(word)),
        Commission(operator) => (suite.rewards, by(operator, field(2))),
        GovernancePause => (suite.governance, field(2)),
        Limits(token) => (suite.governance, by(token, field(6))),
        Scheduled(token) => (suite.governance, by(token, field(7))),
    })
}
