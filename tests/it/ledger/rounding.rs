//! Odd amounts: rounding is against who acts, nobody gains by it, and the vault holds what the ledger owes to the last
//! base unit.

use super::account_service::{grant_everything, slash};
use alloy::primitives::{Address, U256};
use arithmetic::pool::SHARES_PER_ASSET;
use arithmetic::wad;
use eyre::{Result, ensure};
use interfaces::ILens::bucketCall;
use restake_tests::{World, ether};

/// A third, rounded down: 333333333333333333 wad.
const THIRD: u64 = wad::ONE / 3;

/// Alice has 1,000,003 base units with the crooked operator, Bob has 7; a third of all that was slashed.
async fn slashed_by_a_third() -> Result<World> {
    let world = World::new().await?;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, 1_000_003, world.dishonest()).await?;
    world.stake(&world.cast.bob, 7, world.dishonest()).await?;
    slash(&world, THIRD).await?;
    Ok(world)
}

/// # Errors If the vault does not hold what the ledger owes, or the ledger does not owe the sum of pools, buckets and
/// slashed funds.
async fn books_agree(world: &World, release_epochs: &[u64]) -> Result<u128> {
    let mut sum = 0;
    let last = world.release_epoch().await?;
    for release_epoch in release_epochs.first().copied().unwrap_or(last)..=last {
        sum += world.slashed_funds(world.cast.challenger.address, release_epoch).await?;
        sum += world.slashed_funds(world.cast.fund.address, release_epoch).await?;
    }
    for operator in [Address::ZERO, world.honest(), world.dishonest()] {
        sum += world.pool(operator).await?.0;
        for release_epoch in release_epochs {
            let bucket = bucketCall { operator, token: world.token(), releaseEpoch: *release_epoch };
            sum += world.chain.view(world.suite.lens, &bucket).await?.assets;
        }
    }
    let owed = world.owed().await?;
    ensure!(sum == owed, "pools, buckets and slashed funds are {sum}, the ledger owes {owed}");
    let held = world.held(world.suite.token_pool).await?;
    ensure!(held == U256::from(owed), "the vault holds {held}, the ledger owes {owed}");
    Ok(owed)
}

#[tokio::test]
async fn a_slash_is_rounded_up_and_a_position_down() -> Result<()> {
    let world = slashed_by_a_third().await?;
    // 1,000,010 * 0.333333333333333333 = 333,336.67, rounded up; 666,673 are left.
    assert_eq!(world.pool(world.dishonest()).await?.0, 666_673);
    // 1,000,003 / 1,000,010 of that are 666,668.33, and 7 / 1,000,010 are 4.67.
    assert_eq!(world.position(world.cast.alice.address, world.dishonest()).await?.1, 666_668);
    assert_eq!(world.position(world.cast.bob.address, world.dishonest()).await?.1, 4);
    Ok(())
}

#[tokio::test]
async fn the_challenger_gets_its_share_rounded_down_and_the_recipient_the_rest() -> Result<()> {
    let world = slashed_by_a_third().await?;
    // A tenth of 333,337.
    let until = world.release_epoch().await?;
    assert_eq!(world.slashed_funds(world.cast.challenger.address, until).await?, 33_333);
    assert_eq!(world.slashed_funds(world.cast.fund.address, until).await?, 300_004);
    books_agree(&world, &[until]).await?;
    Ok(())
}

#[tokio::test]
async fn a_round_trip_through_an_odd_price_never_gains() -> Result<()> {
    let world = slashed_by_a_third().await?;
    let (owner, operator) = (&world.cast.owner, world.dishonest());
    // 5 * 1,000,010e6 / 666,673 = 7,500,003.75 shares, rounded down: a little less than 5 base units.
    let shares = world.stake(owner, 5, operator).await?;
    assert_eq!(shares, 7_500_003);
    let release_epoch = world.queue(owner, operator, shares).await?;
    assert_eq!(world.withdrawal(owner.address, operator, release_epoch).await?.1, 4);
    // The base unit that is missing is the pool's, whose other stakers lost nothing.
    assert_eq!(world.pool(operator).await?.0, 666_674);
    books_agree(&world, &[release_epoch]).await?;
    Ok(())
}

#[tokio::test]
async fn what_rounding_leaves_behind_goes_to_the_last_who_leaves() -> Result<()> {
    let world = slashed_by_a_third().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    let release_epoch = world.queue(alice, operator, 1_000_003 * SHARES_PER_ASSET).await?;
    world.queue(bob, operator, 7 * SHARES_PER_ASSET).await?;
    assert_eq!(world.pool(operator).await?, (0, 0, 0));
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, 666_668);
    assert_eq!(world.withdrawal(bob.address, operator, release_epoch).await?.1, 5);
    Ok(())
}

#[tokio::test]
async fn the_books_agree_after_every_step_and_end_at_zero() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, pool) = (&world.cast.alice, &world.cast.bob, world.suite.token_pool);
    let (crooked, honest) = (world.dishonest(), world.honest());
    grant_everything(&world).await?;

    let alices = world.stake(alice, ether(1) + 1, crooked).await?;
    let bobs = world.stake(bob, 333_333_333, crooked).await?;
    let idle = world.stake(bob, 77, Address::ZERO).await?;
    assert_eq!(books_agree(&world, &[world.release_epoch().await?]).await?, ether(1) + 333_333_411);

    world.act(bob, pool, &world.delegate_call(honest, idle / 7 * 3)).await?;
    let first = world.queue(alice, crooked, alices / 7).await?;
    books_agree(&world, &[first]).await?;

    slash(&world, THIRD).await?;
    books_agree(&world, &[first]).await?;
    slash(&world, THIRD / 7).await?;
    assert_eq!(books_agree(&world, &[first]).await?, ether(1) + 333_333_411);

    // Everyone leaves with everything, and what was slashed is collected.
    world.enter_epoch(first).await?;
    world.act(alice, pool, &world.complete_call(crooked, first, alice.address)).await?;
    let last = world.queue(alice, crooked, alices - alices / 7).await?;
    world.queue(bob, crooked, bobs).await?;
    world.queue(bob, honest, idle / 7 * 3).await?;
    world.queue(bob, Address::ZERO, idle - idle / 7 * 3).await?;
    books_agree(&world, &[first, last]).await?;
    world.enter_epoch(last).await?;
    world.act(alice, pool, &world.complete_call(crooked, last, alice.address)).await?;
    for operator in [crooked, honest, Address::ZERO] {
        world.act(bob, pool, &world.complete_call(operator, last, bob.address)).await?;
    }
    for claimant in [&world.cast.challenger, &world.cast.fund] {
        world.act(claimant, pool, &world.claim_call(claimant.address, first)).await?;
    }
    assert_eq!(books_agree(&world, &[first, last]).await?, 0);
    Ok(())
}
