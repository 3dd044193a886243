//! Withdrawals on their way when their operator is frozen and slashed.

use super::account_service::{freeze, grant_everything, slash};
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::time::EXECUTION_WINDOW_SECONDS;
use arithmetic::wad;
use eyre::Result;
use interfaces::IStrategyManager::OperatorIsFrozen;
use restake_tests::{World, ether};

const HALF: u64 = wad::ONE / 2;

/// Alice has queued 4 of her 10 tokens with the crooked operator.
async fn queued() -> Result<(World, u64)> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    grant_everything(&world).await?;
    let shares = world.stake(alice, ether(10), world.dishonest()).await?;
    let release_epoch = world.queue(alice, world.dishonest(), shares / 10 * 4).await?;
    Ok((world, release_epoch))
}

/// What Alice's withdrawal is worth.
async fn worth(world: &World, release_epoch: u64) -> Result<u128> {
    Ok(world.withdrawal(world.cast.alice.address, world.dishonest(), release_epoch).await?.1)
}

#[tokio::test]
async fn queued_in_the_epoch_of_the_fault_it_is_slashed() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    slash(&world, HALF).await?;
    assert_eq!(worth(&world, release_epoch).await?, ether(2));
    Ok(())
}

#[tokio::test]
async fn queued_in_the_epoch_before_the_fault_it_is_slashed() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    // The last second in which it has not matured.
    world.chain.travel_to(epoch::start(release_epoch) - 1).await?;
    slash(&world, HALF).await?;
    assert_eq!(worth(&world, release_epoch).await?, ether(2));
    Ok(())
}

#[tokio::test]
async fn matured_in_the_second_of_the_fault_it_is_not_slashed() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    world.enter_epoch(release_epoch).await?;
    slash(&world, HALF).await?;
    assert_eq!(worth(&world, release_epoch).await?, ether(4));
    Ok(())
}

#[tokio::test]
async fn matured_between_fault_and_slash_it_is_slashed_all_the_same() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    world.chain.travel_to(epoch::start(release_epoch) - 1).await?;
    let attack = freeze(&world, HALF).await?;
    // Nobody executes until the last second: what counts is the epoch of the fault.
    world.chain.travel_to(attack.executable_at + EXECUTION_WINDOW_SECONDS - 1).await?;
    let execute = attack.execution();
    world.act(&world.cast.bob, world.suite.slasher, &execute).await?;
    assert_eq!(worth(&world, release_epoch).await?, ether(2));
    Ok(())
}

#[tokio::test]
async fn matured_before_the_fault_it_is_paid_whole_while_the_operator_is_frozen() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    world.enter_epoch(release_epoch).await?;
    freeze(&world, wad::ONE).await?;
    world.act(alice, world.suite.token_pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(4)));
    Ok(())
}

#[tokio::test]
async fn matured_after_the_fault_it_waits_while_the_request_is_open() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    world.chain.travel_to(epoch::start(release_epoch) - 1).await?;
    let attack = freeze(&world, HALF).await?;
    world.enter_epoch(release_epoch).await?;
    let refusal = OperatorIsFrozen { operator };
    world.refuse(alice, pool, &world.complete_call(operator, release_epoch, alice.address), &refusal).await?;
    let restake = world.restake_call(operator, release_epoch, Address::ZERO);
    world.refuse(alice, pool, &restake, &refusal).await?;
    world.execute(&attack).await?;
    world.act(alice, pool, &restake).await?;
    assert_eq!(world.position(alice.address, Address::ZERO).await?.1, ether(2));
    Ok(())
}

#[tokio::test]
async fn on_its_way_it_is_paid_what_the_slash_left() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    slash(&world, HALF).await?;
    world.enter_epoch(release_epoch).await?;
    world.act(alice, world.suite.token_pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(2)));
    Ok(())
}

#[tokio::test]
async fn who_queues_after_a_slash_into_the_same_bucket_pays_for_none_of_it() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (bob, operator) = (&world.cast.bob, world.dishonest());
    // Bob comes after the slash, in the same epoch.
    slash(&world, HALF).await?;
    let bobs = world.stake(bob, ether(6), operator).await?;
    assert_eq!(world.queue(bob, operator, bobs).await?, release_epoch);
    assert_eq!(world.withdrawal(bob.address, operator, release_epoch).await?.1, ether(6));
    assert_eq!(worth(&world, release_epoch).await?, ether(2));
    Ok(())
}

#[tokio::test]
async fn a_second_slash_takes_its_part_of_what_the_first_left() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    slash(&world, HALF).await?;
    slash(&world, wad::ONE / 4).await?;
    // A quarter of half of 4, and of half of 6.
    assert_eq!(worth(&world, release_epoch).await?, ether(3) / 2);
    assert_eq!(world.pool(world.dishonest()).await?.0, ether(9) / 4);
    Ok(())
}

#[tokio::test]
async fn idle_withdrawals_are_never_slashed() -> Result<()> {
    let (world, _) = queued().await?;
    let bob = &world.cast.bob;
    let idle = world.stake(bob, ether(6), Address::ZERO).await?;
    let release_epoch = world.queue(bob, Address::ZERO, idle).await?;
    slash(&world, wad::ONE).await?;
    assert_eq!(world.withdrawal(bob.address, Address::ZERO, release_epoch).await?.1, ether(6));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_is_not_staked_again_with_the_operator_it_left_while_that_is_frozen() -> Result<()> {
    let (world, release_epoch) = queued().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    world.enter_epoch(release_epoch).await?;
    freeze(&world, HALF).await?;
    let restake = world.restake_call(operator, release_epoch, operator);
    world.refuse(alice, world.suite.token_pool, &restake, &OperatorIsFrozen { operator }).await
}

#[tokio::test]
async fn a_withdrawal_is_not_staked_again_with_another_operator_that_is_frozen() -> Result<()> {
    let world = World::new().await?;
    let (alice, frozen) = (&world.cast.alice, world.dishonest());
    grant_everything(&world).await?;
    let shares = world.stake(alice, ether(4), world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares).await?;
    world.enter_epoch(release_epoch).await?;
    freeze(&world, HALF).await?;
    let restake = world.restake_call(world.honest(), release_epoch, frozen);
    let expected = OperatorIsFrozen { operator: frozen };
    world.refuse(alice, world.suite.token_pool, &restake, &expected).await?;
    // As tokens it is paid: the operator it left is not frozen.
    world
        .act(alice, world.suite.token_pool, &world.complete_call(world.honest(), release_epoch, alice.address))
        .await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(4)));
    Ok(())
}
