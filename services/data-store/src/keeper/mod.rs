//! An operator of the data store: it looks at what it is asked to keep, keeps its part, and signs that it does, in this
//! order. What it signed is in the record before the promise leaves the process, so that a task has one promise. After
//! a start no caution is needed: what is promised follows from the task and the chain, so a copy, or a record that is
//! too old, promises the same; and a second promise is no fault as long as the data is kept.

mod limits;
mod refusal;
mod routes;

pub use limits::Limits;
pub use refusal::Refusal;
pub(crate) use routes::MOST_LEAVES;

use crate::assignment::parts;
use crate::coding::{Encoded, least_leaves};
use crate::message::{Dispersal, Promise};
use crate::opening::Opening;
use crate::setting::Setting;
use crate::store::{Store, StoreError};
use crate::tasks::{Task, Tasks};
use alloy::primitives::B256;
use alloy::sol_types::SolStruct;
use interfaces::IDisputeResolution::DataCommitment;
use limits::Rates;
use restake::availability::{SignedCommitment, commitment_of};
use restake_daemon::health::Health;
use restake_daemon::key::Key;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::record::{Contradiction, SignError, SigningRecord, Subject};
use restake_daemon::rounds::Rounds;
use restake_daemon::stop::Stop;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tracing::info;

/// Data that was taken.
pub static TAKEN: Metric = Metric::counter("restake_data_taken_total", "Data that was kept and signed for.");

/// Data that was not taken, by the reason.
pub static REFUSED: Metric =
    Metric::counter("restake_data_refused_total", "Data that was neither kept nor signed for.");

/// Leaves that were given.
pub static GIVEN: Metric = Metric::counter("restake_data_leaves_given_total", "Leaves that were given to clients.");

/// Bytes of leaves on the disk.
pub static BYTES: Metric = Metric::gauge("restake_data_bytes", "Bytes of leaves and proofs on the disk.");

/// Commitments on the disk.
pub static COMMITMENTS: Metric = Metric::gauge("restake_data_commitments", "Commitments that can be asked about.");

/// How long data waits for its turn to be looked at.
const PATIENCE: Duration = Duration::from_secs(2);

/// The name of this part in `/health`.
const PART: &str = "keeping";

/// An operator of the data store.
pub struct Keeper {
    setting: Setting,
    key: Key,
    record: SigningRecord,
    store: Store,
    tasks: Arc<dyn Tasks>,
    withholds: bool,
    metrics: Metrics,
    limits: Limits,
    room: Semaphore,
    rates: Rates,
}

/// What an operator is made of.
pub struct Keeping {
    /// Where.
    pub setting: Setting,
    /// What signs for it.
    pub key: Key,
    /// What that signed.
    pub record: SigningRecord,
    /// Where its leaves are.
    pub store: Store,
    /// What it is asked to keep.
    pub tasks: Arc<dyn Tasks>,
    /// How much it does for strangers.
    pub limits: Limits,
    /// Whether it promises, and then gives nothing: for demonstrations of what happens to such operators.
    pub withholds: bool,
    /// What it tells.
    pub metrics: Metrics,
}

impl Keeper {
    /// An operator that can be asked: a route for `/data` of the process's server.
    pub fn new(keeping: Keeping) -> Arc<Self> {
        let Keeping { setting, key, record, store, tasks, limits, withholds, metrics } = keeping;
        let (room, rates) = (Semaphore::new(limits.dispersals), Rates::new(limits.bytes_per_second));
        Arc::new(Self { setting, key, record, store, tasks, withholds, metrics, limits, room, rates })
    }

    /// Forgets again and again what nobody can ask about any more, until everything stops.
    pub async fn run(&self, every: Duration, health: Health, stop: Stop) {
        let rounds = Rounds::new(PART, every, health, stop);
        while rounds.next(self.prune()).await {}
    }

    /// Keeps its part of some data, and promises to.
    ///
    /// # Errors
    /// [`Refusal`]; then nothing was signed.
    pub async fn disperse(&self, dispersal: Dispersal) -> Result<Promise, Refusal> {
        let taken = self.take(dispersal).await;
        match &taken {
            Ok(promise) => {
                self.metrics.count(&TAKEN, &[]);
                let (part, root) = (promise.part(), promise.root);
                let last = part.end.saturating_sub(1);
                info!("keeps leaves {} to {last} of the {} of {root}", part.start, promise.leaf_count);
            }
            Err(refusal) => {
                self.metrics.count(&REFUSED, &[("reason", refusal.told().0)]);
                info!("does not keep what it was asked to: {refusal}");
            }
        }
        taken
    }

