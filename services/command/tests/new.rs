//! `restake service new`: what it writes works as it is.

use eyre::{Result, ensure};
use restake::build::{target_directory, workspace};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn new(words: &[&str], folder: &PathBuf) -> Result<(bool, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restake-services"));
    let ended = command.args(["service", "new", "--folder"]).arg(folder).args(words).output()?;
    Ok((ended.status.success(), String::from_utf8(ended.stderr)?))
}

/// Begins a service, and has it pass its own tests, which are these.
fn begins(name: &str, options: &[&str], tests: &[&str]) -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (is_done, error) = new(&[&[name], options].concat(), &folder)?;
    ensure!(is_done, "{error}");
    // What the checkout has built is taken from there, as far as it is the same.
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    let target = target_directory(workspace());
    let ended = cargo.current_dir(&folder).arg("test").env("CARGO_TARGET_DIR", target).output()?;
    let (out, error) = (String::from_utf8(ended.stdout)?, String::from_utf8_lossy(&ended.stderr).into_owned());
    ensure!(ended.status.success(), "{out}\n{error}");
    for test in tests {
        ensure!(out.contains(test), "{out}");
    }
    let formatted = Command::new("cargo").current_dir(&folder).args(["fmt", "--all", "--check"]).output()?;
    ensure!(formatted.status.success(), "{}", String::from_utf8_lossy(&formatted.stdout));
    Ok(())
}

#[test]
fn a_service_that_is_begun_compiles_and_passes_its_own_test() -> Result<()> {
    let tests = ["primes_are_counted", "what_is_asked_is_answered_by_a_quorum_and_read_by_a_consumer"];
    begins("count-primes", &[], &tests)
}

#[test]
fn a_service_whose_operators_answer_for_each_step_compiles_and_passes_its_own_test() -> Result<()> {
    let tests =
        ["a_wrong_result_is_found_played_against_and_punished", "each_step_is_the_same_natively_and_on_the_chain"];
    begins("find-primes", &["--fault", "bisection"], &tests)
}

#[test]
fn names_that_are_none_and_folders_that_are_there_are_refused() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("refused");
    for name in ["", "Weather", "9lives", "a b", "-x", "../up"] {
        let (is_done, error) = new(&["--", name], &folder)?;
        ensure!(!is_done && !folder.exists(), "{name}: {error}");
    }
    let (is_done, error) = new(&["weather"], &PathBuf::from(env!("CARGO_TARGET_TMPDIR")))?;
    ensure!(!is_done && error.contains("is there"), "{error}");
    Ok(())
}
