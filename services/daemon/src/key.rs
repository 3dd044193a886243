//! What signs for an operator: a key of this process, or a signer elsewhere.

use alloy::network::{EthereumWallet, TxSigner};
use alloy::primitives::Address;
use alloy::signers::local::PrivateKeySigner;
use eyre::{Result, WrapErr};
use restake::attestation::CompactSignature;
use restake::remote::RemoteSigner;
use restake::typed_data::TypedData;
use std::path::Path;
use std::time::Duration;

/// What signs.
#[derive(Debug, Clone)]
pub enum Key {
    /// A key of this process.
    Here(PrivateKeySigner),
    /// One that somebody else keeps.
    There(RemoteSigner),
}

impl From<PrivateKeySigner> for Key {
    fn from(key: PrivateKeySigner) -> Self {
        Self::Here(key)
    }
}

impl Key {
    /// The key of a keystore file.
    ///
    /// # Errors
    /// If there is none, or the password is another.
    pub fn keystore(file: &Path, password: &str) -> Result<Self> {
        let key = PrivateKeySigner::decrypt_keystore(file, password);
        Ok(Self::Here(key.wrap_err_with(|| format!("cannot open the keystore {}", file.display()))?))
    }

    /// The key of `account` of a signer elsewhere, or its only one.
    ///
    /// # Errors
    /// As [`RemoteSigner::connect`].
    pub async fn remote(url: &str, account: Option<Address>, patience: Duration) -> Result<Self> {
        Ok(Self::There(RemoteSigner::connect(url, account, patience).await?))
    }

    /// The key's account.
    pub fn address(&self) -> Address {
        match self {
            Self::Here(key) => key.address(),
            Self::There(signer) => TxSigner::address(signer),
        }
    }

    /// What signs transactions with it.
    pub fn wallet(&self) -> EthereumWallet {
        match self.clone() {
            Self::Here(key) => key.into(),
            Self::There(signer) => signer.into(),
        }
    }

    /// Signs typed data. What can be held against an operator is signed by
    /// [`SigningRecord::sign_once`](crate::record::SigningRecord::sign_once) only.
    ///
    /// # Errors
    /// If the key cannot sign, or the signer elsewhere cannot be asked or signs something else.
    pub async fn sign(&self, data: &TypedData) -> Result<CompactSignature> {
        match self {
            Self::Here(key) => data.sign(key),
            Self::There(signer) => signer.sign_typed_data(data).await,
        }
    }

    /// Whether what is signed is known to others before this process has it.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self, Self::There(_))
    }
}
