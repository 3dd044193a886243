//! What an operator does when it is challenged: it opens the leaf on chain, as soon as it sees that it is asked for.
//! Challenges are found in the chain's events, from where it looked last, so that none is missed by a process that was
//! away; what cannot be answered now (the node is gone, the purse is empty) is tried again until it is too late.

mod evidence;

use crate::client::Client;
use crate::coding::Encoded;
use crate::cursor;
use crate::opening::Opening;
use crate::setting::Setting;
use crate::store::{Asked, Store, StoreError};
use alloy::primitives::Address;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use eyre::{OptionExt, Report, Result, WrapErr, ensure};
use interfaces::IDisputeResolution::{AvailabilityChallenged, challengeOfCall};
use restake::verbs::challenge;
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::rounds::Rounds;
use restake_daemon::stop::Stop;
use std::time::Duration;
use tracing::{error, info, warn};

/// Challenges that were answered.
pub static ANSWERED: Metric =
    Metric::counter("restake_data_challenges_answered_total", "Challenges that were answered.");

/// Challenges that nobody answered in time.
pub static LOST: Metric = Metric::counter("restake_data_challenges_lost_total", "Challenges that ran out.");

/// Challenges that wait for an answer.
pub static OPEN: Metric = Metric::gauge("restake_data_challenges_open", "Challenges that wait for an answer.");

/// Rounds in which something went wrong.
pub static FAILED: Metric = Metric::counter("restake_data_answering_failures_total", "What could not be answered yet.");

/// The state of a challenge that waits for an answer.
pub(crate) const IS_OPEN: u8 = 1;

/// The name of this part in `/health`.
const PART: &str = "answering";

/// Whoever answers for an operator.
pub struct Answerer {
    /// Where, with the key of who sends.
    pub setting: Setting,
    /// Whom challenges are against.
    pub operator: Address,
    /// Who sends the answers, and pays for them. The bond is the operator's, whoever it is.
    pub sender: Address,
    /// What it answers with.
    pub store: Store,
    /// The other operators, who have the data if the own leaf is lost.
    pub others: Client,
    /// Whether it answers nothing: for demonstrations of what happens to such operators.
    pub withholds: bool,
    /// What it tells.
    pub metrics: Metrics,
}

impl Answerer {
    /// Looks and answers again and again, until everything stops.
    pub async fn run(self, every: Duration, health: Health, stop: Stop) {
        let rounds = Rounds::new(PART, every, health, stop);
        while rounds.next(self.round()).await {}
    }

    /// Looks for challenges once, and answers those that there are.
    ///
    /// # Errors
    /// If the chain or the store cannot be asked, or a challenge is not answered yet; the others are.
    pub async fn round(&self) -> Result<()> {
        self.look().await?;
        let asked = self.with_store(Store::asked).await?;
        self.metrics.set(&OPEN, &[], u64::try_from(asked.len()).unwrap_or(u64::MAX));
        let mut first: Option<Report> = None;
        for challenge in asked {
            if let Err(failure) = self.answer(challenge).await {
                self.metrics.count(&FAILED, &[]);
                first.get_or_insert(failure.wrap_err(format!("challenge {} is not answered yet", challenge.id)));
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Remembers the challenges of blocks that were not looked at yet; of all of them, if the chain began again or took
    /// blocks back.
    async fn look(&self) -> Result<()> {
        let (setting, disputes) = (&self.setting, self.setting.suite.service.dispute_resolution);
        let before = self.with_store(Store::looked).await?;
        let (blocks, looked) = setting.unseen(before).await?;
        let filter = Filter::new().address(disputes).event_signature(AvailabilityChallenged::SIGNATURE_HASH);
        let logs = setting.chain.logs(&filter.topic2(self.operator), *blocks.start(), *blocks.end()).await;
        let mut challenges = Vec::new();
        for log in logs.wrap_err("cannot ask for challenges")? {
            let AvailabilityChallenged { challengeId: id, commitment, index, deadline, .. } =
                AvailabilityChallenged::decode_log(&log.inner)?.data;
            info!("challenge {id} asks for leaf {index} of commitment {commitment} by {deadline}");
            let transaction = log.transaction_hash.unwrap_or_default();
            challenges.push(Asked { id, commitment, index, deadline, transaction });
        }
        if !challenges.is_empty() || cursor::is_far(before, looked) {
            self.with_store(move |store| store.note(&challenges, looked)).await?;
        }
        Ok(())
    }

    async fn answer(&self, asked: Asked) -> Result<()> {
        let Asked { id, commitment, index, deadline, .. } = asked;
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let state = chain.view(service.dispute_resolution, &challengeOfCall { challengeId: id }).await?;
        if state.state != IS_OPEN || state.commitment != commitment || state.index != index {
            // Somebody else answered, or the chain took it back.
            return self.settle(id).await;
        }
        if chain.now().await? > deadline {
            self.metrics.count(&LOST, &[]);
            error!("challenge {id} was not answered by {deadline}: nothing can be done about it any more");
            return self.settle(id).await;
        }
        if self.withholds {
            return Ok(());
        }
        ensure!(chain.is_settled(self.sender).await?, "transactions of {} wait to be mined", self.sender);
        let Opening { leaf, proof, .. } = self.opening(asked).await?;
        match challenge::answer(service, id, leaf, proof).send(chain, self.sender).await {
            Ok(receipt) => {
                self.metrics.count(&ANSWERED, &[]);
                info!("challenge {id} is answered, for {} gas: its bond is the operator's", receipt.gas_used);
                self.settle(id).await
            }
            // If it was answered a moment ago, the next round sees it.
            Err(failure) => Err(failure.into()),
        }
    }

    /// The leaf from the own disk; if it is not there, from what others have of the data.
    async fn opening(&self, asked: Asked) -> Result<Opening> {
        let Asked { commitment, index, transaction, .. } = asked;
        let data = match self.with_store(move |store| store.commitment(commitment)).await? {
            Some(data) => data,
            None => evidence::presented(&self.setting, transaction, commitment).await?,
        };
        if let Some(opening) = self.with_store(move |store| store.leaf(data.root, index)).await? {
            return Ok(opening);
        }
        warn!("leaf {index} of {} is lost: the other operators are asked", data.root);
        let blob = self.others.gather_all(data.root, data.leafCount).await?;
        let encoded = tokio::task::spawn_blocking(move || Encoded::to(&blob, data.leafCount)).await??;
        let (leaf, proof) = encoded.opening(index).ok_or_eyre("the data has no such leaf")?;
        Ok(Opening { index, leaf: leaf.to_vec().into(), proof })
    }

    async fn settle(&self, id: u64) -> Result<()> {
        self.with_store(move |store| store.settle(id)).await
    }

    /// Works with the store, where waiting for the disk keeps nobody.
    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let store = self.store.clone();
        Ok(tokio::task::spawn_blocking(move || work(&store)).await??)
    }
}
