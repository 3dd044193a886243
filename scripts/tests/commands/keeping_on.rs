//! A keeper that is killed, that is not alone, or that loses its node: every due thing is done once.

use crate::keeping::{accused, round};
use crate::stage::{Stage, said};
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use alloy::transports::http::reqwest::Client;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, GRANT_NOTICE_SECONDS};
use eyre::{OptionExt, Result, ensure};
use interfaces::IRegistry::StakeUpdated;
use interfaces::ISlasher::{OptedIntoSlashing, SlashExecuted};
use restake::actors::Cast;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A slash request, weights and a grant are due.
async fn all_due(name: &str) -> Result<Stage> {
    let stage = Stage::new(name).await?;
    for words in [
        "operator opt-in 50% --from honest-op",
        "token mint 100 --from alice",
        "staker stake 100 --operator honest-op --from alice",
        "operator register --from honest-op",
        "operator raise 60% --from honest-op",
    ] {
        stage.succeed(words)?;
    }
    let in_force = stage.chain.now().await? + GRANT_NOTICE_SECONDS;
    stage.chain.travel_to(in_force - CHALLENGE_PERIOD_SECONDS).await?;
    accused(&stage)?;
    // Nothing that was signed before the accusation is younger than it.
    stage.chain.travel_to(stage.chain.now().await? + CHALLENGE_PERIOD_SECONDS).await?;
    Ok(stage)
}

async fn count<E: SolEvent>(stage: &Stage) -> Result<usize> {
    let filter = Filter::new().event_signature(E::SIGNATURE_HASH).from_block(0);
    Ok(stage.chain.provider().get_logs(&filter).await?.len())
}

async fn nonce(stage: &Stage, account: Address) -> Result<u64> {
    Ok(stage.chain.provider().get_transaction_count(account).await?)
}

/// What a chain shows on which everything was done once.
async fn done_once(stage: &Stage) -> Result<()> {
    assert_eq!(count::<SlashExecuted>(stage).await?, 1, "slashes");
    assert_eq!(count::<OptedIntoSlashing>(stage).await?, 3, "two that opted in, and one raise");
    ensure!(stage.succeed("status")?.contains("frozen: nobody"));
    ensure!(stage.succeed("operator show honest-op")?.contains("commitment: 60%"));
    // What one left to the other, which was a moment late.
    round(stage, "--all")?;
    assert_eq!(round(stage, "--all")?, Vec::<String>::new(), "something is left");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_keepers_at_once_end_where_one_would() -> Result<()> {
    let stage = all_due("three-keepers").await?;
    let weighed = count::<StakeUpdated>(&stage).await?;
    // Two of one account, and one of another.
    let mut keepers = Vec::new();
    for who in ["bob", "bob", "alice"] {
        let mut keeper = stage.command(&format!("keeper --once --all --json --from {who}"));
        keepers.push(keeper.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?);
    }
    for keeper in keepers {
        let said = said(keeper.wait_with_output()?)?;
        ensure!(said.code == 0, "a keeper gave up because of another one: {}{}", said.out, said.error);
    }
    ensure!(count::<StakeUpdated>(&stage).await? > weighed, "weights");
    done_once(&stage).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_that_is_killed_at_any_moment_loses_nothing_and_does_nothing_twice() -> Result<()> {
    let (stage, bob) = (all_due("killed-keeper").await?, Cast::development()?.bob.address);
    let before = nonce(&stage, bob).await?;
    let mut kills = 0;
    for moment in (0u64..).map(|number| number * 4) {
        let mut keeper = stage.command("keeper --once --all --json --from bob").stdout(Stdio::null()).spawn()?;
        let deadline = Instant::now() + Duration::from_millis(moment);
        while Instant::now() < deadline && keeper.try_wait()?.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        match keeper.try_wait()? {
            Some(ended) => {
                ensure!(ended.success());
                break;
            }
            None => {
                keeper.kill()?;
                keeper.wait()?;
                kills += 1;
            }
        }
    }
    ensure!(kills > 3, "it was killed {kills} times");
    assert_eq!(nonce(&stage, bob).await?, before + 3, "a request, weights, and a grant, each once");
    done_once(&stage).await
}

/// Ends with the test, however that ends.
struct Keeper(Child);

impl Drop for Keeper {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks until the answer is as wanted.
async fn until(url: &str, wanted: impl Fn(u16, &str) -> bool) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = Client::new().get(url).send().await?;
        let (status, text) = (answer.status().as_u16(), answer.text().await?);
        if wanted(status, &text) {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "{url} says {status} {text}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_that_loses_its_node_says_so_and_goes_on_when_it_is_back() -> Result<()> {
    let stage = Stage::new("lost-node").await?;
    accused(&stage)?;
    let mut command = stage.command("keeper --all --every 1 --timeout 5 --from bob --metrics 127.0.0.1:0");
    let mut keeper = Keeper(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?);
    let mut lines = BufReader::new(keeper.0.stderr.take().ok_or_eyre("no standard error")?).lines();
    let first = lines.next().ok_or_eyre("it says nothing")??;
    let start = first.find("http://").ok_or_eyre("no address")?;
    let url = first.get(start..).and_then(|rest| rest.split("/metrics").next()).ok_or_eyre("no address")?.to_owned();
    // What else it says must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let (health, metrics) = (format!("{url}/health"), format!("{url}/metrics"));
    until(&health, |status, text| status == 200 && text.contains("\"ok\":true")).await?;
    ensure!(Client::new().get(&url).send().await?.status().as_u16() == 404);

    let stage = stage.away().await?;
    until(&health, |status, text| status == 503 && text.contains("no node listens there")).await?;
    let stage = stage.back().await?;
    until(&health, |status, _| status == 200).await?;
    stage.chain.travel_to(stage.chain.now().await? + CHALLENGE_PERIOD_SECONDS).await?;
    until(&metrics, |_, text| text.contains("restake_keeper_done_total{duty=\"requests\"} 1\n")).await?;
    assert_eq!(count::<SlashExecuted>(&stage).await?, 1);
    let text = Client::new().get(&metrics).send().await?.text().await?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (_, value) = line.rsplit_once(' ').ok_or_eyre("no value")?;
        ensure!(value.parse::<u128>().is_ok(), "{line}");
    }
    Ok(())
}
