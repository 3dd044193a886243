//! Whose stake makes a grant wait: that of others which the operator's faults can reach.

use super::services::{can_slash, cancel, end_grant, freeze, grant, grant_shared, opt_in, pending, raise, release};
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
    let stake = ITokenPool::stakeCall { token, amount: 1_000, operator: operator.address, maxCommitment: 0 };
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
    // Nothing is left to grant before the magnitude is one again, either.
    let until = end_grant(&world, operator, first).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(operator, world.suite.slasher, &release(operator, first)).await?;
    grant(&world, operator, second, ONE).await?;
    assert!(can_slash(&world, operator, second).await?);
    Ok(())
}

#[tokio::test]
async fn nothing_is_in_force_at_once_while_a_shared_budget_exists() -> Result<()> {
    let world = World::new().await?;
    let (operator, shared, other, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    world.stake(operator, ether(5), operator.address).await?;
    grant(&world, operator, other, ONE / 4).await?;
    grant_shared(&world, operator, shared, ONE / 4).await?;
    assert!(!shares_risk(&world, operator).await?);
    // Neither a grant of either tier nor a raise, although nobody else has stake.
    grant(&world, operator, &world.cast.accuser, ONE / 4).await?;
    grant_shared(&world, operator, &world.cast.fund, ONE / 4).await?;
    world.act(operator, slasher, &raise(other, ONE / 2)).await?;
    world.act(operator, slasher, &raise(shared, ONE / 2)).await?;
    let effective_at = world.chain.now().await? + 2_419_200;
    for (service, raise) in
        [(&world.cast.accuser, ONE / 4), (&world.cast.fund, ONE / 4), (other, ONE / 4), (shared, ONE / 4)]
    {
        assert_eq!(pending(&world, operator, service).await?, (raise, effective_at));
    }
    Ok(())
}

#[tokio::test]
async fn an_ended_shared_budget_makes_grants_wait_until_its_release() -> Result<()> {
    let world = World::new().await?;
    let (operator, shared, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant_shared(&world, operator, shared, ONE / 2).await?;
    let until = end_grant(&world, operator, shared).await?;
    world.chain.travel_to(until + 1).await?;
    // An ended one counts until its release.
    world.act(operator, slasher, &opt_in(&world.cast.bob, ONE / 4)).await?;
    assert!(!can_slash(&world, operator, &world.cast.bob).await?);
    world.act(operator, slasher, &cancel(&world.cast.bob)).await?;
    world.act(operator, slasher, &release(operator, shared)).await?;
    grant(&world, operator, &world.cast.bob, ONE / 4).await?;
    assert!(can_slash(&world, operator, &world.cast.bob).await?);
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
