//! Listing tokens and capping them.

use super::other_tokens::{contract, list, second_token};
use super::{account_service, other_tokens};
use alloy::primitives::{Address, U256};
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad;
use eyre::Result;
use interfaces::IAccess::NotAContract;
use interfaces::IGovernance::{AlreadyListed, NotListed, closeStrategyCall, scheduleLimitsCall};
use interfaces::ILens::{poolCall, strategyAtCall, strategyCall, strategyCountCall};
use interfaces::IStrategyManager::TooManyStrategies;
use interfaces::ITokenPool::{
    DepositTooLarge, InvalidLimits, StrategyCapExceeded, StrategyIsClosed, StrategyNotListed, StrategySet,
};
use interfaces::{IERC20, ITokenPool};
use restake::chain::event;
use restake_tests::{World, ether};

async fn set_cap(world: &World, cap: u128) -> Result<()> {
    world.set_limits(cap, 100, 0).await
}

#[tokio::test]
async fn a_listed_token_gets_a_cap_and_the_next_place() -> Result<()> {
    let world = World::new().await?;
    let (token, lens) = (second_token(&world).await?, world.suite.lens);
    let receipt = world.act(&world.cast.owner, world.suite.governance, &World::list_call(token, ether(7))).await?;
    let set = StrategySet { token, open: true, cap: ether(7), depositPercent: 100, outflowPercent: 0 };
    assert_eq!(event::<StrategySet>(&receipt, world.suite.token_pool), Some(set));
    let strategy = world.chain.view(lens, &strategyCall { token }).await?;
    assert_eq!((strategy.listed, strategy.open, strategy.cap, strategy.owed), (true, true, ether(7), 0));
    assert_eq!(world.chain.view(lens, &strategyCountCall {}).await?, 2);
    assert_eq!(world.chain.view(lens, &strategyAtCall { index: 1 }).await?, token);
    assert_eq!(world.chain.view(lens, &strategyAtCall { index: 2 }).await?, Address::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_token_cannot_be_listed_twice() -> Result<()> {
    let world = World::new().await?;
    let token = world.token();
    let again = World::list_call(token, ether(1));
    world.refuse(&world.cast.owner, world.suite.governance, &again, &AlreadyListed { token }).await
}

#[tokio::test]
async fn an_account_without_code_cannot_be_listed() -> Result<()> {
    let world = World::new().await?;
    let account = world.cast.bob.address;
    let call = World::list_call(account, ether(1));
    world.refuse(&world.cast.owner, world.suite.governance, &call, &NotAContract { account }).await
}

#[tokio::test]
async fn a_token_cannot_be_listed_with_a_cap_above_112_bits() -> Result<()> {
    let world = World::new().await?;
    let call = World::list_call(second_token(&world).await?, MAX_AMOUNT + 1);
    world.refuse(&world.cast.owner, world.suite.governance, &call, &InvalidLimits {}).await
}

#[tokio::test]
async fn a_cap_of_112_bits_is_the_highest() -> Result<()> {
    let world = World::new().await?;
    set_cap(&world, MAX_AMOUNT).await?;
    let call = scheduleLimitsCall { token: world.token(), cap: MAX_AMOUNT + 1, depositPercent: 1, outflowPercent: 0 };
    world.refuse(&world.cast.owner, world.suite.governance, &call, &InvalidLimits {}).await
}

#[tokio::test]
async fn a_token_that_is_not_listed_gets_no_cap() -> Result<()> {
    let world = World::new().await?;
    let token = second_token(&world).await?;
    let call = scheduleLimitsCall { token, cap: ether(1), depositPercent: 1, outflowPercent: 0 };
    world.refuse(&world.cast.owner, world.suite.governance, &call, &NotListed { token }).await?;
    world.refuse(&world.cast.owner, world.suite.governance, &closeStrategyCall { token }, &NotListed { token }).await
}

#[tokio::test]
async fn a_token_that_is_not_listed_cannot_be_staked() -> Result<()> {
    let world = World::new().await?;
    let token = second_token(&world).await?;
    let call = ITokenPool::stakeCall { token, ..world.stake_call(ether(1), world.honest()) };
    world.refuse(&world.cast.alice, world.suite.token_pool, &call, &StrategyNotListed { token }).await
}

#[tokio::test]
async fn sixteen_tokens_are_listed_and_not_one_more() -> Result<()> {
    let world = World::new().await?;
    for _ in 1..16 {
        list(&world, contract(&world, other_tokens::answers::NOTHING).await?, ether(1)).await?;
    }
    let token = contract(&world, other_tokens::answers::NOTHING).await?;
    let call = World::list_call(token, ether(1));
    let expected = TooManyStrategies { limit: 16 };
    world.refuse(&world.cast.owner, world.suite.governance, &call, &expected).await
}

#[tokio::test]
async fn stake_reaches_the_cap_and_not_one_base_unit_more() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    set_cap(&world, ether(5)).await?;
    world.stake(alice, ether(2), world.honest()).await?;
    world.fund(alice, ether(4)).await?;
    let above = world.stake_call(ether(3) + 1, world.dishonest());
    let expected = StrategyCapExceeded { total: ether(5) + 1, cap: ether(5) };
    world.refuse(alice, world.suite.token_pool, &above, &expected).await?;
    world.act(alice, world.suite.token_pool, &world.stake_call(ether(3), world.dishonest())).await?;
    assert_eq!(world.owed().await?, ether(5));
    Ok(())
}

#[tokio::test]
async fn withdrawals_count_towards_the_cap_until_they_are_paid() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    set_cap(&world, ether(5)).await?;
    let shares = world.stake(alice, ether(5), operator).await?;
    let release_epoch = world.queue(alice, operator, shares).await?;
    world.fund(alice, ether(1)).await?;
    let stake = world.stake_call(ether(1), operator);
    world.refuse(alice, pool, &stake, &StrategyCapExceeded { total: ether(6), cap: ether(5) }).await?;

    world.enter_epoch(release_epoch).await?;
    world.act(alice, pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    world.act(alice, pool, &stake).await?;
    Ok(())
}

#[tokio::test]
async fn a_cap_of_zero_closes_deposits_only() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    let idle = world.stake(alice, ether(10), Address::ZERO).await?;
    set_cap(&world, 0).await?;
    world.fund(alice, 1).await?;
    let expected = StrategyCapExceeded { total: ether(10) + 1, cap: 0 };
    world.refuse(alice, pool, &world.stake_call(1, operator), &expected).await?;

    // What is there already is delegated, queued, paid and staked again as ever.
    world.act(alice, pool, &world.delegate_call(operator, idle / 2)).await?;
    let from_operator = world.queue(alice, operator, idle / 2).await?;
    let from_idle = world.queue(alice, Address::ZERO, idle / 2).await?;
    world.enter_epoch(from_operator).await?;
    world.act(alice, pool, &world.complete_call(operator, from_operator, alice.address)).await?;
    world.act(alice, pool, &world.restake_call(Address::ZERO, from_idle, operator)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(5) + 1));
    assert_eq!(world.position(alice.address, operator).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn one_deposit_brings_at_most_its_part_of_the_cap() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    world.set_limits(ether(10), 20, 0).await?;
    world.fund(alice, ether(5)).await?;
    let expected = DepositTooLarge { amount: ether(2) + 1, limit: ether(2) };
    world.refuse(alice, pool, &world.stake_call(ether(2) + 1, world.honest()), &expected).await?;
    world.act(alice, pool, &world.stake_call(ether(2), world.honest())).await?;
    Ok(())
}

