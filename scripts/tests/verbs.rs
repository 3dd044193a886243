//! Each thing that people do is defined once, in `restake::verbs`.

use eyre::{OptionExt, Result, ensure};
use restake::build::workspace;
use restake::docs;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The names of all functions of the contracts that change something.
fn changing() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (_, abi) in docs::abis(workspace())? {
        for item in abi.as_array().ok_or_eyre("no list")? {
            let changes = item["stateMutability"] != "view" && item["stateMutability"] != "pure";
            if item["type"] == "function" && changes {
                names.insert(item["name"].as_str().ok_or_eyre("no name")?.to_owned());
            }
        }
    }
    Ok(names)
}

/// All files of Rust under a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// The calls of contracts that a text makes, by their functions; what functions return is none.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("Call {").filter_map(|(end, _)| {
        let before = text.get(..end)?.rsplit('\n').next().filter(|line| !line.contains("-> "))?;
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        before.get(start..)
    })
}

#[test]
fn the_command_the_story_and_the_flows_change_things_by_verbs_only() -> Result<()> {
    let changing = changing()?;
    ensure!(changing.contains("stake") && !changing.contains("position"), "{changing:?}");
    let mut files = Vec::new();
    for folder in ["scripts/src/command", "scripts/src/story", "tests/it/flows"] {
        sources(&workspace().join(folder), &mut files)?;
    }
    for file in ["scripts/src/lib.rs", "tests/src/actions.rs"] {
        files.push(workspace().join(file));
    }
    for file in files {
        let text = fs::read_to_string(&file)?;
        let own = calls(&text).find(|name| changing.contains(*name));
        ensure!(own.is_none(), "{} makes a call of its own: {}", file.display(), own.unwrap_or_default());
    }
    // What makes the calls is found where it is.
    let staker = fs::read_to_string(workspace().join("scripts/src/verbs/staker.rs"))?;
    calls(&staker).find(|name| *name == "stake").ok_or_eyre("no call is found in a text that makes one")?;
    Ok(())
}
