//! Stake that joins a pool: what is refused, and how stakers share one.

use super::account_service::{grant_everything, slash};
use super::other_tokens::{answers, hand_written_token, held};
use alloy::primitives::{Address, U256};
use arithmetic::pool::{MAX_AMOUNT, SHARES_PER_ASSET};
use arithmetic::wad;
use eyre::Result;
use interfaces::IERC20::{ERC20InsufficientAllowance, ERC20InsufficientBalance, approveCall};
use interfaces::IStrategyManager::{AmountTooLarge, ZeroAmount};
use interfaces::ITokenPool::StrategyCapExceeded;
use interfaces::{ILiquidStakingToken, ITokenPool};
use restake_tests::{World, ether};

#[tokio::test]
async fn staking_nothing_is_refused() -> Result<()> {
    let world = World::new().await?;
    let stake = world.stake_call(0, world.honest());
    world.refuse(&world.cast.alice, world.suite.token_pool, &stake, &ZeroAmount {}).await
}

#[tokio::test]
async fn staking_without_an_allowance_is_refused_by_the_token() -> Result<()> {
    let world = World::new().await?;
    let (alice, spender) = (&world.cast.alice, world.suite.token_pool);
    let deposit = ILiquidStakingToken::depositCall {};
    world.chain.send(alice.address, world.token(), &deposit, U256::from(ether(1))).await?;
    let expected = ERC20InsufficientAllowance { spender, allowance: U256::ZERO, needed: U256::from(ether(1)) };
    world.refuse(alice, spender, &world.stake_call(ether(1), world.honest()), &expected).await
}

#[tokio::test]
async fn staking_without_the_balance_is_refused_by_the_token() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    world.fund(alice, ether(1)).await?;
    let expected = ERC20InsufficientBalance {
        sender: alice.address,
        balance: U256::from(ether(1)),
        needed: U256::from(ether(1) + 1),
    };
    world.refuse(alice, pool, &world.stake_call(ether(1) + 1, world.honest()), &expected).await
}

#[tokio::test]
async fn staking_more_than_112_bits_exceeds_the_highest_cap() -> Result<()> {
    let world = World::new().await?;
    world.set_limits(MAX_AMOUNT, 100, 0).await?;
    let stake = world.stake_call(MAX_AMOUNT + 1, world.honest());
    let expected = StrategyCapExceeded { total: MAX_AMOUNT + 1, cap: MAX_AMOUNT };
    world.refuse(&world.cast.alice, world.suite.token_pool, &stake, &expected).await
}

#[tokio::test]
async fn staking_beyond_128_bits_in_all_is_refused() -> Result<()> {
    let world = World::new().await?;
    world.stake(&world.cast.alice, 1, world.honest()).await?;
    let stake = world.stake_call(u128::MAX, world.honest());
    world.refuse(&world.cast.alice, world.suite.token_pool, &stake, &AmountTooLarge {}).await
}

#[tokio::test]
async fn shares_reach_112_bits_and_not_one_base_unit_more() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    let token = hand_written_token(&world, 0, answers::TRUE).await?;
    // A pool starts at a million shares per base unit.
    let most = MAX_AMOUNT / SHARES_PER_ASSET;
    let above = ITokenPool::stakeCall { token, ..world.stake_call(most + 1, operator) };
    world.refuse(alice, pool, &above, &AmountTooLarge {}).await?;
    world.act(alice, pool, &ITokenPool::stakeCall { token, ..world.stake_call(most, operator) }).await?;
    assert_eq!(held(&world, token, pool).await?, U256::from(most));
    let one_more = ITokenPool::stakeCall { token, ..world.stake_call(1, operator) };
    world.refuse(alice, pool, &one_more, &AmountTooLarge {}).await
}

#[tokio::test]
async fn a_staker_uses_several_operators_and_its_stake_is_kept_apart() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.stake(alice, ether(1), world.honest()).await?;
    world.stake(alice, ether(2), world.dishonest()).await?;
    world.stake(alice, ether(3), Address::ZERO).await?;
    world.stake(alice, ether(4), world.honest()).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(5));
    assert_eq!(world.position(alice.address, world.dishonest()).await?.1, ether(2));
    assert_eq!(world.position(alice.address, Address::ZERO).await?.1, ether(3));
    Ok(())
}

#[tokio::test]
async fn an_operator_is_a_staker_of_its_own_like_any_other() -> Result<()> {
    let world = World::new().await?;
    let operator = world.dishonest();
    grant_everything(&world).await?;
    world.stake(&world.cast.dishonest, ether(6), operator).await?;
    world.stake(&world.cast.alice, ether(2), operator).await?;
    slash(&world, wad::ONE / 2).await?;
    assert_eq!(world.position(operator, operator).await?.1, ether(3));
    assert_eq!(world.position(world.cast.alice.address, operator).await?.1, ether(1));
    Ok(())
}

#[tokio::test]
async fn two_stakers_share_a_slash_pro_rata() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    grant_everything(&world).await?;
    world.stake(alice, ether(30), operator).await?;
    world.stake(bob, ether(10), operator).await?;
    slash(&world, wad::ONE / 5).await?;
    // A fifth of 30 and of 10.
    assert_eq!(world.position(alice.address, operator).await?.1, ether(24));
    assert_eq!(world.position(bob.address, operator).await?.1, ether(8));
    assert_eq!(world.pool(operator).await?.0, ether(32));
    Ok(())
}

#[tokio::test]
async fn who_stakes_after_a_slash_pays_the_price_of_then() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    grant_everything(&world).await?;
    let alices = world.stake(alice, ether(10), operator).await?;
    slash(&world, wad::ONE / 2).await?;
    // A share is worth half of what it was: 5 tokens are as many shares as 10 were.
    let bobs = world.stake(bob, ether(5), operator).await?;
    assert_eq!(bobs, alices);
    assert_eq!(world.position(bob.address, operator).await?.1, ether(5));
    assert_eq!(world.position(alice.address, operator).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn tokens_taken_are_those_of_the_caller_within_its_allowance() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    world.fund(alice, ether(3)).await?;
    let approve = approveCall { spender: pool, value: U256::from(ether(2)) };
    world.act(alice, world.token(), &approve).await?;
    world.act(alice, pool, &world.stake_call(ether(2), world.honest())).await?;
    let expected = ERC20InsufficientAllowance { spender: pool, allowance: U256::ZERO, needed: U256::from(1) };
    world.refuse(alice, pool, &world.stake_call(1, world.honest()), &expected).await
}
