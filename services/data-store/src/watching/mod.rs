//! A watcher: it samples what operators promised to keep, challenges who does not give it, and sees its challenges
//! through to the bounty. All that it has to remember of its challenges is on the chain.

mod claims;
mod list;
mod suspects;

pub use claims::CLAIMED;
pub use list::Watchlist;

use crate::certificate::Certificate;
use crate::client::{Client, Sampled};
use crate::message::Promise;
use crate::setting::Setting;
use crate::tasks::Board;
use alloy::primitives::{Address, U256};
use arithmetic::fault::{UNAVAILABILITY, wad_of};
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_down;
use eyre::{Result, WrapErr, ensure};
use interfaces::IDisputeResolution::{answerWindowCall, bondCall, bondOfCall, isJudgedCall};
use interfaces::IRegistry::{keyOfCall, weightedStakeOfCall};
use interfaces::IServiceManager::termsAtCall;
use restake::judgements::{leaf_id, unavailability_id};
use restake::verbs::challenge;
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::stop::Stop;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use suspects::Suspects;
use tracing::{error, info, warn};

/// Leaves that were asked for.
pub static SAMPLED: Metric =
    Metric::counter("restake_data_leaves_sampled_total", "Leaves that operators were asked for.");

/// Leaves that were not given, each time.
pub static MISSING: Metric = Metric::counter("restake_data_leaves_missing_total", "Leaves that were not given.");

/// Challenges that were made.
pub static CHALLENGED: Metric = Metric::counter("restake_data_challenges_total", "Challenges that were made.");

/// Certificates that are watched.
pub static WATCHED: Metric = Metric::gauge("restake_data_watched", "Certificates that are watched.");

/// What could not be done yet.
pub static FAILED: Metric = Metric::counter("restake_data_watching_failures_total", "What could not be done yet.");

/// The name of this part in `/health`.
const PART: &str = "watching";

/// How many rounds may pass before a watcher that hears nothing of the chain is not well.
const SILENT_ROUNDS: u32 = 3;

/// How a watcher watches.
#[derive(Debug, Clone, Copy)]
pub struct Watching {
    /// How many leaves of each operator are asked for in a round.
    pub leaves: usize,
    /// In how many rounds a leaf must be missing before its operator is challenged.
    pub rounds: u32,
    /// The least bounty (weighted stake) for which it is worth the gas, and the bond for a day.
    pub least_bounty: u128,
}

impl Default for Watching {
    fn default() -> Self {
        Self { leaves: 4, rounds: 3, least_bounty: 1 }
    }
}

/// Whoever watches.
pub struct Watcher {
    setting: Setting,
    account: Address,
    client: Client,
    list: Watchlist,
    board: Option<Board>,
    watching: Watching,
    metrics: Metrics,
    suspects: Mutex<Suspects>,
}

impl Watcher {
    /// One whose bonds are `account`'s, for which the setting's chain has the key.
    pub fn new(
        setting: Setting,
        account: Address,
        client: Client,
        list: Watchlist,
        watching: Watching,
        metrics: Metrics,
    ) -> Self {
        Self { setting, account, client, list, board: None, watching, metrics, suspects: Mutex::default() }
    }

    /// The same, that also watches what tasks of a board were done with.
    #[must_use]
    pub fn with_board(self, board: Board) -> Self {
        Self { board: Some(board), ..self }
    }

    /// Watches until everything stops.
    pub async fn run(self, every: Duration, health: Health, stop: Stop) {
        let patience = every.saturating_mul(SILENT_ROUNDS).max(Duration::from_secs(60));
        health.well(PART, patience);
        while !stop.is_stopped() {
            match self.round().await {
                Ok(()) => health.well(PART, patience),
                Err(failure) => {
                    warn!("nothing can be watched: {failure:#}");
                    health.ill(PART, format!("{failure:#}"));
                }
            }
            stop.or(tokio::time::sleep(every)).await;
        }
    }

