//! What a key signed. A signature is on the disk before it leaves the process, and a task that was signed is never
//! signed with other content, however often the process is killed and started, and whatever is imported.

mod backup;
mod error;
mod identity;
mod signed;
mod store;

pub use backup::{Backup, Merged};
pub use error::{Contradiction, RecordError, SignError};
pub use identity::Identity;
pub use signed::{Signed, Subject};

use crate::key::Key;
use crate::lock::Lock;
use crate::metrics::Metric;
use restake::attestation::CompactSignature;
use restake::typed_data::TypedData;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;

/// What was signed, by the kind of typed data.
pub static SIGNATURES: Metric = Metric::counter("restake_signatures_total", "Signatures that were made.");

/// What was not signed, because it had been signed with other content, by the kind of typed data.
pub static CONTRADICTIONS: Metric =
    Metric::counter("restake_signatures_refused_total", "What was not signed: the record has another answer.");

/// The record of one key, for one service on one chain. Copies are the same one.
#[derive(Debug, Clone)]
pub struct SigningRecord(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    identity: Identity,
    file: PathBuf,
    _lock: Lock,
}

impl SigningRecord {
    /// Opens the record of a key in a folder, or begins one. Nobody else can have it open.
    ///
    /// # Errors
    /// [`RecordError`]; [`RecordError::OtherChain`] if the chain is another one than it was: whoever is sure
    /// that the chain began again takes [`Self::open_for_new_chain`].
    pub fn open(folder: &Path, identity: Identity) -> Result<Self, RecordError> {
        Self::open_as(folder, identity, false)
    }

    /// The same where the chain began again. What was signed stays signed: a signature does not say which of the two
    /// chains it was made for.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open_for_new_chain(folder: &Path, identity: Identity) -> Result<Self, RecordError> {
        Self::open_as(folder, identity, true)
    }

    fn open_as(folder: &Path, identity: Identity, began_again: bool) -> Result<Self, RecordError> {
        std::fs::create_dir_all(folder).map_err(|error| RecordError::Folder { path: folder.to_owned(), error })?;
        let file = folder.join(identity.file_name());
        let lock = Lock::take(&file.with_extension("lock"))?;
        let store = Store::open(&file)?;
        match store.identity()? {
            Some(recorded) => {
                recorded.allows(&identity, &file, began_again)?;
                if recorded != identity {
                    store.set_identity(&identity)?;
                }
            }
            None => store.set_identity(&identity)?,
        }
        Ok(Self(Arc::new(Inner { store, identity, file, _lock: lock })))
    }

    /// Whose record it is.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Where it is.
    pub fn file(&self) -> &Path {
        &self.0.file
    }

    /// Signs something about a task, once: the same content again gives the same signature.
    ///
    /// # Errors
    /// [`SignError::Contradiction`] if the record has other content of this kind for the task, or may have.
    pub async fn sign_once(
        &self,
        key: &Key,
        subject: Subject,
        data: &TypedData,
    ) -> Result<CompactSignature, SignError> {
        if key.address() != self.0.identity.key {
            return Err(SignError::OtherKey { record: self.0.identity.key, key: key.address() });
        }
        let unsigned = Signed::intent(subject, data);
        if key.is_elsewhere() {
            // The signer knows the signature before this process does: what it was asked for is on the disk before.
            if let Some(known) = self.keep(unsigned.clone()).await?.signature {
                return Ok(known);
            }
        } else if let Some(known) = self.known(&unsigned).await?.and_then(|known| known.signature) {
            return Ok(known);
        }
        let signature = key.sign(data).await.map_err(SignError::Key)?;
        let kept = self.keep(Signed { signature: Some(signature), ..unsigned }).await?;
        Ok(kept.signature.unwrap_or(signature))
    }

    /// What was signed of a kind about a task; more than one entry only if signatures were taken in that another copy
    /// had made.
    ///
    /// # Errors
    /// [`RecordError`].
    pub async fn signed(&self, subject: Subject, kind: &str) -> Result<Vec<Signed>, RecordError> {
        let kind = kind.to_owned();
        self.with(move |store| store.about(subject, &kind)).await
    }

    /// Takes in a signature of this key that was seen elsewhere. Returns whether the record lacked it.
    ///
    /// # Errors
    /// [`RecordError::NotSigned`] if it is not this key's.
    pub async fn take_in(&self, seen: Signed) -> Result<bool, RecordError> {
        self.0.identity.check(&seen)?;
        self.with(move |store| store.merge(&[seen])).await.map(|added| added > 0)
    }

    /// Forgets what is about tasks that were set before, and signs nothing about them any more: what is too old to be
    /// held against anybody need not fill the disk.
    ///
    /// # Errors
    /// [`RecordError`].
    pub async fn forget_before(&self, time: u64) -> Result<(), RecordError> {
        self.with(move |store| store.forget_before(time)).await
    }

    /// Before which nothing is signed any more.
    ///
    /// # Errors
    /// [`RecordError`].
    pub async fn forgotten_before(&self) -> Result<u64, RecordError> {
        self.with(Store::forgotten_before).await
    }

    /// How much the record has.
    ///
    /// # Errors
    /// [`RecordError`].
    pub async fn len(&self) -> Result<u64, RecordError> {
        self.with(Store::len).await
    }

    /// Whether nothing was signed yet.
    ///
    /// # Errors
    /// [`RecordError`].
    pub async fn is_empty(&self) -> Result<bool, RecordError> {
        Ok(self.len().await? == 0)
    }

    /// Everything, for another machine or another day.
    ///
    /// # Errors
    /// [`RecordError`].
    pub async fn export(&self) -> Result<Backup, RecordError> {
        let (forgotten_before, entries) = self.with(Store::everything).await?;
        Ok(Backup::new(self.0.identity.clone(), forgotten_before, entries))
    }

    /// Adds what a backup has; forgets nothing.
    ///
    /// # Errors
    /// [`RecordError`]; then nothing was added.
    pub async fn import(&self, backup: Backup) -> Result<Merged, RecordError> {
        let forgotten_before = backup.forgotten_before();
        let entries = backup.checked(&self.0.identity, &self.0.file)?;
        let all = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let added = self.with(move |store| store.merge(&entries)).await?;
        self.forget_before(forgotten_before).await?;
        Ok(Merged { added, known: all.saturating_sub(added) })
    }

    /// The entry with the same content; an error if there is other content.
    async fn known(&self, wanted: &Signed) -> Result<Option<Signed>, SignError> {
        let (subject, kind) = (wanted.subject, wanted.kind.clone());
        let about = self.with(move |store| store.about(subject, &kind)).await?;
        wanted.agrees_with(&about)?;
        Ok(about.into_iter().find(|entry| entry.hash == wanted.hash))
    }

    /// Writes an entry to the disk, unless there is other content. Returns it, with the signature that was there.
    async fn keep(&self, entry: Signed) -> Result<Signed, SignError> {
        self.with(move |store| store.keep(entry)).await
    }

    /// Works with the store, where waiting for the disk keeps nobody.
    async fn with<T: Send + 'static, E: From<RecordError> + Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let inner = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&inner.store)).await;
        done.unwrap_or_else(|error| Err(RecordError::Interrupted(error.to_string()).into()))
    }
}
