//! Where players are: a chain, a service on it with its judge, others to talk to, and how they are seen.

use alloy::primitives::Address;
use eyre::Result;
use interfaces::IBisection::evidenceWindowCall;
use interfaces::IRegistry::keyOfCall;
use restake::attestation::Domain;
use restake::chain::Chain;
use restake::suite::Suite;
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::origin::Origin;
use restake_daemon::stop::Stop;
use restake_daemon::transport::Transport;
use std::sync::Arc;
use std::time::Duration;

/// Moves that were made, by the call.
pub static MOVES: Metric = Metric::counter("restake_game_moves_total", "Moves that were made.");
/// What could not be done, and is tried again.
pub static FAILURES: Metric = Metric::counter("restake_game_failures_total", "What could not be done yet.");

/// Where somebody plays.
#[derive(Clone)]
pub struct Setting {
    /// The chain, with the key of who sends.
    pub chain: Chain,
    /// By which it is known.
    pub origin: Origin,
    /// The protocol, with the service.
    pub suite: Suite,
    /// What its operators sign in.
    pub domain: Domain,
    /// Where its games are.
    pub bisection: Address,
    /// The program of a step.
    pub program: Address,
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
    /// How long evidence about a task is good, games included (seconds).
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn evidence_window(&self) -> Result<u64> {
        Ok(self.chain.view(self.bisection, &evidenceWindowCall {}).await?)
    }

    /// Whose key it was at `time`; the zero address if nobody's.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn operator_of(&self, key: Address, time: u64) -> Result<Address> {
        let known = self.chain.view(self.suite.service.registry, &keyOfCall { signingKey: key }).await?;
        Ok(if (known.from..=known.until).contains(&time) { known.operator } else { Address::ZERO })
    }
}
