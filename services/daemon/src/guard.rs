//! A key's record and its caution, as everything of a process that signs with the key uses them.

use crate::caution::{AnotherCopy, Caution, Unrecorded};
use crate::key::Key;
use crate::metrics::{Metric, Metrics};
use crate::record::{CONTRADICTIONS, RecordError, SIGNATURES, SignError, Signed, SigningRecord, Subject};
use alloy::primitives::Address;
use restake::attestation::CompactSignature;
use restake::typed_data::TypedData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Signatures of the own key that the record lacked.
pub static RESTORED: Metric =
    Metric::counter("restake_signatures_restored_total", "Signatures of the own key that the record lacked.");

/// What signs for an operator after a start. Copies are the same one.
#[derive(Debug, Clone)]
pub struct Guard(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: Key,
    record: SigningRecord,
    caution: Mutex<Caution>,
    metrics: Metrics,
}

/// Why nothing is signed any more.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// Another copy signs.
    #[error(transparent)]
    AnotherCopy(#[from] AnotherCopy),
    /// The record cannot be used.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Guard {
    /// A start at `now` (the chain's time), where rounds take so many seconds.
    pub fn new(key: Key, record: SigningRecord, now: u64, round: u64, metrics: Metrics) -> Self {
        Self(Arc::new(Inner { key, record, caution: Mutex::new(Caution::new(now, round)), metrics }))
    }

    /// The key's account.
    pub fn address(&self) -> Address {
        self.0.key.address()
    }

    /// The key, for what cannot be held against it.
    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// The record.
    pub fn record(&self) -> &SigningRecord {
        &self.0.record
    }

    /// Whether it is only listened.
    pub fn is_listening(&self, now: u64) -> bool {
        self.caution().is_listening(now)
    }

    /// Whether a task that was set at `time` may be signed now.
    pub fn may_sign(&self, time: u64, now: u64) -> bool {
        self.caution().may_sign(time, now)
    }

    /// Signs something about a task that may be signed now, once; nothing if it may not.
    ///
    /// # Errors
    /// As [`SigningRecord::sign_once`].
    pub async fn sign(
        &self,
        subject: Subject,
        data: &TypedData,
        now: u64,
    ) -> Result<Option<CompactSignature>, SignError> {
        if !self.may_sign(subject.time, now) {
            return Ok(None);
        }
        let kind = data.json["primaryType"].as_str().unwrap_or_default();
        let signed = self.0.record.sign_once(&self.0.key, subject, data).await;
        match &signed {
            Ok(_) => self.0.metrics.count(&SIGNATURES, &[("kind", kind)]),
            Err(SignError::Contradiction(_)) => self.0.metrics.count(&CONTRADICTIONS, &[("kind", kind)]),
            Err(_) => {}
        }
        signed.map(Some)
    }

    /// A signature of this key was seen.
    ///
    /// # Errors
    /// [`GuardError`]: this copy has to end.
    pub async fn saw(&self, signed: Signed, now: u64) -> Result<(), GuardError> {
        let about = self.0.record.signed(signed.subject, &signed.kind).await?;
        if about.iter().any(|known| known.hash == signed.hash) {
            return Ok(());
        }
        // What was forgotten says nothing: whoever kept it could say it again for ever.
        if signed.subject.time < self.0.record.forgotten_before().await? {
            return Ok(());
        }
        let Unrecorded::Restored = self.caution().unrecorded(signed.subject.time, now)?;
        let (time, kind) = (signed.subject.time, signed.kind.clone());
        if self.0.record.take_in(signed).await? {
            self.0.metrics.count(&RESTORED, &[]);
            tracing::warn!("the record is older than what was signed: it lacked {kind} of {time}; one more round");
        }
        Ok(())
    }

    fn caution(&self) -> MutexGuard<'_, Caution> {
        self.0.caution.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
