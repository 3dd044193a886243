//! The guide is run as it is written.

use eyre::{OptionExt, Result, ensure};
use restake::build::workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn guide() -> Result<String> {
    Ok(fs::read_to_string(workspace().join("docs/guides/risk.md"))?)
}

fn folder(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("risk").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn run(folder: &Path, words: &str) -> Result<Output> {
    let words = words.split_whitespace();
    Ok(Command::new(env!("CARGO_BIN_EXE_restake-risk")).current_dir(folder).args(words).output()?)
}

/// What is printed by a command that goes well.
fn succeed(folder: &Path, words: &str) -> Result<String> {
    let ended = run(folder, words)?;
    ensure!(ended.status.success(), "`{words}`: {}", String::from_utf8_lossy(&ended.stderr));
    Ok(String::from_utf8(ended.stdout)?)
}

/// The blocks of a kind in the guide.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let begin = format!("```{kind}\n");
    text.split(&begin).skip(1).filter_map(|after| after.split("```").next()).collect::<Vec<_>>()
}

#[test]
fn the_guide_shows_what_an_operator_that_fails_ends() -> Result<()> {
    let (folder, guide) = (folder("guide")?, guide()?);
    let file = blocks(&guide, "json").first().copied().ok_or_eyre("the guide has no file")?.to_owned();
    fs::write(folder.join("network.json"), file)?;
    let lines = blocks(&guide, "sh").concat();
    let commands: Vec<&str> = lines.lines().filter_map(|line| line.strip_prefix("cargo restake ")).collect();
    ensure!(commands.len() > 4, "the guide has no commands");
    let mut said = vec![];
    for command in commands {
        said.push(succeed(&folder, command)?);
    }
    // What is shown in the guide was printed.
    for shown in blocks(&guide, "text") {
        ensure!(said.iter().any(|said| said.contains(shown.trim())), "nothing printed\n{shown}\n{}", said.concat());
    }
    for name in ["services.csv", "operators.csv", "grants.csv", "stakers.csv", "cascade.csv", "losses.svg"] {
        ensure!(fs::metadata(folder.join("risk").join(name))?.len() > 30, "{name} is empty");
    }
    Ok(())
}

#[test]
fn the_guide_explains_every_column() -> Result<()> {
    let schema = succeed(&folder("schema")?, "risk schema")?;
    ensure!(schema.lines().count() > 35 && guide()?.contains(&schema), "the guide's table should be\n{schema}");
    Ok(())
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence() -> Result<()> {
    let folder = folder("refused")?;
    fs::write(folder.join("wrong.json"), r#"{ "tokens": [], "services": [], "operators": [], "more": 1 }"#)?;
    for (words, why) in [
        ("risk file nowhere.json", "cannot read nowhere.json"),
        ("risk file wrong.json", "unknown field `more`"),
        ("risk random --take nobody", "there is no service called 'nobody'"),
        ("risk random --fall lsETH", "which token, by how much?"),
        ("risk random --fall stETH=1%", "there is no token called 'stETH'"),
        ("risk random --fail operator-0 --take service-0", "cannot be used with"),
        ("risk leverage --fall 100%", "a receipt that is worth nothing is not sold"),
    ] {
        let ended = run(&folder, words)?;
        let error = String::from_utf8(ended.stderr)?;
        ensure!(!ended.status.success() && error.contains(why), "`{words}`: {error}");
    }
    Ok(())
}

#[test]
fn what_is_saved_is_the_same_network() -> Result<()> {
    let folder = folder("saved")?;
    let made = succeed(&folder, "risk random --stakers 200 --operators 12 --services 4 --save made.json")?;
    ensure!(made == succeed(&folder, "risk file made.json")?, "{made}");
    Ok(())
}
