//! Several operators in one call: what is asked about and queued with each is the same as one by one.

use super::account_service::{freeze, grant_everything};
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use eyre::Result;
use interfaces::IAccess::{Paused, Unauthorized};
use interfaces::ISlasher::refuseQueueingCall;
use interfaces::IStrategyManager::{InsufficientShares, WithdrawalQueued, positionsCall};
use interfaces::ITokenPool::WithdrawalDeferredUntil;
use interfaces::{IGovernance, IStrategyManager, ITokenPool};
use restake::chain::event;
use restake_tests::{World, ether};

/// The honest and the crooked operator, then nobody.
fn both(world: &World) -> [Address; 8] {
    let mut operators = [Address::ZERO; 8];
    (operators[0], operators[1]) = (world.honest(), world.dishonest());
    operators
}

/// Alice has 6 tokens with the honest operator and 4 with the crooked one.
async fn staked() -> Result<(World, [u128; 2])> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    grant_everything(&world).await?;
    let shares =
        [world.stake(alice, ether(6), world.honest()).await?, world.stake(alice, ether(4), world.dishonest()).await?];
    Ok((world, shares))
}

fn queue_call(world: &World, [first, second]: [u128; 2]) -> ITokenPool::queueWithdrawalsCall {
    let mut shares = [0; 8];
    (shares[0], shares[1]) = (first, second);
    ITokenPool::queueWithdrawalsCall { token: world.token(), operators: both(world), shares }
}

#[tokio::test]
async fn positions_with_several_operators_are_those_with_each() -> Result<()> {
    let (world, shares) = staked().await?;
    let staker = world.cast.alice.address;
    let call = positionsCall { staker, token: world.token(), operators: both(&world) };
    let positions = world.chain.view(world.suite.strategy_manager, &call).await?;
    assert_eq!(positions.shares, [shares[0], shares[1], 0, 0, 0, 0, 0, 0]);
    assert_eq!(positions.assets, [ether(6), ether(4), 0, 0, 0, 0, 0, 0]);
    // A place that is not used hides nobody behind it.
    let mut operators = both(&world);
    operators.swap(0, 7);
    let positions = world.chain.view(world.suite.strategy_manager, &positionsCall { operators, ..call }).await?;
    assert_eq!(positions.shares, [0, shares[1], 0, 0, 0, 0, 0, shares[0]]);
    Ok(())
}

#[tokio::test]
async fn withdrawals_queued_together_are_those_queued_one_by_one() -> Result<()> {
    let (world, shares) = staked().await?;
    let alice = &world.cast.alice;
    let receipt = world.act(alice, world.suite.token_pool, &queue_call(&world, [shares[0] / 2, shares[1]])).await?;
    assert!(event::<WithdrawalQueued>(&receipt, world.suite.strategy_manager).is_some());
    let release_epoch = world.release_epoch().await?;
    assert_eq!(world.withdrawal(alice.address, world.honest(), release_epoch).await?, (shares[0] / 2, ether(3)));
    assert_eq!(world.withdrawal(alice.address, world.dishonest(), release_epoch).await?, (shares[1], ether(4)));
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(3));
    assert_eq!(world.position(alice.address, world.dishonest()).await?.1, 0);
    Ok(())
}

