//! Watching: two answers are challenged once, wherever they were seen; nothing else is.

use crate::folder::Folder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use arithmetic::epoch::{self, RELEASE_DELAY_EPOCHS};
use arithmetic::wad::ONE;
use eyre::{Result, ensure, eyre};
use interfaces::IDisputeResolution::isJudgedCall;
use interfaces::IERC20;
use interfaces::IPriceFeed::taskCall;
use interfaces::IRegistry::isSuspendedCall;
use interfaces::ISlasher::isFrozenCall;
use restake::actors::Actor;
use restake::attestation::{CompactSignature, Domain, quorum};
use restake::judgements::equivocation_id;
use restake::suite::for_services::{FeedTerms, price_feed};
use restake::verbs::task::update_price;
use restake_daemon::health::Health;
use restake_daemon::key::Key;
use restake_daemon::message::{Answer, Envelope, REFUSED};
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::origin::Origin;
use restake_daemon::stop::Stop;
use restake_daemon::transport::{MemoryTransport, Network, Transport};
use restake_tests::programs::for_services;
use restake_tests::{TASK, World, ether};
use restake_watcher::book::Book;
use restake_watcher::watcher::{ACCUSED, CLAIMED, Ended, FOUND, SEEN, Setting, Watcher, Worth};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

struct Stage {
    world: World,
    domain: Domain,
    network: Network,
    /// Where everybody else speaks.
    mouth: MemoryTransport,
    folder: Folder,
    contracts: Vec<Address>,
}

struct Running {
    metrics: Metrics,
    stop: Stop,
    task: JoinHandle<Result<(), Ended>>,
}

impl Running {
    async fn stop(self) -> Result<()> {
        self.stop.stop();
        Ok(self.task.await??)
    }

