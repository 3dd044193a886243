//! What operators and aggregators have in common: a chain, a board on it, others to talk to, and how they are seen.

use crate::board::{Board, Task};
use alloy::primitives::B256;
use alloy::providers::Provider;
use arithmetic::fault::EQUIVOCATION;
use eyre::Result;
use restake::chain::Chain;
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::origin::{Origin, OriginError};
use restake_daemon::stop::Stop;
use restake_daemon::transport::Transport;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What could not be done.
static FAILURES: Metric = Metric::counter("restake_tasks_failures_total", "What could not be done, by what it was.");

/// Where something works.
#[derive(Clone)]
pub struct Setting {
    /// The chain.
    pub chain: Chain,
    /// By which it is known.
    pub origin: Origin,
    /// The board.
    pub board: Board,
    /// What carries messages.
    pub transport: Arc<dyn Transport>,
    /// What is counted.
    pub metrics: Metrics,
    /// How it is.
    pub health: Health,
    /// When it ends.
    pub stop: Stop,
    /// How often the chain is looked at.
    pub tick: Duration,
}

/// The tasks that can still be answered, with what somebody knows about each.
pub(crate) struct Open<T> {
    /// The next block to look at.
    next: u64,
    pub(crate) now: u64,
    /// By what is signed as the task.
    pub(crate) tasks: BTreeMap<B256, (Task, T)>,
}

impl Setting {
    /// Something did not work, and is tried again.
    pub(crate) fn failed(&self, part: &'static str, what: &'static str, why: String) {
        tracing::warn!("{part}: {what}: {why}");
        self.metrics.count(&FAILURES, &[("part", part), ("what", what)]);
        self.health.ill(part, why);
    }

    /// After how long it is not well not to be heard of.
    fn patience(&self) -> Duration {
        self.tick.saturating_mul(20).max(Duration::from_secs(60))
    }
}

impl<T: Default> Open<T> {
    /// Begins to look behind the block by which the chain is known.
    pub(crate) fn new(setting: &Setting) -> Self {
        Self { next: setting.origin.number.saturating_add(1), now: 0, tasks: BTreeMap::new() }
    }

    /// Looks at what was posted, answered or over since. What cannot be seen now is seen later, which is told under the
    /// name of a part.
    ///
    /// # Errors
    /// If the chain is another one.
    pub(crate) async fn look(&mut self, setting: &Setting, part: &'static str) -> Result<bool, OriginError> {
        match setting.origin.check(&setting.chain).await {
            Ok(()) => {}
            Err(OriginError::Node(failure)) => {
                setting.failed(part, "chain", format!("{failure:#}"));
                return Ok(false);
            }
            Err(other) => return Err(other),
        }
        if let Err(failure) = self.update(setting).await {
            setting.failed(part, "chain", format!("{failure:#}"));
            return Ok(false);
        }
        setting.health.well(part, setting.patience());
        Ok(true)
    }

    async fn update(&mut self, setting: &Setting) -> Result<()> {
        let (chain, board) = (&setting.chain, &setting.board);
        let head = chain.provider().get_block_number().await?;
        self.now = chain.now().await?;
        if head >= self.next {
            for task in board.posted(chain, self.next).await? {
                if task.kind == EQUIVOCATION && task.deadline >= self.now {
                    self.tasks.entry(task.hash).or_insert_with(|| (task, T::default()));
                }
            }
            // What came after the head was asked for is seen once more.
            self.next = head.saturating_add(1);
        }
        self.tasks.retain(|_, (task, _)| task.deadline >= self.now);
        let mut closed = Vec::new();
        for (hash, (task, _)) in &self.tasks {
            if !board.is_open(chain, task.id).await? {
                closed.push(*hash);
            }
        }
        closed.iter().for_each(|hash| drop(self.tasks.remove(hash)));
        Ok(())
    }
}
