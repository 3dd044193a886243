//! Operators and an aggregator on a chain: a task that is posted is answered, stored and paid.

use alloy::primitives::{Address, B256, U256, keccak256};
use arithmetic::fault::{EQUIVOCATION, UNAVAILABILITY};
use async_trait::async_trait;
use eyre::{OptionExt, Result, bail};
use interfaces::ITaskBoard::{TaskPosted, answerOfCall, taskOfCall};
use restake::actors::Actor;
use restake::chain::{Chain, event};
use restake::suite::for_services::task_board;
use restake::verbs::{challenge, task, token};
use restake_daemon::guard::Guard;
use restake_daemon::health::Health;
use restake_daemon::key::Key;
use restake_daemon::message::Answer;
use restake_daemon::metrics::Metrics;
use restake_daemon::origin::Origin;
use restake_daemon::record::{Identity, SigningRecord};
use restake_daemon::stop::Stop;
use restake_daemon::transport::{Network, Transport};
use restake_tasks::Handler;
use restake_tasks::aggregator::Aggregator;
use restake_tasks::board::{Board, Task};
use restake_tasks::operator::{Ended, Operator};
use restake_tasks::setting::Setting;
use restake_tests::programs::for_services;
use restake_tests::{World, ether};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Seconds for which an operator listens after a start.
const ROUND: u64 = 10;

/// Answers a question with its hash; nothing to the question of zero.
struct Hashing;

#[async_trait]
impl Handler for Hashing {
    async fn answer(&self, task: &Task) -> Result<Option<B256>> {
        Ok((!task.question.is_zero()).then(|| keccak256(task.question)))
    }
}

/// A folder that is gone with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("restake-tasks-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left there is nobody's.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A world with a board, and a network in memory.
struct Stage {
    world: World,
    board: Board,
    network: Network,
    stop: Stop,
    folder: Folder,
}

impl Stage {
    /// 96 and 32 ETH serve; two thirds must sign.
    async fn new(name: &str) -> Result<Self> {
        let world = World::new().await?;
        for (operator, stake) in [(&world.cast.honest, 96), (&world.cast.dishonest, 32)] {
            world.opt_in(operator, 1_000_000_000_000_000_000).await?;
            world.stake(operator, ether(stake), operator.address).await?;
            world.register(operator).await?;
        }
        let (owner, alice) = (world.cast.owner.address, &world.cast.alice);
        let address = task_board(&world.chain, owner, for_services().await?, &world.suite, (6_667, 5_000)).await?;
        world.fund(alice, ether(100)).await?;
        world.perform(alice, &token::approve(world.token(), address, U256::MAX)).await?;
        let board = Board::at(&world.chain, address).await?;
        Ok(Self { world, board, network: Network::default(), stop: Stop::default(), folder: Folder::new(name)? })
    }

    async fn setting(&self, who: &Actor) -> Result<Setting> {
        let metrics = Metrics::default();
        Ok(Setting {
            chain: Chain::connect(&self.world.url, [who.key.clone()])?,
            origin: Origin::of(&self.world.chain, 0).await?,
            board: self.board.clone(),
            transport: Arc::new(self.network.join(self.board.domain.clone(), metrics.clone())),
            metrics,
            health: Health::default(),
            stop: self.stop.child(),
            tick: Duration::from_millis(20),
        })
    }

    /// What an operator signs with, and remembers in a folder.
    async fn operator(&self, who: &Actor, folder: &Path) -> Result<Operator> {
        let setting = self.setting(who).await?;
        let identity = Identity::on(&self.world.chain, 0, self.board.service, who.address).await?;
        let record = SigningRecord::open(folder, identity)?;
        let now = self.world.chain.now().await?;
        let guard = Guard::new(Key::Here(who.key.clone()), record, now, ROUND, setting.metrics.clone());
        Ok(Operator::new(setting, guard, Arc::new(Hashing)))
    }

    async fn start(&self, who: &Actor) -> Result<JoinHandle<Result<(), Ended>>> {
        Ok(tokio::spawn(self.operator(who, &self.folder.0).await?.run()))
    }

    async fn aggregate(&self) -> Result<()> {
        let bob = &self.world.cast.bob;
        tokio::spawn(Aggregator::new(self.setting(bob).await?, bob.address).run());
        Ok(())
    }

    /// Lets the time pass in which operators listen.
    async fn pass(&self, seconds: u64) -> Result<()> {
        self.world.chain.travel_to(self.world.chain.now().await? + seconds).await
    }

    async fn post(&self, kind: u8, question: B256) -> Result<TaskPosted> {
        let deadline = self.world.chain.now().await? + 3_600;
        let post = task::post(self.board.address, kind, question, ether(4), deadline);
        let receipt = self.world.perform(&self.world.cast.alice, &post).await?;
        event::<TaskPosted>(&receipt, self.board.address).ok_or_eyre("no TaskPosted event")
    }

