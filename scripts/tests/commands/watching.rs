//! What happens is told: live, later, and to programs.

use crate::stage::{Stage, said};
use alloy::providers::Provider;
use eyre::{OptionExt, Result, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[tokio::test(flavor = "multi_thread")]
async fn a_staker_is_told_of_a_raise_and_of_nothing_that_others_do() -> Result<()> {
    let stage = Stage::new("watching").await?;
    let begin = stage.chain.provider().get_block_number().await? + 1;
    for words in [
        "token mint 10 --from alice",
        "operator opt-in 50% --from crooked-op",
        "staker stake 10 --operator crooked-op --from alice",
        "operator opt-in 10% --from honest-op",
        "operator raise 75% --from crooked-op",
    ] {
        stage.succeed(words)?;
    }
    let told = stage.succeed(&format!("watch --once --for alice --from-block {begin}"))?;
    ensure!(
        told.contains("Staked { staker: Alice") && told.contains("OptedIntoSlashing { operator: Crooked Op"),
        "{told}"
    );
    ensure!(told.contains("Crooked Op will let service-manager take 25% more from"), "{told}");
    ensure!(!told.contains("Honest Op"), "{told}");
    let all = stage.succeed(&format!("watch --once --from-block {begin}"))?;
    ensure!(all.contains("OptedIntoSlashing { operator: Honest Op"), "{all}");
    let json = stage.succeed(&format!("watch --once --for alice --from-block {begin} --json"))?;
    let events: Vec<serde_json::Value> = json.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let raise = events.last().ok_or_eyre("no events")?;
    ensure!(raise["warning"].as_str().is_some_and(|warning| warning.contains("25%")), "{raise}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_as_it_happens_and_each_event_runs_a_command() -> Result<()> {
    let stage = Stage::new("live").await?;
    let mut command = stage.command("watch --from-block 0 --json");
    let mut watching = command.args(["--exec", "cat >> heard"]).stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(watching.stdout.take().ok_or_eyre("no standard output")?).lines();
    stage.succeed("token mint 7 --from alice")?;
    let mut minted = None;
    for line in lines {
        let event: serde_json::Value = serde_json::from_str(&line?)?;
        if event["event"].as_str().is_some_and(|text| text.contains("to: Alice, value: 7000000000000000000")) {
            minted = Some(event);
            break;
        }
    }
    watching.kill()?;
    watching.wait()?;
    let minted = minted.ok_or_eyre("it was not told")?.to_string();
    ensure!(fs::read_to_string(stage.folder.join("heard"))?.lines().any(|line| line == minted));
    let failing = said(stage.command("watch --once --from-block 0").args(["--exec", "exit 3"]).output()?)?;
    ensure!(failing.code == 1 && failing.error.contains("`exit 3` ended with"), "{}", failing.error);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_of_services_and_of_the_protocol_act() -> Result<()> {
    let stage = Stage::new("owners").await?;
    stage.fail("service cancel-terms --from alice", 3, "Alice may not do this")?;
    stage.succeed("service schedule-terms --equivocation 40% --recipient insurance --from owner")?;
    ensure!(stage.succeed("service terms")?.contains("an equivocation costs 50%"));
    stage.succeed("service cancel-terms --from owner")?;
    for words in [
        "token mint 50 --from alice",
        "staker stake 40 --operator honest --from alice",
        "token mint 10 --from owner",
        "service pay honest 1 --from owner",
        "governance schedule-limits --cap 500 --outflow-percent 10 --from owner",
    ] {
        stage.succeed(words)?;
    }
    stage.fail("governance apply-limits --from bob", 3, "NoticeNotEnded")?;
    stage.succeed("governance cancel-limits --from owner")?;
    stage.succeed("governance pause stake --from owner")?;
    stage.fail("staker stake 1 --from alice", 3, "staking is paused until")?;
    ensure!(stage.succeed("status")?.contains("PAUSED"));
    stage.succeed("governance unpause --from owner")?;
    stage.succeed("staker stake 1 --from alice")?;
    stage.succeed("governance close --from owner")?;
    stage.fail("staker stake 1 --from alice", 3, "liquid-staking-token takes no new stake now")
}
