//! Sampling: a few leaves of each operator, chosen so that it cannot know which. Who keeps less than all of its part is
//! found with each one that is asked for as often as leaves are missing.

use super::Client;
use crate::certificate::Certificate;
use crate::message::Promise;
use alloy::primitives::Address;
use eyre::Result;
use rand::Rng;
use rand::rngs::OsRng;
use restake::attestation::Domain;
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// What an operator gave of what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sampled {
    /// What it promised.
    pub promise: Promise,
    /// The leaves that it was asked for.
    pub asked: BTreeSet<u64>,
    /// Those that it did not give.
    pub missing: BTreeSet<u64>,
}

impl Client {
    /// Asks each operator whose address is known for so many random leaves of its part, or for all of a small part.
    ///
    /// # Errors
    /// If the certificate is none, or the process ends.
    pub async fn sample(
        &self,
        domain: &Domain,
        certificate: &Certificate,
        leaves: usize,
    ) -> Result<BTreeMap<Address, Sampled>> {
        let mut asking = JoinSet::new();
        for (key, promise) in certificate.keepers(domain)? {
            if self.operators.contains_key(&key) {
                let (client, asked) = (self.clone(), random(&promise, leaves));
                asking.spawn(async move { (key, client.ask(key, promise, asked).await) });
            }
        }
        let mut sampled = BTreeMap::new();
        while let Some(ended) = asking.join_next().await {
            sampled.extend([ended?]);
        }
        Ok(sampled)
    }

    /// Asks an operator for these leaves, one by one: each is an answer of its own. Whoever does not answer at all is
    /// not asked for the rest.
    pub(crate) async fn ask(&self, key: Address, promise: Promise, asked: BTreeSet<u64>) -> Sampled {
        let mut missing = asked.clone();
        for index in asked.iter().copied() {
            let Ok(leaves) = self.leaves(key, (promise.root, promise.leaf_count), index, 1).await else { break };
            if leaves.iter().any(|leaf| leaf.index == index) {
                missing.remove(&index);
            }
        }
        Sampled { promise, asked, missing }
    }
}

/// So many different leaves of a part, as the system's random numbers say.
fn random(promise: &Promise, leaves: usize) -> BTreeSet<u64> {
    let part = promise.part();
    let mut chosen = BTreeSet::new();
    if promise.kept_leaves <= u64::try_from(leaves).unwrap_or(u64::MAX) {
        chosen.extend(part);
    } else {
        while chosen.len() < leaves {
            chosen.insert(OsRng.gen_range(part.clone()));
        }
    }
    chosen
}
