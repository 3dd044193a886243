//! The guides in `docs/guides` are run as they are written.

use crate::stage::{Stage, said};
use eyre::{Result, ensure};
use restake::build::workspace;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

/// What a reader's shell does with `cargo restake`: cargo becomes the command, also in the background.
const CARGO: &str = "#!/bin/sh\nshift\nexec \"$RESTAKE\" \"$@\"\n";

/// The first failure ends it.
const SHELL: &str = "set -eu\nPATH=$PWD/bin:$PATH\n";

/// The commands of a guide: its blocks of shell.
fn commands(text: &str) -> String {
    let mut blocks = text.split("```sh\n").skip(1).filter_map(|after| after.split("```").next());
    blocks.by_ref().collect()
}

async fn follow(name: &str) -> Result<String> {
    let stage = Stage::new(&format!("guide-{name}")).await?;
    let text = fs::read_to_string(workspace().join("docs/guides").join(format!("{name}.md")))?;
    let script = format!("{SHELL}{}", commands(&text));
    ensure!(script.lines().count() > SHELL.lines().count() + 3, "{name} has no commands");
    let cargo = stage.folder.join("bin/cargo");
    fs::create_dir(stage.folder.join("bin"))?;
    fs::write(&cargo, CARGO)?;
    fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755))?;
    let run = stage.command("");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(script).current_dir(&stage.folder).stdin(Stdio::null());
    for (variable, value) in run.get_envs() {
        match value {
            Some(value) => shell.env(variable, value),
            None => shell.env_remove(variable),
        };
    }
    let followed = said(shell.env("RESTAKE", env!("CARGO_BIN_EXE_restake")).output()?)?;
    ensure!(followed.code == 0, "{name}: {}\n{}", followed.error, followed.out);
    Ok(followed.out)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_stakers_leads_in_and_out() -> Result<()> {
    let told = follow("staker").await?;
    ensure!(told.ends_with(" ETH, 30 lsETH, 0 lrETH\n"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_operators_leads_in_and_out() -> Result<()> {
    let told = follow("operator").await?;
    ensure!(told.contains("weighs 50 lsETH guaranteed") && told.contains("OperatorDeregistered"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_challengers_ends_with_a_reward() -> Result<()> {
    let told = follow("challenger").await?;
    // Half of the budget of 50 of 100, and a tenth of that.
    ensure!(told.contains("frozen: Crooked Op") && told.ends_with(" ETH, 2.5 lsETH, 0 lrETH\n"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_holders_of_receipts_leads_in_and_out() -> Result<()> {
    let told = follow("receipt-holder").await?;
    ensure!(told.ends_with(" ETH, 4 lsETH, 6 lrETH\n"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_service_builders_ends_with_a_fault_that_was_found() -> Result<()> {
    let told = follow("service-builder").await?;
    ensure!(told.contains("Not enough: 50 lsETH of 100 lsETH signed, 67% is asked for."), "{told}");
    ensure!(told.contains("Enough: 100 lsETH of 100 lsETH signed, 67% is asked for."), "{told}");
    ensure!(told.contains("frozen: Crooked Op"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_integrators_reads_and_writes_for_programs() -> Result<()> {
    let told = follow("integrator").await?;
    ensure!(told.contains("\"createdFromSafeAddress\"") && told.contains("24 files in abi."), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_for_users_of_the_node_restarts_and_forks_it() -> Result<()> {
    let told = follow("node-user").await?;
    let held: Vec<&str> = told.lines().filter(|line| line.contains(" ETH, ") && line.contains(" lsETH")).collect();
    let held: Vec<bool> = held.iter().zip(["5 lsETH", "12 lsETH", "5 lsETH"]).map(|(of, it)| of.contains(it)).collect();
    ensure!(held == [true; 3], "{told}");
    Ok(())
}

#[test]
fn every_guide_is_followed() -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace().join("docs/guides"))? {
        let entry = entry?;
        // Pictures of the page.
        if entry.file_name() != "images" {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let all = [
        "challenger.md",
        // By a test of its own: `first_test`.
        "first-stylus-test.md",
        "integrator.md",
        // Only what `restake network` does, which has tests of its own.
        "network.md",
        "node-user.md",
        "operator.md",
        // By the tests of the page, in a browser.
        "page.md",
        "receipt-holder.md",
        // By the tests of the program that it is about.
        "risk.md",
        "service-builder.md",
        "staker.md",
    ];
    assert_eq!(names, all);
    Ok(())
}
