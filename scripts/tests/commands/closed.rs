//! What is paused or over is refused with until when, or what to do instead.

use crate::stage::Stage;
use alloy::primitives::keccak256;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EPOCH_SECONDS, EXECUTION_WINDOW_SECONDS};
use eyre::{Result, ensure};
use std::fs;

/// A year and a day: programs that nobody prolongs are active for a year.
const YEAR: u64 = 366 * 24 * 60 * 60;

/// Files with two answers of the honest operator, which serves, to one task.
async fn answered_twice(stage: &Stage) -> Result<()> {
    for words in [
        "token mint 80 --from alice",
        "operator opt-in 50% --from honest-op",
        "staker stake 70 --operator honest --from alice",
        "operator register --from honest-op",
    ] {
        stage.succeed(words)?;
    }
    let (task, time) = (keccak256("a task"), stage.chain.now().await?);
    for answer in ["yes", "no"] {
        let words = format!("operator attest --task {task} --task-time {time} --answer {}", keccak256(answer));
        fs::write(stage.folder.join(answer), stage.succeed(&format!("{words} --from honest"))?)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_is_refused_until_it_goes_on() -> Result<()> {
    let stage = Stage::new("paused").await?;
    stage.succeed("token mint 3 --from alice")?;
    stage.succeed("staker stake 1 --from alice")?;
    stage.succeed("governance pause stake queue --from owner")?;
    stage.fail("staker stake 1 --from alice", 3, "staking is paused until")?;
    stage.fail("staker queue 1 --from alice", 3, "queueing withdrawals is paused until")?;
    ensure!(stage.succeed("status")?.contains("PAUSED"));
    stage.fail("governance unpause --from bob", 3, "")?;
    stage.succeed("governance unpause --from owner")?;
    stage.succeed("staker stake 1 --from alice")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_request_that_expired_is_closed_and_evidence_that_did_is_refused() -> Result<()> {
    let stage = Stage::new("expired").await?;
    answered_twice(&stage).await?;
    let accuse = "challenge equivocation honest --first yes --second no --from challenger";
    stage.succeed(accuse)?;
    stage.fail("challenge close 0 --from bob", 3, "")?;
    let over = CHALLENGE_PERIOD_SECONDS + EXECUTION_WINDOW_SECONDS;
    stage.chain.travel_to(stage.chain.now().await? + over + 1).await?;
    stage.fail("challenge execute 0 --from bob", 3, "the request expired at")?;
    ensure!(stage.succeed("challenge close 0 --from bob")?.contains("SlashExpired"));

    let stage = Stage::new("stale").await?;
    answered_twice(&stage).await?;
    stage.chain.travel_to(stage.chain.now().await? + EPOCH_SECONDS).await?;
    stage.fail(accuse, 3, "evidence of this task was good until")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_expired_is_named_with_what_wakes_it() -> Result<()> {
    let stage = Stage::new("asleep").await?;
    stage.succeed("token mint 3 --from alice")?;
    stage.chain.travel_to(stage.chain.now().await? + YEAR).await?;
    for words in ["staker stake 1 --from alice", "status"] {
        stage.fail(words, 1, "was not prolonged in time: anyone can activate it again with ArbWasm.activateProgram")?;
    }
    Ok(())
}
