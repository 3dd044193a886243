//! How many rounds an oracle stores in a minute, and for how much gas: operators and an aggregator in one process, each
//! with a record on the disk, on a chain whose time moves as fast as they do.
//!
//! ```text
//! cargo run --package restake-oracle --example load [OPERATORS [ROUNDS]]
//! ```

use alloy::network::TransactionBuilder;
use alloy::primitives::{B256, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use arithmetic::wad::ONE;
use async_trait::async_trait;
use eyre::{Result, ensure};
use restake::actors::Actor;
use restake::chain::Chain;
use restake::suite::for_services::{FeedTerms, price_feed};
use restake_daemon::guard::Guard;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::stop::Stop;
use restake_daemon::transport::Network;
use restake_oracle::aggregator::{Aggregator, GAS};
use restake_oracle::feed::Feed;
use restake_oracle::operator::Operator;
use restake_oracle::setting::Setting;
use restake_oracle::source::{Source, SourceError};
use restake_tests::programs::for_services;
use restake_tests::{World, ether};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Seconds between two slots.
const INTERVAL: u64 = 60;

/// A market that moves in each slot by more than the deviation, and that everybody sees a little differently.
struct Restless(u64);

#[async_trait]
impl Source for Restless {
    async fn price(&self, slot: u64) -> Result<U256, SourceError> {
        Ok(U256::from(200_000_000_000_u64 + slot / INTERVAL % 2 * 4_000_000_000 + self.0 * 1_000))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let operators: u64 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let rounds: u32 = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let (world, actors) = crowd(operators).await?;
    let terms = FeedTerms {
        description: "LOAD".to_owned(),
        decimals: 8,
        interval: INTERVAL,
        heartbeat: INTERVAL,
        deviation: 50,
        threshold: 6_667,
    };
    let (owner, chain) = (world.cast.owner.address, world.chain.clone());
    let feed = price_feed(&chain, owner, for_services().await?, world.suite.service.quorum, &terms).await?;
    let feed = Feed::at(&chain, feed).await?;

    let folder = std::env::temp_dir().join(format!("restake-oracle-load-{}", std::process::id()));
    let (network, stop, mut running) = (Network::default(), Stop::default(), JoinSet::new());
    let metrics = Metrics::default();
    for (observer, actor) in (0..).zip(&actors) {
        let identity = Identity::on(&chain, 0, feed.service, actor.address).await?;
        let setting = setting(&chain, &feed, &network, &stop, identity.origin, Metrics::default());
        let record = SigningRecord::open(Path::new(&folder), identity)?;
        let guard = Guard::new(actor.key.clone().into(), record, chain.now().await?, INTERVAL, Metrics::default());
        let operator = Operator::new(setting, guard, Arc::new(Restless(observer)));
        running.spawn(async move { operator.run().await.map_err(eyre::Report::from) });
    }
    let origin = restake_daemon::origin::Origin::of(&chain, 0).await?;
    let setting = setting(&chain, &feed, &network, &stop, origin, metrics.clone());
    let aggregator = Aggregator::new(setting, world.cast.challenger.key.clone().into(), Duration::from_millis(200));
    running.spawn(async move { aggregator.run().await.map_err(eyre::Report::from) });

    let start = chain.now().await? / INTERVAL + 2;
    let (mut began, mut worst) = (Instant::now(), Duration::ZERO);
    for round in 0..u64::from(rounds) + 1 {
        let slot = (start + round) * INTERVAL;
        chain.travel_to(slot).await?;
        let turn = Instant::now();
        while feed.latest(&chain).await?.is_none_or(|latest| latest.slot < slot) {
            ensure!(turn.elapsed() < Duration::from_secs(30), "slot {slot} is not stored: {}", metrics.text());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        match round {
            // The first one stores more, and is waited for longer.
            0 => began = Instant::now(),
            _ => worst = worst.max(turn.elapsed()),
        }
    }
    let (took, gas) = (began.elapsed(), metrics.sum(&GAS) / (u64::from(rounds) + 1));
    println!(
        "{rounds} rounds of {operators} operators in {:.1} s: {:.0} a minute, {:.0} ms each ({} ms at most), {gas} gas",
        took.as_secs_f64(),
        f64::from(rounds) * 60.0 / took.as_secs_f64(),
        took.as_secs_f64() * 1_000.0 / f64::from(rounds),
        worst.as_millis()
    );
    stop.stop();
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

fn setting(
    chain: &Chain,
    feed: &Feed,
    network: &Network,
    stop: &Stop,
    origin: restake_daemon::origin::Origin,
    metrics: Metrics,
) -> Setting {
    Setting {
        chain: chain.clone(),
        origin,
        feed: feed.clone(),
        transport: Arc::new(network.join(feed.domain.clone(), metrics.clone())),
        metrics,
        health: Health::default(),
        stop: stop.clone(),
        tick: Duration::from_millis(20),
    }
}

/// A chain where so many operators with the same stake serve.
async fn crowd(count: u64) -> Result<(World, Vec<Actor>)> {
    let mut world = World::new().await?;
    let mut actors = Vec::new();
    for number in 1..=count {
        let key = PrivateKeySigner::from_bytes(&B256::from(U256::from(0x10_ad00 + number)))?;
        actors.push(Actor { name: "Operator", address: key.address(), key });
    }
    let keys = world.cast.all().map(|actor| actor.key.clone()).into_iter();
    world.chain = Chain::connect(&world.url, keys.chain(actors.iter().map(|actor| actor.key.clone())))?;
    for actor in &actors {
        let gift = TransactionRequest::default()
            .with_from(world.cast.owner.address)
            .with_to(actor.address)
            .with_value(U256::from(ether(100)));
        world.chain.transact(gift).await?;
        world.join(actor, ONE).await?;
    }
    Ok((world, actors))
}
