//! Opening slash requests.

use super::services::{end_grant, freeze, grant, kept, request, status_of};
use alloy::primitives::{Address, keccak256};
use alloy::sol_types::SolValue;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::ISlasher::{
    self, CannotSlash, ChallengerShareTooHigh, InvalidWad, OperatorFrozen, SlashRequest, SlashRequested,
    freezeOperatorCall,
};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn a_request_freezes_the_operator_and_can_be_executed_two_days_later() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let now = world.chain.now().await?;

    let receipt = world.act(service, slasher, &request(&world, operator, ONE / 4)).await?;

    let frozen = OperatorFrozen { operator: operator.address, serviceManager: service.address };
    assert_eq!(event::<OperatorFrozen>(&receipt, slasher), Some(frozen));
    let request = SlashRequest {
        operator: operator.address,
        serviceManager: service.address,
        wad: ONE / 4,
        exclusive: true,
        challenger: world.cast.challenger.address,
        challengerShare: ONE / 10,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
        executableAt: now + 172_800,
        pausedBefore: 0,
    };
    assert_eq!(kept(&world, 0).await?, keccak256(request.abi_encode()), "all that is kept");
    let requested =
        SlashRequested { requestId: 0, operator: operator.address, serviceManager: service.address, request };
    assert_eq!(event::<SlashRequested>(&receipt, slasher), Some(requested));
    let status = status_of(&world, operator).await?;
    assert_eq!((status.openRequests, status.frozenSince), (1, now));
    assert!(world.is_frozen(operator.address).await?);
    assert!(!world.is_frozen(world.dishonest()).await?, "nobody else is");
    Ok(())
}

#[tokio::test]
async fn requests_are_numbered_from_zero() -> Result<()> {
    let world = World::new().await?;
    grant(&world, &world.cast.honest, &world.cast.owner, ONE).await?;
    grant(&world, &world.cast.dishonest, &world.cast.bob, ONE).await?;
    assert_eq!(freeze(&world, &world.cast.owner, &world.cast.honest, 1).await?.request_id, 0);
    assert_eq!(freeze(&world, &world.cast.bob, &world.cast.dishonest, 1).await?.request_id, 1);
    assert_eq!(freeze(&world, &world.cast.owner, &world.cast.honest, 1).await?.request_id, 2);
    assert_eq!(world.chain.view(world.suite.slasher, &ISlasher::requestCountCall {}).await?, 3);
    Ok(())
}

#[tokio::test]
async fn a_service_without_a_grant_cannot_freeze() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, &world.cast.owner, ONE).await?;
    let refusal = CannotSlash { operator: operator.address, canSlashUntil: 0 };
    world.refuse(&world.cast.bob, world.suite.slasher, &request(&world, operator, ONE), &refusal).await
}

#[tokio::test]
async fn a_service_can_freeze_in_the_last_second_of_its_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    freeze(&world, service, operator, ONE).await?;
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn a_service_cannot_freeze_after_its_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    let refusal = CannotSlash { operator: operator.address, canSlashUntil: until };
    world.refuse(service, world.suite.slasher, &request(&world, operator, ONE), &refusal).await
}

#[tokio::test]
async fn a_request_names_a_challenger_and_a_recipient() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let good = request(&world, operator, ONE);
    let nobody = freezeOperatorCall { challenger: Address::ZERO, ..good.clone() };
    world.refuse(service, slasher, &nobody, &ZeroAddress {}).await?;
    let nowhere = freezeOperatorCall { recipient: Address::ZERO, ..good };
    world.refuse(service, slasher, &nowhere, &ZeroAddress {}).await
}

#[tokio::test]
async fn a_request_is_above_zero_and_at_most_everything() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    world.refuse(service, slasher, &request(&world, operator, 0), &InvalidWad { wad: 0 }).await?;
    world.refuse(service, slasher, &request(&world, operator, ONE + 1), &InvalidWad { wad: ONE + 1 }).await?;
    freeze(&world, service, operator, ONE).await?;
    Ok(())
}

#[tokio::test]
async fn a_challenger_is_promised_a_tenth_at_most() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let share = ONE / 10 + 1;
    let greedy = freezeOperatorCall { challengerShare: share, ..request(&world, operator, ONE) };
    let refusal = ChallengerShareTooHigh { share, limit: ONE / 10 };
    world.refuse(service, slasher, &greedy, &refusal).await?;
    let modest = freezeOperatorCall { challengerShare: ONE / 10, ..greedy };
    world.act(service, slasher, &modest).await?;
    Ok(())
}
