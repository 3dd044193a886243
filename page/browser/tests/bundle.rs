//! What a visitor loads.

use eyre::{Result, ensure};
use restake::build::workspace;
use restake_page_browser::bundle;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The most that all files of the page may weigh (bytes, by gzip).
const BUDGET: u64 = 250_000;

/// Prints what the files weigh that it is given.
const WEIGH: &str = "const { gzipSync } = require('node:zlib'); const { readFileSync } = require('node:fs'); \
                     const weights = process.argv.slice(1).map((file) => gzipSync(readFileSync(file)).length); \
                     console.log(weights.reduce((sum, weight) => sum + weight, 0))";

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

#[test]
fn the_bundle_weighs_less_than_250_kilobytes() -> Result<()> {
    let mut found = Vec::new();
    files(&bundle()?, &mut found)?;
    ensure!(found.iter().any(|file| file.extension().is_some_and(|kind| kind == "js")), "the bundle has no code");
    let output = Command::new("node").args(["-e", WEIGH]).args(&found).output()?;
    let weight: u64 = String::from_utf8(output.stdout)?.trim().parse()?;
    ensure!(weight > 10_000 && weight < BUDGET, "the bundle weighs {weight} bytes");
    Ok(())
}

/// The page names no address but those in its comments of licences and of wallets' own documentation.
#[test]
fn the_bundle_loads_nothing_from_elsewhere() -> Result<()> {
    let mut found = Vec::new();
    files(&bundle()?, &mut found)?;
    for file in found.iter().filter(|file| file.extension().is_some_and(|kind| kind == "html" || kind == "css")) {
        let text = fs::read_to_string(file)?;
        ensure!(!text.contains("//"), "{} names another address", file.display());
    }
    Ok(())
}

#[test]
fn locks_of_packages_name_no_registry() -> Result<()> {
    for folder in ["page/app", "page/browser"] {
        let folder = workspace().join(folder);
        let lock = fs::read_to_string(folder.join("package-lock.json"))?;
        ensure!(!lock.contains("\"resolved\""), "{} names addresses", folder.display());
        let read: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("package.json"))?)?;
        for group in ["dependencies", "devDependencies"] {
            for (name, version) in read[group].as_object().into_iter().flatten() {
                let version = version.as_str().unwrap_or_default();
                ensure!(version.starts_with(|first: char| first.is_ascii_digit()), "{name} is not pinned: {version}");
            }
        }
    }
    Ok(())
}
