//! Steps of computations, taken natively and by the compiled programs on the chain: they are the same.
//!
//! `RESTAKE_STEPS` sets how many random steps of each computation are taken, `RESTAKE_STEPS_SEED` what they are chosen
//! by.
//!
//! * [`transfers`] and [`machines`] make up computations and follow them with books of their own;
//! * [`judged`] takes their steps, spoils some of their witnesses, and asks the chain.

mod judged;
mod machines;
#[path = "../property/random.rs"]
mod random;
mod transfers;

use eyre::{Result, WrapErr};
use judged::{Chain, Judged};
use random::Random;
use std::io::Write;
use std::time::Instant;

/// How many steps are taken of each computation if nobody says otherwise.
const STEPS: u64 = 50_000;
/// What they are chosen by: any number will do.
const SEED: u64 = 0x57e9;

fn setting(name: &str, default: u64) -> Result<u64> {
    match std::env::var(name) {
        Ok(text) => text.parse().wrap_err_with(|| format!("{name} is not a number: {text}")),
        Err(_) => Ok(default),
    }
}

/// Has the chain judge random steps until there were enough, and says how many of which kind.
async fn compare(program: &str, mut some: impl FnMut(&mut Random, &mut Judged) -> Result<()>) -> Result<()> {
    let (steps, seed) = (setting("RESTAKE_STEPS", STEPS)?, setting("RESTAKE_STEPS_SEED", SEED)?);
    let (mut random, mut judged, chain) = (Random(seed), Judged::new(program)?, Chain::with(program).await?);
    let start = Instant::now();
    while judged.taken < steps {
        some(&mut random, &mut judged).wrap_err_with(|| format!("seed {seed}, step {}", judged.taken))?;
        chain.judge(&mut judged).await.wrap_err_with(|| format!("seed {seed}, step {}", judged.taken))?;
    }
    let (seconds, Judged { taken, refused, .. }) = (start.elapsed().as_secs_f64(), judged);
    // Past the test runner, which shows what is printed only of tests that fail.
    let line = format!("{program}: {taken} steps and {refused} wrong witnesses in {seconds:.1} s, seed {seed}");
    Ok(writeln!(std::io::stderr(), "{line}")?)
}

#[tokio::test]
async fn random_transfers_are_the_same_natively_and_on_the_chain() -> Result<()> {
    compare("transfers", transfers::play).await
}

#[tokio::test]
async fn random_programs_are_the_same_natively_and_on_the_chain() -> Result<()> {
    compare("register-machine", machines::play).await
}
