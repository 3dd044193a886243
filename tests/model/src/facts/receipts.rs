//! What the receipt, its vault, the desk of redemptions and the weights store.

use super::word::{count, of_address, word};
use super::{Fact, Facts};
use crate::{Batch, Protocol};
use alloy_primitives::U256;

/// The flag of shares that are set apart, above those of the withdrawals on their way.
const SET_APART: u8 = 1 << 4;

impl Protocol {
    pub(super) fn tell_receipts(&self, facts: &mut Facts) {
        let (of, receipts) = (self.setup.receipt, &self.receipts);
        if of.receipt.is_zero() {
            return;
        }
        facts.insert(Fact::Supply(of.receipt), U256::from(receipts.supply()));
        for (account, held) in &receipts.balances {
            facts.insert(Fact::Balance { token: of.receipt, account: *account }, U256::from(*held));
        }
        self.tell_restaking(facts);
        facts.insert(Fact::DeskPeriod, word().address(of.receipt).put(32, receipts.period).value);
        facts.insert(Fact::DeskCount, word().address(of.vault).put(64, receipts.opened).value);
        for (id, redemption) in &receipts.redemptions {
            let head = word().address(redemption.account).put(32, redemption.release).put(32, redemption.period);
            let parts = u64::try_from(redemption.parts.len()).unwrap_or(u64::MAX);
            facts.insert(Fact::Redemption(*id), head.put(8, parts).value);
            for (pair, place) in redemption.parts.chunks(2).zip(0..) {
                let high = pair.get(1).map_or(0, |part| part.pack());
                let parts = word().put(128, pair[0].pack()).put(128, high);
                facts.insert(Fact::Parts { id: *id, place }, parts.value);
            }
        }
        for ((id, release), pot) in &receipts.pots {
            facts.insert(Fact::Pot(*id, *release), word().put(112, pot.amount).put(112, pot.shares).value);
        }
        for ((id, period), Batch { shares, queued }) in &receipts.batches {
            let (release, bucket_shares) = queued.unwrap_or_default();
            let batch = word().put(112, *shares).put(112, bucket_shares).put(32, release);
            facts.insert(Fact::Batch(*id, *period), batch.value);
        }
    }

    fn tell_restaking(&self, facts: &mut Facts) {
        let receipts = &self.receipts;
        facts.insert(Fact::Held, word().put(128, receipts.idle).put(128, receipts.pots_total).value);
        facts.insert(Fact::OperatorIds, count(receipts.known.len()));
        for (operator, id) in receipts.known.iter().zip(1..) {
            facts.insert(Fact::IdOf(*operator), U256::from(id));
            facts.insert(Fact::AccountOf(id), of_address(*operator));
        }
        for (place, index) in receipts.places.iter().zip(0..) {
            let on_its_way = place.transits.iter().rev().fold(0, |flags, of| flags << 1 | u8::from(of.is_some()));
            let flags = on_its_way | if place.set_apart == 0 { 0 } else { SET_APART };
            let head = word().address(place.operator).put(8, flags).put(56, place.id);
            facts.insert(Fact::Place { index, word: 0 }, head.value);
            facts.insert(Fact::Place { index, word: 1 }, U256::from(place.set_apart));
            for (transit, word_index) in place.transits.iter().zip(2..) {
                let (release, shares) = transit.unwrap_or_default();
                let transit = word().put(128, shares).put(128, release);
                facts.insert(Fact::Place { index, word: word_index }, transit.value);
            }
        }
        for (weight, index) in receipts.weights.iter().zip(0..) {
            let head = word().address(weight.operator).put(32, weight.from).put(64, weight.now.weight);
            facts.insert(Fact::VaultWeight { index, word: 0 }, head.value);
            let rest = word().put(64, weight.now.max_commitment).put(64, weight.next.weight);
            facts.insert(Fact::VaultWeight { index, word: 1 }, rest.put(64, weight.next.max_commitment).value);
        }
    }
}
