//! What programs spend their bytes on: by crate, and function by function.

use super::compile::Names;
use super::{Program, all_programs, compile, toolchain};
use eyre::{Result, WrapErr, ensure};
use rustc_demangle::demangle;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use stylus_program::contents::{Contents, contents};

/// How many functions a table has.
const LARGEST: usize = 15;

/// What no crate's function is.
const NO_CRATE: &str = "(no crate)";

/// Builds the named ones of these programs, or all if none is named, once more with the names of their functions, and
/// says for each what its bytes are: a table by crate and of the largest functions.
///
/// # Errors
/// If there is no such program, or it does not compile to the same.
pub fn contents_tables(programs: &[Program], named: &[String]) -> Result<String> {
    for name in named {
        let known = programs.iter().any(|program| program.name == *name);
        ensure!(known, "there is no program {name}: they are {}", all_programs().collect::<Vec<_>>().join(", "));
    }
    let wanted = programs.iter().filter(|program| named.is_empty() || named.contains(&program.name));
    let wanted: Vec<(&str, usize)> = wanted.map(|program| (program.name.as_str(), program.module_size)).collect();
    toolchain::ensure_wasm_target()?;
    let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let directory = compile::compile(super::workspace(), &names, Names::Kept, true)?;
    let mut tables = String::new();
    for (name, deployed) in wanted {
        let path = directory.join(name.replace('-', "_")).with_extension("wasm");
        let linked = fs::read(&path).wrap_err_with(|| format!("cannot read {}", path.display()))?;
        let contents = contents(&linked).wrap_err_with(|| format!("{name} is not a valid module"))?;
        ensure!(contents.total == deployed, "{name} is {} bytes with names, and {deployed} without", contents.total);
        tables.push_str(&table(name, &contents));
    }
    Ok(tables)
}

/// What one program's bytes are. (Writing to a string cannot fail.)
fn table(name: &str, contents: &Contents) -> String {
    let Contents { functions, code, data, total } = contents;
    let mut named: Vec<(String, usize)> = functions
        .iter()
        .map(|function| (function.name.as_deref().map_or_else(|| "?".to_owned(), readable), function.bytes))
        .collect();
    let mut table = format!("{name}: {total} B before compression\n");
    let mut line = |bytes: usize, what: &str| {
        let percent = (bytes * 100).checked_div(*total).unwrap_or(0);
        let _ = writeln!(table, "{bytes:>9} B {percent:>3} %  {what}");
    };
    for (name, bytes) in by_crate(&named) {
        line(bytes, &format!("code of {name}"));
    }
    line(*data, "data");
    line(total.saturating_sub(*code).saturating_sub(*data), "everything else: types, imports, tables, headers");
    line(*total, "in all; its largest functions:");
    named.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    for (name, bytes) in named.iter().take(LARGEST) {
        line(*bytes, name);
    }
    table.push('\n');
    table
}

/// The bytes of each crate's functions, the largest first.
fn by_crate(functions: &[(String, usize)]) -> Vec<(&str, usize)> {
    let mut sums = BTreeMap::<&str, usize>::new();
    for (name, bytes) in functions {
        *sums.entry(crate_of(name)).or_default() += bytes;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    sums
}

/// A name as the source has it, without the hash.
fn readable(name: &str) -> String {
    format!("{:#}", demangle(name))
}

/// The crate that a function is from: the first one that its path names. So a method of a trait belongs to the crate of
/// the type, and to that of the trait if the type has none.
fn crate_of(name: &str) -> &str {
    let Some((before, _)) = name.split_once("::") else { return NO_CRATE };
    let begins = before.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_');
    before.get(begins.map_or(0, |at| at + 1)..).filter(|name| !name.is_empty()).unwrap_or(NO_CRATE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stylus_program::contents::Function;

    #[test]
    fn a_function_belongs_to_the_first_crate_that_its_path_names() {
        for (linked, named, of) in [
            ("_ZN6common5calls4send17h9c37c8fc6265f871E", "common::calls::send", "common"),
            ("_RNvNtCsgXGp5Oqx2Ny_4core6option13unwrap_failed", "core::option::unwrap_failed", "core"),
            (
                "_ZN71_$LT$common..revert..Revert$u20$as$u20$core..convert..From$LT$E$GT$$GT$4from17h42b5d1855e723bbaE",
                "<common::revert::Revert as core::convert::From<E>>::from",
                "common",
            ),
            ("<&T as core::fmt::Debug>::fmt", "<&T as core::fmt::Debug>::fmt", "core"),
            ("memcpy", "memcpy", NO_CRATE),
        ] {
            assert_eq!((readable(linked).as_str(), crate_of(named)), (named, of));
        }
    }

    #[test]
    fn crates_data_and_the_rest_are_all_bytes() {
        let function = |name: &str, bytes| Function { name: Some(name.to_owned()), bytes };
        let functions = vec![function("one::a", 30), function("two::b", 20), function("one::c", 9)];
        let table = table("program", &Contents { functions, code: 60, data: 25, total: 100 });
        let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines[..6],
            [
                "program: 100 B before compression",
                "39 B 39 % code of one",
                "20 B 20 % code of two",
                "25 B 25 % data",
                "15 B 15 % everything else: types, imports, tables, headers",
                "100 B 100 % in all; its largest functions:",
            ]
        );
        assert_eq!(lines[6..9], ["30 B 30 % one::a", "20 B 20 % two::b", "9 B 9 % one::c"]);
    }
}
