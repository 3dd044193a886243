//! The two tiers: what the exclusive one holds nobody else takes; the shared one takes what is beside it.

use super::services::{
    activate, can_slash, clear, commitment_of, execute_now, freeze, freeze_own, grant, grant_shared, guarantee_of,
    opt_in, pending, pending_slash, raise,
};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{ExclusiveTierFull, GrantNotLapsed, optOutOfSlashingCall};
use interfaces::IStrategyManager::{OperatorIsFrozen, PoolSlashed};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn exclusive_budgets_never_exceed_the_magnitude() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    grant(&world, operator, &world.cast.owner, ONE / 10 * 9).await?;
    let full = ExclusiveTierFull { size: 1_000_000_000_000_000_001, magnitude: 1_000_000_000_000_000_000 };
    world.refuse(operator, slasher, &opt_in(&world.cast.bob, ONE / 10 + 1), &full).await?;
    grant(&world, operator, &world.cast.bob, ONE / 10).await?;
    let full = ExclusiveTierFull { size: ONE + ONE / 10, magnitude: ONE };
    world.refuse(operator, slasher, &raise(&world.cast.owner, ONE), &full).await
}

#[tokio::test]
async fn what_is_announced_takes_room_in_the_exclusive_tier() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    grant(&world, operator, &world.cast.owner, ONE / 4).await?;
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    let full = ExclusiveTierFull { size: ONE + 1, magnitude: ONE };
    world.refuse(operator, slasher, &opt_in(&world.cast.accuser, ONE / 4 + 1), &full).await?;
    grant(&world, operator, &world.cast.accuser, ONE / 4).await
}

#[tokio::test]
async fn the_exclusive_tier_has_room_for_a_hundred_services() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    for index in 1..=100 {
        world.act(operator, slasher, &World::grant_call(Address::repeat_byte(index), ONE / 100)).await?;
    }
    let full = ExclusiveTierFull { size: ONE + ONE / 100, magnitude: ONE };
    let one_more = World::grant_call(Address::repeat_byte(101), ONE / 100);
    world.refuse(operator, slasher, &one_more, &full).await?;
    // None of them keeps it from leaving the others.
    let opt_out = optOutOfSlashingCall { serviceManager: Address::repeat_byte(50) };
    world.act(operator, slasher, &opt_out).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_slashed_is_gone_from_the_room_of_the_exclusive_tier() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 10 * 8).await?;
    let attack = freeze(&world, service, operator, ONE / 1_000 * 625).await?;
    // Nothing is granted while it is frozen; afterwards what was taken is gone from the magnitude as well.
    let frozen = OperatorIsFrozen { operator: operator.address };
    world.refuse(operator, slasher, &opt_in(&world.cast.bob, ONE / 10 * 2), &frozen).await?;
    world.execute(&attack).await?;
    assert_eq!(commitment_of(&world, operator).await?, (ONE / 10 * 6, ONE / 2), "three tenths of a half");
    let full = ExclusiveTierFull { size: ONE / 2 + 1, magnitude: ONE / 2 };
    world.refuse(operator, slasher, &opt_in(&world.cast.bob, ONE / 10 * 2 + 1), &full).await?;
    grant(&world, operator, &world.cast.bob, ONE / 10 * 2).await
}

#[tokio::test]
async fn what_was_announced_fits_again_when_it_is_activated_or_it_lapses() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    let (exclusive, shared, late) = (&world.cast.owner, &world.cast.bob, &world.cast.accuser);
    grant(&world, operator, exclusive, ONE / 2).await?;
    grant_shared(&world, operator, shared, ONE / 2).await?;
    grant(&world, operator, late, ONE / 2).await?;
    // The shared half is gone before the notice ends: what is announced would have to come out of the exclusive half.
    world.execute(&freeze(&world, shared, operator, ONE).await?).await?;
    let (_, effective_at) = pending(&world, operator, late).await?;
    world.chain.travel_to(effective_at).await?;
    let full = ExclusiveTierFull { size: ONE, magnitude: ONE / 2 };
    world.refuse(operator, slasher, &activate(operator, late), &full).await?;
    let lapses_at = effective_at + 604_800;
    let kept = GrantNotLapsed { lapsesAt: lapses_at };
    world.refuse(operator, slasher, &clear(operator, late), &kept).await?;
    world.chain.travel_to(lapses_at).await?;
    world.act(&world.cast.alice, slasher, &clear(operator, late)).await?;
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE / 2));
    Ok(())
}

