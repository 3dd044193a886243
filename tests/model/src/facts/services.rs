//! What the contracts of a service store.

use super::word::{numbered, of_address, word};
use super::{Fact, Facts};
use crate::{Checkpoint, Protocol, Terms};
use alloy_primitives::U256;
use arithmetic::epoch;

impl Protocol {
    pub(super) fn tell_registry(&self, facts: &mut Facts, service: usize) {
        let (registry, setup) = (&self.registries[service], &self.setup.services[service]);
        let members = word().address(setup.contracts.service_manager).put(40, registry.serving());
        let members = members
            .put(40, full_pairs(&registry.changes))
            .put(8, u8::from(setup.accepts_shared))
            .put(8, registry.weights.len());
        facts.insert(Fact::OperatorCount(service), members.value);
        facts.insert(Fact::MinimumStake(service), scheduled(&registry.minimum));
        let admission = registry.admission;
        let first = word().address(admission.after).put(64, admission.effective_at).value;
        facts.insert(Fact::Admission { service, word: 0 }, first);
        facts.insert(Fact::Admission { service, word: 1 }, of_address(admission.before));
        for (operator, member) in &registry.members {
            let refused_epoch = epoch::at(member.refused_since);
            let stored = word().time(member.suspended_since).put(16, refused_epoch).put(8, u8::from(member.serves));
            let pairs = registry.histories.get(operator).map_or(0, |history| full_pairs(history));
            let stored = stored.address(member.key).put(32, pairs);
            facts.insert(Fact::Member { service, operator: *operator }, stored.value);
        }
        for (key, known) in &registry.keys {
            let stored = word().address(known.operator).time(known.from).time(known.until);
            facts.insert(Fact::Key { service, key: *key }, stored.value);
        }
        for (index, (token, weight)) in numbered(&registry.weights) {
            let first = word().address(*token).put(64, weight.after).put(8, u8::from(weight.noticed));
            facts.insert(Fact::Weight { service, index, word: 0 }, first.value);
            facts.insert(Fact::Weight { service, index, word: 1 }, scheduled(weight));
        }
        for (operator, history) in &registry.histories {
            let operator = *operator;
            let (last, before) = in_pairs(history);
            facts.insert(Fact::LastCheckpoints { service, operator }, last);
            let before = numbered(&before).map(|(index, pair)| (Fact::History { service, operator, index }, *pair));
            facts.extend(before);
        }
        let (last, before) = in_pairs(&registry.totals());
        facts.insert(Fact::LastTotals(service), last);
        facts.extend(numbered(&before).map(|(index, pair)| (Fact::Total { service, index }, *pair)));
    }

    pub(super) fn tell_terms(&self, facts: &mut Facts, service: usize) {
        let terms = &self.terms[service];
        let time = word().address(self.setup.contracts.slasher).put(64, terms.effective_at);
        facts.insert(Fact::TermsTime(service), time.value);
        for (first, terms) in [(0, terms.before), (4, Some(terms.after))] {
            let Some(Terms { wads, share, rate, profit, recipient, resolver }) = terms else { continue };
            let words = [
                U256::from_limbs(wads),
                word().address(recipient).put(64, share).value,
                word().address(resolver).put(64, rate).value,
                U256::from(profit),
            ];
            facts.extend(numbered(&words).map(|(word, of)| (Fact::Terms { service, word: first + word }, *of)));
        }
    }

    pub(super) fn tell_disputes(&self, facts: &mut Facts, service: usize) {
        let disputes = &self.disputes[service];
        facts.extend(disputes.bonds.iter().map(|(account, wei)| (Fact::Bond { service, account: *account }, *wei)));
        facts.extend(disputes.judged.keys().map(|name| (Fact::Judged { service, name: *name }, U256::ONE)));
        let asked = word().put(64, disputes.challenges.len()).put(64, self.setup.services[service].answer_window);
        facts.insert(Fact::ChallengeCount(service), asked.value);
        for (id, challenge) in numbered(&disputes.challenges) {
            let words = [
                word().address(challenge.operator).put(64, challenge.deadline).put(8, challenge.state).value,
                word().address(challenge.challenger).put(64, challenge.task_time).value,
                word().put(64, challenge.leaf_count).put(64, challenge.index).value,
                challenge.commitment.into(),
                challenge.root.into(),
            ];
            facts.extend(numbered(&words).map(|(word, value)| (Fact::Challenge { service, id, word }, *value)));
        }
    }
}

fn scheduled(number: &crate::Scheduled<u128>) -> U256 {
    word().put(96, number.before).put(96, number.after).put(64, number.effective_at).value
}

/// How many words checkpoints fill before the one that has room, or the last two.
fn full_pairs<T>(history: &[T]) -> usize {
    history.len().saturating_sub(1) / 2
}

/// Checkpoints two in a word: the last one or two, and those before.
fn in_pairs(history: &[Checkpoint]) -> (U256, Vec<U256>) {
    let none = Checkpoint { time: 0, stake: 0, signs: false };
    let of = |word: super::word::Word, checkpoint: Checkpoint| {
        word.time(checkpoint.time).put(1, u8::from(checkpoint.signs)).put(87, checkpoint.stake)
    };
    let pair = |older: Checkpoint, newer: Checkpoint| of(of(word(), older), newer).value;
    let (before, last) = history.split_at(2 * full_pairs(history));
    let last = match *last {
        [one] => pair(none, one),
        [older, newer] => pair(older, newer),
        _ => U256::ZERO,
    };
    (last, before.chunks_exact(2).map(|both| pair(both[0], both[1])).collect())
}
