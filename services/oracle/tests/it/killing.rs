//! Processes that are killed at any moment and started again, over HTTP: no operator ever gives two answers, nothing is
//! sent twice, and prices go on.

use crate::folder::Folder;
use crate::stage::{INTERVAL, Stage};
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use eyre::{OptionExt, Result, ensure};
use restake::actors::Actor;
use restake::chain::Chain;
use restake_daemon::guard::Guard;
use restake_daemon::health::Health;
use restake_daemon::message::Answer;
use restake_daemon::metrics::Metrics;
use restake_daemon::origin::Origin;
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::serving::Server;
use restake_daemon::stop::Stop;
use restake_daemon::transport::{HttpTransport, Transport};
use restake_oracle::aggregator::Aggregator;
use restake_oracle::feed::Feed;
use restake_oracle::operator::Operator;
use restake_oracle::setting::Setting;
use restake_oracle::source::Series;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// Says to a process what it shall be.
const PART: &str = "RESTAKE_ORACLE_TEST_PART";

/// How many slots come while processes are killed.
const SLOTS: u64 = 60;

/// What a process shall be.
#[derive(Clone, Serialize, Deserialize)]
struct Part {
    url: String,
    feed: Address,
    key: B256,
    address: SocketAddr,
    peers: Vec<String>,
    /// An operator has a record somewhere; an aggregator has none.
    folder: Option<PathBuf>,
    observer: u64,
}

/// Only a process that was started for that does something here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_works() -> Result<()> {
    let Ok(part) = std::env::var(PART) else { return Ok(()) };
    let part: Part = serde_json::from_str(&part)?;
    let key = PrivateKeySigner::from_bytes(&part.key)?;
    let chain = Chain::connect(&part.url, [key.clone()])?;
    let feed = Feed::at(&chain, part.feed).await?;
    let (metrics, health, stop) = (Metrics::default(), Health::default(), Stop::with_signals()?);
    let transport = HttpTransport::new(feed.domain.clone(), &part.peers, metrics.clone(), &stop)?;
    let server = Server::new(health.clone(), metrics.clone()).route("/messages", transport.clone());
    server.serve(part.address, stop.clone()).await?;
    let (account, service) = (key.address(), feed.service);
    let setting = Setting {
        origin: Origin::of(&chain, 0).await?,
        chain: chain.clone(),
        feed,
        transport,
        metrics: metrics.clone(),
        health,
        stop,
        tick: Duration::from_millis(20),
    };
    let Some(folder) = part.folder else {
        Aggregator::new(setting, key.into(), Duration::from_millis(100)).run().await?;
        return Ok(());
    };
    let record = SigningRecord::open(&folder, Identity::on(&chain, 0, service, account).await?)?;
    let guard = Guard::new(key.into(), record, chain.now().await?, INTERVAL, metrics);
    let market = Series::new(U256::from(200_000_000_000_u64), 2_000, INTERVAL, 10, part.observer);
    Operator::new(setting, guard, Arc::new(market)).run().await?;
    Ok(())
}

impl Part {
    fn start(&self) -> Result<Child> {
        let child = Command::new(std::env::current_exe()?)
            .args(["--exact", "killing::somebody_who_works", "--nocapture"])
            .env(PART, serde_json::to_string(self)?)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(child)
    }
}

/// Four operators and an aggregator, who know each other and an ear.
fn parts(stage: &Stage, aggregator: &Actor, ear: SocketAddr, folder: &Folder) -> Result<Vec<Part>> {
    let addresses = (0..5).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<Vec<_>, _>>()?;
    let addresses = addresses.iter().map(TcpListener::local_addr).collect::<Result<Vec<_>, _>>()?;
    let part = |(who, (number, address)): (&Actor, (usize, &SocketAddr))| {
        let others = addresses.iter().chain([&ear]).filter(|other| *other != address);
        Part {
            url: stage.world.url.clone(),
            feed: stage.feed.address,
            key: who.key.to_bytes(),
            address: *address,
            peers: others.map(|other| format!("http://{other}")).collect(),
            folder: (who.address != aggregator.address).then(|| folder.path().to_owned()),
            observer: number as u64,
        }
    };
    let people = stage.operators().into_iter().chain([aggregator]);
    Ok(people.zip(addresses.iter().enumerate()).map(part).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_are_killed_at_any_moment_contradict_nothing_and_send_nothing_twice() -> Result<()> {
    let (stage, folder, stop) = (Stage::new().await?, Folder::new()?, Stop::default());
    let ear = HttpTransport::new(stage.feed.domain.clone(), &[], Metrics::default(), &stop)?;
    let mut listener = ear.listen();
    let server = Server::new(Health::default(), Metrics::default()).route("/messages", ear);
    let ear = server.serve(([127, 0, 0, 1], 0).into(), stop.clone()).await?.address;
    let aggregator = &stage.world.cast.bob;
    let parts = parts(&stage, aggregator, ear, &folder)?;
    let mut running = parts.iter().map(Part::start).collect::<Result<Vec<_>>>()?;
    let chain = &stage.world.chain;
    let before = chain.provider().get_transaction_count(aggregator.address).await?;

    let (mut seed, mut kills) = (0x9e37_79b9_u64, 0);
    for slot in 0..SLOTS {
        let next = stage.next_slot().await?;
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (whom, when) = ((seed >> 33) % 5, Duration::from_millis((seed >> 40) % 200));
        let until = Instant::now() + Duration::from_millis(250);
        if slot > 5 && slot % 3 == 0 {
            tokio::time::sleep(when).await;
            let place = usize::try_from(whom)?;
            let (Some(child), Some(part)) = (running.get_mut(place), parts.get(place)) else { continue };
            child.kill().await?;
            *child = part.start()?;
            kills += 1;
        }
        while Instant::now() < until && stage.feed.latest(chain).await?.is_none_or(|latest| latest.slot < next) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    for child in &mut running {
        ensure!(child.try_wait()?.is_none(), "somebody ended by itself");
        child.kill().await?;
    }

    let mut answers = BTreeMap::<(Address, u64), BTreeSet<B256>>::new();
    while let Ok(heard) = tokio::time::timeout(Duration::from_millis(100), listener.next()).await {
        let heard = heard.ok_or_eyre("nothing comes any more")?;
        if let Some(answer) = heard.open::<Answer>()? {
            let signer = answer.signer(&stage.feed.domain)?;
            answers.entry((signer, answer.task_time)).or_default().insert(answer.answer);
        }
    }
    let twice = answers.iter().find(|(_, given)| given.len() > 1);
    ensure!(twice.is_none(), "two answers: {twice:?}");
    let rounds = stage.rounds().await?;
    let sent = chain.provider().get_transaction_count(aggregator.address).await?.saturating_sub(before);
    println!("{kills} kills, {} answers, {} rounds of {SLOTS}, {sent} transactions", answers.len(), rounds.len());
    assert_eq!(sent, rounds.len() as u64, "each transaction stored a round");
    ensure!(rounds.len() as u64 > SLOTS / 4, "only {} rounds", rounds.len());
    stop.stop();
    Ok(())
}
