//! No line of code, comments or prose is longer than 120 columns.

use eyre::{Result, ensure};
use restake::build::workspace;
use std::fs;
use std::path::Path;

/// Written by `cargo restake docs`, with signatures as long as they are.
const GENERATED: &str = "docs/contracts";

/// What the project wrote; other folders beside it are not its own.
const WRITTEN: [&str; 12] = [
    ".cargo",
    ".ci",
    "Cargo.toml",
    "README.md",
    "contracts",
    "devnode",
    "docs",
    "page",
    "risk",
    "scripts",
    "services",
    "tests",
];

/// Folders that are made inside of these.
const FOREIGN: [&str; 2] = ["target", "node_modules"];

/// What rustfmt.toml says for code.
const WIDTH: usize = 120;

#[test]
fn no_line_is_longer_than_120_columns() -> Result<()> {
    let (mut files, mut long) = (0, Vec::new());
    let mut places: Vec<_> = WRITTEN.iter().map(|name| workspace().join(name)).collect();
    while let Some(path) = places.pop() {
        let place = path.strip_prefix(workspace())?;
        if place == Path::new(GENERATED) || FOREIGN.iter().any(|name| place.ends_with(name)) {
            continue;
        }
        // The scripts of CI have no extension.
        let extension = path.extension().map_or(Some("sh"), |extension| extension.to_str());
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                places.push(entry?.path());
            }
        } else if let Some(kind @ ("rs" | "md" | "sh" | "toml")) = extension {
            files += 1;
            let numbers = long_lines(&fs::read_to_string(&path)?, kind == "md");
            long.extend(numbers.iter().map(|number| format!("{}:{number}", place.display())));
        }
    }
    ensure!(files > 100, "only {files} files were found");
    ensure!(long.is_empty(), "longer than {WIDTH} columns:\n{}", long.join("\n"));
    Ok(())
}

/// The numbers of the long lines. In Markdown, tables and blocks of code may be wider.
fn long_lines(text: &str, markdown: bool) -> Vec<usize> {
    let (mut numbers, mut in_code) = (Vec::new(), false);
    for (line, number) in text.lines().zip(1..) {
        in_code ^= markdown && line.trim_start().starts_with("```");
        let exempt = markdown && (in_code || line.starts_with('|'));
        // A link cannot be broken.
        let (rest, word) = line.rsplit_once(' ').unwrap_or(("", line));
        let link = (word.contains("://") || word.contains("](")) && rest.chars().count() <= WIDTH;
        if line.chars().count() > WIDTH && !exempt && !link {
            numbers.push(number);
        }
    }
    numbers
}
