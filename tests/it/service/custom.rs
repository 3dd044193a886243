//! Worlds whose service has other parameters than the suite's, and other terms for it.

use alloy::primitives::Address;
use eyre::{OptionExt, Result};
use interfaces::IServiceManager::{TermsScheduled, scheduleTermsCall};
use restake::chain::event;
use restake::suite::{Parameters, Service};
use restake_tests::World;

/// A world with another service in place of the suite's: `change` changes its parameters.
pub(super) async fn with(change: impl FnOnce(&World, &mut Parameters)) -> Result<World> {
    let mut world = World::new().await?;
    let mut parameters = world.parameters;
    change(&world, &mut parameters);
    world.suite.service = Service::deploy(&world.chain, &world.suite, &world.cast.owner, &parameters).await?;
    world.parameters = parameters;
    Ok(world)
}

/// The call that schedules the terms that the service was deployed with.
pub(super) fn same_terms(world: &World) -> scheduleTermsCall {
    let Parameters { wads, challenger_share, reward_rate, profit_from_corruption, recipient, resolver, .. } =
        world.parameters;
    scheduleTermsCall {
        wads,
        challengerShare: challenger_share,
        rewardRate: reward_rate,
        profitFromCorruption: profit_from_corruption,
        recipient,
        resolver,
    }
}

/// The owner schedules terms for `service_manager`. Returns when they take effect (Unix seconds).
pub(super) async fn schedule(world: &World, service_manager: Address, terms: &scheduleTermsCall) -> Result<u64> {
    let receipt = world.act(&world.cast.owner, service_manager, terms).await?;
    Ok(event::<TermsScheduled>(&receipt, service_manager).ok_or_eyre("no TermsScheduled event")?.effectiveAt)
}
