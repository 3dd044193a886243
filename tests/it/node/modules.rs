//! Code that is not a program, or not a good one.

use super::programs::{ARB_WASM, ArbWasm, ENOUGH, create, creation, data_fee, program};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError};
use eyre::{Result, bail, ensure};
use restake::chain::CallError;
use restake_tests::World;

/// Gas for an activation, and more.
const PLENTY: u64 = 5_000_000;

/// The memory that every program has.
const MEMORY: &str = r#"(memory (export "memory") 1 1)"#;
/// The least of an entrypoint.
const ENTRYPOINT: &str = r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#;

/// Code is refused by the chain when it is created.
async fn refuse_creation(world: &World, code: &[u8]) -> Result<()> {
    let receipt = world.chain.submit(creation(world, code).with_gas_limit(PLENTY)).await?;
    ensure!(!receipt.status(), "code {code:02x?} was accepted");
    Ok(())
}

/// The chain refuses to activate the program, says why and does not keep the value. The program is not active
/// afterwards.
async fn refuse_activation(world: &World, program: Address, reason: &str) -> Result<()> {
    let error = match data_fee(world, program).await {
        Ok(_) => bail!("it can be activated"),
        Err(error) => error.to_string(),
    };
    ensure!(error.contains(reason), "refused with {error}, expected {reason}");

    let call = ArbWasm::activateProgramCall { program }.abi_encode();
    let owner = world.cast.owner.address;
    let before = world.chain.balance(owner).await?;
    let sent = TransactionRequest::default()
        .with_from(owner)
        .with_to(ARB_WASM)
        .with_input(call)
        .with_value(ENOUGH)
        .with_gas_limit(PLENTY);
    let receipt = world.chain.submit(sent).await?;
    ensure!(!receipt.status() && receipt.logs().is_empty(), "it was activated");
    ensure!(before - world.chain.balance(owner).await? < ENOUGH, "the value is gone");
    match world.chain.view(ARB_WASM, &ArbWasm::programVersionCall { program }).await {
        Err(CallError::Refused(refusal)) => {
            ensure!(refusal.data == ArbWasm::ProgramNotActivated {}.abi_encode(), "{refusal}");
            Ok(())
        }
        other => bail!("expected ProgramNotActivated, got {other:?}"),
    }
}

#[tokio::test]
async fn code_with_the_first_byte_of_programs_that_is_not_one_is_not_created() -> Result<()> {
    let world = World::new().await?;
    refuse_creation(&world, &[0xef]).await?;
    refuse_creation(&world, &[0xef, 0x00, 0x00, 0x00]).await?;
    refuse_creation(&world, &[0xef, 0xf0, 0x00]).await
}

#[tokio::test]
async fn a_program_that_is_not_compressed_wasm_is_not_activated() -> Result<()> {
    let world = World::new().await?;
    let garbage = create(&world, &[0xef, 0xf0, 0x00, 0x00, 0xde, 0xad, 0xbe, 0xef]).await?;
    refuse_activation(&world, garbage, "a revert without data").await
}

#[tokio::test]
async fn an_account_without_code_is_not_activated() -> Result<()> {
    let world = World::new().await?;
    // ProgramNotWasm().
    refuse_activation(&world, Address::repeat_byte(0x99), "0x27f38212").await
}

#[tokio::test]
async fn a_module_without_an_entrypoint_is_not_activated() -> Result<()> {
    let world = World::new().await?;
    let program = create(&world, &program(MEMORY)?).await?;
    refuse_activation(&world, program, "missing export with name \"user_entrypoint\"").await
}

#[tokio::test]
async fn a_module_with_a_float_is_not_activated() -> Result<()> {
    let world = World::new().await?;
    // Constants are fine, as on Nitro: nothing can be computed with them.
    let float = "(func f32.const 1 f32.const 1 f32.add drop)";
    let program = create(&world, &program(&format!("{MEMORY} {float} {ENTRYPOINT}"))?).await?;
    refuse_activation(&world, program, "floating point").await
}

#[tokio::test]
async fn a_module_that_imports_an_unknown_function_is_not_activated() -> Result<()> {
    let world = World::new().await?;
    let import = r#"(import "vm_hooks" "mint_money" (func))"#;
    let program = create(&world, &program(&format!("{import} {MEMORY} {ENTRYPOINT}"))?).await?;
    refuse_activation(&world, program, "missing import vm_hooks.mint_money").await
}
