//! The ABI of each contract in JSON, for those who do not use the types of `interfaces`: wallets, indexers, other
//! languages. Written from the same text.

use super::abi::{Item, Kind, items};
use super::page::interfaces;
use super::{read, structs};
use crate::build::all_programs;
use eyre::{OptionExt, Result, WrapErr};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The fields of structs, by their names.
type Structs = BTreeMap<String, String>;

/// The ABI of every contract of the repository at `root`, by the contract's name: its functions, events and errors,
/// with the errors that contracts share.
///
/// # Errors
/// If a source is missing or does not look as expected.
pub fn abis(root: &Path) -> Result<BTreeMap<String, Value>> {
    let of = |program: &str| {
        let state = structs(root, program)?.state()?.to_owned();
        let shared = [("access".to_owned(), "IAccess".to_owned())];
        let mut all = Vec::new();
        for (file, name) in interfaces(program, &state).into_iter().chain(shared) {
            all.extend(items(&read(root, &format!("contracts/lib/interfaces/src/{file}.rs"))?, &name)?);
        }
        let abi = abi(&all).wrap_err_with(|| format!("cannot write the ABI of {program}"))?;
        Ok((state, abi))
    };
    all_programs().map(of).collect()
}

/// The ABI of an interface whose text is in `source`.
///
/// # Errors
/// If it is not there, or does not look as expected.
pub fn abi_of(source: &str, interface: &str) -> Result<Value> {
    abi(&items(source, interface)?).wrap_err_with(|| format!("cannot write the ABI of {interface}"))
}

/// Writes them to `folder`, a file for each contract. Returns how many there are.
///
/// # Errors
/// If a source cannot be read, or a file cannot be written.
pub fn write_abis(root: &Path, folder: &Path) -> Result<usize> {
    let abis = abis(root)?;
    fs::create_dir_all(folder).wrap_err_with(|| format!("cannot make {}", folder.display()))?;
    for (name, abi) in &abis {
        let path = folder.join(name).with_extension("json");
        let text = format!("{}\n", serde_json::to_string_pretty(abi)?);
        fs::write(&path, text).wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    Ok(abis.len())
}

fn abi(items: &[Item]) -> Result<Value> {
    let mut known = Structs::new();
    for item in items.iter().filter(|item| item.kind == Kind::Struct) {
        let (name, fields) = item.signature.split_once(" {").ok_or_eyre("a struct without fields")?;
        let fields = fields.trim_end_matches('}').trim().trim_end_matches(';').replace(';', ",");
        known.insert(name.to_owned(), fields);
    }
    let rest = items.iter().filter(|item| item.kind != Kind::Struct);
    rest.map(|item| entry(item, &known).wrap_err_with(|| item.signature.clone())).collect()
}

fn entry(item: &Item, known: &Structs) -> Result<Value> {
    let (name, rest) = item.signature.split_once('(').ok_or_eyre("no arguments")?;
    let (arguments, rest) = rest.split_once(')').ok_or_eyre("arguments that do not end")?;
    let inputs = parameters(arguments, known)?;
    let returns = rest.split_once("returns (").map(|(_, returns)| returns.trim_end_matches(')'));
    let outputs = parameters(returns.unwrap_or_default(), known)?;
    let mutability = match item.kind {
        Kind::View => "view",
        _ if rest.contains("payable") => "payable",
        _ => "nonpayable",
    };
    Ok(match item.kind {
        Kind::Event => json!({ "type": "event", "name": name, "inputs": inputs, "anonymous": false }),
        Kind::Error => json!({ "type": "error", "name": name, "inputs": inputs }),
        _ => json!({
            "type": "function",
            "name": name,
            "inputs": inputs,
            "outputs": outputs,
            "stateMutability": mutability,
        }),
    })
}

/// A list of declarations, separated by commas.
fn parameters(text: &str, known: &Structs) -> Result<Vec<Value>> {
    text.split(',')
        .map(str::trim)
        .filter(|declaration| !declaration.is_empty())
        .map(|of| parameter(of, known))
        .collect()
}

fn parameter(declaration: &str, known: &Structs) -> Result<Value> {
    let (mut words, mut indexed) = (declaration.split_whitespace(), None);
    let kind = words.next().ok_or_eyre("no type")?;
    let mut name = "";
    for word in words {
        match word {
            "indexed" => indexed = Some(true),
            "memory" | "calldata" => {}
            word => name = word,
        }
    }
    let base = kind.find('[').map_or(kind, |at| &kind[..at]);
    let mut parameter = json!({ "name": name, "type": kind });
    if let Some(fields) = known.get(base) {
        parameter["type"] = format!("tuple{}", &kind[base.len()..]).into();
        parameter["components"] = parameters(fields, known)?.into();
    }
    if let Some(indexed) = indexed {
        parameter["indexed"] = indexed.into();
    }
    Ok(parameter)
}
