//! The keeper does what is due, once, whatever happened to it before.

use crate::stage::Stage;
use alloy::primitives::keccak256;
use alloy::providers::Provider;
use arithmetic::epoch;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EXECUTION_WINDOW_SECONDS};
use eyre::{OptionExt, Result, ensure};
use restake::build::PROGRAMS;
use restake::suite::cache;
use std::fs;

/// The crooked operator serves, and is accused of two answers to a task of this second.
pub(crate) fn accused(stage: &Stage) -> Result<()> {
    for words in [
        "operator opt-in 50% --from crooked-op",
        "token mint 100 --from crooked-op",
        "staker stake 100 --operator crooked-op --from crooked-op",
        "operator register --from crooked-op",
    ] {
        stage.succeed(words)?;
    }
    let task = keccak256("a task");
    for answer in ["yes", "no"] {
        let words = format!("operator attest --task {task} --answer {} --from crooked-op", keccak256(answer));
        fs::write(stage.folder.join(answer), stage.succeed(&words)?)?;
    }
    stage.succeed("challenge equivocation crooked-op --first yes --second no --from challenger")?;
    Ok(())
}

/// What the keeper did in one round.
pub(crate) fn round(stage: &Stage, duties: &str) -> Result<Vec<String>> {
    let told = stage.json(&format!("keeper --once --from bob {duties}"))?;
    let transactions = told["transactions"].as_array().ok_or_eyre("no transactions")?;
    Ok(transactions.iter().filter_map(|sent| sent["what"].as_str().map(str::to_owned)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_executed_when_it_is_due_and_once() -> Result<()> {
    let stage = Stage::new("executing").await?;
    accused(&stage)?;
    assert_eq!(round(&stage, "--only requests")?, Vec::<String>::new(), "not due");
    let executable_at = stage.chain.now().await? + CHALLENGE_PERIOD_SECONDS;
    stage.chain.travel_to(executable_at).await?;
    assert_eq!(round(&stage, "--only requests")?, ["executes slash request 0"]);
    let before = stage.chain.provider().get_block_number().await?;
    assert_eq!(round(&stage, "--only requests")?, Vec::<String>::new(), "done");
    assert_eq!(stage.chain.provider().get_block_number().await?, before, "nothing was sent");
    ensure!(stage.succeed("status")?.contains("frozen: nobody"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_executed_in_time_is_closed() -> Result<()> {
    let stage = Stage::new("closing").await?;
    accused(&stage)?;
    stage.chain.travel_to(stage.chain.now().await? + CHALLENGE_PERIOD_SECONDS + EXECUTION_WINDOW_SECONDS).await?;
    assert_eq!(round(&stage, "--only requests")?, ["closes slash request 0"]);
    assert_eq!(round(&stage, "--only requests")?, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_weighed_again_once_in_an_epoch() -> Result<()> {
    let stage = Stage::new("weighing").await?;
    for words in [
        "operator opt-in 50% --from honest-op",
        "token mint 100 --from honest-op",
        "staker stake 100 --operator honest-op --from honest-op",
        "operator register --from honest-op",
    ] {
        stage.succeed(words)?;
    }
    assert_eq!(round(&stage, "--all")?, Vec::<String>::new(), "it has just joined");
    let next = epoch::at(stage.chain.now().await?) + 1;
    stage.chain.travel_to(epoch::start(next)).await?;
    assert_eq!(round(&stage, "--all")?, ["has 1 operator(s) weighed again"]);
    assert_eq!(round(&stage, "--all")?, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_announced_comes_into_force_or_is_cleared() -> Result<()> {
    let stage = Stage::new("activating").await?;
    for words in [
        "operator opt-in 50% --from honest-op",
        "token mint 10 --from alice",
        "staker stake 10 --operator honest-op --from alice",
        "operator raise 60% --from honest-op",
    ] {
        stage.succeed(words)?;
    }
    assert_eq!(round(&stage, "--only grants")?, Vec::<String>::new(), "the notice runs");
    stage.succeed("travel --days 28")?;
    assert_eq!(round(&stage, "--only grants")?, ["puts into force what Honest Op announced to service-manager"]);
    stage.succeed("operator raise 70% --from honest-op")?;
    stage.succeed("travel --days 36")?;
    assert_eq!(round(&stage, "--only grants")?, ["clears what Honest Op announced to service-manager"]);
    ensure!(stage.succeed("operator show honest-op")?.contains("commitment: 60%"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pays_nothing_is_done_only_if_it_is_asked_for() -> Result<()> {
    let stage = Stage::new("asked").await?;
    stage.fail("keeper --once --from bob", 2, "--all")?;
    stage.fail("keeper --once --all --only grants --from bob", 2, "cannot be used with")?;
    stage.fail("keeper --once --cache lots --from bob", 2, "'lots' is no amount")?;
    stage.fail(
        "keeper --once --all --from 0x00000000000000000000000000000000000000aa --unsigned batch.json",
        1,
        "sends",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_expire_are_prolonged_and_those_not_cached_get_a_place() -> Result<()> {
    let stage = Stage::new("programs").await?;
    assert_eq!(round(&stage, "--prolong")?, Vec::<String>::new(), "they have just been activated");
    stage.succeed("travel --days 310")?;
    assert_eq!(round(&stage, "--prolong 10")?, Vec::<String>::new(), "not so soon");
    let prolonged = round(&stage, "--prolong")?;
    assert_eq!(prolonged.len(), PROGRAMS.len(), "{prolonged:?}");
    ensure!(prolonged.contains(&"prolongs slasher, which expires in 54 days".to_owned()), "{prolonged:?}");
    assert_eq!(round(&stage, "--prolong")?, Vec::<String>::new(), "once");
    stage.succeed("travel --days 60")?;
    stage.succeed("token mint 1 --from alice")?;

    let bids = round(&stage, "--cache 0.001")?;
    assert_eq!(bids.len(), PROGRAMS.len(), "{bids:?}");
    assert_eq!(round(&stage, "--cache 0.001")?, Vec::<String>::new(), "all are cached");
    let session: serde_json::Value = serde_json::from_str(&fs::read_to_string(&stage.deployment)?)?;
    let lens = session["contracts"]["lens"]["address"].as_str().ok_or_eyre("no lens")?.parse()?;
    ensure!(cache::evict_programs(&stage.url, &[lens]).await?);
    assert_eq!(round(&stage, "--cache 0.001")?, ["buys lens a place in the cache for 0 ETH"]);
    Ok(())
}
