//! Withdrawals when they are queued.

use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::time::EPOCH_SECONDS;
use eyre::Result;
use interfaces::ILens::bucketCall;
use interfaces::IStrategyManager::{InsufficientShares, WithdrawalNotReady, ZeroAmount};
use restake_tests::{World, ether};

#[tokio::test]
async fn queueing_one_share_more_than_owned_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let shares = world.stake(alice, ether(5), operator).await?;
    // Neither Bob's stake in the same pool nor her idle stake is hers to take out of it.
    world.stake(&world.cast.bob, ether(5), operator).await?;
    world.stake(alice, ether(5), Address::ZERO).await?;
    let expected = InsufficientShares { have: shares, want: shares + 1 };
    world.refuse(alice, world.suite.token_pool, &world.queue_call(operator, shares + 1), &expected).await
}

#[tokio::test]
async fn queueing_what_is_queued_already_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let shares = world.stake(alice, ether(5), operator).await?;
    world.queue(alice, operator, shares).await?;
    let expected = InsufficientShares { have: 0, want: shares };
    world.refuse(alice, world.suite.token_pool, &world.queue_call(operator, shares), &expected).await
}

#[tokio::test]
async fn queueing_no_shares_is_refused() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.stake(alice, ether(5), world.honest()).await?;
    world.refuse(alice, world.suite.token_pool, &world.queue_call(world.honest(), 0), &ZeroAmount {}).await
}

#[tokio::test]
async fn queueing_less_than_one_base_unit_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    world.stake(alice, ether(5), operator).await?;
    let less = world.queue_call(operator, SHARES_PER_ASSET - 1);
    world.refuse(alice, world.suite.token_pool, &less, &ZeroAmount {}).await?;
    let release_epoch = world.queue(alice, operator, SHARES_PER_ASSET).await?;
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?, (SHARES_PER_ASSET, 1));
    Ok(())
}

#[tokio::test]
async fn the_last_second_of_an_epoch_still_counts_as_that_epoch() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let shares = world.stake(alice, ether(2), operator).await?;
    let this_epoch = epoch::at(world.chain.now().await?);
    world.chain.travel_to((this_epoch + 1) * EPOCH_SECONDS - 1).await?;
    assert_eq!(world.queue(alice, operator, shares / 2).await?, this_epoch + 2);
    world.chain.travel_to((this_epoch + 1) * EPOCH_SECONDS).await?;
    assert_eq!(world.queue(alice, operator, shares / 2).await?, this_epoch + 3);
    Ok(())
}

#[tokio::test]
async fn two_withdrawals_in_one_epoch_are_one() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    let shares = world.stake(alice, ether(5), operator).await?;
    let first = world.queue(alice, operator, shares / 5).await?;
    world.chain.travel_to(world.chain.now().await? + 24 * 60 * 60).await?;
    let second = world.queue(alice, operator, shares / 5 * 3).await?;
    assert_eq!(first, second);
    assert_eq!(world.withdrawal(alice.address, operator, first).await?, (shares / 5 * 4, ether(4)));
    world.enter_epoch(first).await?;
    let complete = world.complete_call(operator, first, alice.address);
    let paid = world.chain.simulate(alice.address, pool, &complete, U256::ZERO).await?;
    assert_eq!(paid, ether(4));
    Ok(())
}

#[tokio::test]
async fn withdrawals_of_two_epochs_are_two_with_windows_of_their_own() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    let shares = world.stake(alice, ether(5), operator).await?;
    let first = world.queue(alice, operator, shares / 5).await?;
    world.enter_epoch(first - 1).await?;
    let second = world.queue(alice, operator, shares / 5 * 3).await?;
    assert_eq!(second, first + 1);

    world.enter_epoch(first).await?;
    world.act(alice, pool, &world.complete_call(operator, first, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(1)));
    let not_yet = WithdrawalNotReady { releaseTime: epoch::start(second) };
    world.refuse(alice, pool, &world.complete_call(operator, second, alice.address), &not_yet).await?;
    world.enter_epoch(second).await?;
    world.act(alice, pool, &world.complete_call(operator, second, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(4)));
    Ok(())
}

#[tokio::test]
async fn withdrawals_of_two_stakers_share_a_bucket_and_are_paid_apart() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.honest());
    let alices = world.stake(alice, ether(5), operator).await?;
    let bobs = world.stake(bob, ether(3), operator).await?;
    let release_epoch = world.queue(alice, operator, alices).await?;
    world.queue(bob, operator, bobs).await?;
    let bucket = bucketCall { operator, token: world.token(), releaseEpoch: release_epoch };
    let bucket = world.chain.view(world.suite.lens, &bucket).await?;
    assert_eq!((bucket.assets, bucket.shares), (ether(8), alices + bobs));
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, ether(5));
    assert_eq!(world.withdrawal(bob.address, operator, release_epoch).await?.1, ether(3));
    Ok(())
}
