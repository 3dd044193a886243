//! A record as JSON, to be kept or moved.

use super::error::RecordError;
use super::identity::Identity;
use super::signed::{Signed, Written};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The version that is written.
const VERSION: u64 = 1;

/// Everything that a record has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    version: u64,
    identity: Identity,
    #[serde(default)]
    forgotten_before: u64,
    entries: Vec<Written>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// Entries that the record lacked.
    pub added: u64,
    /// Entries that it had.
    pub known: u64,
}

impl Backup {
    pub(super) fn new(identity: Identity, forgotten_before: u64, entries: Vec<Signed>) -> Self {
        Self { version: VERSION, identity, forgotten_before, entries: entries.into_iter().map(Into::into).collect() }
    }

    /// Before which nothing is signed any more.
    pub(super) fn forgotten_before(&self) -> u64 {
        self.forgotten_before
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, if they are this key's. A backup of a chain before it began again counts: what was signed there can
    /// be held against the key here.
    pub(super) fn checked(self, identity: &Identity, path: &Path) -> Result<Vec<Signed>, RecordError> {
        if self.version != VERSION {
            return Err(RecordError::Version(self.version));
        }
        self.identity.allows(identity, path, true)?;
        let entries: Vec<Signed> = self.entries.into_iter().map(Into::into).collect();
        entries.iter().try_for_each(|entry| identity.check(entry))?;
        Ok(entries)
    }
}
