//! What an aggregator does about a round: proposes its price, and stores it.

use super::round::State;
use super::{Aggregator, GAS, PART, PROPOSALS, ROUNDS, STORED};
use crate::proposal::Proposal;
use alloy::primitives::U256;
use interfaces::IPriceFeed::{NothingToReport, QuorumNotReached, RoundNotNew, RoundTooOld};
use restake::attestation;
use restake::chain::CallError;
use restake::verbs::task::update_price;
use restake_daemon::message::Envelope;

impl Aggregator {
    /// Proposes a price, with the reports that it is the median of.
    pub(super) async fn propose(&mut self, slot: u64, price: U256) {
        let Some(round) = self.rounds.get_mut(&slot) else { return };
        round.propose();
        let (feed, reports) = (&self.setting.feed, round.reports());
        let proposal = Proposal { task: feed.terms.task, slot, price, reports };
        tracing::info!("proposes {price} for slot {slot}, of {} reports", proposal.reports.len());
        match Envelope::seal(&feed.domain, &self.key, &proposal).await {
            Ok(envelope) => {
                self.setting.metrics.count(&PROPOSALS, &[]);
                if let Some(round) = self.rounds.get_mut(&slot) {
                    round.keep(envelope.clone());
                }
                self.setting.transport.publish(envelope).await;
            }
            Err(failure) => self.setting.failed(PART, "key", &format!("{failure:#}")),
        }
    }

    /// Enough answered: one transaction, if the chain still wants it.
    pub(super) async fn store(&mut self, slot: u64, price: U256) -> Result<(), CallError> {
        let (feed, chain, from) = (self.setting.feed.clone(), self.setting.chain.clone(), self.key.address());
        if feed.latest(&chain).await?.is_some_and(|latest| latest.slot >= slot) {
            self.end(slot, State::Stored, "stored by others");
            return Ok(());
        }
        // Something of an earlier life may be on its way: it would be done twice.
        if !chain.is_settled(from).await.map_err(CallError::Node)? {
            return Ok(());
        }
        let Some(round) = self.rounds.get(&slot) else { return Ok(()) };
        let signed = round.signatures(price).map(|answer| (answer.hash(&feed.domain), answer.signature.into()));
        let signatures = attestation::quorum(signed).map_err(CallError::Node)?;
        match update_price(feed.address, slot, price, signatures).send(&chain, from).await {
            Ok(receipt) => {
                let gas = receipt.gas_used;
                tracing::info!("stores {price} for slot {slot}, for {gas} gas: {}", receipt.transaction_hash);
                self.setting.metrics.set(&STORED, &[], slot);
                self.setting.metrics.add(&GAS, &[], gas);
                self.end(slot, State::Stored, "stored");
                Ok(())
            }
            // Somebody was suspended a moment ago: more answers may come.
            Err(CallError::Refused(refusal)) if refusal.decode::<QuorumNotReached>().is_some() => Ok(()),
            Err(CallError::Refused(refusal)) => {
                let is_done = refusal.decode::<RoundNotNew>().is_some() || refusal.decode::<RoundTooOld>().is_some();
                let is_quiet = refusal.decode::<NothingToReport>().is_some();
                let outcome = match (is_done, is_quiet) {
                    (true, _) => "stored by others",
                    (_, true) => "quiet",
                    _ => "refused",
                };
                tracing::info!("the chain does not take {price} for slot {slot}: {refusal}");
                self.end(slot, State::Stored, outcome);
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// A round came to something.
    pub(super) fn end(&mut self, slot: u64, state: State, outcome: &str) {
        if let Some(round) = self.rounds.get_mut(&slot) {
            round.state = state;
        }
        self.setting.metrics.count(&ROUNDS, &[("outcome", outcome)]);
    }
}
