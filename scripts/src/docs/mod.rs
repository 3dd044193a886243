//! One page for each contract, made from what the code says about itself: the role and the invariants from the
//! documentation of its crate, the storage from its `#[storage]` structs, functions, events and errors from its
//! interface. So each thing is said once, and the pages cannot go astray.

mod abi;
mod json;
mod layout;
mod page;
mod subgraph;

pub use json::{abi_of, abis, write_abis};
pub use layout::Place;
pub use subgraph::Subgraph;

use crate::build::{STEPS, all_programs};
use eyre::{Result, WrapErr, bail};
use layout::Structs;
use std::fs;
use std::path::{Path, PathBuf};

/// A page, to be written below the folder of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it belongs, relative to the repository.
    pub path: PathBuf,
    /// Markdown.
    pub text: String,
}

/// The pages of all contracts of the repository at `root`.
///
/// # Errors
/// If a source is missing or does not look as expected.
pub fn pages(root: &Path) -> Result<Vec<Page>> {
    all_programs()
        .map(|program| {
            let text = page::write(root, program).wrap_err_with(|| format!("cannot describe {program}"))?;
            Ok(Page { path: Path::new("docs/contracts").join(program).with_extension("md"), text })
        })
        .collect()
}

/// Writes the pages of all contracts of the repository at `root`. Returns how many there are.
///
/// # Errors
/// If a source cannot be read, or a page cannot be written.
pub fn write(root: &Path) -> Result<usize> {
    let pages = pages(root)?;
    for page in &pages {
        let path = root.join(&page.path);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(&path, &page.text).wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    Ok(pages.len())
}

/// Where a program of the repository at `root` stores its fields.
///
/// # Errors
/// If a source is missing or does not look as expected.
pub fn places(root: &Path, program: &str) -> Result<Vec<Place>> {
    let structs = structs(root, program)?;
    structs.places(structs.state()?)
}

/// The storage structs of a program, with those that contracts share.
fn structs(root: &Path, program: &str) -> Result<Structs> {
    let mut structs = Structs::default();
    for shared in ["stored", "erc20", "ownable", "connection"] {
        structs.read(&read(root, &format!("contracts/lib/common/src/{shared}.rs"))?)?;
    }
    let source = format!("{}/src", folder_of(root, program)?);
    // A step function stores nothing: its state is where its only function is.
    let file = if STEPS.contains(&program) { "program" } else { "storage" };
    structs.read(&read(root, &format!("{source}/{file}.rs"))?)?;
    Ok(structs)
}

/// The folder of a contract's crate, relative to the repository: the folders below `contracts` group what belongs
/// together.
fn folder_of(root: &Path, program: &str) -> Result<String> {
    for group in fs::read_dir(root.join("contracts"))? {
        let group = group?;
        if group.path().join(program).is_dir() {
            return Ok(format!("contracts/{}/{program}", group.file_name().to_string_lossy()));
        }
    }
    bail!("there is no crate {program} below contracts")
}

/// The text of a file of the repository.
fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).wrap_err_with(|| format!("cannot read {path}"))
}

/// Documentation without the marks that only rustdoc understands: ``[`Name`](path)`` is `` `Name` ``.
fn plain(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some(start) = rest.find("[`") {
        plain.push_str(&rest[..start]);
        let link = &rest[start + 1..];
        let Some(end) = link.find("`]") else {
            plain.push('[');
            rest = link;
            continue;
        };
        plain.push_str(&link[..=end]);
        rest = &link[end + 2..];
        if let Some(target) = rest.strip_prefix('(') {
            rest = target.split_once(')').map_or("", |(_, after)| after);
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn links_become_names() {
        assert_eq!(plain("an [`Ownership`](x::y) of [`IOwnable`], [so]"), "an `Ownership` of `IOwnable`, [so]");
        assert_eq!(plain("nothing"), "nothing");
    }
}
