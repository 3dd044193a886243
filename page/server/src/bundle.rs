//! The page's files. In a checkout npm makes them, the first time and when something changed.

use eyre::{Result, WrapErr, ensure, eyre};
use restake::build::workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// npm, as programs have to call it.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What is in the folder of the sources and is none.
const MADE: [&str; 2] = ["dist", "node_modules"];

/// The folder that is named, or that of the checkout, made where it is missing or older than its sources.
pub(crate) fn find(named: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(folder) = named {
        ensure!(folder.join("index.html").is_file(), "{} has no index.html", folder.display());
        return Ok(folder);
    }
    let sources = workspace().join("page/app");
    ensure!(
        sources.join("package.json").is_file(),
        "{} is not there: name the folder of the page with --app, or serve the API alone with --api-only",
        sources.display()
    );
    let made = sources.join("dist");
    let written = fs::metadata(made.join("index.html")).and_then(|index| index.modified()).ok();
    if written.is_none_or(|written| newest(&sources).is_none_or(|changed| changed > written)) {
        eprintln!("Building the page with npm");
        if !sources.join("node_modules").is_dir() {
            npm(&sources, &["ci"])?;
        }
        npm(&sources, &["run", "build"])?;
        ensure!(made.join("index.html").is_file(), "npm made no {}", made.join("index.html").display());
    }
    Ok(made)
}

/// When a source changed last.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let sources = entries.filter(|entry| !MADE.iter().any(|made| entry.file_name() == *made));
    let times = sources.filter_map(|entry| {
        let path = entry.path();
        if path.is_dir() { newest(&path) } else { entry.metadata().and_then(|file| file.modified()).ok() }
    });
    times.max()
}

fn npm(folder: &Path, words: &[&str]) -> Result<()> {
    let mut command = Command::new(NPM);
    let output = command.args(words).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.map_err(|error| eyre!("{error}")).wrap_err("cannot run npm: the page needs Node.js 20")?;
    let said = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "npm {}: {}", words.join(" "), String::from_utf8_lossy(&said));
    Ok(())
}
