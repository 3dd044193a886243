//! Whose record it is.

use super::error::RecordError;
use super::signed::Signed;
use crate::origin::Origin;
use alloy::primitives::Address;
use restake::chain::Chain;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// A key, and what it signs for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Identity {
    /// The chain's number.
    pub chain_id: u64,
    /// By which it is told from another chain of the same number.
    pub origin: Origin,
    /// The ServiceManager of the service.
    pub service: Address,
    /// The account of the key.
    pub key: Address,
}

impl Identity {
    /// A key that signs for a service on this chain, which was deployed after block `since`.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn on(chain: &Chain, since: u64, service: Address, key: Address) -> eyre::Result<Self> {
        Ok(Self { chain_id: chain.id().await?, origin: Origin::of(chain, since).await?, service, key })
    }

    /// The name of the record's file.
    pub(super) fn file_name(&self) -> String {
        format!("signed-{}-{}-{}.redb", self.chain_id, self.service, self.key).to_lowercase()
    }

    /// Whether a record of this identity is one of `asked`.
    pub(super) fn allows(&self, asked: &Self, path: &Path, began_again: bool) -> Result<(), RecordError> {
        let path = path.to_owned();
        if (Self { origin: asked.origin, ..self.clone() }) != *asked {
            let (recorded, asked) = (Box::new(self.clone()), Box::new(asked.clone()));
            return Err(RecordError::OtherIdentity { path, recorded, asked });
        }
        if self.origin != asked.origin && !began_again {
            return Err(RecordError::OtherChain { path, recorded: self.origin.hash, asked: asked.origin.hash });
        }
        Ok(())
    }

    /// Whether something was signed by this key.
    pub(super) fn check(&self, entry: &Signed) -> Result<(), RecordError> {
        let signer = entry.signature.map(|signature| signature.signer(entry.hash));
        match signer {
            None => Ok(()),
            Some(Ok(signer)) if signer == self.key => Ok(()),
            Some(_) => Err(RecordError::NotSigned { task: entry.subject.task, time: entry.subject.time }),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain_id, origin: Origin { number, hash }, service, key } = self;
        write!(f, "key {key} for service {service} on chain {chain_id} (block {number} is {hash})")
    }
}
