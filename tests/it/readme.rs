//! The README, the page of guarantees and the table of features promise nothing that no test shows.

use eyre::{OptionExt, Result, ensure};
use std::fs;
use std::path::Path;

const README: &str = include_str!("../../README.md");
const GUARANTEES: &str = include_str!("../../docs/guarantees.md");
const FEATURES: &str = include_str!("../../docs/features.md");

/// Every name in backticks is that of a test, and there are more than `least`.
fn names_tests(text: &str, least: usize) -> Result<()> {
    let named: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    ensure!(named.len() > least, "only {} tests are named", named.len());
    let sources = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/it")))?;
    for name in named {
        ensure!(sources.contains(&format!("fn {name}() ")), "no test is called {name}");
    }
    Ok(())
}

#[test]
fn every_test_that_the_readme_names_exists() -> Result<()> {
    let (_, section) = README.split_once("## What is guaranteed").ok_or_eyre("the README lost its guarantees")?;
    let (section, _) = section.split_once("\n## ").ok_or_eyre("the guarantees have no end")?;
    names_tests(section, 10)
}

#[test]
fn every_test_that_the_page_of_guarantees_names_exists() -> Result<()> {
    names_tests(GUARANTEES, 60)
}

#[test]
fn every_test_that_the_table_of_features_names_exists() -> Result<()> {
    let rows: Vec<&str> = FEATURES.lines().filter(|line| line.starts_with("| ") && line.contains('`')).collect();
    ensure!(rows.len() > 30, "only {} features are named", rows.len());
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["it", "steps", "../scripts/tests"].map(|folder| sources(&tests.join(folder)));
    let mut sources = folders.into_iter().collect::<Result<Vec<_>>>()?.concat();
    for group in ["../services", "../page"] {
        for member in fs::read_dir(tests.join(group))? {
            let tests = member?.path().join("tests");
            if tests.is_dir() {
                sources.push_str(&self::sources(&tests)?);
            }
        }
    }
    for row in rows {
        let tests = row.split(" | ").nth(2).ok_or_eyre("a feature without a column of tests")?;
        ensure!(tests.contains('`'), "no test for {row}");
        for name in tests.split('`').skip(1).step_by(2) {
            ensure!(sources.contains(&format!("fn {name}() ")), "no test is called {name}");
        }
    }
    Ok(())
}

/// All Rust code below a folder.
fn sources(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            text.push_str(&sources(&path)?);
        } else {
            text.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(text)
}