    async fn wait(&self, metric: &'static Metric, labels: &[(&str, &str)], count: u64) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.metrics.get(metric, labels) < count {
            ensure!(Instant::now() < deadline, "{metric:?} {labels:?}: {}", self.metrics.text());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Stage {
    async fn new() -> Result<Self> {
        let world = World::new().await?;
        world.join(&world.cast.honest, ONE).await?;
        world.join(&world.cast.dishonest, ONE).await?;
        world.chain.travel_to(world.chain.now().await? + 60).await?;
        let (domain, network) = (world.domain().await?, Network::default());
        let mouth = network.join(domain.clone(), Metrics::default());
        Ok(Self { world, domain, network, mouth, folder: Folder::new()?, contracts: Vec::new() })
    }

    async fn watcher(&self, worth: Worth) -> Result<Running> {
        let origin = Origin::of(&self.world.chain, 0).await?;
        let (metrics, stop) = (Metrics::default(), Stop::default());
        let setting = Setting {
            chain: self.world.chain.clone(),
            origin,
            suite: self.world.suite,
            domain: self.domain.clone(),
            contracts: self.contracts.clone(),
            transport: Arc::new(self.network.join(self.domain.clone(), metrics.clone())),
            metrics: metrics.clone(),
            health: Health::default(),
            stop: stop.clone(),
            tick: Duration::from_millis(20),
        };
        let book = Book::open(self.folder.path(), origin)?;
        let watcher = Watcher::new(setting, self.world.cast.challenger.address, worth, book);
        Ok(Running { metrics, stop, task: tokio::spawn(watcher.run()) })
    }

    fn signed(&self, who: &Actor, time: u64, number: u64) -> Result<Answer> {
        let signed = self.domain.attest(&who.key, TASK, time, B256::from(U256::from(number)))?;
        let signature = CompactSignature { r: signed.r, vs: signed.vs }.into();
        Ok(Answer { task: TASK, task_time: time, answer: signed.answer, signature })
    }

    async fn say(&self, who: &Actor, answer: &Answer) -> Result<()> {
        let envelope = Envelope::seal(&self.domain, &Key::from(who.key.clone()), answer).await?;
        self.mouth.publish(envelope).await;
        Ok(())
    }

    async fn is_frozen(&self, operator: Address) -> Result<bool> {
        Ok(self.world.chain.view(self.world.suite.slasher, &isFrozenCall { operator }).await?)
    }

    /// How many transactions the watcher sent.
    async fn sent(&self) -> Result<u64> {
        let watcher = self.world.cast.challenger.address;
        Ok(self.world.chain.provider().get_transaction_count(watcher).await?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_answers_that_were_heard_freeze_their_operator_with_one_transaction() -> Result<()> {
    let stage = Stage::new().await?;
    let (crooked, honest) = (&stage.world.cast.dishonest, &stage.world.cast.honest);
    let (watcher, time) = (stage.watcher(Worth::default()).await?, stage.world.chain.now().await?);
    stage.say(honest, &stage.signed(honest, time, 1)?).await?;
    stage.say(crooked, &stage.signed(crooked, time, 1)?).await?;
    // Somebody else passes the second one on.
    stage.say(honest, &stage.signed(crooked, time, 2)?).await?;
    watcher.wait(&ACCUSED, &[("outcome", "upheld")], 1).await?;
    ensure!(stage.is_frozen(crooked.address).await?, "it is free");
    ensure!(!stage.is_frozen(honest.address).await?, "one answer is no fault");
    let evidence = equivocation_id(crooked.address, TASK, time);
    let disputes = stage.world.suite.service.dispute_resolution;
    ensure!(stage.world.chain.view(disputes, &isJudgedCall { evidence }).await?, "it is not judged");
    let registry = stage.world.suite.service.registry;
    ensure!(stage.world.chain.view(registry, &isSuspendedCall { operator: crooked.address }).await?, "it signs");

    // A third answer, the same again, and a start later nothing is sent again.
    stage.say(crooked, &stage.signed(crooked, time, 3)?).await?;
    watcher.stop().await?;
    let again = stage.watcher(Worth::default()).await?;
    again.wait(&ACCUSED, &[("outcome", "judged")], 1).await?;
    assert_eq!(stage.sent().await?, 1);
    again.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_heard_and_one_that_was_stored_are_evidence() -> Result<()> {
    let mut stage = Stage::new().await?;
    let terms = FeedTerms {
        description: "ETH / USD".to_owned(),
        decimals: 8,
        interval: 60,
        heartbeat: 600,
        deviation: 50,
        threshold: 5_000,
    };
    let (owner, chain) = (stage.world.cast.owner.address, stage.world.chain.clone());
    let feed = price_feed(&chain, owner, for_services().await?, stage.world.suite.service.quorum, &terms).await?;
    stage.contracts.push(feed);
    let (crooked, task) = (&stage.world.cast.dishonest, chain.view(feed, &taskCall {}).await?);
    let slot = (chain.now().await? / 60 + 1) * 60;
    chain.travel_to(slot).await?;
    let answer = |price: u64| {
        let signed = stage.domain.attest(&crooked.key, task, slot, U256::from(price).into())?;
        let signature = CompactSignature { r: signed.r, vs: signed.vs };
        Ok::<_, eyre::Report>(Answer { task, task_time: slot, answer: signed.answer, signature: signature.into() })
    };
    let (stored, said) = (answer(1_000)?, answer(2_000)?);
    let signatures = quorum([(stored.hash(&stage.domain), stored.signature.into())])?;
    update_price(feed, slot, U256::from(1_000), signatures).send(&chain, owner).await?;

    // The watcher comes later.
    let watcher = stage.watcher(Worth::default()).await?;
    watcher.wait(&SEEN, &[("from", "chain")], 1).await?;
    assert_eq!(watcher.metrics.sum(&FOUND), 0);
    stage.say(crooked, &said).await?;
    watcher.wait(&ACCUSED, &[("outcome", "upheld")], 1).await?;
    ensure!(stage.is_frozen(crooked.address).await?, "it is free");
    watcher.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_nobodys_too_old_or_not_worth_it_is_left_alone() -> Result<()> {
    let stage = Stage::new().await?;
    let (crooked, stranger) = (&stage.world.cast.dishonest, &stage.world.cast.bob);
    let time = stage.world.chain.now().await?;
    let watcher = stage.watcher(Worth { least_bounty: u128::MAX, ..Worth::default() }).await?;
    for who in [crooked, stranger] {
        for number in [1, 2] {
            stage.say(who, &stage.signed(who, time, number)?).await?;
        }
    }
    watcher.wait(&ACCUSED, &[("outcome", "not worth it")], 1).await?;
    watcher.wait(&REFUSED, &[("reason", "unfounded")], 2).await?;
    assert_eq!(stage.sent().await?, 0);
    watcher.stop().await?;

    // Who thinks more of it finds the evidence in the book; but not when the window is over.
    stage.world.chain.travel_to(time + stage.world.parameters.evidence_window + 1).await?;
    let watcher = stage.watcher(Worth::default()).await?;
    for number in [3, 4] {
        stage.say(crooked, &stage.signed(crooked, time, number)?).await?;
    }
    let now = stage.world.chain.now().await?;
    for number in [5, 6] {
        stage.say(crooked, &stage.signed(crooked, now, number)?).await?;
    }
    watcher.wait(&ACCUSED, &[("outcome", "upheld")], 1).await?;
    assert_eq!((watcher.metrics.sum(&FOUND), stage.sent().await?), (1, 1));
    watcher.stop().await.map_err(|error| eyre!("{error:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_seen_through_until_its_bounty_is_paid() -> Result<()> {
    let stage = Stage::new().await?;
    let (crooked, account) = (&stage.world.cast.dishonest, stage.world.cast.challenger.address);
    let (watcher, chain) = (stage.watcher(Worth::default()).await?, &stage.world.chain);
    let time = chain.now().await?;
    for number in [1, 2] {
        stage.say(crooked, &stage.signed(crooked, time, number)?).await?;
    }
    watcher.wait(&ACCUSED, &[("outcome", "upheld")], 1).await?;
    watcher.stop().await?;
    // Days pass, and it starts again.
    chain.travel_to(chain.now().await? + 2 * 86_400).await?;
    let watcher = stage.watcher(Worth::default()).await?;
    watcher.wait(&CLAIMED, &[("call", "executeSlash")], 1).await?;
    ensure!(!stage.is_frozen(crooked.address).await?, "it is frozen still");
    let released = epoch::at(chain.now().await?) + RELEASE_DELAY_EPOCHS;
    let balance = IERC20::balanceOfCall { account };
    assert_eq!(chain.view(stage.world.token(), &balance).await?, U256::ZERO);
    chain.travel_to(epoch::start(released)).await?;
    watcher.wait(&CLAIMED, &[("call", "claimFunds")], 1).await?;
    // A tenth of half of the 32 tokens.
    assert_eq!(chain.view(stage.world.token(), &balance).await?, U256::from(ether(32) / 20));
    watcher.stop().await
}