    /// What costs least is looked at first: strangers ask.
    async fn take(&self, dispersal: Dispersal) -> Result<Promise, Refusal> {
        let room = tokio::time::timeout(PATIENCE, self.room.acquire()).await;
        let Ok(Ok(_room)) = room else { return Err(Refusal::Busy) };
        let Dispersal { taskId: id, leafCount: leaf_count, blob } = dispersal;
        let Task { task, time, root, fee, .. } =
            self.tasks.open(id).await.map_err(Refusal::Node)?.ok_or(Refusal::NoTask)?;
        let window = self.setting.evidence_window().await.map_err(Refusal::Node)?;
        let now = self.setting.chain.now().await.map_err(Refusal::Node)?;
        // Whatever the board says, a quorum is asked about for half of the window.
        if time > now || now > time.saturating_add(window / 2) {
            return Err(Refusal::NoTask);
        }
        let least = self.limits.fee_for(blob.len());
        if fee < least {
            return Err(Refusal::TooCheap { fee, least });
        }
        let part = self.part(time, leaf_count).await?;
        let encoded = tokio::task::spawn_blocking(move || Encoded::to(&blob, leaf_count)).await??;
        if encoded.tree().root() != root {
            return Err(Refusal::OtherData);
        }
        let commitment = commitment_of(task, time, encoded.tree(), part.clone());
        let data = self.setting.domain.data_commitment(&commitment);
        let subject = Subject { task, time };
        self.require_unsigned(subject, data.hash).await?;
        self.keep(data.hash, &commitment, encoded, part, time.saturating_add(window)).await?;
        let signature = self.record.sign_once(&self.key, subject, &data).await?;
        Ok(SignedCommitment { commitment, signature }.into())
    }

    /// The leaves of data for a task of `time` that are this operator's.
    async fn part(&self, time: u64, leaf_count: u64) -> Result<Range<u64>, Refusal> {
        let signers = self.setting.signers_at(time).await.map_err(Refusal::Node)?;
        let least = least_leaves(signers.len());
        if leaf_count < least {
            return Err(Refusal::TooFewLeaves { leaves: leaf_count, operators: signers.len(), least });
        }
        parts(&signers, leaf_count).remove(&self.key.address()).ok_or(Refusal::NotMine)
    }

    /// Nothing is kept for a signature that will be refused.
    async fn require_unsigned(&self, subject: Subject, asked: B256) -> Result<(), Refusal> {
        const KIND: &str = DataCommitment::NAME;
        let signed = self.record.signed(subject, KIND).await.map_err(SignError::Record)?;
        match signed.iter().find(|entry| entry.hash != asked) {
            None => Ok(()),
            Some(other) => {
                let contradiction = Contradiction { kind: KIND.to_owned(), subject, signed: other.hash, asked };
                Err(SignError::Contradiction(Box::new(contradiction)).into())
            }
        }
    }

    async fn keep(
        &self,
        hash: B256,
        commitment: &DataCommitment,
        encoded: Encoded,
        part: Range<u64>,
        expires: u64,
    ) -> Result<(), Refusal> {
        let (store, commitment) = (self.store.clone(), commitment.clone());
        let (commitments, bytes) = tokio::task::spawn_blocking(move || {
            let openings = part.filter_map(|index| {
                let (leaf, proof) = encoded.opening(index)?;
                Some(Opening { index, leaf: leaf.to_vec().into(), proof })
            });
            store.keep(hash, &commitment, openings, expires)?;
            store.used()
        })
        .await??;
        self.metrics.set(&COMMITMENTS, &[], commitments);
        self.metrics.set(&BYTES, &[], bytes);
        Ok(())
    }

    /// Forgets what nobody can ask about any more.
    ///
    /// # Errors
    /// If the chain cannot be asked, or the store cannot be used.
    pub async fn prune(&self) -> eyre::Result<()> {
        let (store, now) = (self.store.clone(), self.setting.chain.now().await?);
        let (pruned, (commitments, bytes)) =
            tokio::task::spawn_blocking(move || Ok::<_, StoreError>((store.prune(now)?, store.used()?))).await??;
        if pruned.commitments > 0 {
            info!(
                "forgets what nobody can ask for any more: {} commitments, {} bytes",
                pruned.commitments, pruned.bytes
            );
        }
        self.metrics.set(&COMMITMENTS, &[], commitments);
        self.metrics.set(&BYTES, &[], bytes);
        Ok(())
    }
}
