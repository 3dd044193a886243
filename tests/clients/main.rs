//! The node as its users' clients see it: viem, ethers and cast. Each script plays against a fresh node of its own.

use eyre::{Result, WrapErr, ensure, eyre};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use stylus_devnode::Devnode;

/// What a folder needs in which the scripts run: the pinned packages, and what the scripts share.
const SHARED: [&str; 5] = [".npmrc", "package.json", "package-lock.json", "contract.mjs", "setting.mjs"];

/// npm, as programs have to call it.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

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
        let folder = install(script)?;
        run(Command::new("node").arg(script).env("RPC_URL", url).current_dir(folder))
    })
    .await?
}

/// The folder with the scripts and the packages that they use. It is in the target directory, so that the sources stay as they are.
/// Packages are installed the first time, and again when others are pinned.
fn install(script: &'static str) -> Result<PathBuf> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
    fs::create_dir_all(&folder)?;
    // The first one installs while the others wait, whichever process they are of.
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    for name in SHARED.into_iter().chain([script]) {
        fs::copy(sources.join(name), folder.join(name)).wrap_err(name)?;
    }
    let wanted = fs::read(sources.join("package-lock.json"))?;
    let stamp = folder.join("installed.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    run(Command::new(NPM).args(["ci", "--ignore-scripts", "--prefer-offline"]).current_dir(&folder))?;
    fs::write(stamp, wanted)?;
    Ok(folder)
}

/// Runs a command to its end, with all its output in the error if it fails.
fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| {
        eyre!("{program}: {error}; these tests need Node.js 20 or newer with npm: https://nodejs.org")
    })?;
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    ensure!(output.status.success(), "{program}: {}\n{said}", output.status);
    Ok(())
}
