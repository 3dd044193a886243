//! An operator: answers tasks, each once.

use crate::Handler;
use crate::board::Task;
use crate::setting::{Open, Setting};
use alloy::primitives::B256;
use restake_daemon::guard::{Guard, GuardError};
use restake_daemon::message::{Answer, Envelope};
use restake_daemon::metrics::Metric;
use restake_daemon::origin::OriginError;
use restake_daemon::record::{SignError, Signed, Subject};
use std::sync::Arc;
use tokio::time::MissedTickBehavior;

/// What an operator is called where it says how it is.
const PART: &str = "tasks-operator";

/// Tasks that were answered.
pub static ANSWERS: Metric = Metric::counter("restake_tasks_answers_total", "Tasks that were answered.");
/// Tasks that are nothing that this service answers.
pub static DECLINED: Metric =
    Metric::counter("restake_tasks_declined_total", "Tasks that this service does not answer.");

/// An operator.
pub struct Operator {
    setting: Setting,
    guard: Guard,
    handler: Arc<dyn Handler>,
    open: Open<State>,
    lies: bool,
    has_lied: bool,
}

/// How far a task is.
#[derive(Default)]
enum State {
    /// Nothing was signed.
    #[default]
    Asked,
    /// What was said. It is said again until the board has an answer: messages may be lost.
    Answered(Box<Envelope>),
    /// It is nothing that this service answers.
    Declined,
}

/// Why an operator ends before it is told to.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Another copy signs, or the record cannot be used.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The chain is another one.
    #[error(transparent)]
    Chain(#[from] OriginError),
}

impl Operator {
    /// One that signs with what is guarded what a handler answers.
    pub fn new(setting: Setting, guard: Guard, handler: Arc<dyn Handler>) -> Self {
        let open = Open::new(&setting);
        Self { setting, guard, handler, open, lies: false, has_lied: false }
    }

    /// For demonstrations: to the first task that it answers it gives a second answer, which is wrong.
    #[must_use]
    pub fn lying(mut self) -> Self {
        self.lies = true;
        self
    }

    /// Works until everything stops.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn run(mut self) -> Result<(), Ended> {
        let (stop, mut listener) = (self.setting.stop.clone(), self.setting.transport.listen());
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.stopped() => return Ok(()),
                heard = listener.next() => match heard {
                    Some(envelope) => self.hear(&envelope).await?,
                    None => return Ok(()),
                },
                _ = ticks.tick() => if self.open.look(&self.setting, PART).await? {
                    self.work().await?;
                },
            }
        }
    }

    /// Signatures of the own key tell of another copy, or of a record that is too old.
    async fn hear(&self, envelope: &Envelope) -> Result<(), Ended> {
        let Ok(Some(answer)) = envelope.open::<Answer>() else { return Ok(()) };
        let domain = &self.setting.board.domain;
        // Who lies hears of an answer that its record lacks, and knows why.
        if self.lies || answer.signer(domain).ok() != Some(self.guard.address()) {
            return Ok(());
        }
        let data = domain.answer(&answer.attestation());
        let subject = Subject { task: answer.task, time: answer.task_time };
        self.guard.saw(Signed::elsewhere(subject, &data, answer.signature.into()), self.open.now).await?;
        Ok(())
    }

    async fn work(&mut self) -> Result<(), Ended> {
        let tasks: Vec<Task> = self.open.tasks.values().map(|(task, _)| *task).collect();
        for task in tasks {
            match self.open.tasks.get(&task.hash).map(|(_, state)| state) {
                Some(State::Answered(said)) => self.setting.transport.publish((**said).clone()).await,
                Some(State::Asked) if self.guard.may_sign(task.time, self.open.now) => self.answer(task).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn answer(&mut self, task: Task) -> Result<(), Ended> {
        let answer = match self.handler.answer(&task).await {
            Ok(Some(answer)) => answer,
            Ok(None) => {
                self.setting.metrics.count(&DECLINED, &[]);
                self.set(task, State::Declined);
                return Ok(());
            }
            Err(failure) => {
                self.setting.failed(PART, "answer", format!("task {}: {failure:#}", task.id));
                return Ok(());
            }
        };
        let domain = self.setting.board.domain.clone();
        let data = domain.answer(&task.attestation(answer));
        let signature = match self.guard.sign(task.subject(), &data, self.open.now).await {
            Ok(Some(signature)) => signature,
            Ok(None) => return Ok(()),
            Err(SignError::Record(broken)) => return Err(GuardError::Record(broken).into()),
            Err(why @ (SignError::Contradiction(_) | SignError::OtherKey { .. } | SignError::Forgotten { .. })) => {
                tracing::warn!("does not sign task {}: {why}", task.id);
                self.set(task, State::Declined);
                return Ok(());
            }
            Err(SignError::Key(failure)) => {
                self.setting.failed(PART, "key", format!("{failure:#}"));
                return Ok(());
            }
        };
        tracing::info!("answers {answer} to task {}", task.id);
        self.setting.metrics.count(&ANSWERS, &[]);
        if let Some(said) = self.say(&task.answer(answer, signature.into())).await {
            self.set(task, State::Answered(Box::new(said)));
        }
        if self.lies && !std::mem::replace(&mut self.has_lied, true) {
            self.lie(task, answer).await;
        }
        Ok(())
    }

    /// What an honest operator never does: a second answer, past the record.
    async fn lie(&self, task: Task, answer: B256) {
        let wrong = B256::from(std::array::from_fn(|byte| !answer[byte]));
        let data = self.setting.board.domain.answer(&task.attestation(wrong));
        match self.guard.key().sign(&data).await {
            Ok(signature) => {
                tracing::warn!("lies: answers {wrong} to task {} as well", task.id);
                self.say(&task.answer(wrong, signature.into())).await;
            }
            Err(failure) => self.setting.failed(PART, "key", format!("{failure:#}")),
        }
    }

    fn set(&mut self, task: Task, state: State) {
        if let Some((_, now)) = self.open.tasks.get_mut(&task.hash) {
            *now = state;
        }
    }

    async fn say(&self, answer: &Answer) -> Option<Envelope> {
        match Envelope::seal(&self.setting.board.domain, self.guard.key(), answer).await {
            Ok(envelope) => {
                self.setting.transport.publish(envelope.clone()).await;
                Some(envelope)
            }
            Err(failure) => {
                self.setting.failed(PART, "key", format!("{failure:#}"));
                None
            }
        }
    }
}
