//! From the contract crates to the bytes that are deployed: compile for wasm32, process as `cargo stylus` does,
//! compress.

mod compile;
mod contents;
mod package;
mod sizes;
mod toolchain;

pub use compile::{reproducible_flags, target_directory};
pub use contents::contents_tables;
pub use package::{Program, package};
pub use sizes::{Budget, SIZE_BUDGET, check_sizes, size_table};

use crate::progress::Bar;
use compile::Names;
use eyre::Result;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// The crates that are deployed as programs of their own, in the order in which a suite deploys them.
pub const PROGRAMS: [&str; 16] = [
    "token-pool",
    "strategy-manager",
    "slasher",
    "batch",
    "rewards",
    "governance",
    "lens",
    "registry",
    "quorum",
    "service-manager",
    "dispute-resolution",
    "liquid-staking-token",
    "restaking-vault",
    "restaking-weights",
    "redemption-desk",
    "liquid-restaking-token",
];

/// The crates of programs that services take what they need of, an example of who consumes what they say, and views of
/// what all of them risk: no part of a suite.
pub const FOR_SERVICES: [&str; 6] =
    ["task-board", "price-feed", "lending-check", "bisection", "risk-admission", "risk"];

/// The crates of step functions: programs without a constructor, which store nothing and have one interface.
pub const STEPS: [&str; 2] = ["transfers", "register-machine"];

/// The crates of all programs.
pub fn all_programs() -> impl Iterator<Item = &'static str> {
    PROGRAMS.into_iter().chain(FOR_SERVICES).chain(STEPS)
}

/// Builds the programs of a suite. A program that is up to date is not built again. Progress goes to standard error if
/// that is a terminal or `verbose`.
///
/// # Errors
/// If the wasm target cannot be installed, a contract does not compile, or a program cannot be processed.
pub fn build(verbose: bool) -> Result<Vec<Program>> {
    build_these(&PROGRAMS, verbose)
}

/// Builds programs.
///
/// # Errors
/// As [`build`].
pub fn build_these(programs: &[&str], verbose: bool) -> Result<Vec<Program>> {
    build_at(workspace(), programs, verbose)
}

/// Builds programs of another workspace, with its profile.
///
/// # Errors
/// As [`build`].
pub fn build_at(workspace: &Path, programs: &[&str], verbose: bool) -> Result<Vec<Program>> {
    let verbose = verbose || std::io::stderr().is_terminal();
    toolchain::ensure_wasm_target()?;
    let directory = compile::compile(workspace, programs, Names::Stripped, verbose)?;
    let (bar, all) = (Bar::new("packing"), u64::try_from(programs.len())?);
    let packed = (0..).zip(programs).map(|(done, name)| {
        bar.set(done, all);
        package(name, &directory)
    });
    packed.collect()
}

/// The folder of the repository that this was built from.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A line of progress on standard error.
fn say(message: &str) {
    // A closed standard error is no reason to fail a build.
    let _ = writeln!(std::io::stderr(), "{message}");
}
