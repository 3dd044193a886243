//! What slashes have set aside: anyone collects it for whom it belongs to, once.

use super::account_service::{grant_everything, slash};
use alloy::primitives::{Address, U256};
use arithmetic::wad;
use eyre::Result;
use interfaces::ISlasher::{executeSlashCall, freezeOperatorCall};
use interfaces::IStrategyManager::{FundsClaimed, NothingToClaim, PoolSlashed};
use restake::chain::event;
use restake_tests::{World, ether};

/// Half of the 20 tokens that Alice had with the crooked operator was slashed: 1 is the challenger's, 9 are for the insurance fund.
async fn slashed() -> Result<World> {
    let world = World::new().await?;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, ether(20), world.dishonest()).await?;
    slash(&world, wad::ONE / 2).await?;
    Ok(world)
}

#[tokio::test]
async fn anyone_collects_for_the_claimant() -> Result<()> {
    let world = slashed().await?;
    let (bob, claimant) = (&world.cast.bob, world.cast.fund.address);
    let receipt = world.act(bob, world.suite.token_pool, &world.claim_call(claimant)).await?;
    let expected = FundsClaimed { claimant, token: world.token(), amount: ether(9) };
    assert_eq!(event::<FundsClaimed>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(world.held(claimant).await?, U256::from(ether(9)));
    assert_eq!(world.held(bob.address).await?, U256::ZERO);
    assert_eq!(world.slashed_funds(claimant).await?, 0);
    assert_eq!(world.slashed_funds(world.cast.challenger.address).await?, ether(1));
    assert_eq!(world.owed().await?, ether(11));
    Ok(())
}

#[tokio::test]
async fn who_has_nothing_set_aside_collects_nothing() -> Result<()> {
    let world = slashed().await?;
    let alice = &world.cast.alice;
    world.refuse(alice, world.suite.token_pool, &world.claim_call(alice.address), &NothingToClaim {}).await
}

#[tokio::test]
async fn slashed_funds_are_collected_once() -> Result<()> {
    let world = slashed().await?;
    let (challenger, pool) = (&world.cast.challenger, world.suite.token_pool);
    let claim = world.claim_call(challenger.address);
    world.act(challenger, pool, &claim).await?;
    world.refuse(challenger, pool, &claim, &NothingToClaim {}).await
}

#[tokio::test]
async fn the_funds_of_several_slashes_add_up() -> Result<()> {
    let world = slashed().await?;
    // A quarter of the 10 that are left.
    slash(&world, wad::ONE / 4).await?;
    assert_eq!(world.slashed_funds(world.cast.fund.address).await?, ether(9) + ether(9) / 4);
    assert_eq!(world.slashed_funds(world.cast.challenger.address).await?, ether(1) + ether(1) / 4);
    Ok(())
}

#[tokio::test]
async fn a_challenger_who_is_the_recipient_too_gets_both_parts() -> Result<()> {
    let world = World::new().await?;
    let challenger = world.cast.challenger.address;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, ether(20), world.dishonest()).await?;
    let request = freezeOperatorCall {
        operator: world.dishonest(),
        wad: wad::ONE / 2,
        challenger,
        challengerShare: wad::ONE / 10,
        recipient: challenger,
        resolver: Address::ZERO,
    };
    world.act(&world.cast.owner, world.suite.slasher, &request).await?;
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    world.act(&world.cast.bob, world.suite.slasher, &executeSlashCall { requestId: 0 }).await?;
    assert_eq!(world.slashed_funds(challenger).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn slashing_nothing_sets_nothing_aside() -> Result<()> {
    let world = World::new().await?;
    grant_everything(&world).await?;
    let receipt = slash(&world, wad::ONE / 2).await?;
    assert_eq!(event::<PoolSlashed>(&receipt, world.suite.strategy_manager), None);
    let claim = world.claim_call(world.cast.fund.address);
    world.refuse(&world.cast.fund, world.suite.token_pool, &claim, &NothingToClaim {}).await
}
