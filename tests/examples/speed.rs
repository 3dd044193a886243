//! Prints how fast chains start and transactions run: `cargo run -p restake-tests --example speed`.
//!
//! Figures, not verdicts: nothing fails if the machine is slow.

use alloy::primitives::Address;
use eyre::Result;
use restake_tests::{World, ether};
use std::time::{Duration, Instant};

const CHAINS: usize = 100;
const TRANSACTIONS: u32 = 200;

#[tokio::main]
async fn main() -> Result<()> {
    // The first world builds and deploys the suite; the others start from its picture.
    drop(World::new().await?);
    let mut starts = Vec::with_capacity(CHAINS);
    for _ in 0..CHAINS {
        let started = Instant::now();
        let world = World::new().await?;
        starts.push(started.elapsed());
        drop(world);
    }
    starts.sort();
    println!(
        "a new chain with the suite deployed: median {:.1} ms, slowest {:.1} ms",
        millis(starts[CHAINS / 2]),
        millis(starts[CHAINS - 1])
    );

    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.fund(alice, ether(1_000)).await?;
    let stake = world.stake_call(ether(1), Address::ZERO);
    let started = Instant::now();
    for _ in 0..TRANSACTIONS {
        world.act(alice, world.suite.token_pool, &stake).await?;
    }
    println!(
        "a stake transaction over HTTP, with estimate and receipt: {:.1} ms",
        millis(started.elapsed() / TRANSACTIONS)
    );
    Ok(())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
