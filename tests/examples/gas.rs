//! Prints what operations cost, beside what they must cost and a peer's: `cargo run -p restake-tests --example gas`.
//! With `--write` the program also writes the snapshot that a test guards, its page in `docs`, and the README's table.

use eyre::Result;
use restake_tests::gas_page::{bars, page, with_short};
use restake_tests::gas_report::Report;
use restake_tests::receipt_gas::measure_receipt;
use std::fs;

#[tokio::main]
async fn main() -> Result<()> {
    let report = Report::measure().await?;
    println!("{}", page(&report));
    println!("{:<40} {:>10} {:>10}", "receipt with eight operators", "uncached", "cached");
    for ((name, uncached), (_, cached)) in measure_receipt(false).await?.into_iter().zip(measure_receipt(true).await?) {
        println!("{name:<40} {uncached:>10} {cached:>10}");
    }
    if std::env::args().any(|argument| argument == "--write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/gas.json");
        fs::write(path, format!("{}\n", serde_json::to_string_pretty(&report.snapshot())?))?;
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
        fs::write(format!("{docs}/gas.md"), page(&report))?;
        fs::write(format!("{docs}/gas.svg"), bars(&report))?;
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        fs::write(readme, with_short(&fs::read_to_string(readme)?, &report)?)?;
        println!("written to tests/gas.json, docs/gas.md, docs/gas.svg and README.md");
    }
    Ok(())
}
