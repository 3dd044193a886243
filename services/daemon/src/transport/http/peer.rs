//! One peer, and what waits to be sent to it.

use crate::metrics::{Metric, Metrics};
use crate::stop::Stop;
use alloy::transports::http::reqwest::{Client, Url};
use hyper::body::Bytes;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Messages that a peer took, by the peer.
pub static SENT: Metric = Metric::counter("restake_messages_sent_total", "Messages that a peer took.");

/// Messages that a peer never got, by the peer.
pub static LOST: Metric = Metric::counter("restake_messages_lost_total", "Messages that a peer never got.");

/// How many messages wait for a peer at most. What is newer counts more: the oldest is given up.
const WAITING: usize = 1_024;

/// How long a message is tried to be sent.
const LIFE: Duration = Duration::from_secs(120);

/// The first pause after a failure, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(3));

#[derive(Debug)]
pub(super) struct Peer {
    url: Url,
    name: String,
    metrics: Metrics,
    waiting: Mutex<VecDeque<(Instant, Bytes)>>,
    more: Notify,
}

impl Peer {
    /// One that is sent to until everything stops.
    pub(super) fn start(url: Url, client: Client, metrics: Metrics, stop: Stop) -> Arc<Self> {
        let name = url.origin().ascii_serialization();
        let peer = Arc::new(Self { url, name, metrics, waiting: Mutex::default(), more: Notify::new() });
        let sending = peer.clone();
        tokio::spawn(async move { stop.or(sending.deliver(client)).await });
        peer
    }

    /// Sends a message when its turn comes.
    pub(super) fn send(&self, message: Bytes) {
        let mut waiting = self.waiting();
        if waiting.len() >= WAITING {
            waiting.pop_front();
            self.lose("the queue is full");
        }
        waiting.push_back((Instant::now(), message));
        drop(waiting);
        self.more.notify_one();
    }

    async fn deliver(&self, client: Client) {
        let mut pause = PAUSES.0;
        loop {
            let next = self.waiting().pop_front();
            let Some((since, message)) = next else {
                self.more.notified().await;
                continue;
            };
            match self.post(&client, message.clone()).await {
                Ok(()) => {
                    self.metrics.count(&SENT, &[("peer", &self.name)]);
                    pause = PAUSES.0;
                }
                Err(Failure::Refused(why)) => self.lose(&why),
                Err(Failure::Gone(why)) if since.elapsed() >= LIFE => self.lose(&why),
                Err(Failure::Gone(_)) => {
                    self.waiting().push_front((since, message));
                    tokio::time::sleep(pause).await;
                    pause = pause.saturating_mul(2).min(PAUSES.1);
                }
            }
        }
    }

    async fn post(&self, client: &Client, message: Bytes) -> Result<(), Failure> {
        let sent = client.post(self.url.clone()).header("content-type", "application/json").body(message).send().await;
        let status = sent.map_err(|error| Failure::Gone(error.to_string()))?.status();
        if status.is_success() {
            Ok(())
        } else if status.is_client_error() && status.as_u16() != 429 && status.as_u16() != 408 {
            Err(Failure::Refused(format!("it answers {status}")))
        } else {
            Err(Failure::Gone(format!("it answers {status}")))
        }
    }

    fn lose(&self, why: &str) {
        self.metrics.count(&LOST, &[("peer", &self.name)]);
        tracing::debug!("a message to {} is given up: {why}", self.name);
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Instant, Bytes)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a message was not taken.
enum Failure {
    /// The peer is not there, or has no time.
    Gone(String),
    /// It will not take this one.
    Refused(String),
}
