//! Budgets: what a service requests in all stays within what it was granted, and no request is too small to matter.

use super::services::{
    activate, budget_of, commitment_of, end_grant, freeze, freeze_own, grant, grant_of, opt_in, pending, pending_slash,
    raise, release, request, request_of,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{AlreadyOptedIn, CommitmentReleased, SlashBudgetExhausted};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn a_request_asks_for_a_part_of_what_is_left_of_the_budget() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 10 * 4).await?;
    let half = freeze(&world, service, operator, ONE / 2).await?;
    assert_eq!(request_of(&world, half.request_id).await?.wad, ONE / 10 * 2);
    let quarter = freeze(&world, service, operator, ONE / 2).await?;
    assert_eq!(request_of(&world, quarter.request_id).await?.wad, ONE / 10);
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.budget, noted.fullBudget, noted.pending), (ONE / 10, ONE / 10 * 4, ONE / 10 * 3));
    assert_eq!(commitment_of(&world, operator).await?, (ONE / 10 * 4, ONE), "budget and open requests");
    Ok(())
}

#[tokio::test]
async fn a_part_of_a_budget_is_rounded_up() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2 + 1).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    assert_eq!(request_of(&world, attack.request_id).await?.wad, ONE / 4 + 1);
    Ok(())
}

#[tokio::test]
async fn a_used_up_budget_allows_no_request() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
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
    grant(&world, operator, other, ONE / 2).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    assert_eq!(request_of(&world, attack.request_id).await?.wad, ONE / 4);
    assert_eq!(budget_of(&world, operator, other).await?, ONE / 2);
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse(service, world.suite.slasher, &request(&world, operator, 1), &exhausted).await
}

#[tokio::test]
async fn a_used_up_budget_is_renewed_by_a_raise() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    world.execute(&freeze(&world, service, operator, ONE).await?).await?;
    world.refuse(operator, world.suite.slasher, &opt_in(service, ONE / 4), &AlreadyOptedIn {}).await?;
    world.act(operator, world.suite.slasher, &raise(service, ONE / 4)).await?;
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.budget, noted.fullBudget), (ONE / 4, ONE / 4));
    Ok(())
}

#[tokio::test]
async fn a_used_up_grant_is_released_like_any_other() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    world.execute(&freeze(&world, service, operator, ONE).await?).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    let receipt = world.act(operator, slasher, &release(operator, service)).await?;
    let released = CommitmentReleased { operator: operator.address, serviceManager: service.address, budget: 0 };
    assert_eq!(event::<CommitmentReleased>(&receipt, slasher), Some(released));
    Ok(())
}

#[tokio::test]
async fn a_request_takes_at_least_a_hundredth_of_the_budget_as_it_came_into_force() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    // One wad of everything, and one wad of what is left: one of a hundred tokens each.
    let first = freeze(&world, service, operator, 1).await?;
    assert_eq!(request_of(&world, first.request_id).await?.wad, 10_000_000_000_000_000);
    freeze(&world, service, operator, ONE / 2).await?;
    let third = freeze(&world, service, operator, 1).await?;
    assert_eq!(request_of(&world, third.request_id).await?.wad, 10_000_000_000_000_000);
    world.execute(&first).await?;
    assert_eq!(world.pool(operator.address).await?.0, ether(99));
    Ok(())
}

#[tokio::test]
async fn a_hundred_requests_at_most_use_up_a_budget_and_the_last_takes_the_rest() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    // A hundredth is rounded up: a hundredth request would find less.
    grant(&world, operator, service, ONE / 2 + 1).await?;
    for _ in 0..98 {
        freeze(&world, service, operator, 1).await?;
    }
    let last = freeze(&world, service, operator, 1).await?;
    assert_eq!(request_of(&world, 0).await?.wad, ONE / 200 + 1);
    assert_eq!(request_of(&world, last.request_id).await?.wad, ONE / 100 - 97);
    assert_eq!(pending_slash(&world, operator).await?, ONE / 2 + 1);
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse(service, world.suite.slasher, &request(&world, operator, ONE), &exhausted).await
}

#[tokio::test]
async fn vetoes_never_split_a_budget_into_requests_without_number() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    // All but one wad, then that one, and the first is taken back: every round would leave one more request open.
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    for round in 0..3 {
        let attack = freeze_own(&world, service, operator, ONE - 1).await?;
        assert_eq!((attack.request_id, request_of(&world, round).await?.wad), (round, ONE), "the rest goes with it");
        world.refuse(service, world.suite.slasher, &request(&world, operator, 1), &exhausted).await?;
        world.act(service, world.suite.slasher, &attack.veto()).await?;
    }
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.budget, noted.pending), (ONE, 0));
    Ok(())
}

#[tokio::test]
async fn the_smallest_request_follows_a_raise() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 100).await?;
    let small = freeze(&world, service, operator, 1).await?;
    assert_eq!(request_of(&world, small.request_id).await?.wad, ONE / 10_000);
    world.execute(&small).await?;
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    world.act(operator, world.suite.slasher, &raise(service, ONE / 2)).await?;
    let announced = freeze(&world, service, operator, 1).await?;
    assert_eq!(request_of(&world, announced.request_id).await?.wad, ONE / 10_000, "not before it is in force");
    world.execute(&announced).await?;
    let (_, effective_at) = pending(&world, operator, service).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(operator, world.suite.slasher, &activate(operator, service)).await?;
    let large = freeze(&world, service, operator, 1).await?;
    // The raise was to a half of what was left then; one small request came between.
    let full = grant_of(&world, operator, service).await?.fullBudget;
    assert_eq!(full, ONE / 2 - ONE / 10_000);
    assert_eq!(request_of(&world, large.request_id).await?.wad, full / 100);
    Ok(())
}
