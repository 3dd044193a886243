//! A watcher: it samples what operators promised to keep, challenges who does not give it, and sees its challenges
//! through to the bounty. All that it has to remember of its challenges is on the chain.

mod challenging;
mod claims;
mod list;
mod own;
mod suspects;

pub use list::Watchlist;

use crate::certificate::Certificate;
use crate::client::{Client, Sampled};
use crate::cursor;
use crate::setting::Setting;
use crate::tasks::Board;
use alloy::primitives::Address;
use eyre::{Result, ensure};
use interfaces::IDisputeResolution::answerWindowCall;
use own::Own;
use restake_daemon::claims::Claims;
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::rounds::Rounds;
use restake_daemon::stop::Stop;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use suspects::Suspects;
use tokio::task::JoinSet;
use tracing::{error, info};

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

/// How many certificates are sampled at once.
const AT_ONCE: usize = 16;

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
    own: tokio::sync::Mutex<Own>,
    claims: tokio::sync::Mutex<Claims>,
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
        let (suspects, own) = (Mutex::default(), tokio::sync::Mutex::default());
        let claims = Claims::new(setting.chain.clone(), setting.suite, account, setting.since, metrics.clone()).into();
        Self { setting, account, client, list, board: None, watching, metrics, suspects, own, claims }
    }

    /// The same, that also watches what tasks of a board were done with.
    #[must_use]
    pub fn with_board(self, board: Board) -> Self {
        Self { board: Some(board), ..self }
    }

    /// What is watched: whoever has a certificate can add it.
    pub fn list(&self) -> &Watchlist {
        &self.list
    }

    /// Watches until everything stops.
    pub async fn run(self, every: Duration, health: Health, stop: Stop) {
        let rounds = Rounds::new(PART, every, health, stop);
        while rounds.next(self.round()).await {}
    }

    /// Samples everything once, challenges, resolves, and claims.
    ///
    /// # Errors
    /// If the chain or the list cannot be asked. What cannot be done for one operator is told, and is no error.
    pub async fn round(&self) -> Result<()> {
        let chain = &self.setting.chain;
        ensure!(chain.is_settled(self.account).await?, "transactions of {} wait to be mined", self.account);
        let (disputes, now) = (self.setting.suite.service.dispute_resolution, chain.now().await?);
        self.claim(now).await?;
        self.look().await?;
        let window = self.setting.evidence_window().await?;
        let answers = chain.view(disputes, &answerWindowCall {}).await?;
        // A leaf can be asked for until one answer window before the end of the evidence.
        let since = now.saturating_sub(window.saturating_sub(answers));
        let list = self.list.clone();
        let watched = tokio::task::spawn_blocking(move || list.since(since)).await??;
        self.metrics.set(&WATCHED, &[], u64::try_from(watched.len()).unwrap_or(u64::MAX));
        for certificates in watched.chunks(AT_ONCE) {
            self.sample(certificates).await?;
        }
        self.suspects().forget_before(since);
        Ok(())
    }

    /// Adds what tasks were done with since it looked last.
    async fn look(&self) -> Result<()> {
        let Some(board) = &self.board else { return Ok(()) };
        let list = self.list.clone();
        let before = tokio::task::spawn_blocking(move || list.looked()).await??;
        let (blocks, looked) = self.setting.unseen(before).await?;
        let (list, found) = (self.list.clone(), board.certificates(blocks).await?);
        if !found.is_empty() {
            info!("watches what operators promised for tasks that were done: {} more", found.len());
        }
        if !found.is_empty() || cursor::is_far(before, looked) {
            tokio::task::spawn_blocking(move || list.note(&found, looked)).await??;
        }
        Ok(())
    }

    /// Samples several certificates at once.
    async fn sample(&self, certificates: &[Certificate]) -> Result<()> {
        let mut sampling = JoinSet::new();
        for certificate in certificates {
            let (client, leaves, certificate) = (self.client.clone(), self.watching.leaves, certificate.clone());
            let domain = self.setting.domain.clone();
            sampling.spawn(async move { client.sample(&domain, &certificate, leaves).await });
        }
        while let Some(sampled) = sampling.join_next().await {
            for (key, sampled) in sampled?? {
                if let Err(failure) = self.judge(key, sampled).await {
                    self.metrics.count(&FAILED, &[]);
                    error!("the operator with key {key} is not challenged yet: {failure:#}");
                }
            }
        }
        Ok(())
    }

    /// Asks an operator again for what it did not give before, and challenges it if that was often enough.
    async fn judge(&self, key: Address, mut sampled: Sampled) -> Result<()> {
        let again = self.suspects().of(key, &sampled.promise).difference(&sampled.asked).copied().collect();
        let Sampled { asked, missing, .. } = self.client.ask(key, sampled.promise, again).await;
        sampled.asked.extend(asked);
        sampled.missing.extend(missing);
        self.metrics.add(&SAMPLED, &[], u64::try_from(sampled.asked.len()).unwrap_or(u64::MAX));
        self.metrics.add(&MISSING, &[], u64::try_from(sampled.missing.len()).unwrap_or(u64::MAX));
        let found = self.suspects().note(key, &sampled, self.watching.rounds);
        match found {
            None => Ok(()),
            Some(leaf) => self.challenge(key, &sampled.promise, leaf).await,
        }
    }

    fn suspects(&self) -> MutexGuard<'_, Suspects> {
        // Counts are as good as they were.
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
