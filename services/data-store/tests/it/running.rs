//! Operators and watchers as they run: for long, with many at once, and with a node that goes away.

use crate::random::Random;
use crate::stage::{Stage, THRESHOLD};
use eyre::{OptionExt, Result, bail, ensure};
use interfaces::IDisputeResolution::challengeOfCall;
use restake::chain::Chain;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::stop::Stop;
use restake_data_store::answering::{ANSWERED, Answerer};
use restake_data_store::keeper::TAKEN;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The pause between two rounds.
const EVERY: Duration = Duration::from_millis(50);

/// What stands between a process and its node, and can be cut.
struct Line {
    address: SocketAddr,
    is_cut: watch::Sender<bool>,
}

impl Line {
    async fn to(url: &str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, is_cut) = (listener.local_addr()?, watch::Sender::new(false));
        let (node, cut) = (url.trim_start_matches("http://").trim_end_matches('/').to_owned(), is_cut.subscribe());
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (node, mut cut) = (node.clone(), cut.clone());
                tokio::spawn(async move {
                    let through = async { copy_bidirectional(&mut near, &mut TcpStream::connect(node).await?).await };
                    tokio::select! {
                        _ = cut.wait_for(|is_cut| *is_cut) => {}
                        _ = through => {}
                    }
                });
            }
        });
        Ok(Self { address, is_cut })
    }
}

/// Waits for something, for a minute at most.
async fn wait(what: &str, mut is_so: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    for _ in 0..1_200 {
        if is_so().await? {
            return Ok(());
        }
        tokio::time::sleep(EVERY).await;
    }
    bail!("waited in vain for {what}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_goes_away_and_comes_back_keeps_no_challenge_from_being_answered() -> Result<()> {
    let stage = Stage::new(false).await?;
    let certificate = stage.disperse(&Random(12).bytes(20_000)).await?.certificate;
    let (operator, stop, health) = (stage.last()?, Stop::default(), Health::default());
    operator.stop.stop();
    let line = Line::to(&stage.world.url).await?;
    let far = Chain::connect(&format!("http://{}", line.address), [operator.actor.key.clone()])?;
    let near = stage.answerer(operator, operator.store.clone(), false)?;
    let answerer = Answerer { setting: stage.setting.through(far), ..near };
    line.is_cut.send_replace(true);
    let answering = tokio::spawn(answerer.run(EVERY, health.clone(), stop.clone()));
    let (watcher, list) = stage.watcher(&Metrics::default())?;
    list.add(&certificate)?;
    let watching = tokio::spawn(watcher.run(EVERY, Health::default(), stop.clone()));
    let state = async || {
        let disputes = stage.world.suite.service.dispute_resolution;
        Ok::<_, eyre::Report>(stage.world.chain.view(disputes, &challengeOfCall { challengeId: 0 }).await?.state)
    };
    wait("a challenge", async || Ok(state().await? == 1)).await?;
    wait("an operator that says that it has no node", async || Ok(!health.tell().0)).await?;
    line.is_cut.send_replace(false);
    wait("an answer", async || Ok(state().await? == 2)).await?;
    wait("an operator that is well", async || Ok(health.tell().0)).await?;
    stop.stop();
    answering.await?;
    watching.await?;
    assert_eq!(operator.metrics.sum(&ANSWERED), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_does_not_wait_for_a_node_that_is_gone() -> Result<()> {
    let stage = Stage::new(false).await?;
    let (operator, stop, health) = (stage.last()?, Stop::default(), Health::default());
    let silent = TcpListener::bind(("127.0.0.1", 0)).await?;
    let far = Chain::connect(&format!("http://{}", silent.local_addr()?), [])?;
    let near = stage.answerer(operator, operator.store.clone(), false)?;
    let answerer = Answerer { setting: stage.setting.through(far), ..near };
    let answering = tokio::spawn(answerer.run(EVERY, health.clone(), stop.clone()));
    let (_asked, _) = silent.accept().await?;
    stop.stop();
    tokio::time::timeout(Duration::from_secs(5), answering).await??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_at_once_are_all_served() -> Result<()> {
    const CLIENTS: u64 = 16;
    let stage = Stage::new(false).await?;
    let mut tasks = Vec::new();
    for client in 0..CLIENTS {
        let blob = Random(client).bytes(60_000);
        tasks.push((stage.ask_for(&blob).await?, blob));
    }
    let mut dispersing = JoinSet::new();
    for ((task, leaves), blob) in tasks {
        let (client, setting) = (stage.client()?, stage.setting.clone());
        dispersing.spawn(async move {
            let dispersed = client.disperse(&setting, &task, &blob, leaves, THRESHOLD).await?;
            ensure!(client.retrieve(&setting.domain, &dispersed.certificate).await? == blob, "another blob came back");
            Ok(())
        });
    }
    while let Some(ended) = dispersing.join_next().await {
        ended??;
    }
    let operator = stage.operators.first().ok_or_eyre("no operators")?;
    ensure!(operator.metrics.sum(&TAKEN) <= CLIENTS && operator.store.used()?.0 <= CLIENTS);
    Ok(())
}
