//! Carrying messages between processes. What arrives was checked by an [`Inbox`](crate::message::Inbox): it is signed
//! by its sender for this service, and was not here before. Nothing else is promised: a message may be lost, late, or
//! in another order, so whoever needs an answer says again what it wants.

mod http;
mod memory;

pub use http::{HttpTransport, LOST, SENT};
pub use memory::{MemoryTransport, Network};

use crate::message::Envelope;
use crate::metrics::{Metric, Metrics};
use async_trait::async_trait;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Messages that a part of this process was too slow to hear.
pub static MISSED: Metric =
    Metric::counter("restake_messages_missed_total", "Messages that a part of the process was too slow for.");

/// How many messages may wait to be heard by a part of the process.
const WAITING: usize = 4_096;

/// What carries messages.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Lets a message go to all peers, and to who listens in this process. A peer that is gone keeps nobody waiting.
    async fn publish(&self, envelope: Envelope);

    /// Everything that arrives from now on.
    fn listen(&self) -> Listener;
}

/// What arrives, for one part of the process.
#[derive(Debug)]
pub struct Listener {
    arriving: broadcast::Receiver<Envelope>,
    metrics: Metrics,
}

impl Listener {
    /// The next message; none when there will be none any more.
    pub async fn next(&mut self) -> Option<Envelope> {
        loop {
            match self.arriving.recv().await {
                Ok(envelope) => return Some(envelope),
                Err(RecvError::Lagged(missed)) => self.metrics.add(&MISSED, &[], missed),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// Where messages arrive for all parts of a process.
#[derive(Debug)]
struct Arrivals {
    arriving: broadcast::Sender<Envelope>,
    metrics: Metrics,
}

impl Arrivals {
    fn new(metrics: Metrics) -> Self {
        Self { arriving: broadcast::channel(WAITING).0, metrics }
    }

    fn listen(&self) -> Listener {
        Listener { arriving: self.arriving.subscribe(), metrics: self.metrics.clone() }
    }

    fn arrive(&self, envelope: Envelope) {
        // Nobody may listen.
        let _ = self.arriving.send(envelope);
    }
}
