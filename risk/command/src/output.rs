//! What is printed, and what is written to a folder.

mod pictures;

pub(crate) use pictures::{plots, prices, rounds};

use arithmetic::risk::{UNBOUNDED, if_all_stake_were_lost};
use arithmetic::wad::ONE;
use clap::Args;
use eyre::{Result, WrapErr};
use restake_simulator::cascade::Cascade;
use restake_simulator::decimal::Decimal;
use restake_simulator::leverage::Scenario;
use restake_simulator::report::plot::Plot;
use restake_simulator::report::{Table, tables};
use restake_simulator::{Allocations, Bounds, Network};
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;

/// How it is shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// How many rows of each table are printed
    #[arg(long, default_value_t = 10)]
    rows: usize,
    /// Write all of each table as CSV, and pictures as SVG, to this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Write the tables as Parquet as well
    #[cfg(feature = "parquet")]
    #[arg(long, requires = "out")]
    parquet: bool,
    /// Write the pictures as PNG as well
    #[cfg(feature = "png")]
    #[arg(long, requires = "out")]
    png: bool,
}

impl Output {
    /// Whether pictures are wanted.
    pub(crate) fn is_written(&self) -> bool {
        self.out.is_some()
    }

    /// Prints the first rows of tables, and writes all of it where that is wanted.
    pub(crate) fn show(&self, tables: &[Table], plots: &[(&str, Plot)]) -> Result<()> {
        for table in tables.iter().filter(|table| table.rows() > 0) {
            println!("\n{}\n{}", table.name, table.shown(self.rows));
        }
        let Some(folder) = &self.out else { return Ok(()) };
        fs::create_dir_all(folder).wrap_err_with(|| format!("cannot make {}", folder.display()))?;
        for table in tables {
            let path = folder.join(table.name).with_extension("csv");
            let file = File::create(&path).wrap_err_with(|| format!("cannot write {}", path.display()))?;
            table.write_csv(BufWriter::new(file)).wrap_err_with(|| format!("cannot write {}", path.display()))?;
            #[cfg(feature = "parquet")]
            if self.parquet {
                let path = path.with_extension("parquet");
                let file = File::create(&path).wrap_err_with(|| format!("cannot write {}", path.display()))?;
                table.write_parquet(file).wrap_err_with(|| format!("cannot write {}", path.display()))?;
            }
        }
        for (name, plot) in plots {
            let path = folder.join(name).with_extension("svg");
            fs::write(&path, plot.svg()?).wrap_err_with(|| format!("cannot write {}", path.display()))?;
            #[cfg(feature = "png")]
            if self.png {
                let path = path.with_extension("png");
                fs::write(&path, plot.png()?).wrap_err_with(|| format!("cannot write {}", path.display()))?;
            }
        }
        println!("\nTables and pictures are in {}.", folder.display());
        Ok(())
    }
}

/// The shock that the all-stake bound is shown for: a hundredth of the stake.
const SHOCK: u64 = ONE / 100;

/// The whole network in sentences.
pub(crate) fn summary(network: &Network, allocations: &Allocations, bounds: &Bounds) {
    let (stakers, operators, services) = (network.stakers.len(), network.operators.len(), network.services.len());
    let value = Decimal(allocations.value());
    println!("{operators} operators, {services} services, {stakers} of the stakers; all stake is worth {value}.");
    if bounds.utilisation == UNBOUNDED {
        println!("A profit is declared that no stake stands against: there is no bound on attacks.");
        return;
    }
    println!(
        "The utilisation is {}: by the profits that services declare, every attack costs at least its profit by that, \
         so that {}.",
        rounded_up(bounds.utilisation),
        if bounds.is_secure() { "none is worth it" } else { "some may be worth it" }
    );
    if let Some(bound) = if_all_stake_were_lost(SHOCK, bounds.utilisation) {
        println!(
            "If all stake were lost with each fault, a loss of 1% would end in at most {}%; with partial budgets \
             that is no bound.",
            rounded_up(u128::from(bound).saturating_mul(100))
        );
    }
}

/// A fraction with four decimals, rounded up: against who says that a network is safe.
fn rounded_up(wad: u128) -> Decimal {
    const LAST: u128 = 100_000_000_000_000;
    Decimal(wad.div_ceil(LAST).saturating_mul(LAST))
}

/// Every column of every table.
pub(crate) fn schema() {
    let network = Network::default();
    let allocations = Allocations::of(&network);
    let bounds = Bounds::of(&allocations);
    let scenario = Scenario::default();
    let tables = [
        tables::services(&network, &allocations, &bounds),
        tables::operators(&network, &allocations, &bounds),
        tables::grants(&network, &allocations),
        tables::stakers(&network, &allocations),
        tables::cascade(&Cascade::default()),
        tables::leverage_up(&scenario),
        tables::leverage_down(&scenario),
    ];
    println!("| table | column | type | meaning |\n| --- | --- | --- | --- |");
    for [table, column, kind, meaning] in tables.iter().flat_map(Table::schema) {
        println!("| {table} | {column} | {kind} | {meaning} |");
    }
}
