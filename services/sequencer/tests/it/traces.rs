//! Traces of batches, right and falsified, and what of results is on the disk.

use crate::folder::Folder;
use alloy::primitives::{Address, B256, FixedBytes};
use eyre::{Result, ensure};
use restake_bisection::claim::Claim;
use restake_bisection::store::Store;
use restake_bisection::{Trace, TraceError, Workload};
use restake_sequencer::Sequencer;
use restake_sequencer::series::Series;
use step::State;

/// The result of a batch of so many transfers, not signed.
fn result(length: u32, output: Option<B256>) -> Result<Claim> {
    let data = Series { length }.batch(60);
    let input = Sequencer.first(&data.encode())?.hash();
    let unsigned = Claim {
        task: B256::ZERO,
        task_time: 60,
        program: Address::ZERO,
        input,
        output: input,
        steps: data.steps(),
        data: data.encode().into(),
        signature: FixedBytes::ZERO.into(),
    };
    let right = Trace::right(&Sequencer, &unsigned)?.hash_at(unsigned.steps)?;
    Ok(Claim { output: output.unwrap_or(right), ..unsigned })
}

#[test]
fn a_lie_is_told_again_from_what_is_on_the_disk() -> Result<()> {
    for length in [1, 2, 3, 40] {
        let right = result(length, None)?;
        let lie = Trace::right(&Sequencer, &right)?.falsified(&Sequencer, right.steps)?;
        let claim = Claim { output: lie.hash_at(right.steps)?, ..right.clone() };
        ensure!(claim.output != right.output && lie.hash_at(0)? == right.input, "{length} transfers");
        let again = Trace::as_claimed(&Sequencer, &claim)?;
        ensure!(!again.is_right());
        for step in 0..=claim.steps {
            ensure!(again.hash_at(step)? == lie.hash_at(step)?, "step {step} of {length}");
        }
        ensure!(Trace::as_claimed(&Sequencer, &right)?.is_right());
    }
    Ok(())
}

#[test]
fn a_batch_without_transfers_cannot_be_lied_about() -> Result<()> {
    let none = result(0, None)?;
    ensure!(Trace::right(&Sequencer, &none)?.falsified(&Sequencer, 0)?.is_right());
    ensure!(none.output == none.input);
    Ok(())
}

#[test]
fn a_result_that_nobody_knows_is_played_with_the_right_states() -> Result<()> {
    let claim = result(9, Some(B256::repeat_byte(1)))?;
    ensure!(Trace::as_claimed(&Sequencer, &claim)?.is_right());
    Ok(())
}

#[test]
fn more_steps_than_there_are_transfers_change_nothing() -> Result<()> {
    let claim = result(9, None)?;
    let long = Claim { steps: u64::MAX, ..claim.clone() };
    ensure!(Trace::right(&Sequencer, &long)?.hash_at(u64::MAX)? == claim.output);
    Ok(())
}

#[test]
fn other_data_than_was_signed_is_refused() -> Result<()> {
    let (claim, other) = (result(9, None)?, result(8, None)?);
    let mixed = Claim { data: other.data, ..claim };
    ensure!(matches!(Trace::right(&Sequencer, &mixed), Err(TraceError::OtherData(_))));
    Ok(())
}

#[test]
fn a_store_keeps_results_until_nobody_can_ask() -> Result<()> {
    let folder = Folder::new()?;
    let file = folder.path().join("results.redb");
    let (one, two) = (result(2, None)?, result(3, None)?);
    let (first, second) = (B256::repeat_byte(1), B256::repeat_byte(2));
    {
        let store = Store::open(&file)?;
        store.keep(first, &one, 100)?;
        store.keep(second, &two, 200)?;
    }
    let store = Store::open(&file)?;
    ensure!(store.claim(first)? == Some(one.clone()) && store.claims()? == [(first, one), (second, two.clone())]);
    assert_eq!((store.prune(100)?, store.prune(101)?), (0, 1));
    ensure!(store.claim(first)?.is_none() && store.claims()? == [(second, two)]);
    Ok(())
}
