//! An entry of a record.

use super::error::{Contradiction, SignError};
use crate::message::Signature;
use alloy::primitives::B256;
use restake::attestation::CompactSignature;
use restake::typed_data::TypedData;
use serde::{Deserialize, Serialize};

/// What is signed about: a task is the pair of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What is asked.
    pub task: B256,
    /// When (Unix seconds).
    pub time: u64,
}

/// Something that was signed, or was about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What it is about.
    pub subject: Subject,
    /// The kind of typed data: the name of its primary type.
    pub kind: String,
    /// The hash that is signed.
    pub hash: B256,
    /// The signature; none if a signer elsewhere was asked and has not answered yet.
    pub signature: Option<CompactSignature>,
}

/// The same as a backup has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Written {
    task: B256,
    task_time: u64,
    kind: String,
    hash: B256,
    signature: Option<Signature>,
}

impl Signed {
    /// What is about to be signed.
    pub(super) fn intent(subject: Subject, data: &TypedData) -> Self {
        Self { subject, kind: kind(data), hash: data.hash, signature: None }
    }

    /// What was signed elsewhere.
    pub fn elsewhere(subject: Subject, data: &TypedData, signature: CompactSignature) -> Self {
        Self { signature: Some(signature), ..Self::intent(subject, data) }
    }

    /// Whether entries about the same have the same content.
    pub(super) fn agrees_with(&self, others: &[Self]) -> Result<(), SignError> {
        match others.iter().find(|other| other.hash != self.hash) {
            None => Ok(()),
            Some(other) => Err(SignError::Contradiction(Box::new(Contradiction {
                kind: self.kind.clone(),
                subject: self.subject,
                signed: other.hash,
                asked: self.hash,
            }))),
        }
    }
}

/// The name of the primary type.
fn kind(data: &TypedData) -> String {
    data.json["primaryType"].as_str().unwrap_or_default().to_owned()
}

impl From<Signed> for Written {
    fn from(Signed { subject, kind, hash, signature }: Signed) -> Self {
        Self { task: subject.task, task_time: subject.time, kind, hash, signature: signature.map(Into::into) }
    }
}

impl From<Written> for Signed {
    fn from(Written { task, task_time: time, kind, hash, signature }: Written) -> Self {
        Self { subject: Subject { task, time }, kind, hash, signature: signature.map(Into::into) }
    }
}
