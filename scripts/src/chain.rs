//! A connection to a node: typed calls and transactions, and the development chain's control of time.

mod connecting;
mod depth;
mod expired;
mod gone;
mod logs;
mod sending;
mod verdict;
mod websocket;

pub use connecting::PATIENCE;
pub use depth::Shallow;
pub use expired::expired;
pub use gone::gone;
pub use sending::Unsettled;

use crate::development::Development;
use crate::refusal::Refusal;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::state::StateOverride;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent};
use alloy::transports::{RpcError, TransportErrorKind};
use eyre::{OptionExt, Result, ensure, eyre};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// A node and the keys that sign for it.
#[derive(Debug, Clone)]
pub struct Chain {
    provider: DynProvider,
    /// The same node, asked once: what is sent is sent again only by who knows what became of it.
    once: DynProvider,
    wallet: EthereumWallet,
    /// How long an answer is waited for, and a transaction to be mined.
    patience: Duration,
    /// The chain's number as the node gave it first. What is signed is signed for this one, whatever it says later.
    id: Arc<OnceCell<u64>>,
    /// Whether it tells of new blocks.
    is_live: bool,
    /// What the node can beyond others, once it was asked.
    development: Arc<OnceCell<Development>>,
}

/// Why a call did not go through.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The contract refused.
    #[error("the contract refused: {0}")]
    Refused(Refusal),
    /// The node refused, or could not be reached.
    #[error("{0:#}")]
    Node(eyre::Report),
}

impl CallError {
    fn new(error: RpcError<TransportErrorKind>) -> Self {
        match error.as_error_resp() {
            // Nitro and geth mark a revert with code 3 and give its data, which may be empty.
            Some(response) if response.code == 3 => {
                Self::Refused(Refusal { data: response.as_revert_data().unwrap_or_default() })
            }
            _ => Self::Node(eyre!(error)),
        }
    }
}

impl Chain {
    /// The provider, for what has no method here.
    pub fn provider(&self) -> &DynProvider {
        &self.provider
    }

    /// Asks a contract.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn view<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, CallError> {
        self.simulate(Address::ZERO, to, call, U256::ZERO).await
    }

    /// Asks a contract as it was after a block.
    ///
    /// # Errors
    /// [`CallError`]; also if the node does not know that block, or not any more what was then.
    pub async fn view_at<C: SolCall>(&self, to: Address, call: &C, block: BlockId) -> Result<C::Return, CallError> {
        let asked = request(Address::ZERO, to, call.abi_encode().into(), U256::ZERO);
        let returned = self.provider.call(asked).block(block).await.map_err(CallError::new)?;
        C::abi_decode_returns_validate(&returned).map_err(|error| CallError::Node(eyre!(error)))
    }

    /// What a call by `from` would return, without sending it.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn simulate<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
        value: U256,
    ) -> Result<C::Return, CallError> {
        let returned = self.ask(request(from, to, call.abi_encode().into(), value)).await?;
        C::abi_decode_returns_validate(&returned).map_err(|error| CallError::Node(eyre!(error)))
    }

    /// What a transaction would return, without sending it.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn ask(&self, request: TransactionRequest) -> Result<Bytes, CallError> {
        self.provider.call(request).await.map_err(CallError::new)
    }

    /// The same, as if accounts were as is supposed.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn suppose(&self, request: TransactionRequest, supposed: StateOverride) -> Result<Bytes, CallError> {
        self.provider.call(request).overrides(supposed).await.map_err(CallError::new)
    }

    /// The gas that a transaction takes, with an eighth more for what changes before it is mined; it pays for what it
    /// uses.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn estimate(&self, request: TransactionRequest) -> Result<u64, CallError> {
        let gas = self.provider.estimate_gas(request).await.map_err(CallError::new)?;
        Ok(gas.saturating_add(gas.div_ceil(8)))
    }

    /// Sends a call by `from` that carries `value` wei, and waits for its receipt.
    ///
    /// # Errors
    /// [`CallError`]; also if it failed although its gas could be estimated.
    pub async fn send<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
        value: U256,
    ) -> Result<TransactionReceipt, CallError> {
        self.transact(request(from, to, call.abi_encode().into(), value)).await
    }

    /// Sends a transaction and waits for its receipt.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn transact(&self, request: TransactionRequest) -> Result<TransactionReceipt, CallError> {
        let receipt = self.submit(request).await?;
        if receipt.status() {
            Ok(receipt)
        } else {
            Err(CallError::Node(eyre!("transaction {} failed", receipt.transaction_hash)))
        }
    }

    /// The chain's number, asked for once.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn id(&self) -> Result<u64> {
        Ok(*self.id.get_or_try_init(|| self.provider.get_chain_id().into_future()).await?)
    }

    /// The wei that `account` holds.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn balance(&self, account: Address) -> Result<U256> {
        Ok(self.provider.get_balance(account).await?)
    }

    /// The hash of the code of `contract`.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn code_hash(&self, contract: Address) -> Result<B256> {
        Ok(keccak256(self.provider.get_code_at(contract).await?))
    }

    /// The timestamp of the latest block (Unix seconds).
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn now(&self) -> Result<u64> {
        let block = self.provider.get_block_by_number(BlockNumberOrTag::Latest).await?;
        Ok(block.ok_or_eyre("the chain has no blocks")?.header.timestamp)
    }

    /// What only development nodes can. The node is asked once whether it is one.
    ///
    /// # Errors
    /// If it is not.
    pub async fn development(&self) -> Result<&Development> {
        self.development.get_or_try_init(|| Development::of(self.provider.clone())).await
    }

    /// Mines a block with the given timestamp. Only development nodes can.
    ///
    /// # Errors
    /// If the node cannot travel in time, or not backwards.
    pub async fn travel_to(&self, timestamp: u64) -> Result<()> {
        self.development().await?.mine_at(timestamp).await?;
        let now = self.now().await?;
        ensure!(now == timestamp, "the node was to travel to {timestamp} and is at {now}");
        Ok(())
    }
}

/// The first event of type `E` that `emitter` logged in a transaction.
pub fn event<E: SolEvent>(receipt: &TransactionReceipt, emitter: Address) -> Option<E> {
    let mut logs = receipt.logs().iter().filter(|log| log.address() == emitter);
    logs.find_map(|log| E::decode_log(&log.inner).ok().map(|decoded| decoded.data))
}

fn request(from: Address, to: Address, input: Bytes, value: U256) -> TransactionRequest {
    TransactionRequest::default().with_from(from).with_to(to).with_input(input).with_value(value)
}
