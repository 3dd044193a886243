//! A data store with everything around it: a chain with the suite, four operators of equal stake that serve, and a
//! board with tasks.

use crate::folder::Folder;
use alloy::primitives::{Address, U256};
use alloy::transports::http::reqwest::Url;
use arithmetic::wad::ONE;
use async_trait::async_trait;
use eyre::{OptionExt, Result};
use restake::actors::Actor;
use restake::suite::for_services::task_board;
use restake::verbs::token;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::serving::Server;
use restake_daemon::stop::Stop;
use restake_data_store::answering::Answerer;
use restake_data_store::client::{Client, Dispersed};
use restake_data_store::coding::Encoded;
use restake_data_store::keeper::{Keeper, Keeping, Limits};
use restake_data_store::setting::Setting;
use restake_data_store::store::Store;
use restake_data_store::tasks::{Board, Task, Tasks};
use restake_data_store::watching::{Watcher, Watching, Watchlist};
use restake_tests::programs::for_services;
use restake_tests::{World, ether};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The part of the stake that must promise (basis points).
pub(crate) const THRESHOLD: u16 = 6_700;

/// What a task pays (base units of the token).
const FEE: u128 = ether(1);

/// How long an operator is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tasks as a board sets them, that can be set again.
#[derive(Default)]
pub(crate) struct Slate(Mutex<BTreeMap<u64, Task>>);

impl Slate {
    /// Sets a task, under its number.
    pub(crate) fn set(&self, task: Task) {
        self.tasks().insert(task.id, task);
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<u64, Task>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Tasks for Slate {
    async fn open(&self, id: u64) -> Result<Option<Task>> {
        Ok(self.tasks().get(&id).copied())
    }
}

/// An operator that serves.
pub(crate) struct Operator {
    /// Its account.
    pub(crate) actor: Actor,
    /// The account of its key.
    pub(crate) key: Address,
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
    pub(crate) board: Board,
    pub(crate) operators: Vec<Operator>,
    pub(crate) folder: Folder,
}

impl Stage {
    /// One where the last operator promises and gives nothing, if so.
    pub(crate) async fn new(last_withholds: bool) -> Result<Self> {
        let (world, folder) = (World::new().await?, Folder::new()?);
        let setting = Setting::new(world.chain.clone(), world.suite, 0).await?;
        let (owner, programs) = (&world.cast.owner, for_services().await?);
        let thresholds = (THRESHOLD, 5_000);
        let board = task_board(&world.chain, owner.address, programs, &world.suite, thresholds).await?;
        world.fund(owner, ether(100)).await?;
        world.perform(owner, &token::approve(world.token(), board, U256::MAX)).await?;
        let board = Board::new(setting.clone(), board);
        let mut operators = Vec::new();
        let cast = [&world.cast.honest, &world.cast.alice, &world.cast.bob, &world.cast.dishonest];
        for (number, actor) in cast.into_iter().enumerate() {
            world.stake(actor, world.parameters.minimum_stake, actor.address).await?;
            world.opt_in(actor, ONE).await?;
            // The last one signs with a key that is not its account's.
            let key = if number == 3 { &world.cast.accuser } else { actor };
            let call = world.register_call(actor, key).await?;
            world.act(actor, world.suite.service.registry, &call).await?;
            let tasks: Arc<dyn Tasks> = Arc::new(board.clone());
            let withholds = last_withholds && number == 3;
            operators.push(Operator::start(&setting, tasks, folder.path(), (actor, key), withholds).await?);
        }
        Ok(Self { world, setting, board, operators, folder })
    }

    /// A client that knows all operators.
    pub(crate) fn client(&self) -> Result<Client> {
        Client::new(self.operators.iter().map(|one| (one.key, one.url.clone())), PATIENCE)
    }

    /// Asks the board to have a blob kept for an hour. Returns the task, and the number of leaves.
    pub(crate) async fn ask_for(&self, blob: &[u8]) -> Result<(Task, u64)> {
        let encoded = Encoded::new(blob, self.operators.len())?;
        let deadline = self.world.chain.now().await? + 3_600;
        let owner = self.world.cast.owner.address;
        let task = self.board.post(owner, encoded.tree().root(), FEE, deadline).await?;
        Ok((task, encoded.tree().leaf_count()))
    }

    /// Has a blob kept.
    pub(crate) async fn disperse(&self, blob: &[u8]) -> Result<Dispersed> {
        let (task, leaves) = self.ask_for(blob).await?;
        Ok(self.client()?.disperse(&self.setting, &task, blob, leaves, THRESHOLD).await?)
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
            others: Client::new(others.map(|one| (one.key, one.url.clone())), PATIENCE)?,
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
    pub(crate) async fn start(
        setting: &Setting,
        tasks: Arc<dyn Tasks>,
        folder: &Path,
        (actor, key): (&Actor, &Actor),
        withholds: bool,
    ) -> Result<Self> {
        let limits = Limits { least_fee: 10, ..Limits::default() };
        Self::start_within(setting, tasks, folder, (actor, key), withholds, limits).await
    }

    /// The same with other limits.
    pub(crate) async fn start_within(
        setting: &Setting,
        tasks: Arc<dyn Tasks>,
        folder: &Path,
        (actor, key): (&Actor, &Actor),
        withholds: bool,
        limits: Limits,
    ) -> Result<Self> {
        let (metrics, stop, folder) = (Metrics::default(), Stop::default(), folder.join(actor.name));
        let service = setting.suite.service.service_manager;
        let identity = Identity::on(&setting.chain, setting.since, service, key.address).await?;
        let store = Store::open(&folder.join("store.redb"), 1 << 30)?;
        let keeper = Keeper::new(Keeping {
            setting: setting.clone(),
            key: key.key.clone().into(),
            record: SigningRecord::open(&folder, identity)?,
            store: store.clone(),
            tasks,
            limits,
            withholds,
            metrics: metrics.clone(),
        });
        let server = Server::new(Health::default(), metrics.clone()).route("/data", keeper.clone());
        let serving = server.serve(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), stop.clone()).await?;
        let url = format!("http://{}", serving.address).parse()?;
        Ok(Self { actor: actor.clone(), key: key.address, url, keeper, store, metrics, stop })
    }
}
