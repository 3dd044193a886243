//! Dispersing: every operator is asked to keep its part, until enough of the stake has promised to.

use super::Client;
use crate::assignment::{Signers, parts};
use crate::certificate::Certificate;
use crate::coding::{CodingError, Encoded};
use crate::message::{Dispersal, Promise};
use crate::setting::Setting;
use crate::tasks::Task;
use alloy::primitives::Address;
use arithmetic::wide::mul_div_up;
use interfaces::IDisputeResolution::DataCommitment;
use restake::availability::commitment_of;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// How long is waited for those who are slower than enough others: each of them keeps more of the data.
const GRACE: Duration = Duration::from_millis(500);

/// 100 % in basis points.
const ALL: u128 = 10_000;

/// Data that is kept.
#[derive(Debug, Clone)]
pub struct Dispersed {
    /// What proves it.
    pub certificate: Certificate,
    /// The stake that promised.
    pub signed: u128,
    /// The stake of all.
    pub total: u128,
    /// How many leaves are kept.
    pub kept: u64,
    /// Who did not promise, and why, by the keys; whoever was too slow is not named.
    pub refused: BTreeMap<Address, String>,
}

/// Why data is not kept.
#[derive(Debug, thiserror::Error)]
pub enum DisperseError {
    /// It has no encoding.
    #[error(transparent)]
    Coding(#[from] CodingError),
    /// Too few promised.
    #[error(
        "operators with {signed} of {total} promised to keep {kept} leaves, of which {needed} are needed: {}",
        told(refused)
    )]
    TooFew {
        /// The stake that promised.
        signed: u128,
        /// The stake of all.
        total: u128,
        /// How many leaves are kept.
        kept: u64,
        /// How many are needed.
        needed: u64,
        /// Who did not promise, and why, by the keys.
        refused: BTreeMap<Address, String>,
    },
    /// The chain, or the network.
    #[error("{0:#}")]
    Node(#[from] eyre::Report),
}

fn told(refused: &BTreeMap<Address, String>) -> String {
    let each: Vec<String> = refused.iter().map(|(key, why)| format!("{key}: {why}")).collect();
    if each.is_empty() { "nobody refused".to_owned() } else { each.join("; ") }
}

/// The promises that came.
struct Collected<'a> {
    setting: &'a Setting,
    wanted: BTreeMap<Address, DataCommitment>,
    signers: Signers,
    promises: BTreeMap<Address, Promise>,
    refused: BTreeMap<Address, String>,
}

impl Collected<'_> {
    fn signed(&self) -> u128 {
        let stakes = self.promises.keys().filter_map(|key| self.signers.get(key)).map(|signer| signer.stake);
        stakes.fold(0, u128::saturating_add)
    }

    fn kept(&self) -> u64 {
        self.promises.values().map(|promise| promise.kept_leaves).fold(0, u64::saturating_add)
    }

    /// Takes what an operator answered. What is not the promise that was asked for would spoil the others' in a quorum.
    fn take(&mut self, key: Address, answer: eyre::Result<Promise>) {
        let promised = answer.and_then(|promise| {
            let is_wanted = self.wanted.get(&key) == Some(&promise.commitment());
            eyre::ensure!(is_wanted, "it promised something else than it was asked for");
            eyre::ensure!(promise.signer(&self.setting.domain)? == key, "it did not sign what it promised");
            Ok(promise)
        });
        match promised {
            Ok(promise) => drop(self.promises.insert(key, promise)),
            Err(why) => drop(self.refused.insert(key, format!("{why:#}"))),
        }
    }
}

impl Client {
    /// Has data kept for a task, which asks for the root of this encoding, by operators with `threshold` (basis points)
    /// of the stake at least.
    ///
    /// # Errors
    /// [`DisperseError`].
    pub async fn disperse(
        &self,
        setting: &Setting,
        task: &Task,
        blob: &[u8],
        leaf_count: u64,
        threshold: u16,
    ) -> Result<Dispersed, DisperseError> {
        let encoded = Encoded::to(blob, leaf_count)?;
        let Task { id, task, time, .. } = *task;
        let (signers, total) = (setting.signers_at(time).await?, setting.total_stake_at(time).await?);
        let enough = mul_div_up(total, threshold.into(), ALL).unwrap_or(total);
        let needed = leaf_count / 2;
        let asked = Dispersal { taskId: id, leafCount: leaf_count, blob: blob.to_vec().into() };
        let (asked, mut asking, mut wanted) = (Arc::new(asked), JoinSet::new(), BTreeMap::new());
        for (key, part) in parts(&signers, leaf_count) {
            wanted.insert(key, commitment_of(task, time, encoded.tree(), part));
            let (client, asked) = (self.clone(), asked.clone());
            asking.spawn(async move { (key, client.post(key, &asked).await) });
        }
        let (promises, refused) = (BTreeMap::new(), BTreeMap::new());
        let mut collected = Collected { setting, wanted, signers, promises, refused };
        let (mut until, is_enough) = (None, |signed, kept| total != 0 && signed >= enough && kept >= needed);
        loop {
            let answered = match until {
                None => asking.join_next().await,
                Some(until) => timeout_at(until, asking.join_next()).await.ok().flatten(),
            };
            // A task that was interrupted ends with this one.
            let Some(Ok((key, answer))) = answered else { break };
            collected.take(key, answer);
            if until.is_none() && is_enough(collected.signed(), collected.kept()) {
                until = Some(Instant::now() + GRACE);
            }
        }
        let (signed, kept, refused) = (collected.signed(), collected.kept(), collected.refused);
        if !is_enough(signed, kept) {
            return Err(DisperseError::TooFew { signed, total, kept, needed, refused });
        }
        let certificate = Certificate::try_from(collected.promises.into_values().collect::<Vec<_>>())?;
        Ok(Dispersed { certificate, signed, total, kept, refused })
    }
}
