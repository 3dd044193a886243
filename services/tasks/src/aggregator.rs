//! Who puts together what operators sign. It signs nothing that counts: anyone can do it, and several at once do not
//! harm.

use crate::board::Task;
use crate::setting::{Open, Setting};
use alloy::primitives::{Address, B256};
use eyre::Result;
use interfaces::IQuorum::verifyQuorumCall;
use restake::attestation::quorum;
use restake::verbs;
use restake_daemon::message::{Answer, Envelope};
use restake_daemon::metrics::Metric;
use restake_daemon::origin::OriginError;
use std::collections::BTreeMap;
use tokio::time::MissedTickBehavior;

/// What an aggregator is called where it says how it is.
const PART: &str = "tasks-aggregator";

/// How many keys may answer a task: strangers can make keys without end, and none of them carries stake.
const MOST_KEYS: usize = 1_024;

/// How often a task is looked for that somebody answered already.
const PATIENCE: u32 = 20;

/// Answers that were stored.
pub static STORED: Metric = Metric::counter("restake_tasks_stored_total", "Answers that were stored.");
/// Gas that was used.
pub static GAS: Metric = Metric::counter("restake_tasks_gas_total", "Gas that was used.");

/// What was answered to a task, by whom.
type Answers = BTreeMap<B256, BTreeMap<Address, Answer>>;

/// How many there are.
fn count(answers: &Answers) -> usize {
    answers.values().map(BTreeMap::len).sum()
}

/// An aggregator.
pub struct Aggregator {
    setting: Setting,
    from: Address,
    open: Open<Answers>,
    /// Answers that just came, with how often their tasks were looked for: a message may be faster than the chain.
    early: BTreeMap<(B256, Address, B256), (Answer, u32)>,
}

impl Aggregator {
    /// One that sends from an account whose key the setting's chain has.
    pub fn new(setting: Setting, from: Address) -> Self {
        let open = Open::new(&setting);
        Self { setting, from, open, early: BTreeMap::new() }
    }

    /// Works until everything stops.
    ///
    /// # Errors
    /// If the chain is another one.
    pub async fn run(mut self) -> Result<(), OriginError> {
        let (stop, mut listener) = (self.setting.stop.clone(), self.setting.transport.listen());
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.stopped() => return Ok(()),
                heard = listener.next() => match heard {
                    Some(envelope) => self.hear(&envelope),
                    None => return Ok(()),
                },
                _ = ticks.tick() => if self.open.look(&self.setting, PART).await? {
                    self.work().await;
                },
            }
        }
    }

    fn hear(&mut self, envelope: &Envelope) {
        let Ok(Some(answer)) = envelope.open::<Answer>() else { return };
        let Ok(signer) = answer.signer(&self.setting.board.domain) else { return };
        if self.early.len() < MOST_KEYS {
            self.early.entry((answer.task, signer, answer.answer)).or_insert((answer, 0));
        }
    }

    async fn work(&mut self) {
        for ((task, signer, content), (answer, looks)) in std::mem::take(&mut self.early) {
            match self.open.tasks.get_mut(&task) {
                Some((known, answers)) if known.time == answer.task_time && count(answers) < MOST_KEYS => {
                    answers.entry(content).or_default().insert(signer, answer);
                }
                None if looks < PATIENCE => {
                    self.early.insert((task, signer, content), (answer, looks.saturating_add(1)));
                }
                _ => {}
            }
        }
        let ready: Vec<(Task, Answers)> = self.open.tasks.values().cloned().collect();
        for (task, answers) in ready {
            for (content, signed) in answers {
                if let Err(failure) = self.store(task, content, signed.values()).await {
                    self.setting.failed(PART, "store", format!("task {}: {failure:#}", task.id));
                }
            }
        }
    }

    /// Stores an answer, if a quorum signed it.
    async fn store<'a>(&self, task: Task, answer: B256, signed: impl Iterator<Item = &'a Answer>) -> Result<()> {
        let (chain, board) = (&self.setting.chain, &self.setting.board);
        let signatures = quorum(signed.map(|signed| (signed.hash(&board.domain), signed.signature.into())))?;
        let question = verifyQuorumCall {
            task: task.hash,
            taskTime: task.time,
            answer,
            signatures: signatures.clone(),
            threshold: board.threshold,
        };
        if !chain.view(board.quorum, &question).await?.reached {
            return Ok(());
        }
        let receipt = verbs::task::answer(board.address, task.id, answer, signatures).send(chain, self.from).await?;
        tracing::info!("stored {answer} for task {} with {} gas", task.id, receipt.gas_used);
        self.setting.metrics.count(&STORED, &[]);
        self.setting.metrics.add(&GAS, &[], receipt.gas_used);
        Ok(())
    }
}
