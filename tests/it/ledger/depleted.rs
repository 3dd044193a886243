//! Pools that were slashed to less than a millionth of their initial price only pay out.

use super::account_service::{grant_all_but, slash};
use alloy::primitives::{Address, U256};
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::wad;
use eyre::Result;
use interfaces::ISlasher::MagnitudeDepleted;
use interfaces::IStrategyManager::PoolDepleted;
use restake_tests::{World, ether};

/// A millionth of 100 %, in wad.
const MILLIONTH: u64 = wad::ONE / 1_000_000;

/// A millionth of so many base units is one, rounded down: less than a millionth of the initial price, while the
/// operator's magnitude is a millionth and not less.
const DEPLETING: u128 = 1_999_999;

/// Alice has `amount` with the crooked operator, and a millionth of it is left after a slash, rounded down.
async fn slashed(amount: u128) -> Result<World> {
    let world = World::new().await?;
    grant_all_but(&world, MILLIONTH).await?;
    world.stake(&world.cast.alice, amount, world.dishonest()).await?;
    slash(&world, wad::ONE).await?;
    Ok(world)
}

fn depleted(world: &World) -> PoolDepleted {
    PoolDepleted { operator: world.dishonest(), token: world.token() }
}

#[tokio::test]
async fn a_pool_at_a_millionth_of_its_initial_price_takes_stake() -> Result<()> {
    let world = slashed(ether(1)).await?;
    // Of 1e18 base units 1e12 are left, for 1e24 shares: a base unit is 1e12 shares.
    let shares = world.stake(&world.cast.bob, 7, world.dishonest()).await?;
    assert_eq!(shares, 7_000_000_000_000);
    Ok(())
}

#[tokio::test]
async fn a_depleted_pool_takes_no_stake() -> Result<()> {
    let world = slashed(DEPLETING).await?;
    world.fund(&world.cast.bob, ether(1)).await?;
    let stake = world.stake_call(ether(1), world.dishonest());
    world.refuse(&world.cast.bob, world.suite.token_pool, &stake, &depleted(&world)).await
}

#[tokio::test]
async fn a_depleted_pool_takes_no_idle_stake() -> Result<()> {
    let world = slashed(DEPLETING).await?;
    let idle = world.stake(&world.cast.bob, ether(1), Address::ZERO).await?;
    let delegate = world.delegate_call(world.dishonest(), idle);
    world.refuse(&world.cast.bob, world.suite.token_pool, &delegate, &depleted(&world)).await
}

#[tokio::test]
async fn a_depleted_pool_takes_no_withdrawal_back() -> Result<()> {
    let world = slashed(DEPLETING).await?;
    let bob = &world.cast.bob;
    let shares = world.stake(bob, ether(1), world.honest()).await?;
    let release_epoch = world.queue(bob, world.honest(), shares).await?;
    world.enter_epoch(release_epoch).await?;
    let restake = world.restake_call(world.honest(), release_epoch, world.dishonest());
    world.refuse(bob, world.suite.token_pool, &restake, &depleted(&world)).await
}

#[tokio::test]
async fn a_depleted_bucket_takes_no_more_withdrawals_in_its_epoch() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    grant_all_but(&world, MILLIONTH - 1).await?;
    let shares = world.stake(alice, ether(2), operator).await?;
    let release_epoch = world.queue(alice, operator, shares / 2).await?;
    slash(&world, wad::ONE).await?;
    let queue = world.queue_call(operator, shares / 2);
    world.refuse(alice, world.suite.token_pool, &queue, &depleted(&world)).await?;
    // The next epoch has a bucket of its own. Less than a millionth of a token is left.
    world.enter_epoch(release_epoch - 1).await?;
    let next = world.queue(alice, operator, shares / 2).await?;
    assert_eq!(world.withdrawal(alice.address, operator, next).await?.1, 999_999_999_999);
    Ok(())
}

#[tokio::test]
async fn a_depleted_pool_pays_what_is_left_and_starts_anew_when_it_is_empty() -> Result<()> {
    let world = slashed(DEPLETING).await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let (shares, left) = world.position(alice.address, operator).await?;
    assert_eq!(left, 1);
    let release_epoch = world.queue(alice, operator, shares).await?;
    assert_eq!(world.pool(operator).await?, (0, 0, 0));
    let new = world.stake(&world.cast.bob, ether(1), operator).await?;
    assert_eq!(new, ether(1) * SHARES_PER_ASSET);
    world.enter_epoch(release_epoch).await?;
    world.act(alice, pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(left));
    Ok(())
}

#[tokio::test]
async fn an_operator_of_which_less_than_a_millionth_is_left_takes_no_stake_in_any_token() -> Result<()> {
    let world = World::new().await?;
    let (bob, pool, operator) = (&world.cast.bob, world.suite.token_pool, world.dishonest());
    grant_all_but(&world, MILLIONTH - 1).await?;
    world.stake(&world.cast.alice, ether(1), operator).await?;
    let idle = world.stake(bob, ether(2), Address::ZERO).await?;
    let release_epoch = world.queue(bob, Address::ZERO, idle / 2).await?;
    slash(&world, wad::ONE).await?;
    world.fund(bob, ether(1)).await?;
    let expected = MagnitudeDepleted { operator, magnitude: MILLIONTH - 1 };
    world.refuse(bob, pool, &world.stake_call(ether(1), operator), &expected).await?;
    world.refuse(bob, pool, &world.delegate_call(operator, idle / 2), &expected).await?;
    world.enter_epoch(release_epoch).await?;
    world.refuse(bob, pool, &world.restake_call(Address::ZERO, release_epoch, operator), &expected).await
}
