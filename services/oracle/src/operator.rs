//! An operator of a feed: reports what it observes, and answers what it finds right.

mod saying;

use crate::electorate::Electorate;
use crate::median::is_within;
use crate::proposal::{Proposal, Refusal};
use crate::report::{Report, to_sign};
use crate::setting::Setting;
use crate::source::Source;
use alloy::primitives::U256;
use restake_daemon::guard::{Guard, GuardError};
use restake_daemon::message::{Answer, Envelope, Rejected};
use restake_daemon::metrics::Metric;
use restake_daemon::origin::OriginError;
use restake_daemon::record::{Signed, Subject};
use restake_daemon::transport::Listener;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// What an operator is called where it says how it is.
const PART: &str = "oracle-operator";

/// What its source is called there.
const SOURCE: &str = "oracle-source";

/// The last slot that was reported.
pub static REPORTED: Metric = Metric::gauge("restake_oracle_reported_slot", "The last slot that was reported.");
/// The last slot that was answered.
pub static ANSWERED: Metric = Metric::gauge("restake_oracle_answered_slot", "The last slot that was answered.");
/// Slots that were reported.
pub static REPORTS: Metric = Metric::counter("restake_oracle_reports_total", "Slots that were reported.");
/// Slots that were answered.
pub static ANSWERS: Metric = Metric::counter("restake_oracle_answers_total", "Slots that were answered.");
/// Proposals that were not signed, by the reason.
pub static DECLINED: Metric = Metric::counter("restake_oracle_declined_total", "Proposals that were not signed.");
/// Slots without a report, because there was no price.
pub static BLIND: Metric = Metric::counter("restake_oracle_blind_total", "Slots without a price.");

/// How long the record keeps what was signed (seconds): longer than anything can be held against anybody.
const KEPT: u64 = 14 * 24 * 60 * 60;

/// Once in how many slots it forgets.
const FORGETTING: u64 = 256;

/// How many slots are remembered: proposals come for the last, or the one before.
const REMEMBERED: usize = 2;

/// An operator.
pub struct Operator {
    setting: Setting,
    guard: Guard,
    source: Arc<dyn Source>,
    /// What is said since this was made.
    listener: Listener,
    electorate: Electorate,
    lies: bool,
    has_lied: bool,
    now: u64,
    slots: BTreeMap<u64, Slot>,
}

/// What was observed, and said about it.
#[derive(Default)]
struct Slot {
    observed: U256,
    answered: Option<U256>,
    said: Vec<Envelope>,
    repeated: bool,
    /// What is considered when the chain can be asked again.
    waiting: Option<Proposal>,
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
    /// One that signs with what is guarded, and looks at a source.
    pub fn new(setting: Setting, guard: Guard, source: Arc<dyn Source>) -> Self {
        let (electorate, listener) = (Electorate::new(setting.feed.registry), setting.transport.listen());
        Self {
            setting,
            guard,
            source,
            listener,
            electorate,
            lies: false,
            has_lied: false,
            now: 0,
            slots: BTreeMap::new(),
        }
    }

