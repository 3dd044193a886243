//! The contracts and the index as of one block.

use crate::api::ApiError;
use crate::site::{Answers, Site};
use alloy::eips::BlockId;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use alloy::transports::RpcError;
use restake_indexer::storage::{Storage, StorageError};
use restake_indexer::{Block, Snapshot};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

/// The gas that a question to a contract of somebody else may cost.
const FOREIGN_GAS: u64 = 10_000_000;

/// A block, and everything as it was after it.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) site: Arc<Site>,
    pub(crate) block: Block,
    snapshot: Arc<Snapshot>,
}

impl View {
    pub(crate) async fn of(site: Arc<Site>) -> Result<Self, ApiError> {
        let snapshot = Arc::new(site.index.snapshot().await?);
        Ok(Self { site, block: snapshot.block(), snapshot })
    }

    /// Its time (Unix seconds).
    pub(crate) fn now(&self) -> u64 {
        self.block.timestamp
    }

    /// What an answer says of the block that it is about.
    pub(crate) fn as_of(&self) -> Value {
        json!({ "number": self.block.number, "hash": self.block.hash, "timestamp": self.block.timestamp })
    }

    /// Asks a contract of the suite.
    pub(crate) async fn ask<C: SolCall>(&self, contract: Address, call: &C) -> Result<C::Return, ApiError> {
        let answer = self.call(contract, call, None).await.map_err(|error| ApiError::Unavailable(error.to_string()))?;
        C::abi_decode_returns_validate(&answer).map_err(|error| ApiError::Unavailable(error.to_string()))
    }

    /// Asks a contract that may be anything. None, where it does not answer as asked.
    pub(crate) async fn ask_foreign<C: SolCall>(
        &self,
        contract: Address,
        call: &C,
    ) -> Result<Option<C::Return>, ApiError> {
        match self.call(contract, call, Some(FOREIGN_GAS)).await {
            Ok(answer) => Ok(C::abi_decode_returns_validate(&answer).ok()),
            Err(RpcError::ErrorResp(_)) => Ok(None),
            Err(error) => Err(ApiError::Unavailable(error.to_string())),
        }
    }

    /// Whether a contract of the suite refuses a question.
    pub(crate) async fn is_refused<C: SolCall>(&self, contract: Address, call: &C) -> Result<bool, ApiError> {
        match self.call(contract, call, None).await {
            Ok(_) => Ok(false),
            // Nitro and geth mark a revert with code 3.
            Err(RpcError::ErrorResp(answer)) if answer.code == 3 => Ok(true),
            Err(error) => Err(ApiError::Unavailable(error.to_string())),
        }
    }

    async fn call<C: SolCall>(
        &self,
        contract: Address,
        call: &C,
        gas: Option<u64>,
    ) -> Result<Bytes, RpcError<alloy::transports::TransportErrorKind>> {
        let input: Bytes = call.abi_encode().into();
        let asked = (contract, input.clone());
        if let Some(answer) = self.said().get(&asked) {
            return Ok(answer.clone());
        }
        let mut request = TransactionRequest::default().with_to(contract).with_input(input);
        request.gas = gas;
        let answer = self.site.chain.provider().call(request).block(BlockId::hash(self.block.hash)).await?;
        self.said().insert(asked, answer.clone());
        Ok(answer)
    }

    /// What contracts said at this block.
    fn said(&self) -> Said<'_> {
        let mut said = self.site.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.0 != self.block.hash {
            *said = (self.block.hash, HashMap::new());
        }
        Said(said)
    }

    /// Asks the index.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Storage) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, ApiError> {
        Ok(self.snapshot.read(work).await?)
    }
}

/// What was said, held.
struct Said<'a>(MutexGuard<'a, Answers>);

impl std::ops::Deref for Said<'_> {
    type Target = HashMap<(Address, Bytes), Bytes>;

    fn deref(&self) -> &Self::Target {
        &self.0.1
    }
}

impl std::ops::DerefMut for Said<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0.1
    }
}
