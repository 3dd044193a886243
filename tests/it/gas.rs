//! What operations cost is what the snapshot says, and all of it is accounted for. `cargo run -p restake-tests
//! --example gas -- --write` writes the snapshot anew, for a commit that says why.

use eyre::{OptionExt, Result, ensure};
use restake_tests::gas::{OPERATIONS, measure};
use restake_tests::gas_page::{bars, page};
use serde_json::Value;

const SNAPSHOT: &str = include_str!("../gas.json");
const PAGE: &str = include_str!("../../docs/gas.md");
const BARS: &str = include_str!("../../docs/gas.svg");

#[tokio::test]
async fn operations_cost_what_the_snapshot_says() -> Result<()> {
    let snapshot: Value = serde_json::from_str(SNAPSHOT)?;
    let (uncached, cached) = (measure(false).await?, measure(true).await?);
    for (key, gas) in [("uncached", &uncached), ("cached", &cached)] {
        for operation in OPERATIONS {
            let now = gas.get(operation.name).map(|cost| cost.gas);
            let then = snapshot[operation.name][key].as_u64().ok_or_eyre("not in the snapshot")?;
            ensure!(now == Some(then), "{}, {key}: {now:?} gas, the snapshot says {then}", operation.name);
            let spent = gas.get(operation.name).ok_or_eyre("not measured")?.spent;
            // Every frame rounds its gas up where it begins, where it calls and where it ends.
            ensure!(
                then.abs_diff(spent.total()) <= 3 * spent.started,
                "{}, {key}: {spent:?} is not {then}",
                operation.name
            );
        }
    }
    ensure!(page(&uncached, &cached) == PAGE, "docs/gas.md is out of date");
    ensure!(bars(&cached) == BARS, "docs/gas.svg is out of date");
    Ok(())
}
