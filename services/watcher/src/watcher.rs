//! Watching, and accusing.

mod accusing;
mod voices;

pub use crate::bounty::Worth;

use crate::book::{Book, BookError, Equivocation};
use crate::chain_answers;
use alloy::primitives::Address;
use alloy::providers::Provider;
use interfaces::IDisputeResolution::evidenceWindowCall;
use restake::attestation::Domain;
use restake::chain::Chain;
use restake::suite::Suite;
pub use restake_daemon::claims::CLAIMED;
use restake_daemon::claims::Claims;
use restake_daemon::health::Health;
use restake_daemon::message::{Answer, Envelope, REFUSED, Rejected};
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::origin::{Origin, OriginError};
use restake_daemon::stop::Stop;
use restake_daemon::transport::{Listener, Transport};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use voices::Voices;

/// What a watcher is called where it says how it is.
const PART: &str = "watcher";

/// Answers that were seen, by where.
pub static SEEN: Metric = Metric::counter("restake_watcher_answers_total", "Answers that were seen, by where.");
/// Transactions that stored an answer in a way that is not understood.
pub static UNREADABLE: Metric =
    Metric::counter("restake_watcher_unreadable_total", "Transactions whose signatures cannot be read.");
/// Keys that gave two answers to a task.
pub static FOUND: Metric = Metric::counter("restake_watcher_equivocations_total", "Tasks with two answers of a key.");
/// What became of evidence.
pub static ACCUSED: Metric = Metric::counter("restake_watcher_challenges_total", "What became of evidence.");
/// The next block to look at.
pub static NEXT: Metric = Metric::gauge("restake_watcher_next_block", "The block that is looked at next.");
/// What could not be done, and is tried again.
pub static FAILURES: Metric = Metric::counter("restake_watcher_failures_total", "What could not be done yet.");

/// Where a watcher watches.
#[derive(Clone)]
pub struct Setting {
    /// The chain, with the watcher's key.
    pub chain: Chain,
    /// By which it is known, which is also where it is looked at first.
    pub origin: Origin,
    /// The suite, with the service.
    pub suite: Suite,
    /// What its operators sign in.
    pub domain: Domain,
    /// The feeds and boards where its answers are stored.
    pub contracts: Vec<Address>,
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

/// A watcher.
pub struct Watcher {
    setting: Setting,
    account: Address,
    worth: Worth,
    book: Book,
    listener: Listener,
    now: u64,
    latest: u64,
    window: u64,
    /// By signer, task and time: what is not decided yet.
    open: BTreeMap<(Address, u64, [u8; 32]), Equivocation>,
    voices: Voices,
    claims: Claims,
}

/// Why a watcher ends before it is told to.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Its book cannot be used.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The chain is another one.
    #[error(transparent)]
    Chain(#[from] OriginError),
}

impl Watcher {
    /// One whose bonds are `account`'s.
    pub fn new(setting: Setting, account: Address, worth: Worth, book: Book) -> Self {
        let listener = setting.transport.listen();
        let (chain, suite, since) = (setting.chain.clone(), setting.suite, setting.origin.number);
        let claims = Claims::new(chain, suite, account, since, setting.metrics.clone());
        Self {
            setting,
            account,
            worth,
            book,
            listener,
            now: 0,
            latest: 0,
            window: 0,
            open: BTreeMap::new(),
            voices: Voices::default(),
            claims,
        }
    }

    /// Watches until everything stops.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn run(mut self) -> Result<(), Ended> {
        let stop = self.setting.stop.clone();
        // Whatever it is about to do may end at any moment: what was sent is asked for after a start.
        stop.or(self.work()).await.unwrap_or(Ok(()))
    }

    async fn work(&mut self) -> Result<(), Ended> {
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_new = true;
        loop {
            tokio::select! {
                heard = self.listener.next() => match heard {
                    Some(envelope) => self.hear(&envelope).await?,
                    None => return Ok(()),
                },
                _ = ticks.tick() => match self.turn(&mut is_new).await {
                    Ok(()) => self.setting.health.well(PART, self.patience()),
                    Err(Failure::Ends(ended)) => return Err(ended),
                    Err(Failure::Passes(why)) => {
                        self.failed(&why);
                        self.setting.health.ill(PART, format!("{why:#}"));
                    }
                },
            }
        }
    }

