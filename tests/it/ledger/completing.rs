//! Withdrawals when they are completed: by whom, when, how often.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use arithmetic::epoch;
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::IStrategyManager::{NoWithdrawal, WithdrawalNotReady};
use restake_tests::{World, ether};

/// Alice has queued 3 of her 10 tokens with the honest operator, who is also where Bob's stake is.
async fn queued() -> Result<(World, u64)> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    let shares = world.stake(alice, ether(10), world.honest()).await?;
    world.stake(&world.cast.bob, ether(10), world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares / 10 * 3).await?;
    Ok((world, release_epoch))
}

/// One second before its release a withdrawal cannot be completed by `call`, at its release it can.
async fn opens_at_release<C: SolCall>(call: fn(&World, u64) -> C) -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, pool, release_time) = (&world.cast.alice, world.suite.token_pool, epoch::start(release_epoch));
    world.chain.travel_to(release_time - 1).await?;
    let call = call(&world, release_epoch);
    world.refuse(alice, pool, &call, &WithdrawalNotReady { releaseTime: release_time }).await?;
    world.chain.travel_to(release_time).await?;
    world.act(alice, pool, &call).await?;
    Ok(())
}

#[tokio::test]
async fn tokens_are_paid_from_the_first_second_of_the_release_epoch() -> Result<()> {
    opens_at_release(|world, release_epoch| {
        world.complete_call(world.honest(), release_epoch, world.cast.alice.address)
    })
    .await
}

#[tokio::test]
async fn shares_are_issued_from_the_first_second_of_the_release_epoch() -> Result<()> {
    opens_at_release(|world, release_epoch| world.restake_call(world.honest(), release_epoch, Address::ZERO)).await
}

#[tokio::test]
async fn a_withdrawal_is_paid_once() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    // Bob's withdrawal keeps the bucket full.
    world
        .queue(&world.cast.bob, world.honest(), world.position(world.cast.bob.address, world.honest()).await?.0)
        .await?;
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(world.honest(), release_epoch, alice.address);
    world.act(alice, pool, &complete).await?;
    world.refuse(alice, pool, &complete, &NoWithdrawal {}).await?;
    let restake = world.restake_call(world.honest(), release_epoch, Address::ZERO);
    world.refuse(alice, pool, &restake, &NoWithdrawal {}).await
}

#[tokio::test]
async fn a_withdrawal_is_staked_again_once() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    world.enter_epoch(release_epoch).await?;
    let restake = world.restake_call(world.honest(), release_epoch, Address::ZERO);
    world.act(alice, pool, &restake).await?;
    world.refuse(alice, pool, &restake, &NoWithdrawal {}).await
}

#[tokio::test]
async fn someone_elses_withdrawal_is_not_paid() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (bob, pool) = (&world.cast.bob, world.suite.token_pool);
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(world.honest(), release_epoch, bob.address);
    world.refuse(bob, pool, &complete, &NoWithdrawal {}).await?;
    let restake = world.restake_call(world.honest(), release_epoch, bob.address);
    world.refuse(bob, pool, &restake, &NoWithdrawal {}).await
}

#[tokio::test]
async fn an_epoch_without_a_withdrawal_pays_nothing() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let alice = &world.cast.alice;
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(world.honest(), release_epoch - 1, alice.address);
    world.refuse(alice, world.suite.token_pool, &complete, &NoWithdrawal {}).await
}

#[tokio::test]
async fn a_withdrawal_from_another_pool_pays_nothing() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let alice = &world.cast.alice;
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(world.dishonest(), release_epoch, alice.address);
    world.refuse(alice, world.suite.token_pool, &complete, &NoWithdrawal {}).await
}

#[tokio::test]
async fn an_epoch_beyond_representable_time_is_never_ready() -> Result<()> {
    let (world, _) = queued().await?;
    let alice = &world.cast.alice;
    let complete = world.complete_call(world.honest(), u64::MAX, alice.address);
    let expected = WithdrawalNotReady { releaseTime: u64::MAX };
    world.refuse(alice, world.suite.token_pool, &complete, &expected).await
}

#[tokio::test]
async fn a_withdrawal_is_not_paid_to_nobody() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let alice = &world.cast.alice;
    world.enter_epoch(release_epoch).await?;
    let complete = world.complete_call(world.honest(), release_epoch, Address::ZERO);
    world.refuse(alice, world.suite.token_pool, &complete, &ZeroAddress {}).await
}

#[tokio::test]
async fn a_withdrawal_waits_for_its_owner_as_long_as_it_takes() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let alice = &world.cast.alice;
    world.enter_epoch(release_epoch + 26).await?;
    let complete = world.complete_call(world.honest(), release_epoch, alice.address);
    world.act(alice, world.suite.token_pool, &complete).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(3)));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_can_be_staked_again_with_the_operator_it_left() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    world.enter_epoch(release_epoch).await?;
    world.act(alice, world.suite.token_pool, &world.restake_call(operator, release_epoch, operator)).await?;
    assert_eq!(world.position(alice.address, operator).await?.1, ether(10));
    Ok(())
}
