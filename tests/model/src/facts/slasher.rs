//! What the Slasher stores.

use super::word::{numbered, word};
use super::{Fact, Facts};
use crate::requests::State;
use crate::{Protocol, Request};
use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::SolValue;
use arithmetic::pause::{EXECUTE, QUEUE};
use arithmetic::wad;
use std::collections::BTreeSet;

impl Protocol {
    pub(super) fn tell_slasher(&self, facts: &mut Facts) {
        let (contracts, requests) = (self.setup.contracts, &self.requests);
        let paused = word().address(contracts.strategy_manager).put(8, self.governance.flags);
        facts.insert(Fact::SlasherPause, paused.value);
        for action in [QUEUE, EXECUTE] {
            facts.insert(Fact::Window { action }, self.window(action));
        }
        let mut operators = BTreeSet::new();
        for ((operator, service), grant) in &self.grants.all {
            operators.insert(*operator);
            let (operator, service) = (*operator, *service);
            let pending: u64 = self.open_of(operator, service).map(|request| request.wad).sum();
            let (first, end) = (word().put(64, grant.budget).put(64, grant.full).put(64, pending), u64::MAX >> 1);
            let first = first.put(63, grant.until.min(end)).put(1, u8::from(grant.exclusive));
            facts.insert(Fact::Grant { operator, service, word: 0 }, first.value);
            if let Some(announced) = grant.announced {
                let second = word().put(64, announced.raise).put(64, announced.at).put(64, announced.refused);
                facts.insert(Fact::Grant { operator, service, word: 1 }, second.value);
            }
        }
        operators.extend(requests.all.iter().map(|request| request.operator));
        operators.into_iter().for_each(|operator| self.tell_operator(facts, operator));
        for (id, request) in numbered(&requests.all) {
            // Closed ones are forgotten.
            let is_open = request.state == State::Open;
            let hash = if is_open { keccak256(request.published().abi_encode()) } else { B256::ZERO };
            facts.insert(Fact::Request(id), hash.into());
        }
    }

    /// The last pause of an action, and for how long those before it lasted.
    fn window(&self, action: u8) -> U256 {
        let last = self.governance.pauses.iter().rfind(|pause| pause.action == action);
        let (since, until) = last.map_or((0, 0), |last| (last.since, last.until));
        let next = if action == EXECUTE { self.requests.all.len() + 1 } else { 0 };
        let before = self.governance.paused_seconds(action, since);
        word().put(64, since).put(64, until).put(64, before).put(64, next).value
    }

    fn tell_operator(&self, facts: &mut Facts, operator: Address) {
        let (sums, freezes) = (self.sums(operator), self.freezes(operator));
        let open: Vec<&Request> = self.requests.open(operator).collect();
        let frozen = freezes.last().filter(|freeze| freeze.until.is_none());
        let first = word().put(64, wad::ONE - self.magnitude(operator)).put(64, sums.committed());
        let first = first.put(64, sums.exclusive).time(frozen.map_or(0, |freeze| freeze.since)).put(23, open.len());
        let noted = || self.requests.executed(operator).filter(|request| request.beside_others);
        let last = noted().map(|request| request.freeze).max().unwrap_or(0);
        let first = first.put(1, u8::from(frozen.is_some() && last == freezes.len()));
        facts.insert(Fact::Status { operator, word: 0 }, first.value);
        let second = word().put(64, sums.announced_exclusive).put(64, sums.announced_shared).put(64, sums.open_shared);
        facts.insert(Fact::Status { operator, word: 1 }, second.value);

        let pending: u64 = open.iter().map(|request| request.wad).sum();
        let of = self.requests.all.iter().filter(|request| request.operator == operator);
        let newest = of.map(|request| request.captured).max().unwrap_or(0);
        let mut third = word().put(64, pending).put(64, self.released_at(operator));
        third = third.put(32, self.refused_before(operator)).put(32, newest);
        for before in 0..4 {
            third = third.put(16, open.iter().filter(|request| request.captured + before == newest).count());
        }
        facts.insert(Fact::Status { operator, word: 2 }, third.value);

        // Executed while others were open, in the last freeze with such: of the newest capture among these, and the two
        // epochs before it.
        let noted = || noted().filter(|request| request.freeze == last);
        let newest = noted().map(|request| request.captured).max().unwrap_or(0);
        let mut fourth = word().put(64, newest);
        for before in 0..3 {
            let of = noted().filter(|request| request.captured + before == newest);
            fourth = fourth.put(64, of.map(|request| request.taken).sum::<u64>());
        }
        facts.insert(Fact::Status { operator, word: 3 }, fourth.value);
    }
}
