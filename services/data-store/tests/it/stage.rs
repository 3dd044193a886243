//! A data store with everything around it: a chain with the suite, four operators of equal stake that serve, and a
//! board with tasks.

use crate::folder::Folder;
use alloy::primitives::{B256, keccak256};
use alloy::transports::http::reqwest::Url;
use arithmetic::wad::ONE;
use async_trait::async_trait;
use eyre::{OptionExt, Result};
use restake::actors::Actor;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::serving::Server;
use restake_daemon::stop::Stop;
use restake_data_store::answering::Answerer;
use restake_data_store::client::{Client, Dispersed};
use restake_data_store::coding::{Encoded, least_leaves};
use restake_data_store::keeper::{Keeper, Keeping, Limits};
use restake_data_store::setting::Setting;
use restake_data_store::store::Store;
use restake_data_store::tasks::Tasks;
use restake_data_store::watching::{Watcher, Watching, Watchlist};
use restake_tests::World;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The part of the stake that must promise (basis points).
pub(crate) const THRESHOLD: u16 = 6_700;

/// How long an operator is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The tasks that were set: the roots that they ask for.
#[derive(Default)]
pub(crate) struct Board(Mutex<BTreeMap<(B256, u64), B256>>);

impl Board {
    /// Sets a task.
    pub(crate) fn set(&self, task: B256, time: u64, root: B256) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((task, time), root);
    }
}

#[async_trait]
impl Tasks for Board {
    async fn root_of(&self, task: B256, time: u64) -> Result<Option<B256>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(task, time)).copied())
    }
}

/// An operator that serves.
pub(crate) struct Operator {
    /// Its account and key.
    pub(crate) actor: Actor,
    /// Where it listens.
    pub(crate) url: Url,
    /// Itself.
    pub(crate) keeper: Arc<Keeper>,
    /// Its disk.
    pub(crate) store: Store,
    /// What it tells.
    pub(crate) metrics: Metrics,
    /// Ends it.
    pub(crate) stop: Stop,
}

/// All of it.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) setting: Setting,
    pub(crate) board: Arc<Board>,
    pub(crate) operators: Vec<Operator>,
    pub(crate) folder: Folder,
}

impl Stage {
    /// One where the last operator promises and gives nothing, if so.
    pub(crate) async fn new(last_withholds: bool) -> Result<Self> {
        let (world, folder) = (World::new().await?, Folder::new()?);
        let setting = Setting::new(world.chain.clone(), world.suite, 0).await?;
        let (board, mut operators) = (Arc::new(Board::default()), Vec::new());
        let cast = [&world.cast.honest, &world.cast.alice, &world.cast.bob, &world.cast.dishonest];
        for (number, actor) in cast.into_iter().enumerate() {
            world.join(actor, ONE).await?;
            let withholds = last_withholds && number == 3;
            operators.push(Operator::start(&setting, &board, &folder, actor, withholds).await?);
        }
        Ok(Self { world, setting, board, operators, folder })
    }

    /// A client that knows all operators.
    pub(crate) fn client(&self) -> Result<Client> {
        Client::new(self.operators.iter().map(|one| (one.actor.address, one.url.clone())), PATIENCE)
    }

    /// Sets the task to keep a blob. Returns the task, its time, and the number of leaves.
    pub(crate) async fn ask_for(&self, blob: &[u8]) -> Result<(B256, u64, u64)> {
        let encoded = Encoded::new(blob, self.operators.len())?;
        let (task, time) = (keccak256(blob), self.world.chain.now().await?);
        self.board.set(task, time, encoded.tree().root());
        Ok((task, time, encoded.tree().leaf_count()))
    }

    /// Has a blob kept.
    pub(crate) async fn disperse(&self, blob: &[u8]) -> Result<Dispersed> {
        let (task, time, leaves) = self.ask_for(blob).await?;
        assert!(leaves >= least_leaves(4));
        Ok(self.client()?.disperse(&self.setting, (task, time), blob, leaves, THRESHOLD).await?)
    }

    /// The operator that may withhold.
    pub(crate) fn last(&self) -> Result<&Operator> {
        self.operators.last().ok_or_eyre("no operators")
    }

    /// Whoever answers for an operator, with what it has on this disk.
    pub(crate) fn answerer(&self, operator: &Operator, store: Store, withholds: bool) -> Result<Answerer> {
        let others = self.operators.iter().filter(|one| one.actor.address != operator.actor.address);
        Ok(Answerer {
            setting: self.setting.clone(),
            operator: operator.actor.address,
            sender: operator.actor.address,
            store,
            others: Client::new(others.map(|one| (one.actor.address, one.url.clone())), PATIENCE)?,
            withholds,
            metrics: operator.metrics.clone(),
        })
    }

    /// The challenger as a watcher, that asks twice.
    pub(crate) fn watcher(&self, metrics: &Metrics) -> Result<(Watcher, Watchlist)> {
        self.watcher_for(metrics, 1)
    }

    /// The same, that acts for so much.
    pub(crate) fn watcher_for(&self, metrics: &Metrics, least_bounty: u128) -> Result<(Watcher, Watchlist)> {
        let list = Watchlist::open(&self.folder.file("watched.redb"))?;
        let watching = Watching { leaves: 3, rounds: 2, least_bounty };
        let account = self.world.cast.challenger.address;
        let (setting, client) = (self.setting.clone(), self.client()?);
        Ok((Watcher::new(setting, account, client, list.clone(), watching, metrics.clone()), list))
    }
}

impl Operator {
    async fn start(
        setting: &Setting,
        board: &Arc<Board>,
        folder: &Folder,
        actor: &Actor,
        withholds: bool,
    ) -> Result<Self> {
        let (metrics, stop, folder) = (Metrics::default(), Stop::default(), folder.file(actor.name));
        let service = setting.suite.service.service_manager;
        let identity = Identity::on(&setting.chain, setting.since, service, actor.address).await?;
        let store = Store::open(&folder.join("store.redb"), 1 << 30)?;
        let keeper = Keeper::new(Keeping {
            setting: setting.clone(),
            key: actor.key.clone().into(),
            record: SigningRecord::open(&folder, identity)?,
            store: store.clone(),
            tasks: board.clone(),
            limits: Limits::default(),
            withholds,
            metrics: metrics.clone(),
        });
        let server = Server::new(Health::default(), metrics.clone()).route("/data", keeper.clone());
        let serving = server.serve(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), stop.clone()).await?;
        let url = format!("http://{}", serving.address).parse()?;
        Ok(Self { actor: actor.clone(), url, keeper, store, metrics, stop })
    }
}