    /// Does all that there is to do now.
    async fn turn(&mut self, is_new: &mut bool) -> Result<(), Failure> {
        self.look().await?;
        if std::mem::take(is_new) {
            self.remember()?;
        }
        self.accuse_all().await;
        self.claims.round(self.now).await.map_err(Failure::Passes)
    }

    /// After how long it is not well not to be heard of.
    fn patience(&self) -> Duration {
        self.setting.tick.saturating_mul(20).max(Duration::from_secs(60))
    }

    /// Evidence of an earlier life.
    fn remember(&mut self) -> Result<(), BookError> {
        for found in self.book.equivocations(self.now.saturating_sub(self.window))? {
            self.found(found);
        }
        Ok(())
    }

    /// Looks at what came to the chain.
    async fn look(&mut self) -> Result<(), Failure> {
        let Setting { chain, origin, suite, contracts, metrics, .. } = self.setting.clone();
        let chain = &chain;
        let latest = chain.provider().get_block_number().await.map_err(passes)?;
        self.now = chain.now().await.map_err(passes)?;
        self.latest = latest;
        if self.window == 0 {
            self.window = chain.view(suite.service.dispute_resolution, &evidenceWindowCall {}).await.map_err(passes)?;
        }
        let first = self.book.next_block()?.unwrap_or(origin.number);
        if first <= latest {
            origin.check(chain).await.map_err(|error| match error {
                OriginError::Node(why) => Failure::Passes(why),
                other => Failure::Ends(other.into()),
            })?;
            self.voices.forget_strangers();
            let found = chain_answers::between(chain, &contracts, first, latest).await.map_err(passes)?;
            metrics.add(&UNREADABLE, &[], found.unreadable);
            for answer in &found.answers {
                // What is too old, or no signature, proves nothing.
                let _ = self.take(answer, "chain").await?;
            }
            let next = latest.saturating_add(1);
            self.book.forget_before(self.now.saturating_sub(self.window))?;
            self.book.looked_until(next)?;
            self.setting.metrics.set(&NEXT, &[], next);
        }
        Ok(())
    }

    async fn hear(&mut self, envelope: &Envelope) -> Result<(), Ended> {
        let taken = match envelope.open::<Answer>() {
            Ok(None) => return Ok(()),
            Ok(Some(answer)) => self.take(&answer, "messages").await?,
            Err(why) => Err(why),
        };
        if let Err(why) = taken {
            self.setting.metrics.count(&REFUSED, &[("reason", why.name())]);
        }
        Ok(())
    }

    /// Takes an answer of which evidence can be made.
    async fn take(&mut self, answer: &Answer, from: &str) -> Result<Result<(), Rejected>, BookError> {
        let Ok(signer) = answer.signer(&self.setting.domain) else { return Ok(Err(Rejected::NotSigned)) };
        // Tasks of a moment that the chain has not seen yet are noted as well.
        let soon = self.now.saturating_add(self.window);
        if answer.task_time < self.now.saturating_sub(self.window) || self.now > 0 && answer.task_time > soon {
            return Ok(Err(Rejected::Untimely));
        }
        if !self.voices.has(&self.setting, signer).await {
            return Ok(Err(Rejected::Unfounded));
        }
        self.setting.metrics.count(&SEEN, &[("from", from)]);
        if let Some(found) = self.book.note(signer, answer)? {
            self.found(found);
        }
        Ok(Ok(()))
    }

    fn found(&mut self, found: Equivocation) {
        let Answer { task, task_time, .. } = found.first;
        if self.open.insert((found.signer, task_time, task.0), found).is_none() {
            tracing::warn!("key {} gave two answers to task {task} of {task_time}", found.signer);
            self.setting.metrics.count(&FOUND, &[]);
        }
    }

    fn failed(&self, why: &eyre::Report) {
        tracing::warn!("{PART}: not done yet: {why:#}");
        self.setting.metrics.count(&FAILURES, &[]);
    }
}

/// What keeps a watcher from its work.
enum Failure {
    /// For good.
    Ends(Ended),
    /// Until the node is there again.
    Passes(eyre::Report),
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Self {
        Self::Ends(error.into())
    }
}

fn passes(error: impl Into<eyre::Report>) -> Failure {
    Failure::Passes(error.into())
}
