//! ETH that nothing asked for.

use super::NOBODY;
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::{Result, ensure};
use interfaces::IDisputeResolution::withdrawBondCall;
use interfaces::IOwnable::transferOwnershipCall;
use interfaces::{IERC20, IGovernance, IRegistry};
use restake_tests::World;

/// The owner sends 1 wei with a call that would work without it.
async fn refuse_ether<C: SolCall>(world: &World, to: Address, call: &C) -> Result<()> {
    let owner = &world.cast.owner;
    world.chain.simulate(owner.address, to, call, U256::ZERO).await?;
    let refusal = world.refusal(owner, to, call, U256::ONE).await?;
    ensure!(refusal.data.is_empty(), "{} refused ETH with {refusal}", C::SIGNATURE);
    Ok(())
}

#[tokio::test]
async fn a_function_that_takes_no_ether_refuses_it_without_data() -> Result<()> {
    let world = World::new().await?;
    let (suite, service, owner) = (world.suite, world.suite.service, world.cast.owner.address);
    let token = world.token();
    world.fund(&world.cast.owner, 1).await?;
    refuse_ether(&world, suite.token_pool, &world.stake_call(1, owner)).await?;
    refuse_ether(&world, suite.slasher, &World::grant_call(owner, ONE)).await?;
    refuse_ether(&world, suite.governance, &IGovernance::closeStrategyCall { token }).await?;
    refuse_ether(&world, token, &IERC20::approveCall { spender: owner, value: U256::ONE }).await?;
    refuse_ether(&world, service.registry, &IRegistry::scheduleMinimumStakeCall { minimumStake: 1 }).await?;
    refuse_ether(&world, service.service_manager, &transferOwnershipCall { newOwner: owner }).await
}

#[tokio::test]
async fn withdrawing_a_bond_takes_no_ether() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    world.freeze(&world.cast.dishonest).await?;
    let (challenger, disputes) = (&world.cast.challenger, world.suite.service.dispute_resolution);
    let refusal = world.refusal(challenger, disputes, &withdrawBondCall { recipient: NOBODY }, U256::ONE).await?;
    assert!(refusal.data.is_empty(), "{refusal}");
    Ok(())
}
