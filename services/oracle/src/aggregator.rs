//! Who puts together what operators sign. It signs nothing that counts: anyone can do it, and several at once do not
//! harm.

mod acting;
mod round;

use crate::electorate::Electorate;
use crate::median::is_reached;
use crate::proposal::Proposal;
use crate::report::Report;
use crate::setting::Setting;
use alloy::primitives::Address;
use restake::chain::CallError;
use restake_daemon::key::Key;
use restake_daemon::message::{Answer, Envelope, Rejected};
use restake_daemon::metrics::Metric;
use restake_daemon::origin::OriginError;
use restake_daemon::transport::Listener;
use round::{Round, State};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// What an aggregator is called where it says how it is.
const PART: &str = "oracle-aggregator";

/// How many rounds are begun while the chain cannot be asked whether they have come.
const MOST_ROUNDS: usize = 8;

/// Rounds, by what became of them.
pub static ROUNDS: Metric = Metric::counter("restake_oracle_rounds_total", "Rounds, by what became of them.");
/// The last slot whose price is on the chain.
pub static STORED: Metric = Metric::gauge("restake_oracle_stored_slot", "The last slot whose price was stored.");
/// Prices that were proposed.
pub static PROPOSALS: Metric = Metric::counter("restake_oracle_proposals_total", "Prices that were proposed.");
/// Gas that was used.
pub static GAS: Metric = Metric::counter("restake_oracle_gas_total", "Gas that was used.");

/// An aggregator.
pub struct Aggregator {
    setting: Setting,
    key: Key,
    /// What is said since this was made.
    listener: Listener,
    electorate: Electorate,
    /// How long more reports are waited for when enough stake has reported.
    grace: Duration,
    now: u64,
    rounds: BTreeMap<u64, Round>,
}

impl Aggregator {
    /// One that pays with a key, which the setting's chain signs with too, and waits so long for the last reports.
    pub fn new(setting: Setting, key: Key, grace: Duration) -> Self {
        let (electorate, listener) = (Electorate::new(setting.feed.registry), setting.transport.listen());
        Self { setting, key, listener, electorate, grace, now: 0, rounds: BTreeMap::new() }
    }

    /// Works until everything stops.
    ///
    /// # Errors
    /// If the chain is another one.
    pub async fn run(mut self) -> Result<(), OriginError> {
        let stop = self.setting.stop.clone();
        // Whatever it is about to do may end at any moment: what was sent is asked for after a start.
        stop.or(self.work()).await.unwrap_or(Ok(()))
    }

