//! What comes in: checked, each once, and counted.

use super::{Envelope, Rejected};
use crate::metrics::{Metric, Metrics};
use alloy::primitives::B256;
use restake::attestation::Domain;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Messages that were taken, by their kind.
pub static RECEIVED: Metric = Metric::counter("restake_messages_received_total", "Messages that were taken.");

/// Messages that changed nothing, by the reason.
pub static REFUSED: Metric = Metric::counter("restake_messages_refused_total", "Messages that changed nothing.");

/// How many messages are remembered, so that they are taken once. A message that returns later is as harmless as it was
/// new: what it does is the same.
const REMEMBERED: usize = 16_384;

/// Where messages arrive.
#[derive(Debug)]
pub struct Inbox {
    domain: Domain,
    metrics: Metrics,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    known: BTreeSet<B256>,
    order: VecDeque<B256>,
}

impl Seen {
    /// Whether it is new; from now on it is not.
    fn note(&mut self, hash: B256) -> bool {
        if !self.known.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

impl Inbox {
    /// One for the messages of a service.
    pub fn new(domain: Domain, metrics: Metrics) -> Self {
        Self { domain, metrics, seen: Mutex::default() }
    }

    /// Reads and takes a message as it came.
    ///
    /// # Errors
    /// [`Rejected`]: it changes nothing.
    pub fn read(&self, bytes: &[u8]) -> Result<Envelope, Rejected> {
        let envelope = Envelope::read(bytes).inspect_err(|why| self.refuse(*why))?;
        self.take(&envelope)?;
        Ok(envelope)
    }

    /// Takes a message, once.
    ///
    /// # Errors
    /// [`Rejected`]: it changes nothing.
    pub fn take(&self, envelope: &Envelope) -> Result<(), Rejected> {
        let taken = envelope.check(&self.domain).and_then(|()| {
            let is_new = self.seen.lock().unwrap_or_else(PoisonError::into_inner).note(envelope.hash(&self.domain));
            if is_new { Ok(()) } else { Err(Rejected::Repeated) }
        });
        match taken {
            Ok(()) => self.metrics.count(&RECEIVED, &[]),
            Err(why) => self.refuse(why),
        }
        taken
    }

    /// Counts a message that changed nothing: also of those that were taken, and then did not hold.
    pub fn refuse(&self, why: Rejected) {
        self.metrics.count(&REFUSED, &[("reason", why.name())]);
    }
}
