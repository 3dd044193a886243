//! Deposits that do not wait to be staked.

use super::restaked::{
    accuse, assets, deposit, fund, half_and_half, half_idle, rate, receipts, shared, stake_idle, staked,
};
use alloy::primitives::U256;
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolEvent;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILiquidRestakingToken::{SharesBelowMinimum, depositAndStakeCall};
use interfaces::IRestakingWeights::{NothingToDo, rebalanceCall, stakeIdleWithOneCall};
use interfaces::IStrategyManager::Staked;
use restake::actors::Actor;
use restake_tests::{World, ether};

/// `who` deposits `amount`, which it gets for that, and has it staked at once.
async fn deposit_and_stake(world: &World, who: &Actor, amount: u128) -> Result<TransactionReceipt> {
    fund(world, who, amount).await?;
    let call = depositAndStakeCall { amount, recipient: who.address, minShares: 0 };
    Ok(world.act(who, world.suite.restaking_token, &call).await?)
}

/// How many stakes there were in a transaction.
fn stakes(receipt: &TransactionReceipt) -> usize {
    receipt.logs().iter().filter(|log| log.topic0() == Some(&Staked::SIGNATURE_HASH)).count()
}

/// What is staked with the honest and with the crooked operator.
async fn both(world: &World) -> Result<(u128, u128)> {
    Ok((staked(world, &world.cast.honest).await?, staked(world, &world.cast.dishonest).await?))
}

async fn nothing_is_above_a_weight(world: &World) -> Result<()> {
    world.refuse(&world.cast.alice, world.suite.restaking_weights, &rebalanceCall {}, &NothingToDo {}).await
}

#[tokio::test]
async fn a_deposit_that_does_not_wait_is_one_stake_with_the_operator_that_misses_the_most() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, small) = (&world.cast.alice, ether(1) / 10);
    let receipt = deposit_and_stake(&world, alice, small).await?;
    assert_eq!(stakes(&receipt), 1);
    assert_eq!(both(&world).await?, (ether(10) + small, ether(10)), "of equals the first");
    assert_eq!(receipts(&world, alice).await?, U256::from(ether(10) + small));
    deposit_and_stake(&world, alice, small).await?;
    assert_eq!(both(&world).await?, (ether(10) + small, ether(10) + small));
    assert_eq!((assets(&world).await?, rate(&world).await?), ((ether(20) + 2 * small, 0, 0), u128::from(ONE)));
    nothing_is_above_a_weight(&world).await
}

#[tokio::test]
async fn a_deposit_brings_an_operator_less_than_a_hundredth_above_its_weight() -> Result<()> {
    let world = shared(ether(10)).await?;
    deposit_and_stake(&world, &world.cast.alice, ether(10)).await?;
    // Of 30 each shall have 15.
    let most = ether(15) + ether(15) / 100 - 1;
    assert_eq!(both(&world).await?, (most, ether(10)));
    assert_eq!(assets(&world).await?.2, ether(20) - most);
    nothing_is_above_a_weight(&world).await?;
    // The other one misses more than there is.
    world.act(&world.cast.bob, world.suite.restaking_weights, &stakeIdleWithOneCall {}).await?;
    assert_eq!(both(&world).await?, (most, ether(30) - most));
    world.refuse(&world.cast.bob, world.suite.restaking_weights, &stakeIdleWithOneCall {}, &NothingToDo {}).await
}

#[tokio::test]
async fn deposits_that_do_not_wait_leave_idle_what_is_nobodys_weight() -> Result<()> {
    let world = half_idle(ether(10)).await?;
    for amount in [ether(1) / 10, ether(3), 7, ether(1) / 100] {
        deposit_and_stake(&world, &world.cast.bob, amount).await?;
        let (all, _, idle) = assets(&world).await?;
        assert_eq!(idle, all.div_ceil(2), "after {amount}");
    }
    nothing_is_above_a_weight(&world).await
}

#[tokio::test]
async fn what_one_operator_refuses_the_next_one_takes_and_without_any_the_deposit_waits() -> Result<()> {
    let (world, some) = (shared(ether(10)).await?, ether(1) / 10);
    // The one that will be frozen misses more.
    deposit_and_stake(&world, &world.cast.alice, some).await?;
    deposit(&world, &world.cast.alice, ether(1)).await?;
    world.freeze(&world.cast.dishonest).await?;
    let receipt = deposit_and_stake(&world, &world.cast.bob, some).await?;
    let (honest, frozen) = both(&world).await?;
    assert_eq!((stakes(&receipt), frozen), (1, ether(10)));
    assert!(honest > ether(10) + some);
    let world = half_idle(ether(10)).await?;
    accuse(&world, ONE / 2).await?;
    let (before, held) = (both(&world).await?, receipts(&world, &world.cast.bob).await?);
    let receipt = deposit_and_stake(&world, &world.cast.bob, ether(2)).await?;
    assert_eq!((stakes(&receipt), both(&world).await?), (0, before));
    assert_eq!(receipts(&world, &world.cast.bob).await?, held + U256::from(ether(2)));
    assert_eq!(assets(&world).await?.2, ether(12));
    Ok(())
}

#[tokio::test]
async fn the_first_deposit_is_staked_at_once() -> Result<()> {
    let world = half_and_half().await?;
    deposit_and_stake(&world, &world.cast.alice, ether(10)).await?;
    assert_eq!(both(&world).await?, (ether(5) + ether(5) / 100 - 1, 0));
    stake_idle(&world).await?;
    assert_eq!(assets(&world).await?, (ether(10), 0, 0));
    Ok(())
}

#[tokio::test]
async fn a_deposit_below_its_minimum_is_neither_taken_nor_staked() -> Result<()> {
    let world = shared(ether(10)).await?;
    deposit(&world, &world.cast.bob, ether(1)).await?;
    fund(&world, &world.cast.alice, ether(1)).await?;
    let (before, shares) = (both(&world).await?, ether(1));
    let call = depositAndStakeCall { amount: shares, recipient: world.cast.alice.address, minShares: shares + 1 };
    let error = SharesBelowMinimum { shares, minimum: shares + 1 };
    world.refuse(&world.cast.alice, world.suite.restaking_token, &call, &error).await?;
    assert_eq!((both(&world).await?, assets(&world).await?.2), (before, ether(1)));
    Ok(())
}
