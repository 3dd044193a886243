//! What signs for who acts: a key of this process, or a signer elsewhere.

use super::account::{KeySource, unlock};
use alloy::network::{EthereumWallet, TxSigner};
use alloy::primitives::Address;
#[cfg(feature = "ledger")]
use alloy::signers::ledger::{HDPath, LedgerSigner};
use alloy::signers::local::PrivateKeySigner;
use eyre::Result;
#[cfg(feature = "ledger")]
use eyre::WrapErr;
use restake::actors::Cast;
use restake::attestation::CompactSignature;
use restake::people::People;
use restake::remote::RemoteSigner;
use restake::typed_data::TypedData;
#[cfg(feature = "ledger")]
use std::sync::Arc;
use std::time::Duration;

/// What signs for somebody.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    /// A key of this process.
    Here(PrivateKeySigner),
    /// One that somebody else keeps.
    There(RemoteSigner),
    /// One in a Ledger.
    #[cfg(feature = "ledger")]
    Ledger(Arc<LedgerSigner>),
}

impl Key {
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Here(key) => key.address(),
            Self::There(signer) => TxSigner::address(signer),
            #[cfg(feature = "ledger")]
            Self::Ledger(signer) => TxSigner::address(signer),
        }
    }

    pub(crate) fn wallet(&self) -> EthereumWallet {
        match self.clone() {
            Self::Here(key) => key.into(),
            Self::There(signer) => signer.into(),
            #[cfg(feature = "ledger")]
            Self::Ledger(signer) => signer.into(),
        }
    }

    /// Signs what is no transaction.
    pub(crate) async fn sign(&self, data: &TypedData) -> Result<CompactSignature> {
        match self {
            Self::Here(key) => data.sign(key),
            Self::There(signer) => signer.sign_typed_data(data).await,
            #[cfg(feature = "ledger")]
            Self::Ledger(_) => eyre::bail!("a Ledger signs transactions here, and nothing for a service"),
        }
    }
}

/// What signs for who acts; nothing if only an address was given. A signer is waited for so long.
pub(crate) async fn find(source: &KeySource, cast: Option<&Cast>, patience: Duration) -> Result<Option<Key>> {
    #[cfg(feature = "ledger")]
    if let Some(number) = source.ledger {
        let signer = LedgerSigner::new(HDPath::LedgerLive(number), None).await.wrap_err("cannot ask the Ledger")?;
        return Ok(Some(Key::Ledger(Arc::new(signer))));
    }
    let Some(url) = &source.signer_url else { return Ok(unlock(source, cast)?.map(Key::Here)) };
    let people = cast.map_or_else(People::default, |cast| People::default().with_development_accounts(cast));
    let wanted = source.from.as_deref().map(|name| people.find(name)).transpose()?;
    Ok(Some(Key::There(RemoteSigner::connect(url, wanted, patience).await?)))
}
