//! What is refused when idle stake moves to an operator.

use super::account_service::{grant_everything, slash};
use alloy::primitives::Address;
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::wad;
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::IStrategyManager::{InsufficientShares, ZeroAmount};
use restake_tests::{World, ether};

#[tokio::test]
async fn delegating_to_nobody_is_refused() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    let idle = world.stake(alice, ether(5), Address::ZERO).await?;
    world.refuse(alice, world.suite.token_pool, &world.delegate_call(Address::ZERO, idle), &ZeroAddress {}).await
}

#[tokio::test]
async fn delegating_one_share_more_than_is_idle_is_refused() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    let idle = world.stake(alice, ether(5), Address::ZERO).await?;
    // Neither Bob's idle stake nor her stake with an operator is hers to delegate.
    world.stake(&world.cast.bob, ether(5), Address::ZERO).await?;
    world.stake(alice, ether(5), world.honest()).await?;
    let delegate = world.delegate_call(world.honest(), idle + 1);
    let expected = InsufficientShares { have: idle, want: idle + 1 };
    world.refuse(alice, world.suite.token_pool, &delegate, &expected).await
}

#[tokio::test]
async fn delegating_no_shares_is_refused() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.stake(alice, ether(5), Address::ZERO).await?;
    world.refuse(alice, world.suite.token_pool, &world.delegate_call(world.honest(), 0), &ZeroAmount {}).await
}

#[tokio::test]
async fn delegating_less_than_one_base_unit_is_refused() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.stake(alice, ether(5), Address::ZERO).await?;
    let delegate = world.delegate_call(world.honest(), SHARES_PER_ASSET - 1);
    world.refuse(alice, world.suite.token_pool, &delegate, &ZeroAmount {}).await?;
    world.act(alice, world.suite.token_pool, &world.delegate_call(world.honest(), SHARES_PER_ASSET)).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?, (SHARES_PER_ASSET, 1));
    Ok(())
}

#[tokio::test]
async fn delegating_to_a_slashed_pool_buys_in_at_its_price() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    grant_everything(&world).await?;
    let alices = world.stake(alice, ether(10), operator).await?;
    slash(&world, wad::ONE / 2).await?;
    let idle = world.stake(bob, ether(5), Address::ZERO).await?;
    world.act(bob, world.suite.token_pool, &world.delegate_call(operator, idle)).await?;
    // Shares are worth half of the initial price: 5 tokens are as many as 10 were.
    assert_eq!(world.position(bob.address, operator).await?, (alices, ether(5)));
    assert_eq!(world.position(alice.address, operator).await?, (alices, ether(5)));
    Ok(())
}