#[tokio::test]
async fn withdrawals_queued_together_have_turns_one_after_the_other() -> Result<()> {
    let world = World::new().await?;
    world.set_limits(ether(1_000), 100, 25).await?;
    grant_everything(&world).await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    let shares =
        [world.stake(alice, ether(60), world.honest()).await?, world.stake(alice, ether(40), world.dishonest()).await?];
    world.act(alice, pool, &queue_call(&world, shares)).await?;
    let release_epoch = world.release_epoch().await?;
    let release = epoch::start(release_epoch);
    // 60 at 25 per epoch, the first 25 of which leave at the release itself; then 40 more.
    for (operator, ready_at) in
        [(world.honest(), release + EPOCH_SECONDS * 35 / 25), (world.dishonest(), release + EPOCH_SECONDS * 75 / 25)]
    {
        world.chain.travel_to(ready_at - 1).await?;
        let call = world.complete_call(operator, release_epoch, alice.address);
        world.refuse(alice, pool, &call, &WithdrawalDeferredUntil { readyAt: ready_at }).await?;
        world.chain.travel_to(ready_at).await?;
        world.act(alice, pool, &call).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_frozen_operator_is_left_out_of_what_is_queued_together() -> Result<()> {
    let (world, shares) = staked().await?;
    let alice = &world.cast.alice;
    freeze(&world, 1).await?;
    let asked = refuseQueueingCall { operators: both(&world) };
    let refused = world.chain.view(world.suite.slasher, &asked).await?;
    assert_eq!(refused, [false, true, false, false, false, false, false, false]);
    let queued =
        world.chain.simulate(alice.address, world.suite.token_pool, &queue_call(&world, shares), U256::ZERO).await?;
    assert_eq!(queued.bucketShares[..2], [shares[0], 0]);
    world.act(alice, world.suite.token_pool, &queue_call(&world, shares)).await?;
    assert_eq!(world.position(alice.address, world.dishonest()).await?, (shares[1], ether(4)));
    assert_eq!(world.position(alice.address, world.honest()).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_frozen_operator_is_left_out_behind_idle_stake_as_well() -> Result<()> {
    let (world, shares) = staked().await?;
    let alice = &world.cast.alice;
    let idle = world.stake(alice, ether(1), Address::ZERO).await?;
    freeze(&world, 1).await?;
    let mut call = queue_call(&world, [idle, shares[1]]);
    call.operators[0] = Address::ZERO;
    let queued = world.chain.simulate(alice.address, world.suite.token_pool, &call, U256::ZERO).await?;
    assert_eq!(queued.bucketShares[..2], [idle, 0]);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_is_named_twice_is_queued_with_twice() -> Result<()> {
    let (world, shares) = staked().await?;
    let alice = &world.cast.alice;
    let mut call = queue_call(&world, [shares[0] / 3, shares[0] / 3]);
    call.operators[1] = world.honest();
    world.act(alice, world.suite.token_pool, &call).await?;
    let release_epoch = world.release_epoch().await?;
    assert_eq!(world.withdrawal(alice.address, world.honest(), release_epoch).await?, (shares[0] / 3 * 2, ether(4)));
    // And not with more than there is.
    let mut call = queue_call(&world, [shares[0] / 3, shares[0] / 3]);
    call.operators[1] = world.honest();
    let expected = InsufficientShares { have: 0, want: shares[0] / 3 };
    world.refuse(alice, world.suite.token_pool, &call, &expected).await
}

#[tokio::test]
async fn more_than_there_is_of_one_is_queued_of_none() -> Result<()> {
    let (world, shares) = staked().await?;
    let alice = &world.cast.alice;
    let call = queue_call(&world, [shares[0], shares[1] + 1]);
    let expected = InsufficientShares { have: shares[1], want: shares[1] + 1 };
    world.refuse(alice, world.suite.token_pool, &call, &expected).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.0, shares[0]);
    Ok(())
}

#[tokio::test]
async fn nothing_is_queued_together_while_queueing_is_paused() -> Result<()> {
    let (world, shares) = staked().await?;
    let pause = IGovernance::pauseCall { flags: arithmetic::pause::QUEUE };
    world.act(&world.cast.owner, world.suite.governance, &pause).await?;
    let refusal = Paused { action: arithmetic::pause::QUEUE };
    world.refuse(&world.cast.alice, world.suite.token_pool, &queue_call(&world, shares), &refusal).await
}

#[tokio::test]
async fn only_the_token_pool_queues_with_several() -> Result<()> {
    let (world, shares) = staked().await?;
    let ITokenPool::queueWithdrawalsCall { token, operators, shares } = queue_call(&world, shares);
    let alice = &world.cast.alice;
    let call = IStrategyManager::queueWithdrawalsCall { staker: alice.address, token, operators, shares };
    world.refuse(alice, world.suite.strategy_manager, &call, &Unauthorized { caller: alice.address }).await
}
