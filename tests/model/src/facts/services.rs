//! What the contracts of a service store.

use super::word::{count, numbered, of_address, word};
use super::{Fact, Facts};
use crate::{Protocol, Terms};
use alloy_primitives::U256;

impl Protocol {
    pub(super) fn tell_registry(&self, facts: &mut Facts, service: usize) {
        let (registry, setup) = (&self.registries[service], &self.setup.services[service]);
        let members = word().address(setup.contracts.service_manager).put(64, registry.serving());
        let members = members.put(8, u8::from(setup.accepts_shared)).put(8, registry.weights.len());
        facts.insert(Fact::OperatorCount(service), members.value);
        facts.insert(Fact::MinimumStake(service), scheduled(&registry.minimum));
        let admission = registry.admission;
        let first = word().address(admission.after).put(64, admission.effective_at).value;
        facts.insert(Fact::Admission { service, word: 0 }, first);
        facts.insert(Fact::Admission { service, word: 1 }, of_address(admission.before));
        for (operator, member) in &registry.members {
            let stored = word().address(member.key).time(member.suspended_since).time(member.refused_since);
            let stored = stored.put(8, u8::from(member.serves));
            facts.insert(Fact::Member { service, operator: *operator }, stored.value);
        }
        for (key, known) in &registry.keys {
            let stored = word().address(known.operator).time(known.from).time(known.until);
            facts.insert(Fact::Key { service, key: *key }, stored.value);
        }
        for (index, (token, weight)) in numbered(&registry.weights) {
            facts.insert(Fact::Weight { service, index, word: 0 }, of_address(*token));
            facts.insert(Fact::Weight { service, index, word: 1 }, scheduled(weight));
        }
        for (operator, history) in &registry.histories {
            let operator = *operator;
            facts.insert(Fact::LastCheckpoint { service, operator }, U256::ZERO);
            for (index, checkpoint) in numbered(history) {
                let stored = word().put(64, checkpoint.time).put(128, checkpoint.stake);
                let stored = stored.put(1, u8::from(checkpoint.signs)).put(63, index);
                // The last has a word of its own.
                let is_last = count(history.len()) == U256::from(index + 1);
                let last = Fact::LastCheckpoint { service, operator };
                facts.insert(if is_last { last } else { Fact::History { service, operator, index } }, stored.value);
            }
        }
        facts.insert(Fact::LastTotal(service), U256::ZERO);
        for (index, since) in numbered(&registry.changes) {
            let stored = word().put(64, *since).put(128, registry.total_at(*since)).put(1, 0u8).put(63, index);
            let is_last = count(registry.changes.len()) == U256::from(index + 1);
            let last = Fact::LastTotal(service);
            facts.insert(if is_last { last } else { Fact::Total { service, index } }, stored.value);
        }
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
        facts.insert(Fact::ChallengeCount(service), count(disputes.challenges.len()));
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
