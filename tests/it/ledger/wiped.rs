//! Pools and buckets that were slashed to nothing: what was there is worth nothing, what comes after is whole.

use super::account_service::{grant_everything, slash};
use alloy::primitives::U256;
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::wad;
use eyre::Result;
use interfaces::IStrategyManager::{InsufficientShares, NoWithdrawal};
use restake_tests::{World, ether};

/// Everything with the crooked operator is gone: 6 tokens that Alice had there and 4 that she had queued.
async fn wiped() -> Result<(World, u64)> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    grant_everything(&world).await?;
    let shares = world.stake(alice, ether(10), world.dishonest()).await?;
    let release_epoch = world.queue(alice, world.dishonest(), shares / 10 * 4).await?;
    slash(&world, wad::ONE).await?;
    Ok((world, release_epoch))
}

#[tokio::test]
async fn a_position_in_a_wiped_pool_is_worth_nothing() -> Result<()> {
    let (world, _) = wiped().await?;
    assert_eq!(world.pool(world.dishonest()).await?, (0, 0, 1));
    assert_eq!(world.position(world.cast.alice.address, world.dishonest()).await?, (0, 0));
    let until = world.release_epoch().await?;
    assert_eq!(world.slashed_funds(world.cast.fund.address, until).await?, ether(9));
    assert_eq!(world.slashed_funds(world.cast.challenger.address, until).await?, ether(1));
    Ok(())
}

#[tokio::test]
async fn a_position_in_a_wiped_pool_has_no_part_of_new_deposits() -> Result<()> {
    let (world, _) = wiped().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    let shares = world.stake(bob, ether(5), operator).await?;
    assert_eq!(shares, ether(5) * SHARES_PER_ASSET);
    assert_eq!(world.position(bob.address, operator).await?, (shares, ether(5)));
    assert_eq!(world.position(alice.address, operator).await?, (0, 0));
    let queue = world.queue_call(operator, SHARES_PER_ASSET);
    let expected = InsufficientShares { have: 0, want: SHARES_PER_ASSET };
    world.refuse(alice, world.suite.token_pool, &queue, &expected).await
}

#[tokio::test]
async fn who_lost_everything_can_stake_again_and_owns_exactly_that() -> Result<()> {
    let (world, _) = wiped().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    world.stake(&world.cast.bob, ether(5), operator).await?;
    let shares = world.stake(alice, ether(3), operator).await?;
    assert_eq!(world.position(alice.address, operator).await?, (shares, ether(3)));
    assert_eq!(world.position(world.cast.bob.address, operator).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_from_a_wiped_bucket_pays_nothing() -> Result<()> {
    let (world, release_epoch) = wiped().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?, (0, 0));
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(operator, release_epoch, alice.address);
    world.refuse(alice, world.suite.token_pool, &complete, &NoWithdrawal {}).await
}

#[tokio::test]
async fn who_queues_into_a_wiped_bucket_is_paid_whole() -> Result<()> {
    let (world, release_epoch) = wiped().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    let pool = world.suite.token_pool;
    let shares = world.stake(bob, ether(5), operator).await?;
    assert_eq!(world.queue(bob, operator, shares).await?, release_epoch);
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(operator, release_epoch, alice.address);
    world.refuse(alice, pool, &complete, &NoWithdrawal {}).await?;
    world.act(bob, pool, &world.complete_call(operator, release_epoch, bob.address)).await?;
    assert_eq!(world.held(bob.address).await?, U256::from(ether(5)));
    Ok(())
}

#[tokio::test]
async fn who_lost_a_withdrawal_queues_into_the_same_bucket_and_is_paid_exactly_that() -> Result<()> {
    let (world, release_epoch) = wiped().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let third = world.stake(alice, ether(3), operator).await? / 3;
    // Twice, so that the second finds the first where it is.
    assert_eq!(world.queue(alice, operator, third).await?, release_epoch);
    assert_eq!(world.queue(alice, operator, 2 * third).await?, release_epoch);
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, ether(3));
    world.enter_epoch(release_epoch).await?;
    let (before, complete) =
        (world.held(alice.address).await?, world.complete_call(operator, release_epoch, alice.address));
    world.act(alice, pool, &complete).await?;
    assert_eq!(world.held(alice.address).await? - before, U256::from(ether(3)));
    world.refuse(alice, pool, &complete, &NoWithdrawal {}).await
}

#[tokio::test]
async fn the_smallest_slash_wipes_the_last_base_unit() -> Result<()> {
    let world = World::new().await?;
    let operator = world.dishonest();
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, 1, operator).await?;
    // A hundredth of it, rounded up.
    slash(&world, 1).await?;
    assert_eq!(world.pool(operator).await?, (0, 0, 1));
    assert_eq!(world.position(world.cast.alice.address, operator).await?, (0, 0));
    Ok(())
}
