//! What processes tell each other. An [`Envelope`] carries a body of some kind, signed by who sends it in the domain of
//! the service, so that it needs nothing beside itself to be believed. A body that can be held against somebody carries
//! a signature of its own, over what the chain judges. Whoever gets the same envelope twice takes it once.

mod answer;
mod inbox;

pub use answer::Answer;
pub use inbox::{Inbox, RECEIVED, REFUSED};

use crate::key::Key;
use alloy::primitives::{Address, B256, FixedBytes};
use alloy::sol;
use alloy::sol_types::SolStruct;
use eyre::{Result, WrapErr};
use restake::attestation::{CompactSignature, Domain};
use restake::typed_data::TypedData;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The version of envelopes. Another one is not understood.
pub const VERSION: u8 = 1;

/// The most bytes of an envelope, as it travels.
pub const LONGEST: usize = 256 * 1_024;

mod typed {
    super::sol! {
        /// What the sender of a message signs.
        struct Envelope {
            string kind;
            string body;
        }
    }
}

/// A message as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// [`VERSION`].
    pub version: u8,
    /// What kind of body it has.
    pub kind: String,
    /// The body, as JSON.
    pub body: String,
    /// The account of the key that signed it.
    pub from: Address,
    /// Its signature.
    pub signature: Signature,
}

/// A signature as it travels: `r`, then `vs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Signature(FixedBytes<64>);

impl Signature {
    /// Its bytes.
    pub const fn bytes(self) -> FixedBytes<64> {
        self.0
    }
}

impl From<FixedBytes<64>> for Signature {
    fn from(bytes: FixedBytes<64>) -> Self {
        Self(bytes)
    }
}

impl From<CompactSignature> for Signature {
    fn from(CompactSignature { r, vs }: CompactSignature) -> Self {
        Self(r.concat_const(vs))
    }
}

impl From<Signature> for CompactSignature {
    fn from(Signature(bytes): Signature) -> Self {
        let (r, vs) = bytes.split_at(32);
        Self { r: B256::from_slice(r), vs: B256::from_slice(vs) }
    }
}

/// What an envelope can carry.
pub trait Body: Serialize + DeserializeOwned {
    /// What it is called; no other type of the service has the same.
    const KIND: &'static str;
}

/// Why a message changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It has too many bytes.
    #[error("it has more than {LONGEST} bytes")]
    Oversized,
    /// It is no envelope, or its body is not of the kind that it says.
    #[error("it cannot be read")]
    Garbage,
    /// It is of another version.
    #[error("it is of another version than {VERSION}")]
    OtherVersion,
    /// Its signature is not the sender's in the domain of this service on this chain.
    #[error("it is not signed by its sender for this service on this chain")]
    NotSigned,
    /// It was here before.
    #[error("it was here before")]
    Repeated,
    /// Who sent it has no say here, or what it says does not hold.
    #[error("it does not count here")]
    Unfounded,
    /// It is about a time that is over, or has not come.
    #[error("it is not about now")]
    Untimely,
}

impl Rejected {
    /// What metrics call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oversized => "oversized",
            Self::Garbage => "garbage",
            Self::OtherVersion => "version",
            Self::NotSigned => "unsigned",
            Self::Repeated => "repeated",
            Self::Unfounded => "unfounded",
            Self::Untimely => "untimely",
        }
    }
}

impl Envelope {
    /// Signs a body, to be sent.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub async fn seal<B: Body>(domain: &Domain, key: &Key, body: &B) -> Result<Self> {
        let (kind, body) = (B::KIND.to_owned(), serde_json::to_string(body).wrap_err("cannot write a message")?);
        let signature = key.sign(&typed_data(domain, &kind, &body)).await?.into();
        Ok(Self { version: VERSION, kind, body, from: key.address(), signature })
    }

    /// Reads one as it came.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn read(bytes: &[u8]) -> Result<Self, Rejected> {
        if bytes.len() > LONGEST {
            return Err(Rejected::Oversized);
        }
        serde_json::from_slice(bytes).map_err(|_| Rejected::Garbage)
    }

    /// Whether it is of this version, not too long, and signed by its sender in this domain.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn check(&self, domain: &Domain) -> Result<(), Rejected> {
        if self.version != VERSION {
            return Err(Rejected::OtherVersion);
        }
        if self.kind.len().saturating_add(self.body.len()) > LONGEST {
            return Err(Rejected::Oversized);
        }
        let signer = CompactSignature::from(self.signature).signer(self.hash(domain));
        if signer.is_ok_and(|signer| signer == self.from) { Ok(()) } else { Err(Rejected::NotSigned) }
    }

    /// Its body, if it is of this kind.
    ///
    /// # Errors
    /// [`Rejected::Garbage`] if the body is not what the kind says.
    pub fn open<B: Body>(&self) -> Result<Option<B>, Rejected> {
        if self.kind != B::KIND {
            return Ok(None);
        }
        serde_json::from_str(&self.body).map(Some).map_err(|_| Rejected::Garbage)
    }

    /// What its sender signed, which no other message has.
    pub fn hash(&self, domain: &Domain) -> B256 {
        typed(&self.kind, &self.body).eip712_signing_hash(domain.eip712())
    }
}

fn typed(kind: &str, body: &str) -> typed::Envelope {
    typed::Envelope { kind: kind.to_owned(), body: body.to_owned() }
}

fn typed_data(domain: &Domain, kind: &str, body: &str) -> TypedData {
    domain.typed(&typed(kind, body), json!({ "kind": kind, "body": body }))
}
