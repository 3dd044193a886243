//! Watching, and accusing.

pub use crate::bounty::Worth;

use crate::book::{Book, BookError, Equivocation};
use crate::bounty::expected;
use crate::chain_answers;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr, ensure};
use interfaces::IDisputeResolution::{ChallengeUpheld, bondCall, evidenceWindowCall, isJudgedCall};
use interfaces::IRegistry::keyOfCall;
use restake::attestation::Domain;
use restake::chain::{CallError, Chain, event};
use restake::judgements::equivocation_id;
use restake::suite::Service;
use restake::verbs::challenge;
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
    /// The service.
    pub service: Service,
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
    window: u64,
    /// By signer, task and time: what is not decided yet.
    open: BTreeMap<(Address, u64, [u8; 32]), Equivocation>,
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
        Self { setting, account, worth, book, listener, now: 0, window: 0, open: BTreeMap::new() }
    }

    /// Watches until everything stops.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn run(mut self) -> Result<(), Ended> {
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_new = true;
        loop {
            tokio::select! {
                () = self.setting.stop.stopped() => return Ok(()),
                heard = self.listener.next() => match heard {
                    Some(envelope) => self.hear(&envelope)?,
                    None => return Ok(()),
                },
                _ = ticks.tick() => match self.look().await {
                    Ok(()) => {
                        if std::mem::take(&mut is_new) {
                            self.remember()?;
                        }
                        self.accuse_all().await;
                        self.setting.health.well(PART, self.setting.tick.saturating_mul(20).max(Duration::from_secs(60)));
                    }
                    Err(Failure::Ends(ended)) => return Err(ended),
                    Err(Failure::Passes(why)) => {
                        self.failed(&why);
                        self.setting.health.ill(PART, format!("{why:#}"));
                    }
                },
            }
        }
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
        let Setting { chain, origin, service, contracts, metrics, .. } = &self.setting;
        let latest = chain.provider().get_block_number().await.map_err(passes)?;
        self.now = chain.now().await.map_err(passes)?;
        if self.window == 0 {
            self.window = chain.view(service.dispute_resolution, &evidenceWindowCall {}).await.map_err(passes)?;
        }
        let first = self.book.next_block()?.unwrap_or(origin.number);
        if first <= latest {
            origin.check(chain).await.map_err(|error| match error {
                OriginError::Node(why) => Failure::Passes(why),
                other => Failure::Ends(other.into()),
            })?;
            let found = chain_answers::between(chain, contracts, first, latest).await.map_err(passes)?;
            metrics.add(&UNREADABLE, &[], found.unreadable);
            for answer in &found.answers {
                // What is too old, or no signature, proves nothing.
                let _ = self.take(answer, "chain")?;
            }
            let next = latest.saturating_add(1);
            self.book.forget_before(self.now.saturating_sub(self.window))?;
            self.book.looked_until(next)?;
            self.setting.metrics.set(&NEXT, &[], next);
        }
        Ok(())
    }

    fn hear(&mut self, envelope: &Envelope) -> Result<(), Ended> {
        let taken = match envelope.open::<Answer>() {
            Ok(None) => return Ok(()),
            Ok(Some(answer)) => self.take(&answer, "messages")?,
            Err(why) => Err(why),
        };
        if let Err(why) = taken {
            self.setting.metrics.count(&REFUSED, &[("reason", why.name())]);
        }
        Ok(())
    }

    /// Takes an answer of which evidence can be made.
    fn take(&mut self, answer: &Answer, from: &str) -> Result<Result<(), Rejected>, BookError> {
        let Ok(signer) = answer.signer(&self.setting.domain) else { return Ok(Err(Rejected::NotSigned)) };
        // Tasks of a moment that the chain has not seen yet are noted as well.
        let soon = self.now.saturating_add(self.window);
        if answer.task_time < self.now.saturating_sub(self.window) || self.now > 0 && answer.task_time > soon {
            return Ok(Err(Rejected::Untimely));
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

    /// Decides what is open; what cannot be decided now stays open.
    async fn accuse_all(&mut self) {
        for (place, found) in self.open.clone() {
            match self.accuse(&found).await {
                Ok(outcome) => {
                    self.setting.metrics.count(&ACCUSED, &[("outcome", outcome)]);
                    self.open.remove(&place);
                }
                Err(why) => self.failed(&why),
            }
        }
    }

    /// Challenges whoever signed twice, if that is upheld, new, and worth it. Returns what became of it.
    async fn accuse(&self, found: &Equivocation) -> Result<&'static str> {
        let Setting { chain, service, .. } = &self.setting;
        let (disputes, Equivocation { signer, first, second }) = (service.dispute_resolution, found);
        let (task, time) = (first.task, first.task_time);
        if time.saturating_add(self.window) < self.now {
            return Ok("too late");
        }
        // A task of a moment to come is decided when it comes.
        ensure!(time <= self.now, "task {task} of {time} has not come");
        let key = chain.view(service.registry, &keyOfCall { signingKey: *signer }).await?;
        if key.operator.is_zero() || time < key.from || time > key.until {
            return Ok("nobody's key");
        }
        let evidence = equivocation_id(key.operator, task, time);
        if chain.view(disputes, &isJudgedCall { evidence }).await? {
            return Ok("judged");
        }
        ensure!(chain.is_settled(self.account).await?, "transactions of {} wait to be mined", self.account);
        let bond = chain.view(disputes, &bondCall {}).await?;
        let verb = challenge::equivocation(service, key.operator, first.evidence(), second.evidence(), bond);
        match chain.simulate(self.account, disputes, &verb.call, bond).await {
            Ok(true) => {}
            Ok(false) => return Ok("would be rejected"),
            Err(CallError::Refused(refusal)) => {
                tracing::info!("{} cannot be challenged: {refusal}", key.operator);
                return Ok("refused");
            }
            Err(CallError::Node(failure)) => return Err(failure.wrap_err("cannot try the challenge")),
        }
        let bounty = expected(chain, service, key.operator, time).await?;
        let gas = chain.estimate(self.request(disputes, verb.call.abi_encode(), bond)).await?;
        if !self.worth.pays(bounty, gas, chain.provider().get_gas_price().await?) {
            tracing::info!("{} gave two answers, and a challenge would pay {bounty}: too little", key.operator);
            return Ok("not worth it");
        }
        let receipt = verb.send(chain, self.account).await.wrap_err("the challenge was not sent")?;
        let request = event::<ChallengeUpheld>(&receipt, disputes).map(|upheld| upheld.requestId);
        tracing::warn!(
            "{} gave two answers to task {task} of {time}: challenged for {} gas, frozen by request {}",
            key.operator,
            receipt.gas_used,
            request.map_or_else(|| "(none)".to_owned(), |id| id.to_string())
        );
        Ok(if request.is_some() { "upheld" } else { "rejected" })
    }

    fn request(&self, to: Address, input: Vec<u8>, value: U256) -> TransactionRequest {
        TransactionRequest::default().with_from(self.account).with_to(to).with_input(input).with_value(value)
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