    async fn work(&mut self) -> Result<(), OriginError> {
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = self.listener.next() => match heard {
                    Some(envelope) => self.hear(&envelope).await,
                    None => return Ok(()),
                },
                _ = ticks.tick() => self.look().await?,
            }
        }
    }

    /// Looks at the time, and does what it is time for.
    async fn look(&mut self) -> Result<(), OriginError> {
        let Some(now) = self.setting.now(PART, self.now).await? else { return Ok(()) };
        self.now = now;
        let terms = self.setting.feed.terms;
        self.rounds.entry(terms.slot_at(now)).or_default();
        while let Some(entry) = self.rounds.first_entry()
            && terms.is_over(*entry.key(), now)
        {
            let (slot, round) = entry.remove_entry();
            if round.is_lost() {
                tracing::info!("round {slot} is lost: {}", round.tell());
                self.setting.metrics.count(&ROUNDS, &[("outcome", "lost")]);
            }
        }
        let half = terms.interval / 2;
        let late = self.rounds.iter_mut().filter(|(slot, _)| now >= slot.saturating_add(half));
        let again: Vec<Envelope> = late.filter_map(|(_, round)| round.say_again()).collect();
        for envelope in again {
            self.setting.transport.publish(envelope).await;
        }
        self.advance().await;
        Ok(())
    }

    async fn hear(&mut self, envelope: &Envelope) {
        match self.take(envelope).await {
            Ok(true) => self.advance().await,
            Ok(false) => {}
            Err(why) => self.setting.refuse(why),
        }
    }

    /// Takes what counts. Returns whether it is about a round.
    async fn take(&mut self, envelope: &Envelope) -> Result<bool, Rejected> {
        let (domain, terms) = (self.setting.feed.domain.clone(), self.setting.feed.terms);
        if let Some(report) = envelope.open::<Report>()? {
            let signer = report.signer(&domain).map_err(|_| Rejected::NotSigned)?;
            if report.task != terms.task {
                return Ok(false);
            }
            self.admit(report.slot, signer).await?.report(signer, report);
        } else if let Some(answer) = envelope.open::<Answer>()? {
            let signer = answer.signer(&domain).map_err(|_| Rejected::NotSigned)?;
            if answer.task != terms.task {
                return Ok(false);
            }
            self.admit(answer.task_time, signer).await?.answer(signer, answer);
        } else if let Some(proposal) = envelope.open::<Proposal>()? {
            if proposal.task != terms.task {
                return Ok(false);
            }
            self.heed(&proposal).await?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The round of a slot, if it is open and `signer` has a say in it.
    async fn admit(&mut self, slot: u64, signer: Address) -> Result<&mut Round, Rejected> {
        if !self.is_open(slot).await {
            return Err(Rejected::Untimely);
        }
        match self.electorate.stakes(&self.setting.chain, slot, &[signer]).await {
            Ok(stakes) if stakes.of(signer) > 0 => Ok(self.rounds.entry(slot).or_default()),
            Ok(_) => Err(Rejected::Unfounded),
            // It is weighed again before it counts.
            Err(failure) => {
                self.setting.failed(PART, "stakes", &failure.to_string());
                Ok(self.rounds.entry(slot).or_default())
            }
        }
    }

    /// Whether a slot is open; the chain may be further than it was looked at. While it cannot be asked whatever is not
    /// over may be: a message comes once.
    async fn is_open(&mut self, slot: u64) -> bool {
        let terms = self.setting.feed.terms;
        if slot.checked_rem(terms.interval) != Some(0) {
            return false;
        }
        if slot > self.now {
            match self.setting.chain.now().await {
                Ok(now) => self.now = self.now.max(now),
                Err(_) => return self.rounds.contains_key(&slot) || self.rounds.len() < MOST_ROUNDS,
            }
        }
        terms.is_open(slot, self.now)
    }

    /// Somebody else proposed: if it is right, nothing else is proposed.
    async fn heed(&mut self, proposal: &Proposal) -> Result<(), Rejected> {
        let (feed, slot) = (self.setting.feed.clone(), proposal.slot);
        if !self.is_open(slot).await {
            return Err(Rejected::Untimely);
        }
        let votes = proposal.votes(&feed.domain).map_err(|_| Rejected::Unfounded)?;
        let stakes = self.electorate.stakes(&self.setting.chain, slot, &votes.keys()).await;
        let stakes = stakes.map_err(|_| Rejected::Unfounded)?;
        proposal.check(&votes, stakes, feed.terms.threshold).map_err(|_| Rejected::Unfounded)?;
        self.rounds.entry(slot).or_default().propose();
        Ok(())
    }

    /// Takes every round as far as it goes.
    async fn advance(&mut self) {
        let slots: Vec<u64> = self.rounds.keys().copied().collect();
        for slot in slots {
            if let Err(failure) = self.advance_round(slot).await {
                self.setting.failed(PART, "chain", &format!("{failure:#}"));
            }
        }
    }

    async fn advance_round(&mut self, slot: u64) -> Result<(), CallError> {
        let is_open = |round: &&Round| round.state == State::Open && slot <= self.now;
        let Some(round) = self.rounds.get(&slot).filter(is_open) else { return Ok(()) };
        let feed = self.setting.feed.clone();
        let stakes = self.electorate.stakes(&self.setting.chain, slot, &round.keys()).await?;
        if let Some(price) = round.answered(stakes, feed.terms.threshold) {
            return self.store(slot, price).await;
        }
        let votes = round.votes();
        let (reported, Some(median)) = votes.weighed(stakes) else { return Ok(()) };
        let is_proposed = round.is_proposed(stakes, feed.terms.threshold);
        if is_proposed || !is_reached(reported, stakes.total(), feed.terms.threshold) {
            return Ok(());
        }
        let everybody = reported >= stakes.total();
        let waited = round.enough_since.is_some_and(|since| since.elapsed() >= self.grace);
        if !everybody && !waited {
            if let Some(round) = self.rounds.get_mut(&slot) {
                round.enough_since.get_or_insert_with(Instant::now);
            }
            return Ok(());
        }
        let latest = feed.latest(&self.setting.chain).await?;
        if !feed.terms.is_due(slot, median, latest) {
            tracing::info!("nothing to store for slot {slot}: {median}");
            self.end(slot, State::Quiet, "quiet");
            return Ok(());
        }
        self.propose(slot, median).await;
        Ok(())
    }
}
