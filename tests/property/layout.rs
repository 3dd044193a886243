//! Where each fact is stored: the slots of the contracts' fields, as Solidity and Stylus lay them out.

use crate::stage::Stage;
use alloy::primitives::{Address, B256, U256, keccak256};
use arithmetic::pause::QUEUE;
use restake_model::{Bag, Fact, Funds, Withdrawal};
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

fn deferral((staker, operator, token, release): Withdrawal) -> B256 {
    keccak256([staker.as_slice(), operator.as_slice(), token.as_slice(), &release.to_be_bytes()].concat())
}

fn turn((claimant, token, release): Funds) -> B256 {
    keccak256([b"funds".as_slice(), claimant.as_slice(), token.as_slice(), &release.to_be_bytes()].concat())
}

/// The slots of a contract's owner, and of whom it is offered to.
fn ownership(stage: &Stage, contract: Address) -> U256 {
    // A token's balances come first.
    if stage.tokens.contains(&contract) { field(4) } else { field(0) }
}

fn place(stage: &Stage, fact: Fact) -> Option<(Address, U256)> {
    use Fact::*;
    let contracts = &stage.setup.contracts;
    let (pool, ledger, slasher) = (contracts.token_pool, contracts.strategy_manager, contracts.slasher);
    let (governance, receipt) = (contracts.governance, stage.setup.receipt);
    let registry = |service: usize| stage.setup.services[service].contracts.registry;
    let manager = |service: usize| stage.setup.services[service].contracts.service_manager;
    let disputes = |service: usize| stage.setup.services[service].contracts.dispute_resolution;
    Some(match fact {
        Eth(_) => return None,
        Owner(contract) => (contract, ownership(stage, contract)),
        PendingOwner(contract) => (contract, ownership(stage, contract) + field(1)),
        Balance { token, account } => (token, by(account, field(1))),
        Allowance { token, owner, spender } => (token, by(spender, by(owner, field(2)))),
        Nonce { token, owner } => (token, by(owner, field(3))),
        VaultPause => (pool, field(0)),
        Strategy(token) => (pool, by(token, field(4))),
        Queue(token) => (pool, by(token, field(5))),
        Deferral(withdrawal) => (pool, entry(deferral(withdrawal), field(6))),
        Turn(funds) => (pool, entry(turn(funds), field(7))),
        TurnUnqueued(funds) => (pool, entry(turn(funds), field(7)) + field(1)),
        Pool(bag) => (ledger, entry(id(bag), field(3))),
        Position(bag, owner) => (ledger, by(owner, entry(id(bag), field(4)))),
        Stream(bag) => (ledger, entry(id(bag), field(5))),
        Funds((claimant, token, release)) => (ledger, by_number(release, by(token, by(claimant, field(6))))),
        SlasherPause => (slasher, field(0)),
        Window { action } => (slasher, field(if action == QUEUE { 2 } else { 3 })),
        Grant { operator, service, word } => (slasher, by(service, by(operator, field(4))) + field(word)),
        Status { operator, word } => (slasher, by(operator, field(5)) + field(word)),
        Request(id) => (slasher, by_number(id, field(6))),
        OperatorCount(service) => (registry(service), field(0)),
        MinimumStake(service) => (registry(service), field(4)),
        Admission { service, word } => (registry(service), field(5 + word)),
        Member { service, operator } => (registry(service), by(operator, field(7))),
        LastCheckpoints { service, operator } => (registry(service), by(operator, field(7)) + field(1)),
        History { service, operator, index } => {
            (registry(service), by_number(index, by(operator, field(7)) + field(2)))
        }
        Key { service, key } => (registry(service), by(key, field(8))),
        Weight { service, index, word } => (registry(service), by_number(index, field(9)) + field(word)),
        LastTotals(service) => (registry(service), field(10)),
        Total { service, index } => (registry(service), by_number(index, field(11))),
        TermsTime(service) => (manager(service), field(4)),
        Terms { service, word } => (manager(service), field(5 + word)),
        Bond { service, account } => (disputes(service), by(account, field(2))),
        Judged { service, name } => (disputes(service), entry(name, field(3))),
        ChallengeCount(service) => (disputes(service), field(4)),
        Challenge { service, id, word } => (disputes(service), by_number(id, field(5)) + field(word)),
        Commission(operator) => (contracts.rewards, by(operator, field(2))),
        GovernancePause => (governance, field(2)),
        Pauser => (governance, field(4)),
        Unpauser => (governance, field(5)),
        Limits(token) => (governance, by(token, field(6))),
        Scheduled(token) => (governance, by(token, field(7))),
        Supply(receipt) => (receipt, field(0)),
        Held => (receipt.vault, field(7)),
        OperatorIds => (receipt.vault, field(8)),
        Place { index, word } => (receipt.vault, field(9 + 6 * index + word)),
        IdOf(operator) => (receipt.vault, by(operator, field(57))),
        AccountOf(id) => (receipt.vault, by_number(id, field(58))),
        VaultWeight { index, word } => (receipt.weights, field(4 + 2 * index + word)),
        DeskPeriod => (receipt.desk, field(0)),
        DeskCount => (receipt.desk, field(1)),
        Redemption(id) => (receipt.desk, by_number(id, field(2))),
        Parts { id, place } => (receipt.desk, by_number(place, by_number(id, field(2)) + field(1))),
        Pot(id, release) => (receipt.desk, by_number(id << 32 | release, field(3))),
        Batch(id, period) => (receipt.desk, by_number(id << 32 | period, field(4))),
    })
}
