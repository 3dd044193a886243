//! The programs of the suite, as they are on the chain.

use super::programs::{ARB_WASM, ArbWasm};
use alloy::providers::Provider;
use eyre::{Result, ensure};
use restake::build::{self, PROGRAMS, check_sizes};
use restake_tests::World;

#[tokio::test]
async fn the_programs_on_the_chain_are_those_of_the_build_within_their_budget() -> Result<()> {
    let world = World::new().await?;
    let programs = tokio::task::spawn_blocking(|| build::build(false)).await??;
    check_sizes(&programs)?;
    let names: Vec<&str> = programs.iter().map(|program| program.name.as_str()).collect();
    assert_eq!(names, PROGRAMS);
    for (address, program) in world.suite.contracts().into_iter().zip(&programs) {
        let code = world.chain.provider().get_code_at(address).await?;
        ensure!(code == program.code, "{} at {address} has other code than the build", program.name);
        let version = world.chain.view(ARB_WASM, &ArbWasm::programVersionCall { program: address }).await?;
        ensure!(version == 2, "{} runs at version {version} of Stylus", program.name);
    }
    Ok(())
}
