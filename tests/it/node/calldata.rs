//! Calldata that is not a call: reverts without data and changes nothing.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::{Result, bail, ensure};
use interfaces::{IDisputeResolution, IERC20, IGovernance, IOwnable, IRegistry, ITokenPool};
use restake::chain::CallError;
use restake_tests::{Picture, World};

/// `input` is refused without data, and changes nothing when sent all the same.
async fn refuse(world: &World, to: Address, input: impl Into<Bytes>) -> Result<()> {
    let request = TransactionRequest::default().with_from(world.cast.owner.address).with_to(to).with_input(input);
    match world.chain.transact(request.clone()).await {
        Err(CallError::Refused(refusal)) => ensure!(refusal.data.is_empty(), "refused with {refusal}"),
        other => bail!("expected a revert without data, got {other:?}"),
    }
    let before = Picture::take(world).await?;
    let receipt = world.chain.submit(request.with_gas_limit(1_000_000)).await?;
    ensure!(!receipt.status() && receipt.logs().is_empty(), "it went through when sent");
    before.must_equal(&Picture::take(world).await?)
}

#[tokio::test]
async fn a_call_of_a_function_that_does_not_exist_is_refused() -> Result<()> {
    let world = World::new().await?;
    for contract in world.suite.contracts() {
        refuse(&world, contract, vec![0xde, 0xad, 0xbe, 0xef]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_call_without_calldata_is_refused() -> Result<()> {
    let world = World::new().await?;
    for contract in world.suite.contracts() {
        refuse(&world, contract, Bytes::new()).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_call_with_half_a_selector_is_refused() -> Result<()> {
    let world = World::new().await?;
    for contract in world.suite.contracts() {
        refuse(&world, contract, vec![0, 0, 0]).await?;
    }
    Ok(())
}

/// A call that would go through, if its last byte were not missing.
async fn refuse_truncated<C: SolCall>(world: &World, to: Address, call: &C) -> Result<()> {
    let owner = world.cast.owner.address;
    world.chain.simulate(owner, to, call, U256::ZERO).await?;
    let mut input = call.abi_encode();
    input.pop();
    refuse(world, to, input).await
}

#[tokio::test]
async fn a_call_whose_last_byte_is_missing_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (suite, service, owner) = (world.suite, world.suite.service, world.cast.owner.address);
    let token = suite.token;
    world.fund(&world.cast.owner, 1).await?;
    let stake = ITokenPool::stakeCall { token, amount: 1, operator: owner, maxCommitment: 0 };
    refuse_truncated(&world, suite.token_pool, &stake).await?;
    refuse_truncated(&world, suite.governance, &IGovernance::closeStrategyCall { token }).await?;
    refuse_truncated(&world, suite.slasher, &World::grant_call(owner, ONE)).await?;
    refuse_truncated(&world, service.registry, &IRegistry::scheduleMinimumStakeCall { minimumStake: 1 }).await?;
    let offer = IOwnable::transferOwnershipCall { newOwner: owner };
    refuse_truncated(&world, service.service_manager, &offer).await?;
    let bond = IDisputeResolution::bondOfCall { account: owner };
    refuse_truncated(&world, service.dispute_resolution, &bond).await?;
    refuse_truncated(&world, token, &IERC20::transferCall { to: owner, value: U256::ZERO }).await
}

#[tokio::test]
async fn a_call_with_an_address_of_more_than_160_bits_is_refused() -> Result<()> {
    let world = World::new().await?;
    let mut input = World::grant_call(world.honest(), ONE).abi_encode();
    // The word of the address begins after the selector, with twelve bytes that must be zero.
    input[4 + 11] = 1;
    refuse(&world, world.suite.slasher, input).await
}

#[tokio::test]
async fn a_call_with_a_number_of_more_than_its_bits_is_refused() -> Result<()> {
    let world = World::new().await?;
    let mut input = World::grant_call(world.honest(), ONE).abi_encode();
    // The second word holds a number of 64 bits: the ninth byte from its end is worth 2^64.
    input[4 + 32 + 32 - 9] = 1;
    refuse(&world, world.suite.slasher, input).await
}

#[tokio::test]
async fn a_call_with_a_boolean_that_is_neither_is_refused() -> Result<()> {
    let world = World::new().await?;
    let mut input = World::grant_call(world.honest(), ONE).abi_encode();
    // The third word says whether the grant is exclusive.
    input[4 + 32 + 32 + 31] = 2;
    refuse(&world, world.suite.slasher, input).await
}
