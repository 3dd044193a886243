//! Flow 2: idle stake moves to operators, several if the staker likes.

use alloy::primitives::Address;
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::wad;
use eyre::Result;
use interfaces::IERC20::Transfer;
use interfaces::IStrategyManager::{Delegated, OperatorIsFrozen};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn delegating_moves_idle_stake_to_an_operator_and_no_tokens() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    world.stake(alice, ether(10), Address::ZERO).await?;

    let shares = ether(4) * SHARES_PER_ASSET;
    let receipt = world.act(alice, world.suite.token_pool, &world.delegate_call(operator, shares)).await?;

    // Both pools are at the initial price: 4 tokens are as many shares of the one as of the other.
    let expected = Delegated {
        staker: alice.address,
        operator,
        token: world.token(),
        amount: ether(4),
        idleShares: shares,
        shares,
    };
    assert_eq!(event::<Delegated>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(event::<Transfer>(&receipt, world.token()), None);
    let rest = ether(6) * SHARES_PER_ASSET;
    assert_eq!(world.position(alice.address, Address::ZERO).await?, (rest, ether(6)));
    assert_eq!(world.position(alice.address, operator).await?, (shares, ether(4)));
    assert_eq!(world.owed().await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn idle_stake_can_be_spread_over_several_operators() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    let idle = world.stake(alice, ether(10), Address::ZERO).await?;
    world.act(alice, pool, &world.delegate_call(world.honest(), idle / 10 * 3)).await?;
    world.act(alice, pool, &world.delegate_call(world.dishonest(), idle / 10 * 7)).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(3));
    assert_eq!(world.position(alice.address, world.dishonest()).await?.1, ether(7));
    assert_eq!(world.position(alice.address, Address::ZERO).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn delegated_stake_is_slashed_where_idle_stake_was_not() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    let idle = world.stake(alice, ether(10), Address::ZERO).await?;
    world.join(&world.cast.dishonest, wad::ONE).await?;
    world.act(alice, world.suite.token_pool, &world.delegate_call(world.dishonest(), idle / 5 * 2)).await?;

    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;

    // Half of the 4 tokens that were delegated.
    assert_eq!(world.position(alice.address, world.dishonest()).await?.1, ether(2));
    assert_eq!(world.position(alice.address, Address::ZERO).await?.1, ether(6));
    Ok(())
}

#[tokio::test]
async fn delegating_to_a_frozen_operator_is_refused_until_its_release() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let idle = world.stake(alice, ether(5), Address::ZERO).await?;
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;

    let delegate = world.delegate_call(operator, idle);
    world.refuse(alice, world.suite.token_pool, &delegate, &OperatorIsFrozen { operator }).await?;

    world.execute(&attack).await?;
    world.act(alice, world.suite.token_pool, &delegate).await?;
    assert_eq!(world.position(alice.address, operator).await?.1, ether(5));
    Ok(())
}
