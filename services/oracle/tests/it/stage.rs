//! What the tests play on: a chain with a feed, four operators that serve, and a network in memory.

use crate::folder::Folder;
use crate::market::Market;
use alloy::primitives::U256;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::wad::ONE;
use eyre::{Result, ensure, eyre};
use interfaces::IPriceFeed::AnswerUpdated;
use restake::actors::Actor;
use restake::chain::Chain;
use restake::suite::for_services::{FeedTerms, price_feed};
use restake_daemon::guard::Guard;
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::origin::{Origin, OriginError};
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::stop::Stop;
use restake_daemon::transport::{MemoryTransport, Network};
use restake_oracle::aggregator::Aggregator;
use restake_oracle::feed::Feed;
use restake_oracle::operator::{Ended, Operator};
use restake_oracle::setting::Setting;
use restake_tests::World;
use restake_tests::programs::for_services;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Seconds between two slots.
pub(crate) const INTERVAL: u64 = 60;

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) feed: Feed,
    pub(crate) network: Network,
    pub(crate) folder: Folder,
}

/// Something that runs.
pub(crate) struct Running<E> {
    pub(crate) metrics: Metrics,
    pub(crate) health: Health,
    pub(crate) transport: Arc<MemoryTransport>,
    stop: Stop,
    task: JoinHandle<Result<(), E>>,
}

impl<E: std::error::Error + Send + Sync + 'static> Running<E> {
    /// Ends it as a process is ended.
    pub(crate) async fn stop(self) -> Result<()> {
        self.stop.stop();
        Ok(self.task.await??)
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) async fn kill(self) {
        self.task.abort();
        // It gives its record back with its end.
        let _ = self.task.await;
    }

    /// Why it ended by itself.
    pub(crate) async fn ended(self) -> Result<E> {
        let ended = tokio::time::timeout(PATIENCE, self.task).await?;
        ended?.err().ok_or_else(|| eyre!("it ended without a reason"))
    }

    pub(crate) fn is_running(&self) -> bool {
        !self.task.is_finished()
    }
}

impl Stage {
    /// Four operators with the same stake serve; half a percent of deviation, two thirds of the stake.
    pub(crate) async fn new() -> Result<Self> {
        let world = World::new().await?;
        for operator in [&world.cast.honest, &world.cast.dishonest, &world.cast.accuser, &world.cast.alice] {
            world.join(operator, ONE).await?;
        }
        let terms = FeedTerms {
            description: "ETH / USD".to_owned(),
            decimals: 8,
            interval: INTERVAL,
            heartbeat: 600,
            deviation: 50,
            threshold: 6_667,
        };
        let (owner, programs) = (world.cast.owner.address, for_services().await?);
        let feed = price_feed(&world.chain, owner, programs, world.suite.service.quorum, &terms).await?;
        let feed = Feed::at(&world.chain, feed).await?;
        let stage = Self { world, feed, network: Network::default(), folder: Folder::new()? };
        stage.next_slot().await?;
        Ok(stage)
    }

    pub(crate) fn operators(&self) -> [&Actor; 4] {
        let cast = &self.world.cast;
        [&cast.honest, &cast.dishonest, &cast.accuser, &cast.alice]
    }

    /// Goes to the next slot. Returns it.
    pub(crate) async fn next_slot(&self) -> Result<u64> {
        let slot = (self.world.chain.now().await? / INTERVAL + 1) * INTERVAL;
        self.world.chain.travel_to(slot).await?;
        Ok(slot)
    }

    /// Lets the round end in which is only listened after a start: goes to the next slot that is signed.
    pub(crate) async fn after_listening(&self) -> Result<u64> {
        self.next_slot().await?;
        self.next_slot().await
    }

    fn running(&self, chain: &Chain, origin: Origin) -> (Setting, Arc<MemoryTransport>) {
        let metrics = Metrics::default();
        let transport = Arc::new(self.network.join(self.feed.domain.clone(), metrics.clone()));
        let setting = Setting {
            chain: chain.clone(),
            origin,
            feed: self.feed.clone(),
            transport: transport.clone(),
            metrics,
            health: Health::default(),
            stop: Stop::default(),
            tick: Duration::from_millis(20),
        };
        (setting, transport)
    }

