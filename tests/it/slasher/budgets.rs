//! Budgets: what a service requests in all stays within what it was granted.

use super::services::{end_grant, freeze, grant, grant_of, opt_in, release, request, request_of, status_of};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{AlreadyOptedIn, NotOptedIn, SlashBudgetExhausted};
use restake_tests::World;

#[tokio::test]
async fn a_request_larger_than_the_rest_of_the_budget_takes_the_rest() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    // 30 % granted, 20 % used, 20 % asked for: 10 % left to take.
    grant(&world, operator, service, ONE / 10 * 3).await?;
    freeze(&world, service, operator, ONE / 10 * 2).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 10);
    let second = freeze(&world, service, operator, ONE / 10 * 2).await?;
    assert_eq!(request_of(&world, second.request_id).await?.wad, ONE / 10);
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, 0);
    assert_eq!(status_of(&world, operator).await?.commitment, 0);
    Ok(())
}

#[tokio::test]
async fn a_used_up_budget_allows_no_request() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse(service, world.suite.slasher, &request(&world, operator, 1), &exhausted).await?;
    world.execute(&attack).await?;
    world.refuse(service, world.suite.slasher, &request(&world, operator, 1), &exhausted).await
}

#[tokio::test]
async fn a_service_cannot_use_the_budget_of_another() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, service, ONE / 4).await?;
    grant(&world, operator, other, ONE).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    assert_eq!(request_of(&world, attack.request_id).await?.wad, ONE / 4);
    assert_eq!(grant_of(&world, operator, other).await?.maxSlash, ONE);
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse(service, world.suite.slasher, &request(&world, operator, 1), &exhausted).await
}

#[tokio::test]
async fn a_used_up_budget_is_renewed_by_a_new_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    world.execute(&freeze(&world, service, operator, ONE / 2).await?).await?;
    world.refuse(operator, world.suite.slasher, &opt_in(service, ONE), &AlreadyOptedIn {}).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    grant(&world, operator, service, ONE / 4).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 4);
    Ok(())
}

#[tokio::test]
async fn a_used_up_budget_leaves_no_commitment_to_release() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    freeze(&world, service, operator, ONE / 2).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    let nothing = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, world.suite.slasher, &release(operator, service), &nothing).await
}
