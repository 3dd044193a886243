//! What the tests play on: a chain with a service whose operators answer for batches, and a network in memory.

use crate::folder::Folder;
use alloy::primitives::{Address, U256, keccak256};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IBisection::{positionOfCall, positionOfReturn};
use interfaces::ISlasher::isFrozenCall;
use restake::actors::Actor;
use restake::attestation::Domain;
use restake::chain::Chain;
use restake::suite::for_services::deploy_step;
use restake::suite::judged::judge_computations;
use restake_bisection::challenger::Challenger;
use restake_bisection::claim::Claim;
use restake_bisection::defender::Defender;
use restake_bisection::operator::{Operator, Schedule};
use restake_bisection::setting::Setting;
use restake_bisection::store::Store;
use restake_daemon::guard::Guard;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::origin::Origin;
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::stop::Stop;
use restake_daemon::transport::{Listener, Network, Transport};
use restake_sequencer::Sequencer;
use restake_sequencer::series::Series;
use restake_tests::World;
use restake_tests::programs::{for_services, steps};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Seconds between two batches.
pub(crate) const INTERVAL: u64 = 60;
/// What each side has for a game.
pub(crate) const CLOCK: u64 = 3_600;
/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) domain: Domain,
    pub(crate) bisection: Address,
    program: Address,
    pub(crate) network: Network,
    folder: Folder,
}

/// Parts that run together, as in a process.
pub(crate) struct Running(Vec<JoinHandle<Result<()>>>);

impl Running {
    /// Ends it in the middle of whatever it does.
    pub(crate) async fn kill(self) {
        self.0.iter().for_each(JoinHandle::abort);
        for part in self.0 {
            // What it had open is free with its end.
            let _ = part.await;
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.0.iter().all(|part| !part.is_finished())
    }
}

impl Stage {
    /// Two operators serve. Half of a budget is taken for a wrong result.
    pub(crate) async fn new() -> Result<Self> {
        let world = World::new().await?;
        let (chain, owner) = (&world.chain, &world.cast.owner);
        let transfers = steps().await?.iter().find(|program| program.name == "transfers").ok_or_eyre("no program")?;
        let program = deploy_step(chain, owner.address, transfers).await?;
        let game = (world.parameters.bond, CLOCK);
        let (service, programs) = (&world.suite.service, for_services().await?);
        let judged = judge_computations(chain, owner.address, programs, service, game, ONE / 2);
        let (bisection, effective_at) = judged.await?;
        chain.travel_to(effective_at).await?;
        for operator in [&world.cast.honest, &world.cast.dishonest] {
            world.join(operator, ONE).await?;
        }
        let (domain, network) = (world.domain().await?, Network::default());
        let stage = Self { world, domain, bisection, program, network, folder: Folder::new()? };
        stage.next_slot().await?;
        Ok(stage)
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

    /// Everything that is published from now on.
    pub(crate) fn listen(&self) -> Listener {
        self.network.join(self.domain.clone(), Metrics::default()).listen()
    }

    async fn setting(&self, who: &Actor) -> Result<Setting> {
        let (chain, metrics) = (Chain::connect(&self.world.url, [who.key.clone()])?, Metrics::default());
        Ok(Setting {
            origin: Origin::of(&chain, 0).await?,
            chain,
            suite: self.world.suite,
            domain: self.domain.clone(),
            bisection: self.bisection,
            program: self.program,
            transport: Arc::new(self.network.join(self.domain.clone(), metrics.clone())),
            metrics,
            health: Health::default(),
            stop: Stop::default(),
            tick: Duration::from_millis(20),
        })
    }

    /// The store of somebody. What a killed part had begun with it ends a moment later.
    async fn store(&self, who: &Actor) -> Result<Store> {
        let file = self.folder.path().join(format!("{}.redb", who.address));
        wait("the store", async || Ok(Store::open(&file).ok())).await
    }

    /// Starts who signs for an operator, and who defends it unless nobody does.
    pub(crate) async fn operator(&self, who: &Actor, lies: bool, defends: bool) -> Result<Running> {
        let (setting, store) = (self.setting(who).await?, self.store(who).await?);
        let service = self.world.suite.service.service_manager;
        let identity = Identity::on(&setting.chain, 0, service, who.address).await?;
        let record = async || Ok(SigningRecord::open(self.folder.path(), identity.clone()).ok());
        let record = wait("the record", record).await?;
        let now = setting.chain.now().await?;
        let guard = Guard::new(who.key.clone().into(), record, now, INTERVAL, setting.metrics.clone());
        let schedule = Schedule { task: keccak256("batches"), interval: INTERVAL };
        let work = (Arc::new(Sequencer), Arc::new(Series { length: 37 }) as Arc<_>);
        let operator = Operator::new(setting.clone(), schedule, guard, work, store.clone());
        let operator = if lies { operator.lying() } else { operator };
        let mut parts = vec![tokio::spawn(async { Ok(operator.run().await?) })];
        if defends {
            let defender = Defender::new(setting, who.address, who.address, Arc::new(Sequencer), store);
            parts.push(tokio::spawn(async {
                defender.run().await;
                Ok(())
            }));
        }
        Ok(Running(parts))
    }

    /// Starts who doubts.
    pub(crate) async fn challenger(&self, who: &Actor) -> Result<Running> {
        let (setting, store) = (self.setting(who).await?, self.store(who).await?);
        let challenger = Challenger::new(setting, who.address, Arc::new(Sequencer), store);
        Ok(Running(vec![tokio::spawn(async { Ok(challenger.run().await?) })]))
    }

    pub(crate) async fn position(&self, game: u64) -> Result<positionOfReturn> {
        Ok(self.world.chain.view(self.bisection, &positionOfCall { gameId: game }).await?)
    }

    pub(crate) async fn is_frozen(&self, operator: Address) -> Result<bool> {
        Ok(self.world.chain.view(self.world.suite.slasher, &isFrozenCall { operator }).await?)
    }

    /// Waits until a game is over. Returns its outcome.
    pub(crate) async fn over(&self, game: u64) -> Result<u8> {
        let state = async || Ok(Some(self.position(game).await?.state).filter(|state| *state >= 5));
        wait(&format!("the end of game {game}"), state).await
    }

    /// The bond of a game.
    pub(crate) fn bond(&self) -> U256 {
        self.world.parameters.bond
    }
}

/// The next result that somebody publishes.
pub(crate) async fn published(listener: &mut Listener, by: Address) -> Result<Claim> {
    let published = async {
        loop {
            let envelope = listener.next().await.ok_or_eyre("nothing comes any more")?;
            if let Some(claim) = envelope.open::<Claim>()?.filter(|_| envelope.from == by) {
                return Ok(claim);
            }
        }
    };
    tokio::time::timeout(PATIENCE, published).await?
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
