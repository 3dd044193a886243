//! What an operator has promised of its stake, by the Slasher's books.

use super::support::{EPOCH, freeze, grant, views};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::NotAContract;
use interfaces::IRisk::{exposureOfCall, exposureOfReturn, slasherCall};
use interfaces::ISlasher::{optIntoSlashingCall, optOutOfSlashingCall, releaseCommitmentCall};
use restake::actors::Actor;
use restake::suite::for_services;
use restake_tests::World;

async fn exposure(world: &World, risk: Address, operator: &Actor) -> Result<exposureOfReturn> {
    Ok(world.chain.view(risk, &exposureOfCall { operator: operator.address }).await?)
}

fn shown(guaranteed: u64, shared: u64, announced: u64, degree: u64, worst_loss: u64) -> exposureOfReturn {
    exposureOfReturn { guaranteed, shared, announced, degree, worstLoss: worst_loss }
}

fn same(found: &exposureOfReturn, expected: &exposureOfReturn) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
}

#[tokio::test]
async fn an_operator_shows_what_is_guaranteed_shared_announced_and_lost_at_worst() -> Result<()> {
    let world = World::new().await?;
    let (risk, operator) = (views(&world).await?, &world.cast.honest);
    same(&exposure(&world, risk, operator).await?, &shown(0, 0, 0, 0, 0));
    grant(&world, operator, world.cast.owner.address, ONE / 2, true).await?;
    same(&exposure(&world, risk, operator).await?, &shown(ONE / 2, 0, 0, ONE / 2, ONE / 2));
    grant(&world, operator, world.cast.bob.address, ONE, false).await?;
    // Half of it is beside the exclusive tier: shared budgets take no more than that together.
    same(&exposure(&world, risk, operator).await?, &shown(ONE / 2, ONE / 2, 0, ONE + ONE / 2, ONE));
    let more = optIntoSlashingCall { serviceManager: world.cast.fund.address, budget: ONE / 4, exclusive: false };
    world.act(operator, world.suite.slasher, &more).await?;
    same(&exposure(&world, risk, operator).await?, &shown(ONE / 2, ONE / 2, ONE / 4, ONE + ONE / 2, ONE));
    Ok(())
}

#[tokio::test]
async fn what_was_slashed_is_gone_and_the_rest_is_a_larger_part_of_what_is_left() -> Result<()> {
    let world = World::new().await?;
    let (risk, operator, service) = (views(&world).await?, &world.cast.honest, &world.cast.owner);
    grant(&world, operator, service.address, ONE / 5 * 2, true).await?;
    grant(&world, operator, world.cast.bob.address, ONE / 5 * 2, true).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    // An open request is a part of what can be taken.
    same(&exposure(&world, risk, operator).await?, &shown(ONE / 5 * 4, 0, 0, ONE / 5 * 4, ONE / 5 * 4));
    world.execute(&attack).await?;
    // 0.2 of one is gone; 0.6 of the 0.8 that are left can be taken.
    same(&exposure(&world, risk, operator).await?, &shown(ONE / 4 * 3, 0, 0, ONE / 4 * 3, ONE / 4 * 3));
    Ok(())
}

#[tokio::test]
async fn an_ended_grant_is_a_part_of_what_can_be_taken_until_it_is_released() -> Result<()> {
    let world = World::new().await?;
    let (risk, operator, service) = (views(&world).await?, &world.cast.honest, world.cast.owner.address);
    grant(&world, operator, service, ONE / 2, true).await?;
    world.act(operator, world.suite.slasher, &optOutOfSlashingCall { serviceManager: service }).await?;
    same(&exposure(&world, risk, operator).await?, &shown(ONE / 2, 0, 0, ONE / 2, ONE / 2));
    world.chain.travel_to((world.chain.now().await? / EPOCH + 2) * EPOCH).await?;
    let release = releaseCommitmentCall { operator: operator.address, serviceManager: service };
    world.act(operator, world.suite.slasher, &release).await?;
    same(&exposure(&world, risk, operator).await?, &shown(0, 0, 0, 0, 0));
    Ok(())
}

#[tokio::test]
async fn the_views_read_the_books_of_the_slasher_that_they_were_constructed_with() -> Result<()> {
    let world = World::new().await?;
    let risk = views(&world).await?;
    assert_eq!(world.chain.view(risk, &slasherCall {}).await?, world.suite.slasher);
    let (programs, owner) = (restake_tests::programs::for_services().await?, world.cast.owner.address);
    let refused = for_services::risk(&world.chain, owner, programs, world.cast.bob.address).await;
    let why = format!("{:#}", refused.unwrap_err());
    assert!(why.contains(&format!("{:?}", NotAContract { account: world.cast.bob.address })), "{why}");
    Ok(())
}
