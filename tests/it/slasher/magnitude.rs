//! The magnitude: it shrinks by what slashes take, is one again when nothing is granted, and does not get so small that
//! fractions of it mean nothing.

use super::services::{
    activate, cancel, commitment_of, end_grant, execute_now, freeze, grant, grant_shared, opt_in, opt_in_shared,
    pending, raise, release,
};
use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{MagnitudeDepleted, MagnitudeReset};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn a_slash_takes_its_part_of_the_magnitude_as_it_was_at_first() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    // Half of the budget, and half of what is left of it, and again: of ten tokens five, two and a half, one and a
    // quarter.
    let mut left = ether(10);
    for taken in [ether(5), ether(5) / 2, ether(5) / 4] {
        world.execute(&freeze(&world, service, operator, ONE / 2).await?).await?;
        left -= taken;
        assert_eq!(world.pool(operator.address).await?.0, left);
    }
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE / 8));
    Ok(())
}

#[tokio::test]
async fn stake_that_came_after_a_slash_bears_the_next_like_all_other_stake() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    world.execute(&freeze(&world, service, operator, ONE / 2).await?).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    // A quarter of the magnitude one is a half of what is left.
    world.execute(&freeze(&world, service, operator, ONE / 2).await?).await?;
    assert_eq!(world.position(operator.address, operator.address).await?.1, ether(5) / 2);
    assert_eq!(world.position(world.cast.alice.address, operator.address).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn the_magnitude_is_one_again_when_the_last_grant_is_released() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    world.execute(&freeze(&world, service, operator, ONE / 4).await?).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE / 4 * 3), "an ended grant that is not released");
    let receipt = world.act(operator, slasher, &release(operator, service)).await?;
    let reset = MagnitudeReset { operator: operator.address };
    assert_eq!(event::<MagnitudeReset>(&receipt, slasher), Some(reset));
    assert_eq!(commitment_of(&world, operator).await?, (0, ONE));
    grant(&world, operator, service, ONE).await
}

#[tokio::test]
async fn the_magnitude_is_one_again_when_a_slash_takes_the_last_of_a_budget() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    world.execute(&freeze(&world, service, operator, ONE).await?).await?;
    // The grant is there, with nothing in it.
    assert_eq!(commitment_of(&world, operator).await?, (0, ONE));
    world.act(operator, world.suite.slasher, &raise(service, ONE / 2)).await?;
    world.execute(&freeze(&world, service, operator, ONE).await?).await?;
    assert_eq!(world.pool(operator.address).await?.0, ether(10) / 4, "a half of the half");
    Ok(())
}

#[tokio::test]
async fn the_magnitude_is_not_one_again_while_anything_is_granted_or_announced() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    grant_shared(&world, operator, other, ONE / 2).await?;
    let receipt = world.execute(&freeze(&world, service, operator, ONE).await?).await?;
    assert_eq!(event::<MagnitudeReset>(&receipt, slasher), None);
    assert_eq!(
        commitment_of(&world, operator).await?,
        (ONE, ONE / 2),
        "what is announced is a half of the magnitude one"
    );
    let receipt = world.act(operator, slasher, &cancel(other)).await?;
    assert!(event::<MagnitudeReset>(&receipt, slasher).is_some());
    assert_eq!(commitment_of(&world, operator).await?, (0, ONE));
    Ok(())
}

/// The honest operator let the owner's account slash all but `left` (wad), which it can slash still: in several steps,
/// because no request leaves less than a hundredth of a budget.
async fn slashed_to(left: u64) -> Result<World> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    let mut magnitude = ONE;
    grant(&world, operator, service, magnitude / 100 * 98).await?;
    while magnitude / 50 > left {
        let attack = freeze(&world, service, operator, ONE / 100 * 99).await?;
        world.chain.travel_to(attack.executable_at).await?;
        magnitude -= execute_now(&world, &attack).await?.0;
        let budget = if magnitude / 50 > left { magnitude / 100 * 98 } else { magnitude };
        world.act(operator, world.suite.slasher, &raise(service, budget)).await?;
    }
    let attack = freeze(&world, service, operator, part(magnitude - left, magnitude)?).await?;
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!(execute_now(&world, &attack).await?, (magnitude - left, magnitude));
    Ok(world)
}

/// The part (wad) of a budget for which a request asks for `wad` of it.
fn part(wad: u64, budget: u64) -> Result<u64> {
    Ok(u64::try_from(u128::from(wad) * u128::from(ONE) / u128::from(budget))?)
}

#[tokio::test]
async fn at_a_millionth_of_the_magnitude_an_operator_takes_stake_grants_and_raises() -> Result<()> {
    let world = slashed_to(1_000_000_000_000).await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    world.stake(operator, ether(1), operator.address).await?;
    let shared = opt_in_shared(&world.cast.bob, 500_000_000_000);
    world.act(operator, slasher, &shared).await?;
    assert_eq!(commitment_of(&world, operator).await?, (ONE / 2 * 3, 1_000_000_000_000));
    Ok(())
}

#[tokio::test]
async fn below_a_millionth_of_the_magnitude_nothing_is_taken_until_it_is_one_again() -> Result<()> {
    let world = slashed_to(999_999_999_999).await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    let depleted = MagnitudeDepleted { operator: operator.address, magnitude: 999_999_999_999 };
    let idle = world.stake(alice, ether(1), Address::ZERO).await?;
    world.fund(alice, ether(1)).await?;
    world.refuse(alice, pool, &world.stake_call(ether(1), operator.address), &depleted).await?;
    world.refuse(alice, pool, &world.delegate_call(operator.address, idle), &depleted).await?;
    world.refuse(operator, slasher, &opt_in(&world.cast.bob, ONE / 100), &depleted).await?;
    world.refuse(operator, slasher, &raise(service, ONE), &depleted).await?;

    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(operator, slasher, &release(operator, service)).await?;
    world.act(alice, pool, &world.stake_call(ether(1), operator.address)).await?;
    world.act(alice, pool, &world.delegate_call(operator.address, idle)).await?;
    grant(&world, operator, service, ONE).await
}

#[tokio::test]
async fn nothing_that_was_announced_is_activated_below_a_millionth_of_the_magnitude() -> Result<()> {
    let world = slashed_to(2_000_000_000_000).await?;
    let (operator, service, other) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant_shared(&world, operator, other, 1_000_000_000_000).await?;
    let half = part(1_000_000_000_001, 2_000_000_000_000)?;
    world.execute(&freeze(&world, service, operator, half).await?).await?;
    let (_, effective_at) = pending(&world, operator, other).await?;
    world.chain.travel_to(effective_at).await?;
    let depleted = MagnitudeDepleted { operator: operator.address, magnitude: 999_999_999_999 };
    world.refuse(operator, world.suite.slasher, &activate(operator, other), &depleted).await
}

#[tokio::test]
async fn what_is_left_below_a_millionth_can_leave() -> Result<()> {
    let world = slashed_to(2_000_000_000_000).await?;
    let (operator, service, alice) = (&world.cast.honest, &world.cast.owner, &world.cast.alice);
    let shares = world.stake(alice, ether(1), operator.address).await?;
    let half = part(1_000_000_000_001, 2_000_000_000_000)?;
    world.execute(&freeze(&world, service, operator, half).await?).await?;
    assert_eq!(commitment_of(&world, operator).await?.1, 999_999_999_999);
    let release_epoch = world.queue(alice, operator.address, shares).await?;
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(operator.address, release_epoch, alice.address);
    world.act(alice, world.suite.token_pool, &complete).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ONE - half));
    Ok(())
}
