//! What an operator says: each signature by its record, but for a lie.

use super::{ANSWERED, ANSWERS, DECLINED, Ended, Operator, PART};
use alloy::primitives::U256;
use restake_daemon::guard::GuardError;
use restake_daemon::message::{Body, Envelope};
use restake_daemon::record::{SignError, Subject};

impl Operator {
    /// Answers a slot with a price.
    pub(super) async fn answer(&mut self, slot: u64, price: U256) -> Result<(), Ended> {
        let feed = self.setting.feed.clone();
        let (subject, attestation) = (Subject { task: feed.terms.task, time: slot }, feed.attestation(slot, price));
        let signed = self.guard.sign(subject, &feed.domain.answer(&attestation), self.now).await;
        let Some(signature) = self.signed(signed)? else { return Ok(()) };
        if let Some(begun) = self.slots.get_mut(&slot) {
            begun.answered = Some(price);
        }
        tracing::info!("answers {price} to slot {slot}");
        self.setting.metrics.set(&ANSWERED, &[], slot);
        self.setting.metrics.count(&ANSWERS, &[]);
        self.say(slot, &feed.answer(slot, price, signature.into())).await;
        if self.lies && !std::mem::replace(&mut self.has_lied, true) {
            self.lie(slot, price).await;
        }
        Ok(())
    }

    /// What an honest operator never does: a second answer, past the record.
    async fn lie(&self, slot: u64, price: U256) {
        let (feed, wrong) = (&self.setting.feed, price.saturating_mul(U256::from(2)));
        let data = feed.domain.answer(&feed.attestation(slot, wrong));
        match self.guard.key().sign(&data).await {
            Ok(signature) => {
                tracing::warn!("lies: answers {wrong} to slot {slot} as well");
                let lie = feed.answer(slot, wrong, signature.into());
                if let Ok(envelope) = Envelope::seal(&feed.domain, self.guard.key(), &lie).await {
                    self.setting.transport.publish(envelope).await;
                }
            }
            Err(failure) => self.setting.failed(PART, "key", &format!("{failure:#}")),
        }
    }

    /// What was signed; nothing where the record or the key refuses.
    pub(super) fn signed<T>(&self, signed: Result<Option<T>, SignError>) -> Result<Option<T>, Ended> {
        match signed {
            Ok(signature) => Ok(signature),
            Err(SignError::Record(broken)) => Err(GuardError::Record(broken).into()),
            Err(why @ (SignError::Contradiction(_) | SignError::OtherKey { .. } | SignError::Forgotten { .. })) => {
                tracing::warn!("does not sign: {why}");
                Ok(None)
            }
            Err(SignError::Key(failure)) => {
                self.setting.failed(PART, "key", &format!("{failure:#}"));
                Ok(None)
            }
        }
    }

    /// Does not sign a proposal.
    pub(super) fn decline(&self, slot: u64, reason: &str, why: &str) {
        tracing::info!("does not sign a proposal for slot {slot}: {why}");
        self.setting.metrics.count(&DECLINED, &[("reason", reason)]);
    }

    /// Lets everybody know, now and once more later.
    pub(super) async fn say<B: Body>(&mut self, slot: u64, body: &B) {
        match Envelope::seal(&self.setting.feed.domain, self.guard.key(), body).await {
            Ok(envelope) => {
                if let Some(begun) = self.slots.get_mut(&slot) {
                    begun.said.push(envelope.clone());
                }
                self.setting.transport.publish(envelope).await;
            }
            Err(failure) => self.setting.failed(PART, "key", &format!("{failure:#}")),
        }
    }
}