    async fn state(&self, task: u64) -> Result<u8> {
        Ok(self.world.chain.view(self.board.address, &taskOfCall { taskId: task }).await?.state)
    }

    async fn until_answered(&self, task: u64) -> Result<()> {
        let began = Instant::now();
        while self.state(task).await? == 1 {
            if began.elapsed() > PATIENCE {
                bail!("nobody answers task {task}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_task_that_is_posted_is_answered_stored_and_paid() -> Result<()> {
    let stage = Stage::new("answered").await?;
    for operator in [&stage.world.cast.honest, &stage.world.cast.dishonest] {
        stage.start(operator).await?;
    }
    stage.aggregate().await?;
    stage.pass(ROUND + 1).await?;
    let question = B256::repeat_byte(1);
    let posted = stage.post(EQUIVOCATION, question).await?;
    stage.until_answered(posted.taskId).await?;
    let stored = stage.world.chain.view(stage.board.address, &answerOfCall { taskId: 0 }).await?;
    assert_eq!(stored.answer, keccak256(question));
    assert!(stored.signedStake >= ether(96));
    stage.stop.stop();
    Ok(())
}

#[tokio::test]
async fn what_a_service_does_not_answer_keeps_it_from_nothing_else() -> Result<()> {
    let stage = Stage::new("declined").await?;
    stage.start(&stage.world.cast.honest).await?;
    stage.aggregate().await?;
    stage.pass(ROUND + 1).await?;
    let (nothing, data) = (stage.post(EQUIVOCATION, B256::ZERO).await?, stage.post(UNAVAILABILITY, B256::ZERO).await?);
    let good = stage.post(EQUIVOCATION, B256::repeat_byte(2)).await?;
    stage.until_answered(good.taskId).await?;
    assert_eq!((stage.state(nothing.taskId).await?, stage.state(data.taskId).await?), (1, 1));
    stage.stop.stop();
    Ok(())
}

#[tokio::test]
async fn tasks_that_were_set_before_a_start_are_not_signed() -> Result<()> {
    let stage = Stage::new("before").await?;
    let before = stage.post(EQUIVOCATION, B256::repeat_byte(1)).await?;
    stage.start(&stage.world.cast.honest).await?;
    stage.aggregate().await?;
    stage.pass(ROUND + 1).await?;
    let after = stage.post(EQUIVOCATION, B256::repeat_byte(2)).await?;
    stage.until_answered(after.taskId).await?;
    assert_eq!(stage.state(before.taskId).await?, 1);
    stage.stop.stop();
    Ok(())
}

#[tokio::test]
async fn an_operator_that_lies_gives_the_proof_of_it_away() -> Result<()> {
    let stage = Stage::new("lie").await?;
    let (world, crooked) = (&stage.world, &stage.world.cast.dishonest);
    let ears = stage.network.join(stage.board.domain.clone(), Metrics::default());
    let mut heard = ears.listen();
    tokio::spawn(stage.operator(crooked, &stage.folder.0).await?.lying().run());
    stage.pass(ROUND + 1).await?;
    stage.post(EQUIVOCATION, B256::repeat_byte(1)).await?;
    let mut answers = Vec::new();
    while answers.len() < 2 {
        let message = tokio::time::timeout(PATIENCE, heard.next()).await?.ok_or_eyre("the network ended")?;
        answers.extend(message.open::<Answer>()?);
    }
    let (first, second) = (answers[0].evidence(), answers[1].evidence());
    let bond = world.parameters.bond;
    let proof = challenge::equivocation(&world.suite.service, crooked.address, first, second, bond);
    world.perform(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(crooked.address).await?);
    stage.stop.stop();
    Ok(())
}

#[tokio::test]
async fn a_copy_that_signs_ends_the_older_one() -> Result<()> {
    let stage = Stage::new("copies").await?;
    let honest = &stage.world.cast.honest;
    let older = stage.start(honest).await?;
    let elsewhere = Folder::new("copies-elsewhere")?;
    // Another machine, which has other opinions; it signs before the first one looks.
    let copy = stage.operator(honest, &elsewhere.0).await?.lying();
    stage.pass(ROUND + 1).await?;
    tokio::spawn(copy.run());
    stage.post(EQUIVOCATION, B256::repeat_byte(1)).await?;
    let ended = tokio::time::timeout(PATIENCE, older).await??;
    assert!(matches!(ended, Err(Ended::Guard(_))), "{ended:?}");
    stage.stop.stop();
    Ok(())
}

/// What is not a contract is no board.
#[tokio::test]
async fn a_board_is_looked_at_before_anything_is_signed_for_it() -> Result<()> {
    let world = World::new().await?;
    for address in [Address::ZERO, world.suite.service.quorum] {
        let error = Board::at(&world.chain, address).await.err().ok_or_eyre("it is one")?;
        assert!(format!("{error:#}").contains("no board for tasks"), "{error:#}");
    }
    Ok(())
}
