//! Flow 3: a withdrawal is queued, its window passes, it is completed as tokens or as shares; not while a request is
//! open that reaches it.

use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::wad;
use eyre::Result;
use interfaces::IERC20::Transfer;
use interfaces::IStrategyManager::{OperatorIsFrozen, WithdrawalCompleted, WithdrawalQueued, WithdrawalRestaked};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

/// Alice has 10 tokens with the honest operator and has queued 4 of them; the window has passed.
async fn released() -> Result<(World, u64)> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    let shares = world.stake(alice, ether(10), world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares / 10 * 4).await?;
    world.enter_epoch(release_epoch).await?;
    Ok((world, release_epoch))
}

#[tokio::test]
async fn queueing_takes_shares_out_of_the_active_stake_and_moves_no_tokens() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let shares = world.stake(alice, ether(10), operator).await?;
    let queued = ether(4) * SHARES_PER_ASSET;

    let receipt = world.act(alice, world.suite.token_pool, &world.queue_call(operator, queued)).await?;

    let release_epoch = epoch::at(world.chain.now().await?) + 2;
    let expected = WithdrawalQueued {
        staker: alice.address,
        operator,
        token: world.token(),
        releaseEpoch: release_epoch,
        shares: queued,
        amount: ether(4),
        bucketShares: queued,
    };
    assert_eq!(event::<WithdrawalQueued>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(event::<Transfer>(&receipt, world.token()), None);
    assert_eq!(world.position(alice.address, operator).await?, (shares - queued, ether(6)));
    assert_eq!(world.pool(operator).await?, (ether(6), shares - queued, 0));
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?, (queued, ether(4)));
    assert_eq!(world.owed().await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_released_withdrawal_pays_tokens_to_its_owner() -> Result<()> {
    let (world, release_epoch) = released().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let complete = world.complete_call(operator, release_epoch, alice.address);
    let receipt = world.act(alice, world.suite.token_pool, &complete).await?;
    let expected = WithdrawalCompleted {
        staker: alice.address,
        operator,
        token: world.token(),
        releaseEpoch: release_epoch,
        amount: ether(4),
        recipient: alice.address,
    };
    assert_eq!(event::<WithdrawalCompleted>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(world.held(alice.address).await?, U256::from(ether(4)));
    assert_eq!(world.held(world.suite.token_pool).await?, U256::from(ether(6)));
    assert_eq!(world.owed().await?, ether(6));
    assert_eq!(world.position(alice.address, operator).await?.1, ether(6));
    Ok(())
}

#[tokio::test]
async fn a_released_withdrawal_pays_tokens_to_another_recipient() -> Result<()> {
    let (world, release_epoch) = released().await?;
    let complete = world.complete_call(world.honest(), release_epoch, world.cast.bob.address);
    world.act(&world.cast.alice, world.suite.token_pool, &complete).await?;
    assert_eq!(world.held(world.cast.bob.address).await?, U256::from(ether(4)));
    assert_eq!(world.held(world.cast.alice.address).await?, U256::ZERO);
    Ok(())
}

/// Alice takes her released withdrawal as shares of `new_operator`'s pool.
async fn restakes_with(new_operator: fn(&World) -> Address) -> Result<()> {
    let (world, release_epoch) = released().await?;
    let (alice, operator, new_operator) = (&world.cast.alice, world.honest(), new_operator(&world));
    let restake = world.restake_call(operator, release_epoch, new_operator);
    let receipt = world.act(alice, world.suite.token_pool, &restake).await?;
    let shares = ether(4) * SHARES_PER_ASSET;
    let expected = WithdrawalRestaked {
        staker: alice.address,
        operator,
        token: world.token(),
        releaseEpoch: release_epoch,
        amount: ether(4),
        newOperator: new_operator,
        shares,
    };
    assert_eq!(event::<WithdrawalRestaked>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(event::<Transfer>(&receipt, world.token()), None);
    assert_eq!(world.position(alice.address, new_operator).await?, (shares, ether(4)));
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?, (0, 0));
    assert_eq!(world.owed().await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_released_withdrawal_becomes_shares_of_a_chosen_operator() -> Result<()> {
    restakes_with(World::dishonest).await
}

#[tokio::test]
async fn a_released_withdrawal_becomes_idle_shares() -> Result<()> {
    restakes_with(|_| Address::ZERO).await
}

#[tokio::test]
async fn queueing_is_refused_while_the_operator_is_frozen_and_works_after_its_release() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let shares = world.stake(alice, ether(10), operator).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;

    let queue = world.queue_call(operator, shares);
    world.refuse(alice, world.suite.token_pool, &queue, &OperatorIsFrozen { operator }).await?;

    world.execute(&attack).await?;
    let release_epoch = world.queue(alice, operator, shares).await?;
    // What the slash left: half.
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, ether(5));
    Ok(())
}

/// Alice has 10 tokens with the crooked operator and queued 4 of them; one second before they are released a fault is
/// proven that takes half. The second has passed.
async fn frozen_and_released() -> Result<(World, u64, Attack)> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let shares = world.stake(alice, ether(10), world.dishonest()).await?;
    let release_epoch = world.queue(alice, world.dishonest(), shares / 10 * 4).await?;
    world.chain.travel_to(epoch::start(release_epoch) - 1).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.enter_epoch(release_epoch).await?;
    Ok((world, release_epoch, attack))
}

#[tokio::test]
async fn completing_as_tokens_waits_for_a_request_that_reaches_it_and_loses_nothing_but_its_part() -> Result<()> {
    let (world, release_epoch, attack) = frozen_and_released().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let complete = world.complete_call(operator, release_epoch, alice.address);
    world.refuse(alice, world.suite.token_pool, &complete, &OperatorIsFrozen { operator }).await?;
    world.execute(&attack).await?;
    world.act(alice, world.suite.token_pool, &complete).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(2)));
    Ok(())
}

#[tokio::test]
async fn completing_as_shares_waits_for_a_request_that_reaches_it_and_loses_nothing_but_its_part() -> Result<()> {
    let (world, release_epoch, attack) = frozen_and_released().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let restake = world.restake_call(operator, release_epoch, world.honest());
    world.refuse(alice, world.suite.token_pool, &restake, &OperatorIsFrozen { operator }).await?;
    world.execute(&attack).await?;
    world.act(alice, world.suite.token_pool, &restake).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(2));
    Ok(())
}

#[tokio::test]
async fn what_matured_before_a_fault_is_paid_while_its_operator_is_frozen() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let shares = world.stake(alice, ether(10), operator).await?;
    let release_epoch = world.queue(alice, operator, shares / 10 * 4).await?;
    world.enter_epoch(release_epoch).await?;
    world.freeze(&world.cast.dishonest).await?;
    world.act(alice, world.suite.token_pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(4)));
    Ok(())
}
