//! The README of the node promises nothing that no test shows.

use std::fs;
use std::path::Path;

const README: &str = include_str!("../../README.md");

#[test]
fn every_row_of_the_table_names_tests_that_exist() {
    let (_, section) = README.split_once("## What is like Nitro").expect("the section with the table");
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| **")).collect();
    let rows = rows.get(2..).expect("a heading and rows");
    assert!(rows.len() > 20, "only {} rows", rows.len());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut code = String::new();
    for folder in ["devnode", "tests/clients"] {
        gather(&root.join(folder), &mut code);
    }
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().expect("a last column");
        assert!(tests.contains('`'), "no test shows: {row}");
        for name in tests.split('`').skip(1).step_by(2) {
            // What takes too long for a test is a script.
            let script = name.starts_with(".ci/") && root.join(name).is_file();
            assert!(script || code.contains(&format!("fn {name}()")), "no test is called {name}");
        }
    }
}

/// Appends all Rust code below a folder.
fn gather(folder: &Path, code: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&fs::read_to_string(&path).expect("text"));
        }
    }
}
