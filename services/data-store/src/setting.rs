//! The chain that the data store is about: its contracts, and what they say.

use crate::assignment::{Signer, Signers};
use alloy::primitives::{Address, B256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use eyre::{Result, WrapErr};
use interfaces::IRegistry::{
    KeyRotated, OperatorRegistered, evidenceWindowCall, keyOfCall, stakeAtCall, totalStakeAtCall,
};
use restake::attestation::Domain;
use restake::chain::Chain;
use restake::suite::Suite;
use restake_daemon::origin::{Origin, unseen};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A service on a chain. Copies know the same.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The node, with the keys of who acts.
    pub chain: Chain,
    /// The contracts.
    pub suite: Suite,
    /// What operators sign in.
    pub domain: Domain,
    /// The block after which the suite was deployed.
    pub since: u64,
    keys: Arc<Mutex<Keys>>,
}

/// All keys that were ever registered, as far as the chain was looked through.
#[derive(Debug, Default)]
struct Keys {
    looked: Option<Origin>,
    keys: BTreeSet<Address>,
}

impl Setting {
    /// The service of a suite that was deployed after block `since`.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn new(chain: Chain, suite: Suite, since: u64) -> Result<Self> {
        let domain = Domain::new(chain.id().await?, suite.service.service_manager);
        Ok(Self { chain, suite, domain, since, keys: Arc::default() })
    }

    /// The same through another node.
    #[must_use]
    pub fn through(&self, chain: Chain) -> Self {
        Self { chain, ..self.clone() }
    }

    /// Whose signatures carry stake for a task of `time` (Unix seconds).
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn signers_at(&self, time: u64) -> Result<Signers> {
        let (registry, mut signers) = (self.suite.service.registry, Signers::new());
        for key in self.keys().await? {
            let known = self.chain.view(registry, &keyOfCall { signingKey: key }).await?;
            if !(known.from..known.until).contains(&time) {
                continue;
            }
            let operator = known.operator;
            let stake = self.chain.view(registry, &stakeAtCall { operator, time }).await?;
            if stake != 0 {
                signers.insert(key, Signer { operator, stake });
            }
        }
        Ok(signers)
    }

    /// The stake that a quorum of a task of `time` is a part of.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn total_stake_at(&self, time: u64) -> Result<u128> {
        Ok(self.chain.view(self.suite.service.registry, &totalStakeAtCall { time }).await?)
    }

    /// How long evidence about a task is good (seconds).
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn evidence_window(&self) -> Result<u64> {
        Ok(self.chain.view(self.suite.service.registry, &evidenceWindowCall {}).await?)
    }

    /// The blocks of the suite after the last one that was looked at, and the last of them.
    pub(crate) async fn unseen(&self, looked: Option<Origin>) -> Result<(RangeInclusive<u64>, Origin)> {
        unseen(&self.chain, self.since, looked).await
    }

    /// The events of a type that a contract logged in these blocks, with these second and later topics.
    pub(crate) async fn logged<E: SolEvent>(
        &self,
        contract: Address,
        topics: [Option<B256>; 3],
        blocks: &RangeInclusive<u64>,
    ) -> Result<Vec<E>> {
        let mut filter = Filter::new().address(contract).event_signature(E::SIGNATURE_HASH);
        for (asked, topic) in filter.topics.iter_mut().skip(1).zip(topics) {
            if let Some(topic) = topic {
                *asked = topic.into();
            }
        }
        let logs = self.chain.logs(&filter, *blocks.start(), *blocks.end()).await.wrap_err("cannot ask for events")?;
        logs.iter().map(|log| Ok(E::decode_log(&log.inner)?.data)).collect()
    }

    /// All keys that were ever registered. One of a chain that began again may be nobody's, and counts for nothing.
    async fn keys(&self) -> Result<BTreeSet<Address>> {
        let (registry, mut known) = (self.suite.service.registry, self.keys.lock().await);
        let (blocks, looked) = self.unseen(known.looked).await?;
        let registered = self.logged::<OperatorRegistered>(registry, [None; 3], &blocks).await?;
        let rotated = self.logged::<KeyRotated>(registry, [None; 3], &blocks).await?;
        known.keys.extend(registered.into_iter().map(|event| event.signingKey));
        known.keys.extend(rotated.into_iter().map(|event| event.newKey));
        known.looked = Some(looked);
        Ok(known.keys.clone())
    }
}
