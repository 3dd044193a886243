//! A stateful property test: people do random things, valid and not, at random times, to the compiled contracts and to a reference model of them. After every step the answer, the events, every stored
//! word and the balances must agree, and the invariants of the design must hold. A failure is shrunk to a short script.
//!
//! `RESTAKE_PROPERTY_STEPS` sets how many steps are played (10,000 by default), `RESTAKE_PROPERTY_SEED` what they are chosen by.
//!
//! * [`stage`] is who and what there is, [`action`] what can be done, [`generate`] chooses it;
//! * [`model`] is what should happen, a file per subject; [`chain`] what does, with [`layout`] for where it is stored;
//! * [`compare`] holds them against each other, [`invariants`] against the design;
//! * [`play`] brings all of it together, and [`shrink`] makes failures short.

mod action;
mod chain;
mod compare;
mod evidence;
mod generate;
mod invariants;
mod layout;
mod model;
mod play;
mod random;
mod shrink;
mod stage;

use eyre::{Result, WrapErr, bail, ensure};
use model::Mistake;
use play::{Failure, Theatre};
use std::io::Write;
use std::time::Instant;

/// How many steps are played if nobody says otherwise.
const STEPS: u64 = 10_000;
/// What they are chosen by: any number will do.
const SEED: u64 = 0x5eed;
/// After so many steps the play begins again, so that failures are short, states small, and beginnings frequent.
const STEPS_PER_PLAY: u64 = 250;

fn setting(name: &str, default: u64) -> Result<u64> {
    match std::env::var(name) {
        Ok(text) => text.parse().wrap_err_with(|| format!("{name} is not a number: {text}")),
        Err(_) => Ok(default),
    }
}

#[tokio::test]
async fn the_contracts_do_what_the_model_says() -> Result<()> {
    let (steps, seed) = (setting("RESTAKE_PROPERTY_STEPS", STEPS)?, setting("RESTAKE_PROPERTY_SEED", SEED)?);
    let mut theatre = Theatre::open().await?;
    let start = Instant::now();
    for number in 0.. {
        let length = STEPS_PER_PLAY.min(steps.saturating_sub(theatre.steps()));
        if length == 0 {
            break;
        }
        let seed = seed.wrapping_add(number);
        if let Some(failure) = theatre.improvise(seed, length, Mistake::None)? {
            bail!("seed {seed}: {}", theatre.explain(&failure, Mistake::None)?);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let played = theatre.steps();
    // Past the test runner, which shows what is printed only of tests that fail.
    writeln!(std::io::stderr(), "{played} steps in {seconds:.1} s, seed {seed}: {}", theatre.tally())?;
    Ok(())
}

/// Plays until the model's mistake shows, and returns the shortest script for it.
async fn caught(mistake: Mistake) -> Result<Failure> {
    let mut theatre = Theatre::open().await?;
    for seed in 0..40 {
        if let Some(failure) = theatre.improvise(seed, STEPS_PER_PLAY, mistake)? {
            let short = theatre.shorten(&failure, mistake)?;
            println!("{}", theatre.script(&short));
            return Ok(short);
        }
    }
    bail!("{mistake:?} was not found")
}

#[tokio::test]
async fn a_model_that_rounds_payouts_up_is_found() -> Result<()> {
    let failure = caught(Mistake::LeavesRoundedUp).await?;
    ensure!(failure.script.len() <= 3, "stake and queue show it: {:?}", failure.script);
    Ok(())
}

#[tokio::test]
async fn a_model_that_rounds_slashes_down_is_found() -> Result<()> {
    let failure = caught(Mistake::SlashesRoundedDown).await?;
    ensure!(failure.script.len() <= 8, "a stake, a service, a fault and its slash show it: {:?}", failure.script);
    Ok(())
}

#[tokio::test]
async fn a_model_that_pays_a_second_early_is_found() -> Result<()> {
    let failure = caught(Mistake::ReadyEarly).await?;
    ensure!(failure.script.len() <= 4, "stake, queue, wait and complete show it: {:?}", failure.script);
    Ok(())
}
