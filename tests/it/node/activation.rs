//! Activation: once for each code, for its price.

use super::programs::{ARB_WASM, ArbWasm, create, data_fee, quiet, request};
use alloy::network::TransactionBuilder;
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use eyre::Result;
use interfaces::ISlasher;
use restake::chain::CallError;
use restake_tests::World;

#[tokio::test]
async fn a_program_does_not_run_before_it_is_activated() -> Result<()> {
    let world = World::new().await?;
    let program = create(&world, &quiet()?).await?;
    let call = request(&world, program);

    let refused = world.chain.transact(call.clone()).await;
    let error = refused.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("ProgramNotActivated"), "refused with {error:?}");
    let receipt = world.chain.submit(call.clone().with_gas_limit(1_000_000)).await?;
    assert!(!receipt.status());

    let activate = ArbWasm::activateProgramCall { program };
    let fee = data_fee(&world, program).await?;
    world.chain.send(world.cast.owner.address, ARB_WASM, &activate, fee).await?;
    world.chain.transact(call).await?;
    Ok(())
}

#[tokio::test]
async fn a_program_is_activated_once() -> Result<()> {
    let world = World::new().await?;
    let again = ArbWasm::activateProgramCall { program: world.suite.slasher };
    world.refuse(&world.cast.owner, ARB_WASM, &again, &ArbWasm::ProgramUpToDate {}).await
}

#[tokio::test]
async fn the_same_code_elsewhere_is_active_already() -> Result<()> {
    let world = World::new().await?;
    let code = world.chain.provider().get_code_at(world.suite.slasher).await?;
    let copy = create(&world, &code).await?;
    assert_eq!(world.chain.view(copy, &ISlasher::requestCountCall {}).await?, 0);
    let again = ArbWasm::activateProgramCall { program: copy };
    world.refuse(&world.cast.owner, ARB_WASM, &again, &ArbWasm::ProgramUpToDate {}).await
}

#[tokio::test]
async fn an_activation_costs_its_data_fee_to_the_wei() -> Result<()> {
    let world = World::new().await?;
    let owner = &world.cast.owner;
    let program = create(&world, &quiet()?).await?;
    let activate = ArbWasm::activateProgramCall { program };
    let fee = data_fee(&world, program).await?;
    for have in [U256::ZERO, fee - U256::ONE] {
        let expected = ArbWasm::ProgramInsufficientValue { have, want: fee };
        world.refuse_paying(owner, ARB_WASM, &activate, have, &expected).await?;
    }
    world.chain.send(owner.address, ARB_WASM, &activate, fee).await?;
    assert_eq!(world.chain.view(ARB_WASM, &ArbWasm::programVersionCall { program }).await?, 2);
    Ok(())
}

#[tokio::test]
async fn an_activation_that_runs_out_of_gas_activates_nothing() -> Result<()> {
    let world = World::new().await?;
    let program = create(&world, &quiet()?).await?;
    let activate = ArbWasm::activateProgramCall { program };
    let fee = data_fee(&world, program).await?;
    // An activation costs 1,659,168 gas before anything is looked at.
    let sent = TransactionRequest::default()
        .with_from(world.cast.owner.address)
        .with_to(ARB_WASM)
        .with_call(&activate)
        .with_value(fee)
        .with_gas_limit(1_600_000);
    assert!(!world.chain.submit(sent).await?.status());
    let version = world.chain.view(ARB_WASM, &ArbWasm::programVersionCall { program }).await;
    assert!(matches!(version, Err(CallError::Refused(_))), "{version:?}");
    Ok(())
}
