//! A stateful property test: people do random things, valid and not, at random times, to the compiled contracts and to
//! a reference model of them. After every step the answer, the events, every stored word and the balances must agree,
//! and the invariants of the design must hold. A failure is shrunk to a short script.
//!
//! Some of the people are one: a coalition that is operator, service, resolver, recipient, challenger and staker at
//! once, and plays what attacks on the first release were made of. The same plays run on the model alone, which is
//! fast, and there each rule that ends a kind of attack is taken away in turn: the invariants must find it.
//!
//! `RESTAKE_PROPERTY_STEPS` sets how many steps are played (10,000 by default), `RESTAKE_PROPERTY_SEED` what they are
//! chosen by; `RESTAKE_REHEARSAL_STEPS` how many on the model alone.
//!
//! * [`stage`] is who and what there is, [`set`] brings it onto a chain, [`action`] is what can be done;
//! * [`generate`], [`schemes`] and [`redeeming`] choose it, [`epilogue`] ends a play;
//! * [`act`] does it to the model (`restake-model`), [`chain`] to the contracts, with [`evidence`] and [`signing`] for
//!   what operators sign, and [`layout`] for where things are stored;
//! * [`compare`] holds model and contracts against each other, [`watch`] both against the design;
//! * [`rehearsal`] plays on the model, [`play`] on both, and [`shrink`] makes failures short.

mod act;
mod action;
mod chain;
mod compare;
mod epilogue;
mod evidence;
mod generate;
mod layout;
mod play;
mod random;
mod redeeming;
mod rehearsal;
mod schemes;
mod set;
mod shrink;
mod signing;
mod stage;
mod watch;

use eyre::{Result, WrapErr, bail, ensure};
use play::Theatre;
use rehearsal::{Failure, Tally, rehearse, shorten};
use restake_model::Mistake;
use stage::Stage;
use std::io::Write;
use std::time::Instant;

/// How many steps are played if nobody says otherwise.
const STEPS: u64 = 10_000;
/// How many on the model alone.
const REHEARSAL_STEPS: u64 = 100_000;
/// What they are chosen by: any number will do.
const SEED: u64 = 0x5eed;
/// After so many steps the play begins again, so that failures are short, states small, and beginnings frequent.
const STEPS_PER_PLAY: u64 = 250;
/// How many plays may pass until a mistake is found.
const PLAYS: u64 = 400;

fn setting(name: &str, default: u64) -> Result<u64> {
    match std::env::var(name) {
        Ok(text) => text.parse().wrap_err_with(|| format!("{name} is not a number: {text}")),
        Err(_) => Ok(default),
    }
}

/// Past the test runner, which shows what is printed only of tests that fail.
fn say(text: &str) -> Result<()> {
    writeln!(std::io::stderr(), "{text}")?;
    Ok(())
}

#[tokio::test]
async fn the_contracts_do_what_the_model_says() -> Result<()> {
    let (steps, seed) = (setting("RESTAKE_PROPERTY_STEPS", STEPS)?, setting("RESTAKE_PROPERTY_SEED", SEED)?);
    let mut theatre = Theatre::open().await?;
    let start = Instant::now();
    for number in 0.. {
        let length = STEPS_PER_PLAY.min(steps.saturating_sub(theatre.tally.steps()));
        if length == 0 {
            break;
        }
        let seed = seed.wrapping_add(number);
        if let Some(failure) = theatre.improvise(seed, length, Mistake::None)? {
            let short = theatre.shorten(&failure, Mistake::None)?;
            bail!("seed {seed}, step {}: {}", failure.script.len(), short.text(&theatre.stage));
        }
    }
    let (seconds, tally) = (start.elapsed().as_secs_f64(), &theatre.tally);
    say(&format!("{} steps in {seconds:.1} s, seed {seed}: {}", tally.steps(), tally.text()))
}

#[test]
fn whoever_sits_on_both_sides_gains_nothing() -> Result<()> {
    let steps = setting("RESTAKE_REHEARSAL_STEPS", REHEARSAL_STEPS)?;
    let seed = setting("RESTAKE_PROPERTY_SEED", SEED)?;
    let (stage, mut tally, start) = (Stage::imagined(), Tally::default(), Instant::now());
    for seed in seed.. {
        if tally.steps() >= steps {
            break;
        }
        if let Some(failure) = rehearse(&stage, seed, STEPS_PER_PLAY, Mistake::None, &mut tally) {
            let short = shorten(&stage, &failure, Mistake::None);
            bail!("seed {seed}, step {}: {}", failure.script.len(), short.text(&stage));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("{} steps on the model alone in {seconds:.1} s, seed {seed}: {}", tally.steps(), tally.text()))
}

#[test]
fn each_rule_that_is_taken_away_is_missed() -> Result<()> {
    let stage = Stage::imagined();
    for mistake in Mistake::ALL {
        let mut tally = Tally::default();
        let found = (0..PLAYS).find_map(|seed| {
            rehearse(&stage, seed, STEPS_PER_PLAY, mistake, &mut tally).map(|failure| (seed, failure))
        });
        let Some((seed, failure)) = found else { bail!("{mistake:?} was not found in {} steps", tally.steps()) };
        let short = shorten(&stage, &failure, mistake);
        say(&format!("{mistake:?}: seed {seed}, step {}, {}", failure.script.len(), short.text(&stage)))?;
    }
    Ok(())
}

/// Plays until the model's mistake shows, and returns the shortest script for it.
async fn caught(mistake: Mistake) -> Result<Failure> {
    let mut theatre = Theatre::open().await?;
    for seed in 0..400 {
        if let Some(failure) = theatre.improvise(seed, STEPS_PER_PLAY, mistake)? {
            let short = theatre.shorten(&failure, mistake)?;
            println!("{}", short.text(&theatre.stage));
            return Ok(short);
        }
    }
    bail!("{mistake:?} was not found")
}

#[tokio::test]
async fn a_model_that_rounds_payouts_up_is_found() -> Result<()> {
    let failure = caught(Mistake::LeavesRoundedUp).await?;
    ensure!(
        failure.script.len() <= 6,
        "who stakes and queues, or deposits and redeems, shows it: {:?}",
        failure.script
    );
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
