//! What helps at a terminal.

use crate::stage::{folder, said};
use eyre::{Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;

fn run(folder: &Path, words: &str) -> Result<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restake"));
    let services = Path::new(env!("CARGO_BIN_EXE_restake")).with_file_name("restake-services");
    if services.is_file() {
        command.env("RESTAKE_SERVICES", services);
    }
    let ended = said(command.args(words.split_whitespace()).current_dir(folder).output()?)?;
    ensure!(ended.code == 0, "`{words}`: {}", ended.error);
    Ok(ended.out)
}

#[test]
fn the_help_fits_a_screen_and_every_verb_shows_an_example() -> Result<()> {
    let here = folder("helping")?;
    let help = run(&here, "--help")?;
    ensure!(help.lines().count() <= 40 && help.lines().all(|line| line.len() <= 120), "{help}");
    for group in ["staker", "operator", "service", "governance", "challenge", "receipt", "token"] {
        let help = run(&here, &format!("{group} --help"))?;
        let verbs: Vec<&str> = help
            .lines()
            .skip_while(|line| *line != "Commands:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_whitespace().next())
            .filter(|verb| *verb != "help")
            .collect();
        ensure!(verbs.len() > 3, "{help}");
        for verb in verbs {
            let help = run(&here, &format!("{group} {verb} --help"))?;
            ensure!(help.contains(&format!("Example: restake {group} {verb}")), "{group} {verb}: {help}");
        }
    }
    Ok(())
}

#[test]
fn shells_complete_commands_and_manual_pages_are_written() -> Result<()> {
    let here = folder("manual")?;
    for shell in ["bash", "zsh", "fish"] {
        ensure!(run(&here, &format!("completions {shell}"))?.contains("challenge"), "{shell}");
    }
    run(&here, "man pages")?;
    let page = fs::read_to_string(here.join("pages").join("restake-staker-stake.1"))?;
    ensure!(page.contains("max\\-commitment"), "{page}");
    Ok(())
}