    /// Starts an operator that sees a market, with the record of the stage's folder.
    pub(crate) async fn operator(&self, who: &Actor, market: &Arc<Market>) -> Result<Running<Ended>> {
        self.operator_in(self.folder.path(), &self.world.chain, who, market, false).await
    }

    /// The same with a record somewhere else, another connection, or a taste for lies.
    pub(crate) async fn operator_in(
        &self,
        folder: &Path,
        chain: &Chain,
        who: &Actor,
        market: &Arc<Market>,
        lies: bool,
    ) -> Result<Running<Ended>> {
        let identity = Identity::on(&self.world.chain, 0, self.feed.service, who.address).await?;
        let (setting, transport) = self.running(chain, identity.origin);
        let record = SigningRecord::open(folder, identity)?;
        let now = self.world.chain.now().await?;
        let guard = Guard::new(who.key.clone().into(), record, now, INTERVAL, setting.metrics.clone());
        let (metrics, health, stop) = (setting.metrics.clone(), setting.health.clone(), setting.stop.clone());
        let operator = Operator::new(setting, guard, market.clone());
        let operator = if lies { operator.lying() } else { operator };
        Ok(Running { metrics, health, transport, stop, task: tokio::spawn(operator.run()) })
    }

    /// Starts all four, each with a market of its own.
    pub(crate) async fn all_operators(&self, prices: [u64; 4]) -> Result<Vec<(Running<Ended>, Arc<Market>)>> {
        let mut running = Vec::new();
        for (who, price) in self.operators().into_iter().zip(prices) {
            let market = Market::at(price);
            running.push((self.operator(who, &market).await?, market));
        }
        Ok(running)
    }

    /// Starts an aggregator.
    pub(crate) async fn aggregator(&self, who: &Actor) -> Result<Running<OriginError>> {
        self.aggregator_on(&self.world.chain, who).await
    }

    /// The same with another connection.
    pub(crate) async fn aggregator_on(&self, chain: &Chain, who: &Actor) -> Result<Running<OriginError>> {
        let origin = Origin::of(&self.world.chain, 0).await?;
        let (setting, transport) = self.running(chain, origin);
        let (metrics, health, stop) = (setting.metrics.clone(), setting.health.clone(), setting.stop.clone());
        let aggregator = Aggregator::new(setting, who.key.clone().into(), Duration::from_millis(300));
        Ok(Running { metrics, health, transport, stop, task: tokio::spawn(aggregator.run()) })
    }

    /// Waits until the feed has the price of a slot. Returns it.
    pub(crate) async fn stored(&self, slot: u64) -> Result<U256> {
        let latest = async || Ok(self.feed.latest(&self.world.chain).await?.filter(|latest| latest.slot >= slot));
        let latest = wait(&format!("the price of {slot}"), latest).await?;
        ensure!(latest.slot == slot, "the feed has the price of {}, not of {slot}", latest.slot);
        Ok(latest.price)
    }

    /// The slots whose prices were stored.
    pub(crate) async fn rounds(&self) -> Result<Vec<u64>> {
        let filter = Filter::new().address(self.feed.address).event_signature(AnswerUpdated::SIGNATURE_HASH);
        let logs = self.world.chain.logs_since(&filter, 0).await?;
        let slot = |log: &alloy::rpc::types::Log| Ok(AnswerUpdated::decode_log(&log.inner)?.data.updatedAt.to());
        logs.iter().map(slot).collect()
    }
}

/// Waits until something is there.
pub(crate) async fn wait<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        ensure!(Instant::now() < deadline, "{what}: nothing after {} s", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until something was counted so often, with any labels.
pub(crate) async fn counted(metrics: &Metrics, metric: &'static Metric, times: u64) -> Result<()> {
    let look = async || Ok((metrics.sum(metric) >= times).then_some(()));
    wait(&format!("{metric:?}"), look).await.map_err(|error| eyre!("{error}\n{}", metrics.text()))
}
