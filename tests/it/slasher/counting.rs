//! What a service counts of the stake of an operator: what it can take, in the exclusive tier; what it may come too
//! late for, in the shared one.

use super::services::{
    activate, commitment_of, end_grant, execute_now, freeze, freeze_own, grant, grant_shared, guarantee_of, pending,
    raise,
};
use arithmetic::wad::ONE;
use eyre::Result;
use restake::actors::Actor;
use restake_tests::{World, ether};

#[tokio::test]
async fn a_service_of_the_exclusive_tier_counts_its_budget_whatever_others_are_granted() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 4).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (ONE / 4, 0, ONE, 0));
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    grant_shared(&world, operator, &world.cast.accuser, ONE).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (ONE / 4, 0, ONE, 0));
    assert_eq!(guarantee_of(&world, operator, &world.cast.bob).await?, (ONE / 2, 0, ONE, 0));
    Ok(())
}

#[tokio::test]
async fn the_counted_budgets_of_the_exclusive_tier_are_nobody_elses() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let services: [(&Actor, u64); 3] =
        [(&world.cast.owner, ONE / 2), (&world.cast.bob, ONE / 4), (&world.cast.accuser, ONE / 4)];
    for (service, budget) in services {
        grant(&world, operator, service, budget).await?;
    }
    let mut counted = 0;
    for (service, _) in services {
        counted += guarantee_of(&world, operator, service).await?.0;
    }
    assert_eq!(counted, ONE);
    Ok(())
}

#[tokio::test]
async fn a_service_of_the_shared_tier_sees_what_the_exclusive_one_leaves() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, &world.cast.bob, ONE / 4 * 3).await?;
    grant_shared(&world, operator, service, ONE).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (0, ONE / 4, ONE, 0));
    // Where it fits it sees its budget.
    drop(world);
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, &world.cast.bob, ONE / 4).await?;
    grant_shared(&world, operator, service, ONE / 2).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (0, ONE / 2, ONE, 0));
    Ok(())
}

#[tokio::test]
async fn open_shared_requests_of_others_are_not_seen_by_a_shared_service_and_its_own_are() -> Result<()> {
    let world = World::new().await?;
    let (operator, first, second, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    grant(&world, operator, &world.cast.accuser, ONE / 2).await?;
    grant_shared(&world, operator, first, ONE / 2).await?;
    grant_shared(&world, operator, second, ONE / 2).await?;
    let (_, effective_at) = pending(&world, operator, second).await?;
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, 0, ONE, 0), "announced");
    world.chain.travel_to(effective_at).await?;
    world.act(operator, slasher, &activate(operator, second)).await?;
    assert_eq!(guarantee_of(&world, operator, first).await?, (0, ONE / 2, ONE, 0));
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, ONE / 2, ONE, 0));
    let attack = freeze(&world, first, operator, ONE / 2).await?;
    assert_eq!(guarantee_of(&world, operator, first).await?, (0, ONE / 4, ONE, ONE / 4));
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, ONE / 4, ONE, 0));
    assert_eq!(guarantee_of(&world, operator, &world.cast.accuser).await?, (ONE / 2, 0, ONE, 0));
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!(execute_now(&world, &attack).await?, (ONE / 4, ONE));
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, ONE / 4, ONE / 4 * 3, 0));
    assert_eq!(guarantee_of(&world, operator, &world.cast.accuser).await?, (ONE / 2, 0, ONE / 4 * 3, 0));
    Ok(())
}

#[tokio::test]
async fn a_request_is_taken_off_what_its_own_service_counts_and_comes_back_with_a_veto() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, other, ONE / 2).await?;
    let attack = freeze_own(&world, service, operator, ONE / 2).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (ONE / 4, 0, ONE, ONE / 4));
    assert_eq!(guarantee_of(&world, operator, other).await?, (ONE / 2, 0, ONE, 0), "nothing changes for another");
    world.act(service, world.suite.slasher, &attack.veto()).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (ONE / 2, 0, ONE, 0));
    Ok(())
}

#[tokio::test]
async fn ended_grants_and_announced_raises_count_nothing() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    world.act(operator, slasher, &raise(service, ONE)).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (ONE / 2, 0, ONE, 0), "the raise is announced");
    end_grant(&world, operator, service).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (0, 0, ONE, 0), "it can slash, and counts nothing");
    freeze(&world, service, operator, ONE / 2).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (0, 0, ONE, ONE / 4), "its request is shown");
    assert_eq!(guarantee_of(&world, operator, other).await?, (0, 0, ONE, 0), "never granted");
    Ok(())
}

#[tokio::test]
async fn a_budget_is_the_same_part_of_the_stake_as_it_was_after_others_slashed() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, service, ONE / 4).await?;
    grant(&world, operator, other, ONE / 2).await?;
    // It counts a quarter of a hundred.
    world.execute(&freeze(&world, other, operator, ONE).await?).await?;
    assert_eq!(guarantee_of(&world, operator, service).await?, (ONE / 4, 0, ONE / 2, 0));
    assert_eq!(world.pool(operator.address).await?.0, ether(50), "a quarter of one half: still twenty-five");
    assert_eq!(commitment_of(&world, operator).await?, (ONE / 2, ONE / 2), "and everybody who stakes sees a half");
    world.execute(&freeze(&world, service, operator, ONE).await?).await?;
    assert_eq!(world.pool(operator.address).await?.0, ether(25));
    Ok(())
}
