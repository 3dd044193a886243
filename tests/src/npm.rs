//! The packages of tests/clients: other people's tools, which tests and benchmarks run.

use eyre::{Result, WrapErr, ensure, eyre};
use restake::build::{target_directory, workspace};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a folder needs for its packages.
const PINS: [&str; 3] = [".npmrc", "package.json", "package-lock.json"];

/// npm, as programs have to call it.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// A folder with the pinned packages and with these files of tests/clients. It is in the target directory, so that the
/// sources stay as they are. Packages are installed the first time, and again when others are pinned.
///
/// # Errors
/// If a file is missing, or npm is, or it cannot install.
pub fn install(files: &[&str]) -> Result<PathBuf> {
    let sources = workspace().join("tests/clients");
    let folder = target_directory(workspace()).join("tmp/clients");
    fs::create_dir_all(&folder)?;
    // The first one installs while the others wait, whichever process they are of.
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    for name in PINS.iter().chain(files) {
        fs::copy(sources.join(name), folder.join(name)).wrap_err_with(|| (*name).to_owned())?;
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
///
/// # Errors
/// If it cannot be started, or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| eyre!("{program}: {error}; this needs Node.js 20 or newer with npm: https://nodejs.org"))?;
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    ensure!(output.status.success(), "{program}: {}\n{said}", output.status);
    Ok(())
}