    /// For demonstrations: to the first slot that it answers it gives a second answer, which is wrong.
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
        let stop = self.setting.stop.clone();
        // Whatever it is about to do may end at any moment: what was signed is in the record.
        stop.or(self.work()).await.unwrap_or(Ok(()))
    }

    async fn work(&mut self) -> Result<(), Ended> {
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = self.listener.next() => match heard {
                    Some(envelope) => self.hear(&envelope).await?,
                    None => return Ok(()),
                },
                _ = ticks.tick() => self.look().await?,
            }
        }
    }

    /// Looks at the time, and does what it is time for.
    async fn look(&mut self) -> Result<(), Ended> {
        let Some(now) = self.setting.now(PART, self.now).await? else { return Ok(()) };
        self.now = now;
        let (slot, interval) = (self.setting.feed.terms.slot_at(now), self.setting.feed.terms.interval);
        if !self.slots.contains_key(&slot) {
            return self.begin(slot).await;
        }
        let waiting: Vec<Proposal> = self.slots.values_mut().filter_map(|begun| begun.waiting.take()).collect();
        for proposal in waiting {
            if let Err(why) = self.consider(&proposal).await? {
                self.setting.refuse(why);
            }
        }
        // Who was not there a moment ago hears it now; who was, takes it once.
        let is_late = now >= slot.saturating_add(interval / 2);
        if let Some(begun) = self.slots.get_mut(&slot)
            && is_late
            && !std::mem::replace(&mut begun.repeated, true)
        {
            for envelope in begun.said.clone() {
                self.setting.transport.publish(envelope).await;
            }
        }
        Ok(())
    }

    /// A slot has come: observes, and reports.
    async fn begin(&mut self, slot: u64) -> Result<(), Ended> {
        if self.guard.is_listening(self.now) || !self.guard.may_sign(slot, self.now) {
            return Ok(());
        }
        while self.slots.len() >= REMEMBERED {
            self.slots.pop_first();
        }
        self.slots.insert(slot, Slot::default());
        self.forget(slot).await?;
        let price = match self.source.price(slot).await {
            Ok(price) => price,
            Err(why) => {
                self.setting.metrics.count(&BLIND, &[]);
                self.setting.failed(PART, "source", &why.to_string());
                self.setting.health.ill(SOURCE, why);
                return Ok(());
            }
        };
        self.setting.health.well(SOURCE, Duration::MAX);
        let (domain, task) = (self.setting.feed.domain.clone(), self.setting.feed.terms.task);
        let data = to_sign(&domain, task, slot, price);
        let signed = self.guard.sign(Subject { task, time: slot }, &data, self.now).await;
        let Some(signature) = self.signed(signed)? else { return Ok(()) };
        if let Some(begun) = self.slots.get_mut(&slot) {
            begun.observed = price;
        }
        tracing::info!("reports {price} for slot {slot}");
        self.setting.metrics.set(&REPORTED, &[], slot);
        self.setting.metrics.count(&REPORTS, &[]);
        self.say(slot, &Report { task, slot, price, signature: signature.into() }).await;
        Ok(())
    }

    /// Forgets now and then what is too old to be held against anybody.
    async fn forget(&self, slot: u64) -> Result<(), GuardError> {
        let number = slot.checked_div(self.setting.feed.terms.interval).unwrap_or_default();
        if number.is_multiple_of(FORGETTING) {
            self.guard.record().forget_before(slot.saturating_sub(KEPT)).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, envelope: &Envelope) -> Result<(), Ended> {
        match self.take(envelope).await? {
            Ok(()) => {}
            Err(why) => self.setting.refuse(why),
        }
        Ok(())
    }

    async fn take(&mut self, envelope: &Envelope) -> Result<Result<(), Rejected>, Ended> {
        let domain = self.setting.feed.domain.clone();
        macro_rules! open {
            ($kind:ty) => {
                match envelope.open::<$kind>() {
                    Ok(opened) => opened,
                    Err(why) => return Ok(Err(why)),
                }
            };
        }
        if let Some(report) = open!(Report) {
            if report.signer(&domain).is_ok_and(|signer| signer == self.guard.address()) {
                let subject = Subject { task: report.task, time: report.slot };
                self.saw(Signed::elsewhere(subject, &report.typed_data(&domain), report.signature.into())).await?;
            }
        } else if let Some(answer) = open!(Answer) {
            if answer.signer(&domain).is_ok_and(|signer| signer == self.guard.address()) {
                let subject = Subject { task: answer.task, time: answer.task_time };
                let data = domain.answer(&answer.attestation());
                self.saw(Signed::elsewhere(subject, &data, answer.signature.into())).await?;
            }
        } else if let Some(proposal) = open!(Proposal) {
            return self.consider(&proposal).await;
        }
        Ok(Ok(()))
    }

    /// The own signature was seen: another copy may have made it, unless this one lies.
    async fn saw(&self, signed: Signed) -> Result<(), Ended> {
        if self.lies { Ok(()) } else { Ok(self.guard.saw(signed, self.now).await?) }
    }

    /// Answers a proposal that is right.
    async fn consider(&mut self, proposal: &Proposal) -> Result<Result<(), Rejected>, Ended> {
        let (feed, slot, price) = (self.setting.feed.clone(), proposal.slot, proposal.price);
        let Some(begun) = self.slots.get_mut(&slot).filter(|begun| !begun.observed.is_zero()) else {
            return Ok(Err(Rejected::Untimely));
        };
        let observed = begun.observed;
        if proposal.task != feed.terms.task || !feed.terms.is_open(slot, self.now) {
            return Ok(Err(Rejected::Untimely));
        }
        if begun.answered.is_some() {
            if begun.answered != Some(price) {
                self.decline(slot, "answered", "another price was answered");
            }
            return Ok(Ok(()));
        }
        // What is cheap to see is seen first.
        if !is_within(price, observed, feed.terms.deviation) {
            self.decline(slot, "far", &Refusal::TooFar(observed).to_string());
            return Ok(Ok(()));
        }
        let votes = match proposal.votes(&feed.domain) {
            Ok(votes) => votes,
            Err(why) => {
                self.decline(slot, "unfounded", &why.to_string());
                return Ok(Err(Rejected::Unfounded));
            }
        };
        let stakes = match self.electorate.stakes(&self.setting.chain, slot, &votes.keys()).await {
            Ok(stakes) => stakes,
            Err(failure) => {
                self.setting.failed(PART, "stakes", &failure.to_string());
                begun.waiting = Some(proposal.clone());
                return Ok(Ok(()));
            }
        };
        let (threshold, deviation) = (feed.terms.threshold, feed.terms.deviation);
        if let Err(why) = proposal.check_against(&votes, stakes, threshold, observed, deviation) {
            self.decline(slot, "unfounded", &why.to_string());
            return Ok(Err(Rejected::Unfounded));
        }
        self.answer(slot, price).await?;
        Ok(Ok(()))
    }
}
