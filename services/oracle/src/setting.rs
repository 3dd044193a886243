//! What operators and aggregators have in common: a chain, a feed on it, others to talk to, and how they are seen.

use crate::feed::Feed;
use restake::chain::Chain;
use restake_daemon::health::Health;
use restake_daemon::message::{REFUSED, Rejected};
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::origin::{Origin, OriginError};
use restake_daemon::stop::Stop;
use restake_daemon::transport::Transport;
use std::sync::Arc;
use std::time::Duration;

/// The latest time of the chain that was seen.
static TIME: Metric = Metric::gauge("restake_oracle_chain_time_seconds", "The time of the chain's latest block.");

/// What could not be done, and is tried again.
pub static FAILURES: Metric =
    Metric::counter("restake_oracle_failures_total", "What could not be done, by what it was.");

/// Where something works.
#[derive(Clone)]
pub struct Setting {
    /// The chain.
    pub chain: Chain,
    /// By which it is known.
    pub origin: Origin,
    /// The feed.
    pub feed: Feed,
    /// What carries messages.
    pub transport: Arc<dyn Transport>,
    /// What is counted.
    pub metrics: Metrics,
    /// How it is.
    pub health: Health,
    /// When it ends.
    pub stop: Stop,
    /// How often the chain is looked at.
    pub tick: Duration,
}

impl Setting {
    /// The chain's time; nothing if the node cannot be asked, which is told under the name of a part.
    ///
    /// # Errors
    /// If the chain is another one.
    pub(crate) async fn now(&self, part: &'static str, before: u64) -> Result<Option<u64>, OriginError> {
        let gone = |failure: eyre::Report| {
            self.failed(part, "chain", &format!("{failure:#}"));
            self.health.ill(part, format!("{failure:#}"));
        };
        let now = match self.chain.now().await {
            Ok(now) => now,
            Err(failure) => {
                gone(failure);
                return Ok(None);
            }
        };
        // With each slot it is asked whether the chain is the same one, and where its time goes backwards.
        let terms = &self.feed.terms;
        if now < before || terms.slot_at(now) != terms.slot_at(before) {
            match self.origin.check(&self.chain).await {
                Ok(()) => {}
                Err(OriginError::Node(failure)) => {
                    gone(failure);
                    return Ok(None);
                }
                Err(other) => return Err(other),
            }
        }
        self.metrics.set(&TIME, &[], now);
        self.health.well(part, self.patience());
        Ok(Some(now))
    }

    /// Something did not work, and is tried again.
    pub(crate) fn failed(&self, part: &'static str, what: &'static str, why: &str) {
        tracing::warn!("{part}: {what}: {why}");
        self.metrics.count(&FAILURES, &[("part", part), ("what", what)]);
    }

    /// A message changed nothing.
    pub(crate) fn refuse(&self, why: Rejected) {
        self.metrics.count(&REFUSED, &[("reason", why.name())]);
    }

    /// After how long it is not well not to be heard of.
    fn patience(&self) -> Duration {
        self.tick.saturating_mul(20).max(Duration::from_secs(60))
    }
}
