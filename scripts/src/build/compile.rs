//! Compiling the contract crates with cargo.

use super::toolchain::WASM_TARGET;
use eyre::{Result, WrapErr, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether programs keep the names of their functions, in a section that is not deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// They do not.
    Stripped,
    /// They do. Everything is compiled once more for that, beside what is deployed, and comes out the same: a flag for
    /// the compiler, other than a profile, leaves the hashes alone by which it orders functions.
    Kept,
}

/// The crates that something links, too. One that is a library is optimised by itself, and a program together with all
/// that it links, which makes it a fifth to a third smaller: so these are made into programs one by one, and all others
/// are declared as programs alone.
const LIBRARIES: [&str; 4] = ["batch", "liquid-staking-token", "transfers", "register-machine"];

/// Compiles the crates of a workspace for wasm32 in the release profile. Returns the directory with the programs.
///
/// # Errors
/// If cargo cannot be run or a crate does not compile. The compiler's messages are in the error or, with `verbose`, on
/// standard error.
pub(super) fn compile(workspace: &Path, crates: &[&str], names: Names, verbose: bool) -> Result<PathBuf> {
    let target = target_directory(workspace);
    // The paths of a workspace are in the flags below, and with other flags everything would be compiled again.
    let is_own = workspace == super::workspace();
    let target = if is_own { target } else { target.join("elsewhere") };
    let (target, strip) = match names {
        Names::Stripped => (target, None),
        Names::Kept => (target.join("named"), Some("-Cstrip=debuginfo")),
    };
    let (programs, libraries): (Vec<&str>, Vec<&str>) =
        crates.iter().partition(|name| is_own && !LIBRARIES.contains(name));
    let flags = flags(workspace, strip);
    let build = |what: &[&str], crates: &[&str]| {
        let mut command = cargo(workspace);
        command
            .args(what)
            .args(["--release", "--locked", "--lib", "--target", WASM_TARGET, "--target-dir"])
            .arg(&target)
            .args(["--config", &flags])
            .args(crates.iter().flat_map(|name| ["--package", name]));
        run(command, verbose)
    };
    if !programs.is_empty() {
        build(&["build"], &programs)?;
    }
    for library in libraries {
        build(&["rustc", "--crate-type", "cdylib"], &[library])?;
    }
    // The programs as the linker left them; the copies one directory up are hard links that another build may replace.
    Ok(target.join(WASM_TARGET).join("release"))
}

/// Cargo in a workspace.
fn cargo(workspace: &Path) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.current_dir(workspace).stdin(Stdio::null());
    // Flags in the environment would replace those of .cargo/config.toml, without which the programs are larger or
    // refused. The other variables tell the inner cargo about the crate that the outer cargo is running.
    for (name, _) in std::env::vars_os() {
        let foreign = name.to_str().is_some_and(|name| {
            name == "RUSTFLAGS"
                || name == "CARGO_ENCODED_RUSTFLAGS"
                || name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_TARGET_WASM32")
        });
        if foreign {
            command.env_remove(name);
        }
    }
    command
}

fn run(mut command: Command, verbose: bool) -> Result<()> {
    let program = command.get_program().to_owned();
    let unable = || format!("cannot run {}", program.display());
    if verbose {
        let status = command.status().wrap_err_with(unable)?;
        ensure!(status.success(), "the contracts do not compile: {status}");
    } else {
        let output = command.output().wrap_err_with(unable)?;
        ensure!(output.status.success(), "the contracts do not compile:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// Cargo configuration that keeps the paths of this machine out of panic messages. The same source then gives the same
/// program wherever it is built. Shorter messages also save gas: each call of a program pays for every byte of its
/// data. Cargo adds these flags to those of .cargo/config.toml.
///
/// Another crate whose programs are built with these shares what was built here.
pub fn reproducible_flags(workspace: &Path) -> String {
    flags(workspace, None)
}

/// The same, with one more.
fn flags(workspace: &Path, other: Option<&str>) -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = home.and_then(|home| std::fs::read_dir(home.join("registry").join("src")).ok());
    let registries = sources.into_iter().flatten().flatten().map(|entry| entry.path());
    let flags: Vec<String> = registries
        .chain([workspace.to_owned()])
        .map(|prefix| format!("--remap-path-prefix={}=", prefix.display()))
        .chain(other.map(str::to_owned))
        .map(|flag| format!("{flag:?}"))
        .collect();
    format!("target.{WASM_TARGET}.rustflags=[{}]", flags.join(","))
}

/// Where cargo puts what it builds.
pub fn target_directory(workspace: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{all_programs, workspace};
    use std::fs;

    /// Guards against: a program is declared as a library as well, and nothing of it is optimised across crates.
    #[test]
    fn programs_are_declared_as_nothing_else_or_made_one_by_one() -> Result<()> {
        let mut declared = Vec::new();
        for group in fs::read_dir(workspace().join("contracts"))? {
            for folder in fs::read_dir(group?.path())? {
                let folder = folder?.path();
                let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
                if manifest.contains("crate-type = [\"cdylib\"]") {
                    declared.extend(folder.file_name().and_then(|name| name.to_str()).map(str::to_owned));
                }
            }
        }
        for program in all_programs() {
            let alone = declared.iter().any(|name| name == program);
            ensure!(alone != LIBRARIES.contains(&program), "{program} is declared alone: {alone}");
        }
        Ok(())
    }
}
