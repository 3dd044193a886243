//! What the data store costs: how fast blobs are encoded and come back, what an operator keeps of them, and the gas of
//! asking for a leaf and of answering.
//!
//! `cargo run --release --package restake-data-store --example figures`

use alloy::primitives::{B256, keccak256};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::AvailabilityChallenged;
use restake::availability::commitment_of;
use restake::chain::event;
use restake::verbs::challenge;
use restake_data_store::coding::{Encoded, recover};
use restake_data_store::opening::Opening;
use restake_data_store::store::Store;
use restake_tests::{TASK, World};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Write, stdout};
use std::time::Instant;

/// The lengths of blobs (bytes).
const LENGTHS: [usize; 4] = [1_000, 100_000, 1_000_000, 8_000_000];

/// How many operators of equal stake there are.
const OPERATORS: usize = 4;

#[tokio::main]
async fn main() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.join(operator, ONE).await?;
    let head =
        ["blob", "leaves", "encode MB/s", "decode MB/s", "kept by each", "on its disk", "gas asked", "gas answered"];
    line(&head.map(str::to_owned))?;
    for length in LENGTHS {
        let blob: Vec<u8> = (0u64..).flat_map(|number| keccak256(number.to_be_bytes()).0).take(length).collect();
        let began = Instant::now();
        let encoded = Encoded::new(&blob, OPERATORS)?;
        let encoding = began.elapsed().as_secs_f64();
        let (root, leaves) = (encoded.tree().root(), encoded.tree().leaf_count());
        let added: BTreeMap<u64, Vec<u8>> =
            (0..).zip(encoded.leaves().iter().cloned()).skip_while(|(index, _)| *index < leaves / 2).collect();
        let began = Instant::now();
        ensure!(recover(root, leaves, &added)? == blob, "another blob came back");
        let decoding = began.elapsed().as_secs_f64();
        let (leaf, proof) = encoded.opening(0).ok_or_eyre("no leaf")?;
        let kept = encoded.leaves().len().div_ceil(OPERATORS) * (1 + leaf.len() + proof.len());
        let disk = disk(&encoded)?;
        let (asked, answered) = gas(&world, &encoded).await?;
        let speed = |seconds: f64| format!("{:.0}", megabytes(length) / seconds);
        let cells = [
            length.to_string(),
            leaves.to_string(),
            speed(encoding),
            speed(decoding),
            kept.to_string(),
            disk.to_string(),
            asked.to_string(),
            answered.to_string(),
        ];
        line(&cells)?;
    }
    Ok(())
}

/// The gas of a challenge about the first leaf, and of its answer.
async fn gas(world: &World, encoded: &Encoded) -> Result<(u64, u64)> {
    let (operator, challenger) = (&world.cast.dishonest, &world.cast.challenger);
    let (service, domain) = (&world.suite.service, world.domain().await?);
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let (task, time): (B256, u64) = (TASK, world.chain.now().await?);
    let signed = domain.commit_to(&operator.key, task, time, encoded.tree(), 0..1)?;
    let ask = challenge::availability(service, operator.address, &signed.leaf(0), world.parameters.bond);
    let asked = world.perform(challenger, &ask).await?;
    let opened = event::<AvailabilityChallenged>(&asked, service.dispute_resolution).ok_or_eyre("no challenge")?;
    let (leaf, proof) = encoded.opening(0).ok_or_eyre("no leaf")?;
    let answer = challenge::answer(service, opened.challengeId, leaf.to_vec().into(), proof);
    let answered = world.perform(operator, &answer).await?;
    Ok((asked.gas_used, answered.gas_used))
}

/// The bytes of the file in which an operator keeps its part.
fn disk(encoded: &Encoded) -> Result<u64> {
    let file = std::env::temp_dir().join(format!("restake-figures-{}.redb", std::process::id()));
    let store = Store::open(&file, u64::MAX)?;
    let part = 0..encoded.tree().leaf_count().div_ceil(u64::try_from(OPERATORS)?);
    let commitment = commitment_of(TASK, 0, encoded.tree(), part.clone());
    let opening = |index| {
        let (leaf, proof) = encoded.opening(index)?;
        Some(Opening { index, leaf: leaf.to_vec().into(), proof })
    };
    store.keep(encoded.tree().root(), &commitment, part.filter_map(opening), u64::MAX)?;
    drop(store);
    let bytes = fs::metadata(&file)?.len();
    fs::remove_file(&file)?;
    Ok(bytes)
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}

fn line(cells: &[String; 8]) -> Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>13}")).collect();
    Ok(writeln!(stdout(), "{}", cells.join(""))?)
}
