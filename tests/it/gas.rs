//! What operations cost is what the snapshot says, and all of it is accounted for. `cargo run -p restake-tests
//! --example gas -- --write` writes the snapshot anew, for a commit that says why.

use eyre::{Result, ensure};
use restake_tests::gas_page::{bars, page, short};
use restake_tests::gas_report::Report;
use serde_json::Value;

const SNAPSHOT: &str = include_str!("../gas.json");
const PAGE: &str = include_str!("../../docs/gas.md");
const README: &str = include_str!("../../README.md");
const BARS: &str = include_str!("../../docs/gas.svg");

#[tokio::test]
async fn operations_cost_what_the_snapshot_says() -> Result<()> {
    let (snapshot, report): (Value, _) = (serde_json::from_str(SNAPSHOT)?, Report::measure().await?);
    let now = report.snapshot();
    for row in &report.rows {
        let name = row.operation.name;
        let (gas, kept) = (&now["operations"][name], &snapshot["operations"][name]);
        ensure!(gas == kept, "{name}: {gas} gas, the snapshot says {kept}");
        for cost in [row.uncached, row.cached, row.own_token] {
            // Every frame rounds its gas up where it begins, where it calls and where it ends.
            let (spent, unaccounted) = (cost.spent, cost.gas.abs_diff(cost.spent.total()));
            let frames = spent.started + spent.foreign_calls;
            ensure!(unaccounted <= 3 * frames, "{name}: {spent:?} is not {}", cost.gas);
        }
        // The floor is derived from rules and prices: what costs less breaks a rule, or the rule needs less.
        let floor = row.floor.gas();
        ensure!(floor <= row.cached.gas, "{name} costs {} gas, and its floor is {floor}", row.cached.gas);
    }
    ensure!(now == snapshot, "tests/gas.json names other operations, or the tokens cost something else");
    ensure!(page(&report) == PAGE, "docs/gas.md is out of date");
    ensure!(bars(&report) == BARS, "docs/gas.svg is out of date");
    ensure!(README.contains(&short(&report)), "the README's table of gas is out of date");
    Ok(())
}
