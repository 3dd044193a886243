//! Flow 7: an operator leaves the service, which cannot keep it; it can be slashed until the end of the next epoch.

use arithmetic::wad;
use eyre::Result;
use interfaces::IDisputeResolution::{EvidenceExpired, challengeCall};
use interfaces::IRegistry::OperatorDeregistered;
use interfaces::ISlasher::SlashingAbilityRevoked;
use interfaces::{ILens, IRegistry, ISlasher};
use restake::chain::event;
use restake::verbs::operator;
use restake_tests::World;

/// The last second of the epoch after the one in which the chains of tests begin.
const UNTIL: u64 = 2_902 * 604_800 - 1;

#[tokio::test]
async fn deregistering_revokes_the_ability_to_slash_with_the_next_epoch() -> Result<()> {
    let world = World::new().await?;
    let (honest, slasher, service) = (&world.cast.honest, world.suite.slasher, world.suite.service);
    let (operator, service_manager) = (honest.address, service.service_manager);
    world.join(honest, wad::ONE).await?;

    let receipt = world.perform(honest, &operator::deregister(&service)).await?;

    let deregistered = OperatorDeregistered { operator };
    assert_eq!(event::<OperatorDeregistered>(&receipt, service.registry), Some(deregistered));
    let revoked = SlashingAbilityRevoked { operator, serviceManager: service_manager, canSlashUntil: UNTIL };
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

    let receipt = world.perform(honest, &operator::opt_out(&world.suite, service_manager)).await?;

    let revoked = SlashingAbilityRevoked { operator, serviceManager: service_manager, canSlashUntil: UNTIL };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, slasher), Some(revoked));
    world.chain.travel_to(UNTIL + 1).await?;
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
    world.perform(honest, &operator::opt_out(&world.suite, service.service_manager)).await?;
    world.chain.travel_to(UNTIL - 1).await?;
    world.perform(honest, &operator::deregister(&service)).await?;
    let grant = ILens::grantCall { operator: honest.address, serviceManager: service.service_manager };
    assert_eq!(world.chain.view(world.suite.lens, &grant).await?.canSlashUntil, UNTIL);
    Ok(())
}

/// The crooked operator gave two answers to a task and left in the same second, the last of an epoch. Returns the
/// proof, and the second.
async fn left() -> Result<(World, challengeCall, u64)> {
    let world = World::new().await?;
    let crooked = &world.cast.dishonest;
    world.join(crooked, wad::ONE).await?;
    let fault = 2_901 * 604_800 - 1;
    world.chain.travel_to(fault).await?;
    let (first, second) = (world.attest(crooked, 1).await?, world.attest(crooked, 2).await?);
    world.perform(crooked, &operator::deregister(&world.suite.service)).await?;
    let challenge = World::challenge_call(crooked.address, first, second);
    Ok((world, challenge, fault))
}

#[tokio::test]
async fn an_operator_that_left_is_slashed_for_what_it_did_until_the_last_second_of_the_evidence() -> Result<()> {
    let (world, challenge, fault) = left().await?;
    world.chain.travel_to(fault + 259_200).await?;
    world.challenge(&world.cast.challenger, &challenge).await?;
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_left_is_not_slashed_one_second_later() -> Result<()> {
    let (world, challenge, fault) = left().await?;
    world.chain.travel_to(fault + 259_201).await?;
    let expected = EvidenceExpired { deadline: fault + 259_200 };
    let disputes = world.suite.service.dispute_resolution;
    world.refuse_paying(&world.cast.challenger, disputes, &challenge, world.parameters.bond, &expected).await
}

#[tokio::test]
async fn the_ability_to_slash_outlasts_all_evidence_by_a_day_at_least() -> Result<()> {
    let (world, _, fault) = left().await?;
    let operator = world.dishonest();
    let call = ISlasher::canSlashCall { operator, serviceManager: world.suite.service.service_manager };
    world.chain.travel_to(fault + 259_200 + 86_400).await?;
    assert!(world.chain.view(world.suite.slasher, &call).await?);
    Ok(())
}
