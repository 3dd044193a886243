//! The outflow limit of a token: a run becomes a queue, first come first served. How long anybody waits in it whatever
//! others do is in [`super::runs`].

use super::account_service::{grant_everything, slash};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILens::{previewWithdrawCall, withdrawalsCall};
use interfaces::ITokenPool::{WithdrawalDeferred, WithdrawalDeferredUntil};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

/// Alice and Bob have 60 and 40 tokens with the crooked operator; a quarter of what is owed may leave per epoch.
async fn limited() -> Result<(World, u128, u128)> {
    let world = World::new().await?;
    world.set_limits(ether(1_000), 100, 25).await?;
    grant_everything(&world).await?;
    let alices = world.stake(&world.cast.alice, ether(60), world.dishonest()).await?;
    let bobs = world.stake(&world.cast.bob, ether(40), world.dishonest()).await?;
    Ok((world, alices, bobs))
}

/// `staker` queues `shares` and must wait until the returned time.
async fn queue_deferred(world: &World, staker: &Actor, shares: u128) -> Result<(u64, u64)> {
    let call = world.queue_call(world.dishonest(), shares);
    let receipt = world.act(staker, world.suite.token_pool, &call).await?;
    let deferred = event::<WithdrawalDeferred>(&receipt, world.suite.token_pool);
    let deferred = deferred.ok_or_else(|| eyre::eyre!("not deferred"))?;
    assert_eq!((deferred.staker, deferred.operator), (staker.address, world.dishonest()));
    Ok((deferred.releaseEpoch, deferred.readyAt))
}

#[tokio::test]
async fn what_stays_within_the_limit_is_paid_at_its_release() -> Result<()> {
    let (world, alices, _) = limited().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    // 25 of the 100 that are owed.
    let call = world.queue_call(world.dishonest(), alices / 60 * 25);
    let receipt = world.act(alice, pool, &call).await?;
    assert_eq!(event::<WithdrawalDeferred>(&receipt, pool), None);
    let release_epoch = epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch).await?;
    world.act(alice, pool, &world.complete_call(world.dishonest(), release_epoch, alice.address)).await?;
    Ok(())
}

#[tokio::test]
async fn a_run_is_paid_first_come_first_served_at_the_rate_of_the_limit() -> Result<()> {
    let (world, alices, bobs) = limited().await?;
    let (alice, bob, pool, operator) = (&world.cast.alice, &world.cast.bob, world.suite.token_pool, world.dishonest());
    let (release_epoch, alice_ready) = queue_deferred(&world, alice, alices).await?;
    let (_, bob_ready) = queue_deferred(&world, bob, bobs).await?;
    let release = epoch::start(release_epoch);
    // 60 at 25 per epoch, the first 25 of which leave at the release itself; then 40 more.
    assert_eq!(alice_ready, release + EPOCH_SECONDS * 35 / 25);
    assert_eq!(bob_ready, release + EPOCH_SECONDS * 75 / 25);

    let bobs_call = world.complete_call(operator, release_epoch, bob.address);
    world.chain.travel_to(alice_ready - 1).await?;
    let alices_call = world.complete_call(operator, release_epoch, alice.address);
    let refusal = WithdrawalDeferredUntil { readyAt: alice_ready };
    world.refuse(alice, pool, &alices_call, &refusal).await?;
    world.chain.travel_to(alice_ready).await?;
    world.refuse(bob, pool, &bobs_call, &WithdrawalDeferredUntil { readyAt: bob_ready }).await?;
    world.act(alice, pool, &alices_call).await?;
    world.chain.travel_to(bob_ready).await?;
    world.act(bob, pool, &bobs_call).await?;
    assert_eq!(world.owed().await?, 0);
    Ok(())
}

#[tokio::test]
async fn money_that_waits_its_turn_is_not_slashed() -> Result<()> {
    let (world, alices, _) = limited().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let (release_epoch, ready_at) = queue_deferred(&world, alice, alices).await?;
    world.enter_epoch(release_epoch).await?;
    slash(&world, ONE / 2).await?;
    assert!(world.chain.now().await? < ready_at);
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, ether(60));
    world.chain.travel_to(ready_at).await?;
    world.act(alice, world.suite.token_pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, alloy::primitives::U256::from(ether(60)));
    Ok(())
}

#[tokio::test]
async fn staking_again_waits_for_the_turn_as_well() -> Result<()> {
    let (world, alices, _) = limited().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let (release_epoch, ready_at) = queue_deferred(&world, alice, alices).await?;
    for to in [world.honest(), Address::ZERO] {
        world.chain.travel_to((ready_at - 1).max(world.chain.now().await?)).await?;
        let restake = world.restake_call(operator, release_epoch, to);
        world.refuse(alice, pool, &restake, &WithdrawalDeferredUntil { readyAt: ready_at }).await?;
    }
    world.chain.travel_to(ready_at).await?;
    world.act(alice, pool, &world.restake_call(operator, release_epoch, world.honest())).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(60));
    Ok(())
}

#[tokio::test]
async fn lifting_the_limit_frees_everybody() -> Result<()> {
    let (world, alices, bobs) = limited().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let (release_epoch, _) = queue_deferred(&world, alice, alices).await?;
    queue_deferred(&world, &world.cast.bob, bobs).await?;
    world.enter_epoch(release_epoch).await?;
    world.set_limits(ether(1_000), 100, 0).await?;
    world.act(alice, world.suite.token_pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    Ok(())
}

#[tokio::test]
async fn a_preview_says_what_a_withdrawal_pays_and_when() -> Result<()> {
    let (world, alices, bobs) = limited().await?;
    let (operator, token, lens) = (world.dishonest(), world.token(), world.suite.lens);
    let (_, bob_ready) = queue_deferred(&world, &world.cast.bob, bobs).await?;
    let preview = world.chain.view(lens, &previewWithdrawCall { operator, token, shares: alices }).await?;
    let (release_epoch, ready_at) = queue_deferred(&world, &world.cast.alice, alices).await?;
    assert_eq!((preview.assets, preview.readyAt), (ether(60), ready_at));

    let now = epoch::at(world.chain.now().await?);
    let call = withdrawalsCall { staker: world.cast.bob.address, operator, token, fromEpoch: now - 10, toEpoch: now };
    let found = world.chain.view(lens, &call).await?;
    assert_eq!((found.releaseEpochs, found.readyAt), (vec![release_epoch], vec![bob_ready]));
    assert_eq!(found.assets, vec![ether(40)]);
    Ok(())
}
