//! In a run everybody waits at most 100 / limit - 1 epochs beyond the release, whatever anyone else does: with the
//! smallest limit, nine.

use super::account_service::{grant_everything, slash};
use super::slashed_funds::take_turn;
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ITokenPool::{WithdrawalDeferred, queueWithdrawalCall};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

/// A tenth of what is owed may leave per epoch.
async fn limited() -> Result<World> {
    let world = World::new().await?;
    world.set_limits(ether(10_000), 100, 10).await?;
    Ok(world)
}

/// `staker` queues `amount` of its idle stake. Returns its release and its turn.
async fn leave(world: &World, staker: &Actor, amount: u128) -> Result<(u64, u64)> {
    let (shares, assets) = world.position(staker.address, Address::ZERO).await?;
    assert_eq!(shares % assets, 0, "the price is one");
    queue(world, staker, Address::ZERO, shares / assets * amount).await
}

async fn queue(world: &World, staker: &Actor, operator: Address, shares: u128) -> Result<(u64, u64)> {
    let call = queueWithdrawalCall { token: world.token(), operator, shares };
    let receipt = world.act(staker, world.suite.token_pool, &call).await?;
    let release = epoch::start(world.release_epoch().await?);
    let deferred = event::<WithdrawalDeferred>(&receipt, world.suite.token_pool);
    Ok((release, deferred.map_or(release, |deferred| deferred.readyAt)))
}

#[tokio::test]
async fn the_last_of_a_run_waits_nine_epochs_also_if_the_pool_grew_twentyfold_on_the_way() -> Result<()> {
    let world = limited().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    world.stake(alice, ether(50), Address::ZERO).await?;
    let (release, ready_at) = leave(&world, alice, ether(50)).await?;
    assert_eq!(ready_at, release + 9 * EPOCH_SECONDS, "50 of 50");
    world.stake(bob, ether(950), Address::ZERO).await?;
    let (_, ready_at) = leave(&world, bob, ether(950)).await?;
    assert_eq!(ready_at, release + 9 * EPOCH_SECONDS, "950 of 1,000, and not 18 epochs");
    Ok(())
}

