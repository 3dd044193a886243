//! Flow 1: a staker approves a token and stakes it with an operator that is not frozen.

use alloy::primitives::{Address, U256};
use arithmetic::pool::SHARES_PER_ASSET;
use eyre::Result;
use interfaces::ILens;
use interfaces::IStrategyManager::{OperatorIsFrozen, Staked};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn stake_moves_tokens_into_the_vault_and_issues_shares() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    world.fund(alice, ether(10)).await?;

    let receipt = world.act(alice, world.suite.token_pool, &world.stake_call(ether(4), operator)).await?;

    let shares = ether(4) * SHARES_PER_ASSET;
    let expected = Staked { staker: alice.address, operator, token: world.token(), amount: ether(4), shares };
    assert_eq!(event::<Staked>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(world.position(alice.address, operator).await?, (shares, ether(4)));
    assert_eq!(world.held(alice.address).await?, U256::from(ether(6)));
    assert_eq!(world.held(world.suite.token_pool).await?, U256::from(ether(4)));
    let strategy = world.chain.view(world.suite.lens, &ILens::strategyCall { token: world.token() }).await?;
    assert_eq!(strategy.owed, ether(4));
    Ok(())
}

#[tokio::test]
async fn stake_without_an_operator_is_idle_and_never_slashed() -> Result<()> {
    let world = World::new().await?;
    world.stake(&world.cast.alice, ether(5), Address::ZERO).await?;
    world.join(&world.cast.dishonest, arithmetic::wad::ONE).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    assert_eq!(world.position(world.cast.alice.address, Address::ZERO).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn stake_with_a_frozen_operator_is_refused() -> Result<()> {
    let world = World::new().await?;
    world.fund(&world.cast.alice, ether(5)).await?;
    world.join(&world.cast.dishonest, arithmetic::wad::ONE).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    let operator = world.dishonest();
    let stake = world.stake_call(ether(5), operator);
    world.refuse(&world.cast.alice, world.suite.token_pool, &stake, &OperatorIsFrozen { operator }).await?;
    world.execute(&attack).await?;
    world.act(&world.cast.alice, world.suite.token_pool, &stake).await?;
    Ok(())
}

#[tokio::test]
async fn a_frozen_operator_keeps_nobody_from_staking_elsewhere() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, arithmetic::wad::ONE).await?;
    world.freeze(&world.cast.dishonest).await?;
    let alice = &world.cast.alice;
    world.stake(alice, ether(2), world.honest()).await?;
    world.stake(alice, ether(3), Address::ZERO).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(2));
    assert_eq!(world.position(alice.address, Address::ZERO).await?.1, ether(3));
    Ok(())
}
