//! Who may call what: each function for one account refuses every other, the owner included.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::IRegistry::{scheduleMinimumStakeCall, scheduleStrategyWeightCall, suspendOperatorCall};
use interfaces::IServiceManager::{
    cancelTermsCall, freezeOperatorCall, recordFirstStakeUpdateCall, recordLastStakeUpdateAndRevokeSlashingAbilityCall,
    scheduleTermsCall,
};
use restake::actors::Actor;
use restake_tests::World;

/// Each of the callers is refused, by name.
async fn refuse_all<C: SolCall>(world: &World, callers: &[&Actor], to: Address, call: &C) -> Result<()> {
    for caller in callers {
        world.refuse(caller, to, call, &Unauthorized { caller: caller.address }).await?;
    }
    Ok(())
}

/// A world with an operator that serves, and so could be recorded and frozen.
async fn serving() -> Result<World> {
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    Ok(world)
}

#[tokio::test]
async fn only_the_registry_records_that_an_operator_joined() -> Result<()> {
    let world = serving().await?;
    let call = recordFirstStakeUpdateCall { operator: world.honest() };
    let callers = [&world.cast.owner, &world.cast.honest];
    refuse_all(&world, &callers, world.suite.service.service_manager, &call).await
}

#[tokio::test]
async fn only_the_registry_records_that_an_operator_left() -> Result<()> {
    let world = serving().await?;
    let call = recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: world.honest() };
    let callers = [&world.cast.owner, &world.cast.honest];
    refuse_all(&world, &callers, world.suite.service.service_manager, &call).await
}

#[tokio::test]
async fn only_the_dispute_resolution_freezes() -> Result<()> {
    let world = serving().await?;
    let call = freezeOperatorCall {
        operator: world.honest(),
        challenger: world.cast.challenger.address,
        kind: 0,
        faultTime: world.chain.now().await?,
    };
    let callers = [&world.cast.owner, &world.cast.challenger];
    refuse_all(&world, &callers, world.suite.service.service_manager, &call).await
}

#[tokio::test]
async fn only_the_dispute_resolution_suspends() -> Result<()> {
    let world = serving().await?;
    let call = suspendOperatorCall { operator: world.honest() };
    let callers = [&world.cast.owner, &world.cast.challenger, &world.cast.honest];
    refuse_all(&world, &callers, world.suite.service.registry, &call).await
}

#[tokio::test]
async fn only_the_owner_schedules_and_cancels_terms() -> Result<()> {
    let world = World::new().await?;
    let call = scheduleTermsCall {
        wads: [1, 1, 0, 0],
        challengerShare: 0,
        rewardRate: 0,
        profitFromCorruption: 0,
        recipient: world.honest(),
        resolver: world.honest(),
    };
    refuse_all(&world, &[&world.cast.honest], world.suite.service.service_manager, &call).await?;
    refuse_all(&world, &[&world.cast.honest], world.suite.service.service_manager, &cancelTermsCall {}).await
}

#[tokio::test]
async fn only_the_owner_sets_weights() -> Result<()> {
    let world = World::new().await?;
    let call = scheduleStrategyWeightCall { token: world.token(), weight: 2 * ONE };
    refuse_all(&world, &[&world.cast.honest], world.suite.service.registry, &call).await
}

#[tokio::test]
async fn only_the_owner_sets_the_minimum_stake() -> Result<()> {
    let world = World::new().await?;
    let call = scheduleMinimumStakeCall { minimumStake: 0 };
    refuse_all(&world, &[&world.cast.honest], world.suite.service.registry, &call).await
}
