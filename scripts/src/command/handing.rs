//! What processes of services do is a program of its own, `restake-services`, what risk is another, `restake-risk`, and
//! the page a third, `restake-page`, so that everything else builds without what they need. They lie beside this one;
//! in a checkout they are built when they are asked for.

use clap::Args;
use eyre::{Result, WrapErr, ensure};
use restake::build::workspace;
use std::convert::Infallible;
use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Another program.
pub(crate) struct Program {
    /// What it is called.
    name: &'static str,
    /// The variable that says where it is.
    variable: &'static str,
    /// The folder of its code.
    folder: &'static str,
}

/// What processes of services do.
pub(crate) const SERVICES: Program =
    Program { name: "restake-services", variable: "RESTAKE_SERVICES", folder: "services/command" };

/// What a network risks.
pub(crate) const RISK: Program = Program { name: "restake-risk", variable: "RESTAKE_RISK", folder: "risk/command" };

/// The page, and what it reads.
pub(crate) const PAGE: Program = Program { name: "restake-page", variable: "RESTAKE_PAGE", folder: "page/server" };

/// What is handed over as it is.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Handed {
    /// See --help
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Becomes another program, with this command.
pub(crate) fn run(program: &Program, words: &[&str], handed: &Handed) -> Result<()> {
    let program = find(program)?;
    let mut command = Command::new(&program);
    command.args(words).args(&handed.arguments);
    match become_it(&mut command) {
        Ok(never) => match never {},
        Err(error) => Err(error).wrap_err_with(|| format!("cannot run {}", program.display())),
    }
}

/// Where it is: where the environment says so, it is not looked for.
fn find(program: &Program) -> Result<PathBuf> {
    let Program { name, variable, folder } = program;
    if let Some(named) = env::var_os(variable) {
        return Ok(named.into());
    }
    let here = env::current_exe().wrap_err("cannot find this program")?;
    let found = here.with_file_name(name).with_extension(env::consts::EXE_EXTENSION);
    match target_of(&here, folder) {
        Some(target) => build(name, target)?,
        None => ensure!(
            found.is_file(),
            "{name} is not beside this program: install it with `cargo install --path {folder}`"
        ),
    }
    Ok(found)
}

/// The folder that cargo builds into, if this program lies in the one of the checkout that it was built from: its debug
/// profile is what cargo builds below.
fn target_of<'a>(here: &'a Path, folder: &str) -> Option<&'a Path> {
    let profile = here.parent().filter(|folder| folder.ends_with("debug"))?;
    let target = profile.parent()?;
    let is_checkout = workspace().join(folder).is_dir() && target.join("CACHEDIR.TAG").is_file();
    is_checkout.then_some(target)
}

/// Builds it, or finds in a moment that it is up to date.
fn build(name: &str, target: &Path) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace()).args(["build", "--locked", "--package", name, "--target-dir"]).arg(target);
    if !std::io::stderr().is_terminal() {
        command.arg("--quiet");
    }
    let built = command.stdin(Stdio::null()).status().wrap_err("cannot run cargo")?;
    ensure!(built.success(), "{name} does not build");
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
