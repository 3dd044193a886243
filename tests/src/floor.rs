//! The floor of an operation: what it must cost with the words, calls and logs that a rule of the design needs, at the
//! chain's prices. That the code does something is no reason for an entry.
//!
//! Not in it, although no code goes without: what WASM computes, addresses and numbers that are set once (they could be
//! constants of the code), events that no rule names, and words that are read or written again.

use crate::rule::Rule;
use crate::spent::Spent;
use crate::start::Start;
use crate::token_gas::TokenCosts;
use std::collections::BTreeMap;

/// A word that is read for the first time in a transaction; what it costs beyond that to change it, or to make one of a
/// zero; and what comes back for a zero.
const COLD_WORD: u64 = 2_100;
const CHANGE: u64 = 2_900;
const CREATION: u64 = 20_000;
const CLEARING_REFUND: u64 = 4_800;

/// An account that is called for the first time, and again.
const COLD_ACCOUNT: u64 = 2_600;
const WARM_ACCOUNT: u64 = 100;

/// What a transfer of ETH costs more than its call, less the stipend that an account without code gives back.
const VALUE: u64 = 9_000 - 2_300;

/// A log, each of its topics, and each byte of its data.
const LOG: u64 = 375;
const TOPIC: u64 = 375;
const LOGGED_BYTE: u64 = 8;

/// What the precompile charges that recovers who signed.
const RECOVERY: u64 = 3_000;

/// Programs that run at a time have a page of memory each, at least: two are free, each other one costs this.
const FREE_PAGES: usize = 2;
const PAGE: u64 = 1_000;

/// A fifth of the gas comes back at most.
const LARGEST_REFUND: u64 = 5;

/// What the chain and the token charge.
#[derive(Debug, Clone)]
pub struct Prices {
    /// Starts of the programs, by their names.
    starts: BTreeMap<&'static str, Start>,
    /// The token's calls.
    pub(crate) token: TokenCosts,
}

impl Prices {
    /// What the chain and the token said.
    pub(crate) fn new(starts: &[Start], token: TokenCosts) -> Self {
        Self { starts: starts.iter().map(|start| (start.program, *start)).collect(), token }
    }
}

/// Something that must be paid.
#[derive(Debug, Clone)]
pub struct Need {
    /// What it is.
    pub what: String,
    /// Who names it.
    pub rule: Rule,
    /// What it costs.
    pub gas: u64,
    /// What comes back at the end.
    pub refund: u64,
}

/// All that must be paid for an operation.
#[derive(Debug, Clone)]
pub struct Floor {
    prices: Prices,
    /// One by one.
    pub needs: Vec<Need>,
}

impl Floor {
    /// Of a transaction, to begin with: itself, with its data.
    pub(crate) fn of(prices: &Prices, spent: &Spent) -> Self {
        let floor = Self { prices: prices.clone(), needs: Vec::new() };
        floor.need("the transaction", Rule::Flow, spent.intrinsic_gas())
    }

    /// All of it, less what comes back.
    pub fn gas(&self) -> u64 {
        let (gas, refund) =
            self.needs.iter().fold((0, 0), |(gas, refund), need| (gas + need.gas, refund + need.refund));
        gas - refund.min(gas / LARGEST_REFUND)
    }

    /// Programs that call one another, the first of them called by the sender.
    pub(crate) fn path(self, rule: Rule, programs: &[&'static str]) -> Self {
        programs.iter().enumerate().fold(self, |floor, (above, program)| floor.started(rule, program, above))
    }

    /// A program that is called when this many others run.
    pub(crate) fn started(self, rule: Rule, program: &'static str, above: usize) -> Self {
        let start = self.prices.starts.get(program).map_or(0, |start| start.cached);
        let called = if above == 0 { 0 } else { COLD_ACCOUNT };
        let page = if above < FREE_PAGES { 0 } else { PAGE };
        self.need(&format!("start of {program}"), rule, start + called + page)
    }

    /// A word that is only read.
    pub(crate) fn read(self, rule: Rule, what: &str) -> Self {
        self.need(&format!("read: {what}"), rule, COLD_WORD)
    }

    /// A word that is not zero before and after.
    pub(crate) fn changed(self, rule: Rule, what: &str) -> Self {
        self.need(&format!("changed: {what}"), rule, COLD_WORD + CHANGE)
    }

    /// A word that is zero before.
    pub(crate) fn created(self, rule: Rule, what: &str) -> Self {
        self.need(&format!("new: {what}"), rule, COLD_WORD + CREATION)
    }

    /// A word that is zero afterwards.
    pub(crate) fn cleared(self, rule: Rule, what: &str) -> Self {
        let mut floor = self.need(&format!("cleared: {what}"), rule, COLD_WORD + CHANGE);
        if let Some(need) = floor.needs.last_mut() {
            need.refund = CLEARING_REFUND;
        }
        floor
    }

    /// An event, with the topic that says which.
    pub(crate) fn logged(self, rule: Rule, what: &str, topics: u64, bytes: u64) -> Self {
        self.need(&format!("log: {what}"), rule, LOG + TOPIC * topics + LOGGED_BYTE * bytes)
    }

    /// Who signed, from a signature.
    pub(crate) fn recovered(self, rule: Rule, what: &str) -> Self {
        self.need(&format!("recovered: {what}"), rule, WARM_ACCOUNT + RECOVERY)
    }

    /// ETH for the sender.
    pub(crate) fn paid(self, rule: Rule, what: &str) -> Self {
        self.need(&format!("paid: {what}"), rule, WARM_ACCOUNT + VALUE)
    }

    /// The token comes in, and is counted: its balance is warm then.
    pub(crate) fn pulled(self) -> Self {
        let TokenCosts { transfer_from, balance_of, .. } = self.prices.token;
        let again = WARM_ACCOUNT + balance_of.execution() - (COLD_WORD - WARM_ACCOUNT);
        self.need("the token's transferFrom", Rule::Flow, COLD_ACCOUNT + transfer_from.execution()).need(
            "the token's balanceOf",
            Rule::Contracts,
            again,
        )
    }

    /// The token goes out.
    pub(crate) fn pushed(self) -> Self {
        let transfer = self.prices.token.transfer;
        self.need("the token's transfer", Rule::Flow, COLD_ACCOUNT + transfer.execution())
    }

    fn need(mut self, what: &str, rule: Rule, gas: u64) -> Self {
        self.needs.push(Need { what: what.to_owned(), rule, gas, refund: 0 });
        self
    }
}
