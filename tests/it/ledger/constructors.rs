//! Constructors: each runs once, and refuses collaborators that cannot be.

use super::other_tokens::copy;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, keccak256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolError, SolValue};
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad;
use eyre::{Result, ensure};
use interfaces::IAccess::{NotAContract, ZeroAddress};
use interfaces::IDisputeResolution::InvalidChallengeWindow;
use interfaces::IServiceManager::InvalidTerms;
use restake::chain::CallError;
use restake::refusal::Refusal;
use restake_tests::World;

/// Calls the constructor of `contract`; its selector is that of `stylus_constructor()` whatever its arguments. Returns what it was refused with, if it was.
async fn construct(world: &World, contract: Address, arguments: &[u8]) -> Result<Option<Refusal>> {
    let input = [&keccak256("stylus_constructor()")[..4], arguments].concat();
    let request = TransactionRequest::default()
        .with_from(world.cast.owner.address)
        .with_to(contract)
        .with_input(Bytes::from(input));
    match world.chain.transact(request).await {
        Ok(_) => Ok(None),
        Err(CallError::Refused(refusal)) => Ok(Some(refusal)),
        Err(error) => Err(error.into()),
    }
}

/// A fresh copy of `original` takes `arguments`, once.
async fn runs_once(world: &World, original: Address, arguments: Vec<u8>) -> Result<()> {
    let fresh = copy(world, original).await?;
    let refusal = construct(world, fresh, &arguments).await?;
    ensure!(refusal.is_none(), "refused with {refusal:?}");
    let refusal = construct(world, fresh, &arguments).await?;
    ensure!(refusal == Some(Refusal { data: Bytes::new() }), "the second time it answered {refusal:?}");
    Ok(())
}

/// A fresh copy of `original` refuses `arguments` with `expected`.
async fn refuses<E: SolError>(world: &World, original: Address, arguments: Vec<u8>, expected: E) -> Result<()> {
    let fresh = copy(world, original).await?;
    let refusal = construct(world, fresh, &arguments).await?;
    let wanted = Some(Refusal { data: expected.abi_encode().into() });
    ensure!(refusal == wanted, "it answered {refusal:?}, expected {wanted:?}");
    Ok(())
}

#[tokio::test]
async fn the_constructors_of_the_protocol_run_once() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner) = (world.suite, world.cast.owner.address);
    runs_once(&world, suite.token_pool, (suite.strategy_manager,).abi_encode_params()).await?;
    let ledger = (owner, suite.token_pool, suite.slasher).abi_encode_params();
    runs_once(&world, suite.strategy_manager, ledger).await?;
    runs_once(&world, suite.slasher, (suite.strategy_manager,).abi_encode_params()).await
}

#[tokio::test]
async fn the_constructors_of_a_service_run_once() -> Result<()> {
    let world = World::new().await?;
    let (suite, service, owner) = (world.suite, world.suite.service, world.cast.owner.address);
    let registry = (owner, service.service_manager, suite.strategy_manager, 32u128).abi_encode_params();
    runs_once(&world, service.registry, registry).await?;
    let terms = (wad::ONE, 0u64, owner);
    let manager = (owner, suite.slasher, service.registry, service.dispute_resolution, terms.0, terms.1, terms.2);
    runs_once(&world, service.service_manager, manager.abi_encode_params()).await?;
    let disputes = (service.service_manager, service.registry, world.parameters.bond, EPOCH_SECONDS);
    runs_once(&world, service.dispute_resolution, disputes.abi_encode_params()).await
}

#[tokio::test]
async fn the_suite_that_everyone_uses_cannot_be_constructed_again() -> Result<()> {
    let world = World::new().await?;
    let attacker = world.cast.owner.address;
    let ledger = (attacker, world.suite.token_pool, world.suite.slasher).abi_encode_params();
    let refusal = construct(&world, world.suite.strategy_manager, &ledger).await?;
    ensure!(refusal == Some(Refusal { data: Bytes::new() }), "it answered {refusal:?}");
    Ok(())
}

