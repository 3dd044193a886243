//! What operations cost is what the snapshot says, and all of it is accounted for. `cargo run -p restake-tests
//! --example gas -- --write` writes the snapshot anew, for a commit that says why.

use eyre::{OptionExt, Result, ensure};
use restake_tests::gas::{OPERATIONS, measure};
use serde_json::Value;

const SNAPSHOT: &str = include_str!("../gas.json");

#[tokio::test]
async fn operations_cost_what_the_snapshot_says() -> Result<()> {
    let snapshot: Value = serde_json::from_str(SNAPSHOT)?;
    for (key, cached) in [("uncached", false), ("cached", true)] {
        let gas = measure(cached).await?;
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
    Ok(())
}