#[tokio::test]
async fn a_shared_request_takes_nothing_of_what_the_exclusive_tier_holds() -> Result<()> {
    let world = World::new().await?;
    let (operator, exclusive, shared) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, exclusive, ONE / 4 * 3).await?;
    grant_shared(&world, operator, shared, ONE).await?;
    let attack = freeze(&world, shared, operator, ONE).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE / 4, "that is all that it will take");
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!(execute_now(&world, &attack).await?, (ONE / 4, ONE));
    assert_eq!(world.pool(operator.address).await?.0, ether(75));
    let attack = freeze(&world, exclusive, operator, ONE).await?;
    world.execute(&attack).await?;
    assert_eq!(world.pool(operator.address).await?.0, 0);
    Ok(())
}

#[tokio::test]
async fn a_shared_request_that_finds_nothing_left_only_closes() -> Result<()> {
    let world = World::new().await?;
    let (operator, exclusive, shared) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, exclusive, ONE).await?;
    grant_shared(&world, operator, shared, ONE).await?;
    let attack = freeze(&world, shared, operator, ONE).await?;
    let receipt = world.execute(&attack).await?;
    assert_eq!(event::<PoolSlashed>(&receipt, world.suite.strategy_manager), None);
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(world.pool(operator.address).await?.0, ether(100));
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE), "its budget is used up all the same");
    Ok(())
}

#[tokio::test]
async fn shared_requests_take_in_their_order_what_is_there() -> Result<()> {
    let world = World::new().await?;
    let (operator, first, second) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(operator, ether(100), operator.address).await?;
    grant_shared(&world, operator, first, ONE / 4 * 3).await?;
    grant_shared(&world, operator, second, ONE / 4 * 3).await?;
    let (_, effective_at) = pending(&world, operator, second).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(operator, world.suite.slasher, &activate(operator, second)).await?;
    let requests = [freeze(&world, first, operator, ONE).await?, freeze(&world, second, operator, ONE).await?];
    assert_eq!(pending_slash(&world, operator).await?, ONE);
    world.chain.travel_to(requests[0].executable_at).await?;
    assert_eq!(execute_now(&world, &requests[0]).await?, (ONE / 4 * 3, ONE));
    assert_eq!(execute_now(&world, &requests[1]).await?, (ONE / 4, ONE / 4), "pooled security, and said so");
    assert_eq!(world.pool(operator.address).await?.0, 0);
    Ok(())
}

#[tokio::test]
async fn a_shared_request_that_was_vetoed_or_expired_is_gone_from_what_others_see() -> Result<()> {
    let world = World::new().await?;
    let (operator, first, second, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    grant(&world, operator, &world.cast.accuser, ONE / 2).await?;
    grant_shared(&world, operator, first, ONE / 2).await?;
    grant_shared(&world, operator, second, ONE / 2).await?;
    let (_, effective_at) = pending(&world, operator, second).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(operator, slasher, &activate(operator, second)).await?;
    let vetoed = freeze_own(&world, first, operator, ONE / 2).await?;
    let expired = freeze_own(&world, first, operator, ONE).await?;
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, 0, ONE, 0));
    world.act(first, slasher, &vetoed.veto()).await?;
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, ONE / 4, ONE, 0));
    assert_eq!(pending_slash(&world, operator).await?, ONE / 4);
    world.chain.travel_to(expired.executable_at + 604_800).await?;
    world.act(first, slasher, &expired.expiry()).await?;
    assert_eq!(guarantee_of(&world, operator, second).await?, (0, ONE / 2, ONE, 0));
    assert_eq!(pending_slash(&world, operator).await?, 0);
    // And the exclusive tier has its room again.
    assert_eq!(commitment_of(&world, operator).await?, (ONE / 2 * 3, ONE));
    Ok(())
}

#[tokio::test]
async fn an_exclusive_grant_of_ones_own_in_front_of_a_shared_request_waits_for_a_notice() -> Result<()> {
    let world = World::new().await?;
    let (operator, shared, own) = (&world.cast.dishonest, &world.cast.owner, &world.cast.accuser);
    world.stake(operator, ether(32), operator.address).await?;
    grant_shared(&world, operator, shared, ONE).await?;
    // Nobody else's stake is there, so without a shared budget this would be in force at once.
    grant(&world, operator, own, ONE).await?;
    assert!(!can_slash(&world, operator, own).await?);
    assert_eq!(guarantee_of(&world, operator, shared).await?, (0, ONE, ONE, 0), "what is announced takes nothing yet");
    let attack = freeze(&world, shared, operator, ONE / 2).await?;
    let frozen = OperatorIsFrozen { operator: operator.address };
    world.chain.travel_to(attack.executable_at).await?;
    world.refuse(own, world.suite.slasher, &activate(operator, own), &frozen).await?;
    world.execute_now(&attack).await?;
    assert_eq!(world.pool(operator.address).await?.0, ether(16));
    Ok(())
}
