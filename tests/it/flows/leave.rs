//! Flow 7: an operator leaves the service, which cannot keep it; it can be slashed for one more epoch.

use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad;
use eyre::Result;
use interfaces::IRegistry::OperatorDeregistered;
use interfaces::ISlasher::{CannotSlash, SlashingAbilityRevoked, StakeUpdateRecorded};
use interfaces::{IRegistry, ISlasher};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn deregistering_revokes_the_ability_to_slash_one_epoch_later() -> Result<()> {
    let world = World::new().await?;
    let (honest, slasher, service) = (&world.cast.honest, world.suite.slasher, world.suite.service);
    let (operator, service_manager) = (honest.address, service.service_manager);
    world.join(honest, wad::ONE).await?;

    let receipt = world.act(honest, service.registry, &IRegistry::deregisterOperatorCall {}).await?;

    let until = world.chain.now().await? + EPOCH_SECONDS;
    let deregistered = OperatorDeregistered { operator };
    assert_eq!(event::<OperatorDeregistered>(&receipt, service.registry), Some(deregistered));
    let recorded = StakeUpdateRecorded { operator, serviceManager: service_manager, serveUntil: until };
    assert_eq!(event::<StakeUpdateRecorded>(&receipt, slasher), Some(recorded));
    let revoked = SlashingAbilityRevoked { operator, serviceManager: service_manager, canSlashUntil: until };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, slasher), Some(revoked));
    assert!(!world.chain.view(service.registry, &IRegistry::isRegisteredCall { operator }).await?);
    Ok(())
}

#[tokio::test]
async fn an_operator_opts_out_by_itself_without_the_service() -> Result<()> {
    let world = World::new().await?;
    let (honest, slasher) = (&world.cast.honest, world.suite.slasher);
    let (operator, service_manager) = (honest.address, world.suite.service.service_manager);
    world.join(honest, wad::ONE).await?;

    let opt_out = ISlasher::optOutOfSlashingCall { serviceManager: service_manager };
    let receipt = world.act(honest, slasher, &opt_out).await?;

    let until = world.chain.now().await? + EPOCH_SECONDS;
    let revoked = SlashingAbilityRevoked { operator, serviceManager: service_manager, canSlashUntil: until };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, slasher), Some(revoked));
    world.chain.travel_to(until + 1).await?;
    let can_slash = ISlasher::canSlashCall { operator, serviceManager: service_manager };
    assert!(!world.chain.view(slasher, &can_slash).await?);
    // The service's books still say that it serves: that binds nobody.
    assert!(world.chain.view(world.suite.service.registry, &IRegistry::isRegisteredCall { operator }).await?);
    Ok(())
}

#[tokio::test]
async fn deregistering_later_does_not_extend_what_the_operator_ended_itself() -> Result<()> {
    let world = World::new().await?;
    let (honest, service) = (&world.cast.honest, world.suite.service);
    world.join(honest, wad::ONE).await?;
    let opt_out = ISlasher::optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(honest, world.suite.slasher, &opt_out).await?;
    let until = world.chain.now().await? + EPOCH_SECONDS;
    world.chain.travel_to(until - 1).await?;
    world.act(honest, service.registry, &IRegistry::deregisterOperatorCall {}).await?;
    let grant = ISlasher::grantCall { operator: honest.address, serviceManager: service.service_manager };
    assert_eq!(world.chain.view(world.suite.slasher, &grant).await?.canSlashUntil, until);
    Ok(())
}

/// The crooked operator has left. Returns the last second at which it can be slashed.
async fn left() -> Result<(World, u64)> {
    let world = World::new().await?;
    let crooked = &world.cast.dishonest;
    world.join(crooked, wad::ONE).await?;
    world.act(crooked, world.suite.service.registry, &IRegistry::deregisterOperatorCall {}).await?;
    let until = world.chain.now().await? + EPOCH_SECONDS;
    Ok((world, until))
}

#[tokio::test]
async fn an_operator_that_left_can_be_slashed_in_the_last_second_of_its_epoch() -> Result<()> {
    let (world, until) = left().await?;
    world.chain.travel_to(until).await?;
    world.freeze(&world.cast.dishonest).await?;
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_left_cannot_be_slashed_one_second_later() -> Result<()> {
    let (world, until) = left().await?;
    let (crooked, operator) = (&world.cast.dishonest, world.dishonest());
    world.chain.travel_to(until + 1).await?;
    let challenge = World::challenge_call(operator, world.attest(crooked, 1).await?, world.attest(crooked, 2).await?);
    let expected = CannotSlash { operator, canSlashUntil: until };
    let disputes = world.suite.service.dispute_resolution;
    world.refuse_paying(&world.cast.challenger, disputes, &challenge, world.parameters.bond, &expected).await
}
