//! The node as its users' clients see it: viem, ethers and cast. Each script plays against a fresh node of its own.

use eyre::Result;
use restake_tests::npm::{install, run};
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