#[tokio::test]
async fn a_base_unit_queued_right_after_a_listing_keeps_nobody_waiting() -> Result<()> {
    let world = limited().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    world.stake(alice, 1, Address::ZERO).await?;
    let (release, ready_at) = leave(&world, alice, 1).await?;
    assert_eq!(ready_at, release + 9 * EPOCH_SECONDS, "all that was owed");
    world.stake(bob, ether(100), Address::ZERO).await?;
    assert_eq!(leave(&world, bob, ether(5)).await?, (release, release), "5 of the 10 that leave in an epoch");
    world.enter_epoch(world.release_epoch().await?).await?;
    let (release, ready_at) = leave(&world, bob, ether(10)).await?;
    assert!(ready_at - release <= 1, "{}", ready_at - release);
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_that_was_slashed_and_queues_again_makes_the_queue_no_longer() -> Result<()> {
    let world = limited().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    grant_everything(&world).await?;
    let alices = world.stake(alice, ether(200), operator).await?;
    world.stake(bob, ether(800), Address::ZERO).await?;
    // 150 of the 200 wait; half of everything is slashed, and what came out of the 150 waits already.
    let (release, ready_at) = queue(&world, alice, operator, alices / 4 * 3).await?;
    assert_eq!(ready_at, release + EPOCH_SECONDS / 2, "150 of 1,000, the first 100 of which leave at the release");
    slash(&world, ONE / 2).await?;
    let until = world.release_epoch().await?;
    let first = take_turn(&world, world.cast.fund.address, until).await?;
    assert_eq!(first.amount, ether(90));
    // 90 % of the 25 that came from the active pool, behind the 150.
    let ahead = EPOCH_SECONDS * 1_725 / 1_000;
    assert_eq!(first.readyAt, epoch::start(until) - EPOCH_SECONDS + ahead);
    let second = take_turn(&world, world.cast.challenger.address, until).await?;
    assert_eq!(second.readyAt, epoch::start(until) + EPOCH_SECONDS / 4 * 3, "and the other 2.5: 175 in all");
    let (release, ready_at) = leave(&world, bob, ether(100)).await?;
    assert_eq!((release, ready_at), (epoch::start(until), epoch::start(until) + EPOCH_SECONDS / 4 * 7));
    Ok(())
}

#[tokio::test]
async fn one_base_unit_more_moves_the_turn_of_no_withdrawal() -> Result<()> {
    let world = limited().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    world.stake(alice, ether(100), Address::ZERO).await?;
    world.stake(bob, ether(900), Address::ZERO).await?;
    let (release, before) = leave(&world, alice, ether(50)).await?;
    assert_eq!(before, release);
    leave(&world, bob, ether(900)).await?;
    let (_, moved) = leave(&world, alice, 1).await?;
    assert!(moved - release <= 1, "by {} seconds", moved - release);
    // As much more is half of what leaves then: it has half of the time that the queue takes.
    let (_, moved) = leave(&world, alice, ether(50) - 1).await?;
    let half = release + 9 * EPOCH_SECONDS / 2;
    assert!(moved.abs_diff(half) <= 1, "{moved} {half}");
    Ok(())
}

#[tokio::test]
async fn stake_that_leaves_and_comes_back_for_ten_epochs_keeps_nobody_waiting_longer() -> Result<()> {
    let world = limited().await?;
    let (alice, bob, pool) = (&world.cast.alice, &world.cast.bob, world.suite.token_pool);
    world.stake(alice, ether(500), Address::ZERO).await?;
    world.stake(bob, ether(500), Address::ZERO).await?;
    for _ in 0..2 {
        // Half of everything is queued, waits for its turn, is staked again, and is queued again at once.
        let (_, ready_at) = leave(&world, alice, ether(500)).await?;
        let release_epoch = world.release_epoch().await?;
        world.chain.travel_to(ready_at).await?;
        world.act(alice, pool, &world.restake_call(Address::ZERO, release_epoch, Address::ZERO)).await?;
    }
    leave(&world, alice, ether(500)).await?;
    let (release, ready_at) = leave(&world, bob, ether(500)).await?;
    assert_eq!(ready_at, release + 9 * EPOCH_SECONDS, "1,000 of 1,000");
    Ok(())
}

#[tokio::test]
async fn a_limit_that_is_lifted_and_set_again_leaves_nobody_waiting_longer() -> Result<()> {
    let world = limited().await?;
    let (alice, bob, pool) = (&world.cast.alice, &world.cast.bob, world.suite.token_pool);
    world.stake(alice, ether(1_000), Address::ZERO).await?;
    let lifted_at = world.announce_limits(ether(10_000), 100, 0).await?;
    world.chain.travel_to(lifted_at).await?;
    // For ten epochs, just before there is no limit.
    leave(&world, alice, ether(1_000)).await?;
    let release_epoch = world.release_epoch().await?;
    world.apply_limits().await?;
    let limited_at = world.announce_limits(ether(10_000), 100, 10).await?;
    world.enter_epoch(release_epoch).await?;
    // Everything leaves, and the queue does not see it.
    world.act(alice, pool, &world.complete_call(Address::ZERO, release_epoch, alice.address)).await?;
    world.chain.travel_to(limited_at).await?;
    world.apply_limits().await?;
    world.stake(bob, ether(10), Address::ZERO).await?;
    let (release, ready_at) = leave(&world, bob, ether(10)).await?;
    assert_eq!(ready_at, release + 9 * EPOCH_SECONDS, "all that is owed, whatever was queued before");
    Ok(())
}

#[tokio::test]
async fn a_tighter_limit_holds_for_who_queues_then_and_a_wider_one_as_well() -> Result<()> {
    let world = limited().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    world.stake(alice, ether(500), Address::ZERO).await?;
    world.stake(bob, ether(500), Address::ZERO).await?;
    let (release, ready_at) = leave(&world, alice, ether(500)).await?;
    assert_eq!(ready_at, release + 4 * EPOCH_SECONDS);
    world.set_limits(ether(10_000), 100, 50).await?;
    let (release, ready_at) = leave(&world, bob, ether(250)).await?;
    assert!(ready_at <= release + EPOCH_SECONDS, "at most 750 of 1,000 at 500 an epoch");
    world.set_limits(ether(10_000), 100, 10).await?;
    let (release, ready_at) = leave(&world, bob, ether(250)).await?;
    assert!(ready_at <= release + 9 * EPOCH_SECONDS, "{}", ready_at - release);
    Ok(())
}
