//! Retrieving: all operators are asked at once, and as soon as half of the leaves are there, whoever gave them, the
//! blob is. So no slow operator is waited for, and no more is lost than with the fastest half.

use super::Client;
use crate::certificate::Certificate;
use crate::coding::{CodingError, recover};
use crate::keeper::MOST_LEAVES;
use crate::opening::Opening;
use alloy::primitives::{Address, B256};
use restake::attestation::Domain;
use std::collections::BTreeMap;
use std::ops::Range;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// How many answers may wait to be looked at.
const WAITING: usize = 16;

/// Why data does not come back.
#[derive(Debug, thiserror::Error)]
pub enum RetrieveError {
    /// Too few leaves were given, or what was promised is no data.
    #[error("{error}{}", told(failed))]
    Coding {
        /// Why.
        error: CodingError,
        /// Who could not be asked, or gave less than it promised.
        failed: BTreeMap<Address, String>,
    },
    /// The promises are none.
    #[error("{0:#}")]
    Certificate(eyre::Report),
    /// The process ends.
    #[error("interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

fn told(failed: &BTreeMap<Address, String>) -> String {
    failed.iter().map(|(key, why)| format!("; {key}: {why}")).collect()
}

impl Client {
    /// Gives data back that operators promised to keep.
    ///
    /// # Errors
    /// [`RetrieveError`].
    pub async fn retrieve(&self, domain: &Domain, certificate: &Certificate) -> Result<Vec<u8>, RetrieveError> {
        let keepers = certificate.keepers(domain).map_err(RetrieveError::Certificate)?;
        let parts = keepers.into_iter().map(|(key, promise)| (key, promise.part())).collect();
        self.gather(certificate.root(), certificate.leaf_count(), parts).await
    }

    /// Gives data back of which any operator may have anything.
    pub(crate) async fn gather_all(&self, root: B256, leaf_count: u64) -> Result<Vec<u8>, RetrieveError> {
        let client = self.clone().with_silent().await;
        let parts = client.operators().map(|key| (key, 0..leaf_count)).collect();
        client.gather(root, leaf_count, parts).await
    }

    async fn gather(
        &self,
        root: B256,
        leaf_count: u64,
        parts: BTreeMap<Address, Range<u64>>,
    ) -> Result<Vec<u8>, RetrieveError> {
        let needed = usize::try_from(leaf_count / 2).unwrap_or(usize::MAX);
        let (giving, mut given) = mpsc::channel::<Vec<Opening>>(WAITING);
        let mut asking = JoinSet::new();
        for (key, part) in parts {
            let (client, giving) = (self.clone(), giving.clone());
            asking.spawn(async move { (key, client.stream(key, (root, leaf_count), part, giving).await) });
        }
        drop(giving);
        let mut leaves = BTreeMap::new();
        while leaves.len() < needed {
            let Some(openings) = given.recv().await else { break };
            leaves.extend(openings.into_iter().map(|opening| (opening.index, opening.leaf.to_vec())));
        }
        // Nobody waits for who is not needed any more.
        drop(given);
        let mut failed = BTreeMap::new();
        if leaves.len() < needed {
            while let Some(ended) = asking.join_next().await {
                let (key, result) = ended?;
                failed.extend(result.err().map(|why| (key, format!("{why:#}"))));
            }
        }
        asking.abort_all();
        let recovered = tokio::task::spawn_blocking(move || recover(root, leaf_count, &leaves)).await?;
        recovered.map_err(|error| RetrieveError::Coding { error, failed })
    }

    /// Gives all that an operator has of a part, piece by piece, until nobody wants more.
    async fn stream(
        &self,
        key: Address,
        data: (B256, u64),
        part: Range<u64>,
        giving: mpsc::Sender<Vec<Opening>>,
    ) -> eyre::Result<()> {
        let mut next = part.start;
        while next < part.end {
            let openings = self.leaves(key, data, next, MOST_LEAVES).await?;
            let last = openings.iter().map(|opening| opening.index).max();
            let last = last.ok_or_else(|| eyre::eyre!("it gives no leaf from {next} on"))?;
            next = last.saturating_add(1);
            if giving.send(openings).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}
