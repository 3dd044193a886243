//! The promises of several operators to keep one data: what a client has in hand when it has dispersed it.

use crate::message::Promise;
use crate::setting::Setting;
use alloy::primitives::{Address, B256, Bytes};
use eyre::{OptionExt, Result, ensure};
use interfaces::IQuorum::{verifyDataQuorumCall, verifyDataQuorumReturn};
use restake::attestation::Domain;
use restake::availability::data_quorum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Promises to keep one data for one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Promise>", into = "Vec<Promise>")]
pub struct Certificate(Vec<Promise>);

impl TryFrom<Vec<Promise>> for Certificate {
    type Error = eyre::Report;

    fn try_from(promises: Vec<Promise>) -> Result<Self> {
        let first = promises.first().ok_or_eyre("a certificate has a promise")?;
        let data = |promise: &Promise| (promise.task, promise.task_time, promise.root, promise.leaf_count);
        ensure!(promises.iter().all(|promise| data(promise) == data(first)), "the promises are about several data");
        Ok(Self(promises))
    }
}

impl From<Certificate> for Vec<Promise> {
    fn from(certificate: Certificate) -> Self {
        certificate.0
    }
}

impl Certificate {
    /// The task.
    pub fn task(&self) -> B256 {
        self.0.first().map_or(B256::ZERO, |promise| promise.task)
    }

    /// When it was set (Unix seconds).
    pub fn task_time(&self) -> u64 {
        self.0.first().map_or(0, |promise| promise.task_time)
    }

    /// The root of the data.
    pub fn root(&self) -> B256 {
        self.0.first().map_or(B256::ZERO, |promise| promise.root)
    }

    /// How many leaves it has.
    pub fn leaf_count(&self) -> u64 {
        self.0.first().map_or(0, |promise| promise.leaf_count)
    }

    /// Who promised what, by the accounts of the keys.
    ///
    /// # Errors
    /// If something is not signed.
    pub fn keepers(&self, domain: &Domain) -> Result<BTreeMap<Address, Promise>> {
        self.0.iter().map(|promise| Ok((promise.signer(domain)?, *promise))).collect()
    }

    /// The signatures as the Quorum takes them.
    ///
    /// # Errors
    /// If one is none.
    pub fn signatures(&self, domain: &Domain) -> Result<Bytes> {
        data_quorum(domain, self.0.iter().map(Promise::signed))
    }

    /// What the chain says of it: whether `threshold` (basis points) of the stake signed, how much of how much, and how
    /// many leaves are kept.
    ///
    /// # Errors
    /// If the chain cannot be asked, or takes it for none.
    pub async fn verify(&self, setting: &Setting, threshold: u16) -> Result<verifyDataQuorumReturn> {
        let call = verifyDataQuorumCall {
            task: self.task(),
            taskTime: self.task_time(),
            root: self.root(),
            leafCount: self.leaf_count(),
            signatures: self.signatures(&setting.domain)?,
            threshold,
        };
        Ok(setting.chain.view(setting.suite.service.quorum, &call).await?)
    }
}
