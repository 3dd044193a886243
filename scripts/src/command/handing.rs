//! What processes of services do is a program of its own, `restake-services`, so that everything else builds without
//! what they need. It lies beside this one; in a checkout it is built when it is asked for.

use clap::Args;
use eyre::{Result, WrapErr, ensure};
use restake::build::workspace;
use std::convert::Infallible;
use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the other program is called.
const PROGRAM: &str = "restake-services";

/// The variable that says where it is.
const VARIABLE: &str = "RESTAKE_SERVICES";

/// What is handed over as it is.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Handed {
    /// See --help
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Becomes the other program, with this command.
pub(crate) fn run(words: &[&str], handed: &Handed) -> Result<()> {
    let program = find()?;
    let mut command = Command::new(&program);
    command.args(words).args(&handed.arguments);
    match become_it(&mut command) {
        Ok(never) => match never {},
        Err(error) => Err(error).wrap_err_with(|| format!("cannot run {}", program.display())),
    }
}

/// Where the other program is: where the environment says so, it is not looked for.
fn find() -> Result<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Ok(named.into());
    }
    let here = env::current_exe().wrap_err("cannot find this program")?;
    let program = here.with_file_name(PROGRAM).with_extension(env::consts::EXE_EXTENSION);
    match target_of(&here) {
        Some(target) => build(target)?,
        None => ensure!(
            program.is_file(),
            "{PROGRAM} is not beside this program: install it with `cargo install --path services/command`"
        ),
    }
    Ok(program)
}

/// The folder that cargo builds into, if this program lies in the one of the checkout that it was built from: its debug
/// profile is what cargo builds below.
fn target_of(here: &Path) -> Option<&Path> {
    let profile = here.parent().filter(|folder| folder.ends_with("debug"))?;
    let target = profile.parent()?;
    let is_checkout = workspace().join("services").is_dir() && target.join("CACHEDIR.TAG").is_file();
    is_checkout.then_some(target)
}

/// Builds it, or finds in a moment that it is up to date.
fn build(target: &Path) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace()).args(["build", "--locked", "--package", PROGRAM, "--target-dir"]).arg(target);
    if !std::io::stderr().is_terminal() {
        command.arg("--quiet");
    }
    let built = command.stdin(Stdio::null()).status().wrap_err("cannot run cargo")?;
    ensure!(built.success(), "{PROGRAM} does not build");
    Ok(())
}

#[cfg(unix)]
fn become_it(command: &mut Command) -> std::io::Result<Infallible> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> std::io::Result<Infallible> {
    let ended = command.status()?;
    std::process::exit(ended.code().unwrap_or(1))
}
