//! What the node signs: everything, for the development accounts, whose keys everybody knows.

use super::error::ChainError;
use super::{Chain, SignedTransaction};
use crate::DevAccount;
use alloy::consensus::{SignableTransaction, TypedTransaction};
use alloy::primitives::{Address, B256, Signature};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;

impl Chain {
    /// The accounts that the node signs for: none on a chain like Nitro's.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = Address> + '_ {
        self.signers().map(|account| account.address)
    }

    fn signers(&self) -> impl Iterator<Item = &DevAccount> + '_ {
        self.settings.accounts.iter().filter(|_| !self.settings.nitro)
    }

    /// Signs a hash for a development account.
    ///
    /// # Errors
    ///
    /// [`ChainError::UnknownAccount`] for any other account.
    pub(crate) fn sign_hash(&self, address: Address, hash: B256) -> Result<Signature, ChainError> {
        self.signer(address)?.sign_hash_sync(&hash).map_err(|error| ChainError::Internal(error.to_string()))
    }

    /// The transaction of a request, completed and signed. Nothing is sent.
    ///
    /// # Errors
    ///
    /// If the sender is not a development account, or the request cannot be completed.
    pub(crate) fn sign_transaction(&mut self, request: TransactionRequest) -> Result<SignedTransaction, ChainError> {
        let from = request.from.unwrap_or_default();
        self.signer(from)?;
        let transaction = self.complete(request)?;
        self.sign(from, transaction)
    }

    /// Completes a request and sends it. The transaction is signed if the node has the sender's key, and goes without a
    /// signature if the sender is impersonated. Returns the hash.
    ///
    /// # Errors
    ///
    /// [`ChainError::UnknownAccount`] if the node neither has the sender's key nor impersonates the sender, and every
    /// error that makes a transaction invalid. A refused request leaves no trace.
    pub(crate) fn send(&mut self, request: TransactionRequest) -> Result<B256, ChainError> {
        let from = request.from.unwrap_or_default();
        let has_key = match self.signer(from) {
            Ok(_) => true,
            Err(_) if self.impersonated.contains(from) => false,
            Err(error) => return Err(error),
        };
        let transaction = self.complete(request)?;
        let transaction =
            if has_key { self.sign(from, transaction)? } else { SignedTransaction::impersonated(from, transaction)? };
        let hash = transaction.hash();
        self.accept(transaction)?;
        Ok(hash)
    }

    fn sign(&self, from: Address, transaction: TypedTransaction) -> Result<SignedTransaction, ChainError> {
        let signature = self.sign_hash(from, transaction.signature_hash())?;
        Ok(SignedTransaction::signed(from, transaction, signature)?)
    }

    fn signer(&self, address: Address) -> Result<PrivateKeySigner, ChainError> {
        let account = self.signers().find(|account| account.address == address);
        let signer = account.and_then(|account| PrivateKeySigner::from_bytes(&account.key).ok());
        // Whoever configured the node may have given an account a key that is not its own.
        signer.filter(|signer| signer.address() == address).ok_or(ChainError::UnknownAccount(address))
    }
}
