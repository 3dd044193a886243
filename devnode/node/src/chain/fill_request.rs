//! Completing the transaction that a client asks the node to send.

use super::Chain;
use super::call::transaction_of;
use super::call_request::CallRequest;
use super::error::ChainError;
use alloy::consensus::transaction::Recovered;
use alloy::consensus::{TxEnvelope, TypedTransaction};
use alloy::eips::BlockId;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Bytes, Signature, TxKind, U256};
use alloy::rpc::types::{Transaction as RpcTransaction, TransactionRequest};

impl Chain {
    /// A request with everything but its signature: as it will be signed, and as a client sees it. It offers twice the
    /// base fee, so that it can wait for a while.
    ///
    /// # Errors
    ///
    /// As for one that is sent.
    pub(crate) fn fill(
        &mut self,
        mut request: TransactionRequest,
    ) -> Result<(Bytes, RpcTransaction<TxEnvelope>), ChainError> {
        if request.gas_price.is_none() && request.max_fee_per_gas.is_none() {
            let tip = *request.max_priority_fee_per_gas.get_or_insert(0);
            let base_fee = u128::from(self.head().env().base_fee);
            request.max_fee_per_gas = Some(base_fee.saturating_mul(2).saturating_add(tip));
        }
        if request.gas_price.is_none() {
            request.access_list.get_or_insert_default();
        }
        let from = request.from.unwrap_or_default();
        let nobody = Signature::new(U256::ZERO, U256::ZERO, false);
        let envelope: TxEnvelope = self.complete(request)?.into_envelope(nobody);
        let raw = envelope.encoded_2718().into();
        let transaction = RpcTransaction {
            inner: Recovered::new_unchecked(envelope, from),
            block_hash: None,
            block_number: None,
            transaction_index: None,
            effective_gas_price: None,
        };
        Ok((raw, transaction))
    }

    /// Fills in what the request leaves open: the next nonce, the base fee, as much gas as it needs, the chain.
    ///
    /// # Errors
    ///
    /// [`ChainError::BadRequest`] if the request contradicts itself, and how it fails if its gas has to be estimated.
    pub(super) fn complete(&mut self, mut request: TransactionRequest) -> Result<TypedTransaction, ChainError> {
        let (chain_id, from) = (self.chain_id(), request.from.unwrap_or_default());
        if request.input.clone().try_into_unique_input().is_err() {
            let message =
                "both \"data\" and \"input\" are set and not equal. Please use \"input\" to pass transaction call data";
            return Err(ChainError::BadRequest(message.into()));
        }
        let described = transaction_of(request.clone(), self.ledger.state(), chain_id)?;
        if described.to.is_create() && described.input.is_empty() {
            return Err(ChainError::BadRequest("contract creation without any data provided".into()));
        }
        request.input = described.input.into();
        request.to.get_or_insert(TxKind::Create);
        request.chain_id = Some(chain_id);
        request.nonce = Some(request.nonce.map_or_else(|| self.next_nonce(from), Ok)?);
        offer_base_fee(&mut request, self.next_base_fee()?.into())?;
        if request.gas.is_none() {
            let call =
                CallRequest { transaction: request.clone(), block: BlockId::pending(), ..CallRequest::default() };
            request.gas = Some(self.estimate_gas(call)?);
        }
        request.build_consensus_tx().map_err(|error| ChainError::BadRequest(error.error))
    }
}

/// Offers what a transaction pays on this chain, in the fields of its type.
fn offer_base_fee(request: &mut TransactionRequest, base_fee: u128) -> Result<(), ChainError> {
    let dynamic_fee = request.max_fee_per_gas.is_some() || request.max_priority_fee_per_gas.is_some();
    match request.transaction_type {
        Some(0 | 1) if dynamic_fee => {
            return Err(ChainError::BadRequest("maxFeePerGas of a transaction type that has none".into()));
        }
        Some(0) if request.access_list.is_some() => {
            return Err(ChainError::BadRequest("accessList of a transaction type that has none".into()));
        }
        Some(0) => request.gas_price = request.gas_price.or(Some(base_fee)),
        Some(1) => {
            request.gas_price = request.gas_price.or(Some(base_fee));
            request.access_list.get_or_insert_default();
        }
        Some(2 | 4) if request.gas_price.is_some() => {
            return Err(ChainError::BadRequest("gasPrice of a transaction type that has none".into()));
        }
        Some(4) if request.authorization_list.is_none() => {
            return Err(ChainError::BadRequest("authorizationList is missing".into()));
        }
        None | Some(2 | 4) => {}
        Some(_) => return Err(ChainError::BadRequest("transaction type not supported".into())),
    }
    if request.gas_price.is_none() {
        let tip = *request.max_priority_fee_per_gas.get_or_insert(0);
        request.max_fee_per_gas.get_or_insert(base_fee.saturating_add(tip));
    }
    Ok(())
}
