//! Prints what operations cost, beside a peer's: `cargo run -p restake-tests --example gas`. With `--write` the program
//! also writes the snapshot that a test guards, and the page of it in `docs`.

use eyre::{OptionExt, Result};
use restake_tests::gas::{Cost, OPERATIONS, measure};
use restake_tests::gas_page::{bars, page};
use restake_tests::receipt_gas::measure_receipt;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;

#[tokio::main]
async fn main() -> Result<()> {
    let (uncached, cached) = (measure(false).await?, measure(true).await?);
    println!("{:<32} {:>10} {:>10} {:>10} {:>8}", "operation", "uncached", "cached", "peer", "ratio");
    let (mut logarithms, mut snapshot) = (0.0, serde_json::Map::new());
    for operation in OPERATIONS {
        let of = |gas: &BTreeMap<&str, Cost>| gas.get(operation.name).map(|cost| cost.gas).ok_or_eyre("not measured");
        let (uncached, cached) = (of(&uncached)?, of(&cached)?);
        // Figures for people: precision does not matter.
        let ratio = cached as f64 / operation.peer as f64;
        logarithms += ratio.ln();
        println!("{:<32} {uncached:>10} {cached:>10} {:>10} {ratio:>8.2}", operation.name, operation.peer);
        snapshot.insert(operation.name.to_owned(), json!({ "uncached": uncached, "cached": cached }));
    }
    println!("geometric mean of the ratios, cached: {:.2}", (logarithms / OPERATIONS.len() as f64).exp());
    println!("\nWhere it goes, cached (reads: cold ones; starts: how many):");
    where_it_goes(&cached);
    println!("\n{:<40} {:>10} {:>10}", "receipt with eight operators", "uncached", "cached");
    for ((name, uncached), (_, cached)) in measure_receipt(false).await?.into_iter().zip(measure_receipt(true).await?) {
        println!("{name:<40} {uncached:>10} {cached:>10}");
    }
    if std::env::args().any(|argument| argument == "--write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/gas.json");
        fs::write(path, format!("{}\n", serde_json::to_string_pretty(&snapshot)?))?;
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
        fs::write(format!("{docs}/gas.md"), page(&uncached, &cached))?;
        fs::write(format!("{docs}/gas.svg"), bars(&cached))?;
        println!("written to tests/gas.json, docs/gas.md and docs/gas.svg");
    }
    Ok(())
}

fn where_it_goes(costs: &BTreeMap<&str, Cost>) {
    let kinds = |cost: &Cost| cost.spent.kinds();
    let heads: Vec<String> =
        costs.values().next().map(kinds).into_iter().flatten().map(|(name, _)| format!("{name:>10}")).collect();
    println!("{:<32} {} {:>10} {:>6} {:>6}", "operation", heads.join(" "), "total", "reads", "starts");
    for operation in OPERATIONS {
        let Some(cost) = costs.get(operation.name) else { continue };
        let parts: Vec<String> = kinds(cost).iter().map(|(_, gas)| format!("{gas:>10}")).collect();
        let Cost { gas, spent } = cost;
        println!("{:<32} {} {gas:>10} {:>6} {:>6}", operation.name, parts.join(" "), spent.cold, spent.started);
    }
}
