//! The page of one contract.

use super::abi::{Item, Kind, document, items};
use super::layout::{Place, Structs};
use super::{folder_of, read, structs};
use crate::build::STEPS;
use eyre::{OptionExt, Result};
use std::fmt::Write;
use std::path::Path;

/// The interfaces that a program implements, beside its own: files of `contracts/lib/interfaces/src` and names.
fn more_interfaces(program: &str) -> &'static [(&'static str, &'static str)] {
    match program {
        "governance" | "service-manager" | "restaking-weights" => &[("ownable", "IOwnable")],
        "liquid-staking-token" => &[("erc20", "IERC20"), ("erc20", "IERC20Permit"), ("ownable", "IOwnable")],
        "liquid-restaking-token" => &[("erc20", "IERC20"), ("erc20", "IERC20Permit")],
        "risk-admission" => &[("admission", "IAdmission")],
        _ => &[],
    }
}

/// All interfaces of a program whose state is called `state`: files of `contracts/lib/interfaces/src` and names.
pub(super) fn interfaces(program: &str, state: &str) -> Vec<(String, String)> {
    let own = if STEPS.contains(&program) {
        ("step".to_owned(), "IStep".to_owned())
    } else {
        (program.replace('-', "_"), format!("I{state}"))
    };
    let more = more_interfaces(program).iter().map(|(file, name)| ((*file).to_owned(), (*name).to_owned()));
    std::iter::once(own).chain(more).collect()
}

pub(super) fn write(root: &Path, program: &str) -> Result<String> {
    let structs = structs(root, program)?;
    let code = read(root, &format!("{}/src/lib.rs", folder_of(root, program)?))?;
    let state = structs.state()?.to_owned();

    let mut page = format!("# {state}\n\n");
    page.push_str(
        "<!-- Written by `cargo restake docs` from the code of the contract. Change the comments there. -->\n",
    );
    let mut role = vec![String::new()];
    for line in code.lines().map_while(|line| line.strip_prefix("//!")) {
        document(&mut role, line.trim());
    }
    paragraphs(&mut page, &role)?;
    if STEPS.contains(&program) {
        page.push_str("\nIt has no constructor, and stores nothing.\n");
    } else {
        construction(&mut page, &code)?;
        storage(&mut page, &structs, &state)?;
    }

    for (file, name) in interfaces(program, &state) {
        let items = items(&read(root, &format!("contracts/lib/interfaces/src/{file}.rs"))?, &name)?;
        write!(page, "\n## {name}\n")?;
        list(&mut page, "Functions", &items, Kind::Function)?;
        list(&mut page, "Views", &items, Kind::View)?;
        table(&mut page, "Events", &items, Kind::Event)?;
        table(&mut page, "Errors", &items, Kind::Error)?;
        list(&mut page, "Structs", &items, Kind::Struct)?;
    }
    page.push_str(
        "\nErrors about callers, addresses and pauses that contracts share are in \
         [`IAccess`](../../contracts/lib/interfaces/src/access.rs).\n",
    );
    Ok(page)
}

fn paragraphs(page: &mut String, paragraphs: &[String]) -> Result<()> {
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
        write!(page, "\n{paragraph}\n")?;
    }
    Ok(())
}

/// What the constructor takes, and what it says about itself.
fn construction(page: &mut String, code: &str) -> Result<()> {
    let (_, rest) = code.split_once("#[constructor]\n").ok_or_eyre("no constructor")?;
    let mut text = vec![String::new()];
    for line in rest.lines().map(str::trim).map_while(|line| line.strip_prefix("///")) {
        document(&mut text, line.trim());
    }
    let (_, rest) = rest.split_once("&mut self").ok_or_eyre("a constructor without self")?;
    let (parameters, _) = rest.split_once(") -> ").ok_or_eyre("a constructor without a result")?;
    let parameters: Vec<&str> = parameters.split_whitespace().collect();
    let parameters = parameters.join(" ").trim_matches([',', ' ']).to_owned();
    write!(page, "\n## Construction\n\n`constructor({parameters})`\n")?;
    paragraphs(page, &text)
}

fn storage(page: &mut String, structs: &Structs, state: &str) -> Result<()> {
    write!(page, "\n## Storage\n\nBytes are counted from the lowest of a word.\n\n")?;
    rows(page, "slot", &structs.places(state)?)?;
    for name in structs.held(state) {
        write!(page, "\n`{name}`:\n\n")?;
        rows(page, "word", &structs.places(name)?)?;
    }
    Ok(())
}

fn rows(page: &mut String, unit: &str, places: &[Place]) -> Result<()> {
    write!(page, "| {unit} | bytes | field | type | meaning |\n| --- | --- | --- | --- | --- |\n")?;
    for Place { slot, bytes, name, kind, documentation } in places {
        let last = bytes.end.saturating_sub(1);
        writeln!(page, "| {slot} | {} to {last} | `{name}` | {kind} | {documentation} |", bytes.start)?;
    }
    Ok(())
}

fn list(page: &mut String, title: &str, items: &[Item], kind: Kind) -> Result<()> {
    let chosen: Vec<&Item> = items.iter().filter(|item| item.kind == kind).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    write!(page, "\n### {title}\n")?;
    for item in chosen {
        write!(page, "\n- `{}`\n", item.signature)?;
        for paragraph in item.documentation.iter().filter(|paragraph| !paragraph.is_empty()) {
            write!(page, "\n  {paragraph}\n")?;
        }
    }
    Ok(())
}

fn table(page: &mut String, title: &str, items: &[Item], kind: Kind) -> Result<()> {
    let chosen: Vec<&Item> = items.iter().filter(|item| item.kind == kind).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    write!(page, "\n### {title}\n\n| {} | meaning |\n| --- | --- |\n", title.to_lowercase().trim_end_matches('s'))?;
    for item in chosen {
        writeln!(page, "| `{}` | {} |", item.signature, item.documentation.join(" "))?;
    }
    Ok(())
}
