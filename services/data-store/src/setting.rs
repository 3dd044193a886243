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
use std::collections::BTreeSet;

/// A service on a chain.
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
}

impl Setting {
    /// The service of a suite that was deployed after block `since`.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn new(chain: Chain, suite: Suite, since: u64) -> Result<Self> {
        let domain = Domain::new(chain.id().await?, suite.service.service_manager);
        Ok(Self { chain, suite, domain, since })
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

    /// The events of a type that a contract logged since the suite is there, with these second and third topics.
    ///
    /// # Errors
    /// If the node cannot be asked, or gives something else.
    pub async fn logged<E: SolEvent>(&self, contract: Address, topics: [Option<B256>; 3]) -> Result<Vec<E>> {
        let mut filter = Filter::new().address(contract).event_signature(E::SIGNATURE_HASH);
        for (place, topic) in topics.into_iter().enumerate() {
            if let (Some(topic), Some(asked)) = (topic, filter.topics.get_mut(place.saturating_add(1))) {
                *asked = topic.into();
            }
        }
        let logs = self.chain.logs_since(&filter, self.since).await.wrap_err("cannot ask for events")?;
        logs.iter().map(|log| Ok(E::decode_log(&log.inner)?.data)).collect()
    }

    /// All keys that were ever registered.
    async fn keys(&self) -> Result<BTreeSet<Address>> {
        let registry = self.suite.service.registry;
        let registered = self.logged::<OperatorRegistered>(registry, [None; 3]).await?;
        let rotated = self.logged::<KeyRotated>(registry, [None; 3]).await?;
        let first = registered.into_iter().map(|event| event.signingKey);
        Ok(first.chain(rotated.into_iter().map(|event| event.newKey)).collect())
    }
}