#[tokio::test]
async fn the_protocol_refuses_collaborators_without_code() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner, account) = (world.suite, world.cast.owner.address, world.cast.bob.address);
    let expected = || NotAContract { account };
    refuses(&world, suite.token_pool, (account,).abi_encode_params(), expected()).await?;
    refuses(&world, suite.slasher, (account,).abi_encode_params(), expected()).await?;
    let pool = (owner, account, suite.slasher).abi_encode_params();
    refuses(&world, suite.strategy_manager, pool, expected()).await?;
    let slasher = (owner, suite.token_pool, account).abi_encode_params();
    refuses(&world, suite.strategy_manager, slasher, expected()).await
}

#[tokio::test]
async fn a_service_refuses_collaborators_without_code() -> Result<()> {
    let world = World::new().await?;
    let (suite, service) = (world.suite, world.suite.service);
    let (owner, account, bond) = (world.cast.owner.address, world.cast.bob.address, world.parameters.bond);
    let (manager, registry, disputes) = (service.service_manager, service.registry, service.dispute_resolution);
    let expected = || NotAContract { account };
    for arguments in [(owner, account, suite.strategy_manager, 32u128), (owner, manager, account, 32u128)] {
        refuses(&world, registry, arguments.abi_encode_params(), expected()).await?;
    }
    for (slasher, registry, disputes) in
        [(account, registry, disputes), (suite.slasher, account, disputes), (suite.slasher, registry, account)]
    {
        let arguments = (owner, slasher, registry, disputes, wad::ONE, 0u64, owner).abi_encode_params();
        refuses(&world, manager, arguments, expected()).await?;
    }
    for arguments in [(account, registry, bond, EPOCH_SECONDS), (manager, account, bond, EPOCH_SECONDS)] {
        refuses(&world, disputes, arguments.abi_encode_params(), expected()).await?;
    }
    Ok(())
}

#[tokio::test]
async fn nothing_is_owned_by_nobody() -> Result<()> {
    let world = World::new().await?;
    let (suite, service, nobody) = (world.suite, world.suite.service, Address::ZERO);
    let ledger = (nobody, suite.token_pool, suite.slasher).abi_encode_params();
    refuses(&world, suite.strategy_manager, ledger, ZeroAddress {}).await?;
    let registry = (nobody, service.service_manager, suite.strategy_manager, 32u128).abi_encode_params();
    refuses(&world, service.registry, registry, ZeroAddress {}).await?;
    let (slasher, registry, disputes) = (suite.slasher, service.registry, service.dispute_resolution);
    let manager = (nobody, slasher, registry, disputes, wad::ONE, 0u64, world.cast.owner.address);
    refuses(&world, service.service_manager, manager.abi_encode_params(), ZeroAddress {}).await
}

#[tokio::test]
async fn a_service_does_not_start_with_terms_out_of_range() -> Result<()> {
    let world = World::new().await?;
    let (service, owner) = (world.suite.service, world.cast.owner.address);
    for (slash_wad, share) in [(0, 0), (wad::ONE + 1, 0), (wad::ONE, wad::MAX_CHALLENGER_SHARE + 1)] {
        let (slasher, registry, disputes) = (world.suite.slasher, service.registry, service.dispute_resolution);
        let arguments = (owner, slasher, registry, disputes, slash_wad, share, owner).abi_encode_params();
        refuses(&world, service.service_manager, arguments, InvalidTerms {}).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_challenge_window_is_above_zero_and_at_most_one_epoch() -> Result<()> {
    let world = World::new().await?;
    let service = world.suite.service;
    for window in [0, EPOCH_SECONDS + 1] {
        let arguments = (service.service_manager, service.registry, world.parameters.bond, window);
        let expected = InvalidChallengeWindow { window, limit: EPOCH_SECONDS };
        refuses(&world, service.dispute_resolution, arguments.abi_encode_params(), expected).await?;
    }
    Ok(())
}
