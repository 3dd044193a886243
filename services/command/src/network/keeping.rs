//! The keeper: a round for each service, one after the other, as they are one account's.

use super::people::KEEPER;
use super::say;
use super::setup::Network;
use eyre::{OptionExt, Result, WrapErr, ensure};
use restake::build;
use restake_daemon::stop::Stop;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// The pause between two rounds.
const PAUSE: Duration = Duration::from_secs(3);

/// Keeps until everything stops.
pub(super) async fn run(network: Network, stop: Stop) {
    let keeper = match program().await {
        Ok(keeper) => keeper,
        Err(failure) => return say!("{KEEPER:<20} | nobody does what is due: {failure:#}"),
    };
    while !stop.is_stopped() {
        for service in ["oracle", "data", "sequencer"] {
            match stop.or(round(&keeper, &network, service)).await {
                Some(Ok(lines)) => lines.iter().for_each(|line| say!("{KEEPER:<20} | {line}")),
                Some(Err(failure)) => say!("{KEEPER:<20} | {failure:#}"),
                None => return,
            }
        }
        stop.or(tokio::time::sleep(PAUSE)).await;
    }
}

/// One round. Returns what was done.
async fn round(keeper: &PathBuf, network: &Network, service: &str) -> Result<Vec<String>> {
    let mut command = Command::new(keeper);
    let output = command.args(network.keeper(service)).stdin(Stdio::null()).kill_on_drop(true).output().await?;
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    ensure!(output.status.success(), "{text}");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(told.lines().filter(|line| line.contains("gas")).map(str::to_owned).collect())
}

/// The `restake` command beside this program; built first where it is not there.
async fn program() -> Result<PathBuf> {
    let here = std::env::current_exe().wrap_err("cannot find this program")?;
    let program = here.with_file_name("restake").with_extension(std::env::consts::EXE_EXTENSION);
    if !program.is_file() {
        let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
        let target = here.parent().and_then(|folder| folder.parent()).ok_or_eyre("this program lies in no folder")?;
        let built =
            cargo.current_dir(build::workspace()).args(["build", "--quiet", "--locked", "--package", "restake"]);
        let built = built.arg("--target-dir").arg(target).stdin(Stdio::null()).status().await?;
        ensure!(built.success(), "the restake command does not build");
    }
    Ok(program)
}
