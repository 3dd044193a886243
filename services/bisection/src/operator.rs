//! An operator: computes what is due in each slot, signs the result once, and publishes it with its data.

use crate::claim::Claim;
use crate::setting::{FAILURES, Setting};
use crate::store::{Store, StoreError};
use crate::{Source, Trace, Workload};
use alloy::primitives::{B256, FixedBytes};
use eyre::{Report, Result};
use restake_daemon::guard::{Guard, GuardError};
use restake_daemon::message::Envelope;
use restake_daemon::metrics::Metric;
use restake_daemon::origin::OriginError;
use restake_daemon::record::{SignError, Signed, Subject};
use std::sync::Arc;
use std::time::Duration;
use step::State;
use tokio::time::MissedTickBehavior;
use tracing::{info, warn};

/// The name of this part in `/health`.
const PART: &str = "computing";

/// Results that were signed.
pub static SIGNED: Metric = Metric::counter("restake_game_signed_total", "Results that were signed.");

/// How often a result is said again in its slot: messages may be lost.
const REPEATS: u64 = 3;

/// What is due when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// What is signed as the task.
    pub task: B256,
    /// Seconds between two slots.
    pub interval: u64,
}

impl Schedule {
    /// The slot of a time.
    pub fn slot_at(&self, now: u64) -> u64 {
        now.saturating_sub(now.checked_rem(self.interval).unwrap_or_default())
    }
}

/// An operator.
pub struct Operator<W: Workload> {
    setting: Setting,
    schedule: Schedule,
    guard: Guard,
    workload: Arc<W>,
    source: Arc<dyn Source>,
    store: Store,
    lies: bool,
    /// The last slot that was signed, what was said about it, and when it is said again.
    said: Option<(u64, Envelope, u64)>,
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
    /// What must be kept cannot be.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<W: Workload> Operator<W> {
    /// One that signs with what is guarded, and keeps what it signed in a store.
    pub fn new(
        setting: Setting,
        schedule: Schedule,
        guard: Guard,
        (workload, source): (Arc<W>, Arc<dyn Source>),
        store: Store,
    ) -> Self {
        Self { setting, schedule, guard, workload, source, store, lies: false, said: None }
    }

    /// For demonstrations: the first result that its store has is wrong.
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
        let work = async {
            loop {
                tokio::select! {
                    heard = listener.next() => match heard {
                        Some(envelope) => self.hear(&envelope).await?,
                        None => return Ok(()),
                    },
                    _ = ticks.tick() => match self.turn().await? {
                        Ok(()) => self.setting.health.well(PART, Duration::from_secs(60).max(self.setting.tick * 20)),
                        Err(why) => {
                            warn!("{PART}: not done yet: {why:#}");
                            self.setting.metrics.count(&FAILURES, &[("part", PART)]);
                            self.setting.health.ill(PART, format!("{why:#}"));
                        }
                    },
                }
            }
        };
        // Whatever it is about to do may end at any moment: what was signed is in the record.
        stop.or(work).await.unwrap_or(Ok(()))
    }

    /// Signatures of the own key tell of another copy, or of a record that is too old.
    async fn hear(&self, envelope: &Envelope) -> Result<(), Ended> {
        let Ok(Some(claim)) = envelope.open::<Claim>() else { return Ok(()) };
        let domain = &self.setting.domain;
        if claim.signer(domain).ok() == Some(self.guard.address())
            && let Ok(now) = self.setting.chain.now().await
        {
            let subject = Subject { task: claim.task, time: claim.task_time };
            let data = domain.computation(&claim.computation());
            self.guard.saw(Signed::elsewhere(subject, &data, claim.signature.into()), now).await?;
        }
        Ok(())
    }

    /// Does what is due; what does not work now is the inner error.
    async fn turn(&mut self) -> Result<Result<()>, Ended> {
        match self.setting.origin.check(&self.setting.chain).await {
            Ok(()) => {}
            Err(OriginError::Node(failure)) => return Ok(Err(failure)),
            Err(other) => return Err(other.into()),
        }
        let now = match self.setting.chain.now().await {
            Ok(now) => now,
            Err(failure) => return Ok(Err(failure)),
        };
        let slot = self.schedule.slot_at(now);
        if let Some((said, envelope, again)) = &mut self.said
            && *said == slot
        {
            if now >= *again {
                *again = now.saturating_add((self.schedule.interval / REPEATS).max(1));
                self.setting.transport.publish(envelope.clone()).await;
            }
            return Ok(Ok(()));
        }
        if self.guard.is_listening(now) || !self.guard.may_sign(slot, now) {
            return Ok(Ok(()));
        }
        match self.compute(slot).await {
            Ok(claim) => self.sign(slot, now, claim).await,
            Err(failure) => Ok(Err(failure)),
        }
    }

    /// The result that is due, not signed yet.
    async fn compute(&self, slot: u64) -> Result<Claim> {
        let (data, steps) = self.source.work(slot).await?;
        let (workload, store, lies) = (self.workload.clone(), self.store.clone(), self.lies);
        let (task, program) = (self.schedule.task, self.setting.program);
        let work = move || {
            let input = workload.first(&data)?.hash();
            let unsigned = FixedBytes::<64>::ZERO.into();
            let mut claim = Claim {
                task,
                task_time: slot,
                program,
                input,
                output: input,
                steps,
                data: data.into(),
                signature: unsigned,
            };
            let trace = Trace::right(&*workload, &claim)?;
            let trace = if lies && store.claims()?.is_empty() {
                warn!("lies: the result for slot {slot} is wrong");
                trace.falsified(&*workload, steps)?
            } else {
                trace
            };
            claim.output = trace.hash_at(steps)?;
            Ok::<_, Report>(claim)
        };
        tokio::task::spawn_blocking(work).await?
    }

    /// Signs a result, and publishes it: on the disk before, with what it was computed from.
    async fn sign(&mut self, slot: u64, now: u64, mut claim: Claim) -> Result<Result<()>, Ended> {
        let window = match self.setting.evidence_window().await {
            Ok(window) => window,
            Err(failure) => return Ok(Err(failure)),
        };
        let (domain, expires) = (self.setting.domain.clone(), slot.saturating_add(window));
        let subject = Subject { task: claim.task, time: slot };
        let signed = self.guard.sign(subject, &domain.computation(&claim.computation()), now).await;
        claim.signature = match signed {
            Ok(Some(signature)) => signature.into(),
            Ok(None) => return Ok(Ok(())),
            Err(SignError::Record(broken)) => return Err(GuardError::Record(broken).into()),
            Err(why) => return Ok(Err(why.into())),
        };
        let (store, kept, hash) = (self.store.clone(), claim.clone(), claim.hash(&domain));
        let keep = move || {
            store.prune(now)?;
            store.keep(hash, &kept, expires)
        };
        match tokio::task::spawn_blocking(keep).await {
            Ok(done) => done?,
            Err(interrupted) => return Ok(Err(interrupted.into())),
        }
        info!("signs {} as the result of {} steps for slot {slot}", claim.output, claim.steps);
        self.setting.metrics.count(&SIGNED, &[]);
        match Envelope::seal(&domain, self.guard.key(), &claim).await {
            Ok(envelope) => {
                self.setting.transport.publish(envelope.clone()).await;
                let again = now.saturating_add((self.schedule.interval / REPEATS).max(1));
                self.said = Some((slot, envelope, again));
                Ok(Ok(()))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }
}