    /// Samples everything once, challenges, resolves, and claims.
    ///
    /// # Errors
    /// If the chain or the list cannot be asked. What cannot be done for one operator is told, and is no error.
    pub async fn round(&self) -> Result<()> {
        let chain = &self.setting.chain;
        ensure!(chain.is_settled(self.account).await?, "transactions of {} wait to be mined", self.account);
        self.claim().await?;
        self.look().await?;
        let disputes = self.setting.suite.service.dispute_resolution;
        let (window, now) = (self.setting.evidence_window().await?, chain.now().await?);
        let answers = chain.view(disputes, &answerWindowCall {}).await?;
        // A leaf can be asked for until one answer window before the end of the evidence.
        let since = now.saturating_sub(window.saturating_sub(answers));
        let list = self.list.clone();
        let watched = tokio::task::spawn_blocking(move || list.since(since)).await??;
        self.metrics.set(&WATCHED, &[], u64::try_from(watched.len()).unwrap_or(u64::MAX));
        for certificate in watched {
            if let Err(failure) = self.watch(&certificate).await {
                self.metrics.count(&FAILED, &[]);
                error!("{} is not watched now: {failure:#}", certificate.root());
            }
        }
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner).forget_before(since);
        Ok(())
    }

    /// Adds what tasks were done with since it looked last.
    async fn look(&self) -> Result<()> {
        let Some(board) = &self.board else { return Ok(()) };
        let list = self.list.clone();
        let looked = tokio::task::spawn_blocking(move || list.looked()).await??;
        let (blocks, looked) = self.setting.unseen(looked).await?;
        let (list, found) = (self.list.clone(), board.certificates(blocks).await?);
        if !found.is_empty() {
            info!("{} certificates are new: what they promise is watched", found.len());
        }
        Ok(tokio::task::spawn_blocking(move || list.note(&found, looked)).await??)
    }

    async fn watch(&self, certificate: &Certificate) -> Result<()> {
        let domain = &self.setting.domain;
        let mut sampled = self.client.sample(domain, certificate, self.watching.leaves).await?;
        for (key, sampled) in &mut sampled {
            let again = self.suspects.lock().unwrap_or_else(PoisonError::into_inner).of(*key, &sampled.promise);
            let again = again.difference(&sampled.asked).copied().collect();
            let Sampled { asked, missing, .. } = self.client.ask(*key, sampled.promise, again).await;
            sampled.asked.extend(asked);
            sampled.missing.extend(missing);
            self.metrics.add(&SAMPLED, &[], u64::try_from(sampled.asked.len()).unwrap_or(u64::MAX));
            self.metrics.add(&MISSING, &[], u64::try_from(sampled.missing.len()).unwrap_or(u64::MAX));
            let rounds = self.watching.rounds;
            let found = self.suspects.lock().unwrap_or_else(PoisonError::into_inner).note(*key, sampled, rounds);
            if let Some(leaf) = found
                && let Err(failure) = self.challenge(*key, &sampled.promise, leaf).await
            {
                self.metrics.count(&FAILED, &[]);
                error!("the operator with key {key} is not challenged yet: {failure:#}");
            }
        }
        Ok(())
    }

    /// Challenges an operator about a leaf, unless it was challenged for that, or it is not worth it.
    async fn challenge(&self, key: Address, promise: &Promise, leaf: u64) -> Result<()> {
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let disputes = service.dispute_resolution;
        let operator = chain.view(service.registry, &keyOfCall { signingKey: key }).await?.operator;
        let commitment = self.setting.domain.data_commitment_hash(&promise.commitment());
        for evidence in [unavailability_id(operator, commitment), leaf_id(operator, commitment, leaf)] {
            if chain.view(disputes, &isJudgedCall { evidence }).await? {
                return Ok(());
            }
        }
        if self.has_asked(operator, commitment).await? {
            return Ok(());
        }
        let bounty = self.bounty(operator, promise.task_time).await?;
        if bounty < self.watching.least_bounty {
            info!("{operator} does not give leaf {leaf}, and a challenge would pay {bounty}: that is too little");
            return Ok(());
        }
        let bond = chain.view(disputes, &bondCall {}).await?;
        let balance = chain.balance(self.account).await?;
        ensure!(balance > bond, "{} has {balance} wei, and the bond is {bond}", self.account);
        let verb = challenge::availability(service, operator, &promise.signed().leaf(leaf), bond);
        let receipt = verb.send(chain, self.account).await.wrap_err_with(|| format!("leaf {leaf} of {operator}"))?;
        self.metrics.count(&CHALLENGED, &[]);
        warn!("{operator} does not give leaf {leaf} of {}: challenged, for {} gas", promise.root, receipt.gas_used);
        Ok(())
    }

    /// What the challenger gets of a slash, as the operator's stake is now (weighted stake).
    async fn bounty(&self, operator: Address, fault_time: u64) -> Result<u128> {
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let terms = chain.view(service.service_manager, &termsAtCall { time: fault_time }).await?;
        let stake = chain.view(service.registry, &weightedStakeOfCall { operator }).await?;
        let at_risk = stake.guaranteed.saturating_add(stake.shared);
        let wad = wad_of(&terms.wads, UNAVAILABILITY).unwrap_or_default();
        let slash = mul_div_down(at_risk, wad.into(), ONE.into()).unwrap_or_default();
        Ok(mul_div_down(slash, terms.challengerShare.into(), ONE.into()).unwrap_or_default())
    }

    /// What the account can withdraw (wei).
    async fn owed(&self) -> Result<U256> {
        let disputes = self.setting.suite.service.dispute_resolution;
        let call = bondOfCall { account: self.account };
        Ok(self.setting.chain.view(disputes, &call).await?)
    }
}
