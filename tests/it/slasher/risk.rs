//! Whose stake makes a grant wait: that of others which the operator's faults can reach.

use super::services::{can_slash, freeze, grant};
use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IStrategyManager::hasForeignStakeCall;
use interfaces::{IERC20, ILiquidStakingToken, ITokenPool};
use restake::actors::Actor;
use restake_tests::{World, ether};

async fn shares_risk(world: &World, operator: &Actor) -> Result<bool> {
    let call = hasForeignStakeCall { operator: operator.address };
    Ok(world.chain.view(world.suite.strategy_manager, &call).await?)
}

#[tokio::test]
async fn idle_stake_and_stake_with_another_operator_make_no_grant_wait() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, alice) = (&world.cast.honest, &world.cast.owner, &world.cast.alice);
    world.stake(alice, ether(5), Address::ZERO).await?;
    world.stake(alice, ether(5), world.dishonest()).await?;
    assert!(!shares_risk(&world, operator).await?);
    assert!(shares_risk(&world, &world.cast.dishonest).await?);
    grant(&world, operator, service, ONE).await?;
    assert!(can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn one_base_unit_of_somebody_else_beside_the_operators_own_makes_a_grant_wait() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(5), operator.address).await?;
    assert!(!shares_risk(&world, operator).await?);
    world.stake(&world.cast.alice, 1, operator.address).await?;
    assert!(shares_risk(&world, operator).await?);
    grant(&world, operator, service, ONE).await?;
    assert!(!can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn stake_of_others_in_any_listed_token_makes_a_grant_wait() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, alice) = (&world.cast.honest, &world.cast.owner, &world.cast.alice);
    let token = world.copy_of(world.token()).await?;
    world.act(&world.cast.owner, world.suite.governance, &World::list_call(token, ether(1000))).await?;
    world.chain.send(alice.address, token, &ILiquidStakingToken::depositCall {}, U256::from(1_000)).await?;
    let approve = IERC20::approveCall { spender: world.suite.token_pool, value: U256::MAX };
    world.act(alice, token, &approve).await?;
    assert!(!shares_risk(&world, operator).await?);
    let stake = ITokenPool::stakeCall { token, amount: 1_000, operator: operator.address };
    world.act(alice, world.suite.token_pool, &stake).await?;
    assert!(shares_risk(&world, operator).await?);
    grant(&world, operator, service, ONE).await?;
    assert!(!can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn stake_that_was_slashed_to_nothing_makes_no_grant_wait() -> Result<()> {
    let world = World::new().await?;
    let (operator, first, second) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, first, ONE).await?;
    let shares = world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.queue(&world.cast.alice, operator.address, shares / 2).await?;
    let attack = freeze(&world, first, operator, ONE).await?;
    assert!(shares_risk(&world, operator).await?);
    world.execute(&attack).await?;
    assert!(!shares_risk(&world, operator).await?);
    grant(&world, operator, second, ONE).await?;
    assert!(can_slash(&world, operator, second).await?);
    Ok(())
}

#[tokio::test]
async fn withdrawals_of_the_operator_itself_beside_others_do_not_hide_them() -> Result<()> {
    let world = World::new().await?;
    let (operator, alice) = (&world.cast.honest, &world.cast.alice);
    let own = world.stake(operator, ether(5), operator.address).await?;
    let others = world.stake(alice, ether(5), operator.address).await?;
    world.queue(operator, operator.address, own).await?;
    let release_epoch = world.queue(alice, operator.address, others).await?;
    assert_eq!(world.pool(operator.address).await?.0, 0, "both are in one bucket");
    assert!(shares_risk(&world, operator).await?);
    world.enter_epoch(release_epoch - 1).await?;
    assert!(shares_risk(&world, operator).await?, "the second epoch of a withdrawal");
    world.enter_epoch(release_epoch).await?;
    assert!(!shares_risk(&world, operator).await?);
    Ok(())
}
