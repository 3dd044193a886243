//! What is known of a slot.

use crate::electorate::Stakes;
use crate::median::is_reached;
use crate::proposal::{MOST_REPORTS, Votes};
use crate::report::Report;
use alloy::primitives::{Address, U256};
use restake_daemon::message::{Answer, Envelope};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// How many answers of one key to a slot are kept.
const MOST_ANSWERS: usize = 2;

/// How many reports and answers to a slot are kept: while the chain cannot be asked strangers' are, too.
const MOST_VOICES: usize = MOST_REPORTS;

/// How far a round is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    /// It goes on.
    #[default]
    Open,
    /// Its price need not be stored.
    Quiet,
    /// Nothing is left to do.
    Stored,
}

/// A slot.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) state: State,
    /// Since when enough stake has reported.
    pub(super) enough_since: Option<Instant>,
    reports: BTreeMap<Address, Report>,
    answers: BTreeMap<U256, BTreeMap<Address, Answer>>,
    is_proposed: bool,
    /// What was proposed here, until it was said again.
    said: Option<Envelope>,
}

impl Round {
    /// Takes a report; who reported keeps to that.
    pub(super) fn report(&mut self, signer: Address, report: Report) {
        if self.reports.len() < MOST_VOICES {
            self.reports.entry(signer).or_insert(report);
        }
    }

    /// Takes an answer. Who gives two counts for both, as on the chain: it is for others to hold that against it. More
    /// than two are only more to keep.
    pub(super) fn answer(&mut self, signer: Address, answer: Answer) {
        let given = self.answers.values().filter(|answers| answers.contains_key(&signer)).count();
        let all: usize = self.answers.values().map(BTreeMap::len).sum();
        if given >= MOST_ANSWERS || all >= MOST_VOICES {
            return;
        }
        self.answers.entry(answer.answer.into()).or_default().insert(signer, answer);
    }

    /// A price was proposed.
    pub(super) fn propose(&mut self) {
        self.is_proposed = true;
    }

    /// What was proposed here is kept, to be said again.
    pub(super) fn keep(&mut self, said: Envelope) {
        self.said = Some(said);
    }

    /// What was proposed here, once more: who was not there a moment ago hears it now.
    pub(super) fn say_again(&mut self) -> Option<Envelope> {
        self.said.take().filter(|_| self.state == State::Open)
    }

    /// Whether another price is not proposed any more: one was, or so many have answered one, perhaps of an earlier
    /// life of this aggregator, that no other can have enough answers.
    pub(super) fn is_proposed(&self, stakes: &Stakes, threshold: u16) -> bool {
        let enough = 10_001_u16.saturating_sub(threshold);
        self.is_proposed
            || self.answers.values().any(|answers| is_reached(signed(answers, stakes), stakes.total(), enough))
    }

    /// Who said something.
    pub(super) fn keys(&self) -> Vec<Address> {
        let answered = self.answers.values().flat_map(BTreeMap::keys);
        self.reports.keys().chain(answered).copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What was reported.
    pub(super) fn votes(&self) -> Votes {
        self.reports.iter().map(|(signer, report)| (*signer, report.price)).collect()
    }

    /// The reports.
    pub(super) fn reports(&self) -> Vec<Report> {
        self.reports.values().copied().collect()
    }

    /// The price that enough stake answered.
    pub(super) fn answered(&self, stakes: &Stakes, threshold: u16) -> Option<U256> {
        let enough = |answers| is_reached(signed(answers, stakes), stakes.total(), threshold);
        self.answers.iter().find(|(_, answers)| enough(answers)).map(|(price, _)| *price)
    }

    /// The answers that gave a price.
    pub(super) fn signatures(&self, price: U256) -> impl Iterator<Item = Answer> {
        self.answers.get(&price).into_iter().flat_map(|answers| answers.values().copied())
    }

    /// Whether somebody said something, and it came to nothing.
    pub(super) fn is_lost(&self) -> bool {
        self.state == State::Open && !(self.reports.is_empty() && self.answers.is_empty())
    }

    /// How far it came.
    pub(super) fn tell(&self) -> String {
        let answers: usize = self.answers.values().map(BTreeMap::len).sum();
        let (reports, prices) = (self.reports.len(), self.answers.len());
        format!("{reports} reports, {answers} answers with {prices} prices")
    }
}

/// What answers carry.
fn signed(answers: &BTreeMap<Address, Answer>, stakes: &Stakes) -> u128 {
    answers.keys().map(|key| stakes.of(*key)).fold(0, u128::saturating_add)
}
