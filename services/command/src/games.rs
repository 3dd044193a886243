//! Who judges computations, and where players are.

use crate::chain::Place;
use crate::listening::Process;
use alloy::primitives::Address;
use clap::Args;
use eyre::Result;
use restake::attestation::Domain;
use restake_bisection::setting::Setting;

/// Who judges the service's computations.
#[derive(Debug, Clone, Copy, Args)]
pub struct Judge {
    /// The Bisection that judges the service's computations
    #[arg(long, value_name = "ADDRESS")]
    pub bisection: Address,
    /// The program that executes a step of them
    #[arg(long, value_name = "ADDRESS")]
    pub program: Address,
}

/// What a player's process works with.
///
/// # Errors
/// If the node cannot be asked.
pub async fn setting(process: &Process, place: Place, judge: Judge) -> Result<Setting> {
    Ok(Setting {
        domain: Domain::new(place.chain.id().await?, place.suite.service.service_manager),
        chain: place.chain,
        origin: place.origin,
        suite: place.suite,
        bisection: judge.bisection,
        program: judge.program,
        transport: process.transport.clone(),
        metrics: process.metrics.clone(),
        health: process.health.clone(),
        stop: process.stop.clone(),
        tick: process.tick,
    })
}
