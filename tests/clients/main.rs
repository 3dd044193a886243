//! The node as its users' clients see it: viem, ethers and cast. Each script plays against a fresh node of its own.

use eyre::{Result, ensure};
use restake_tests::npm::{install, run};
use serde_json::Value;
use std::fs;
use std::process::Command;
use stylus_devnode::Devnode;

#[tokio::test(flavor = "multi_thread")]
async fn viem() -> Result<()> {
    play("viem.mjs").await
}

#[tokio::test(flavor = "multi_thread")]
async fn ethers() -> Result<()> {
    play("ethers.mjs").await
}

#[tokio::test(flavor = "multi_thread")]
async fn cast() -> Result<()> {
    play("cast.mjs").await
}

/// What gas is compared with comes from others, so it is looked up where they publish it.
#[test]
fn the_token_that_gas_is_measured_with_is_that_of_its_package() -> Result<()> {
    let artifact = "node_modules/@openzeppelin/contracts/build/contracts/ERC20PresetFixedSupply.json";
    let artifact: Value = serde_json::from_slice(&fs::read(install(&[])?.join(artifact))?)?;
    let digits: String = include_str!("../tokens/ERC20PresetFixedSupply.hex").lines().collect();
    ensure!(artifact["bytecode"] == format!("0x{digits}"), "tests/tokens has another token than the package");
    Ok(())
}

/// Runs a script against a fresh node. What it printed is in the error, if it fails.
async fn play(script: &'static str) -> Result<()> {
    let node = Devnode::builder().spawn().await?;
    let url = node.http_url();
    tokio::task::spawn_blocking(move || {
        let folder = install(&["contract.mjs", "setting.mjs", script])?;
        run(Command::new("node").arg(script).env("RPC_URL", url).current_dir(folder))
    })
    .await?
}