#[tokio::test]
async fn a_closed_token_takes_no_deposits_until_its_limits_are_set_again() -> Result<()> {
    let world = World::new().await?;
    let (alice, token, pool) = (&world.cast.alice, world.token(), world.suite.token_pool);
    world.stake(alice, ether(1), world.honest()).await?;
    world.act(&world.cast.owner, world.suite.governance, &closeStrategyCall { token }).await?;
    world.fund(alice, ether(1)).await?;
    let stake = world.stake_call(ether(1), world.honest());
    world.refuse(alice, pool, &stake, &StrategyIsClosed { token }).await?;
    let strategy = world.chain.view(world.suite.lens, &strategyCall { token }).await?;
    assert_eq!((strategy.listed, strategy.open, strategy.cap), (true, false, world.parameters.cap));

    world.set_limits(ether(2), 100, 0).await?;
    world.act(alice, pool, &stake).await?;
    Ok(())
}

#[tokio::test]
async fn a_slash_reaches_every_listed_token() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let second = second_token(&world).await?;
    list(&world, second, ether(100)).await?;
    account_service::grant_everything(&world).await?;
    world.stake(alice, ether(10), operator).await?;
    let deposit = interfaces::ILiquidStakingToken::depositCall {};
    world.chain.send(alice.address, second, &deposit, U256::from(ether(4))).await?;
    let approve = IERC20::approveCall { spender: world.suite.token_pool, value: U256::MAX };
    world.act(alice, second, &approve).await?;
    let stake = ITokenPool::stakeCall { token: second, ..world.stake_call(ether(4), operator) };
    world.act(alice, world.suite.token_pool, &stake).await?;

    account_service::slash(&world, wad::ONE / 4).await?;

    assert_eq!(world.pool(operator).await?.0, ether(10) / 4 * 3);
    let pool = world.chain.view(world.suite.lens, &poolCall { operator, token: second }).await?;
    assert_eq!(pool.assets, ether(3));
    Ok(())
}
