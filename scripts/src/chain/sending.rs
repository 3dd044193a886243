//! Sending, so that whatever a node does, a transaction is sent once: it is signed here, and the same bytes are offered
//! until the node has said what became of them. Only what was certainly not taken is made anew, with another nonce or
//! price.

use super::connecting::RECEIPT_POLL;
use super::verdict::Verdict;
use super::{CallError, Chain};
use alloy::eips::eip2718::Encodable2718;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::transports::{RpcError, TransportErrorKind};
use eyre::{OptionExt, Result, eyre};
use std::time::{Duration, Instant};

/// The longest pause between two questions about the same.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long a transaction may be unheard of before it is offered again: a node may have lost it.
const REOFFER: Duration = Duration::from_secs(5);

/// A transaction was sent, or may have been, and nobody knows what became of it.
#[derive(Debug, thiserror::Error)]
#[error("transaction {hash} with nonce {nonce} may have been sent, and is not known to be mined: {reason}")]
pub struct Unsettled {
    /// Its hash.
    pub hash: B256,
    /// Its nonce: another one with the same excludes it.
    pub nonce: u64,
    reason: String,
}

impl Unsettled {
    /// What to do.
    pub fn advice(&self) -> String {
        format!("look for it first, or do the same with --nonce {}: only one of both can happen", self.nonce)
    }
}

/// A transaction, ready to be sent.
struct Signed {
    raw: Bytes,
    hash: B256,
    nonce: u64,
}

impl Signed {
    fn unsettled(&self, reason: impl ToString) -> CallError {
        let (hash, nonce, reason) = (self.hash, self.nonce, reason.to_string());
        CallError::Node(Unsettled { hash, nonce, reason }.into())
    }
}

/// Longer and longer pauses.
pub(super) struct Pauses(Duration);

impl Pauses {
    pub(super) fn new() -> Self {
        Self(RECEIPT_POLL)
    }

    pub(super) async fn next(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = self.0.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

impl Chain {
    /// Sends a transaction and waits for its receipt, whether it succeeds or fails. With a gas limit in the request
    /// nothing is estimated, so that a call that will be refused is mined all the same.
    ///
    /// # Errors
    /// [`CallError`] if the node does not take it; by [`Unsettled`] if it is not known whether it did.
    pub async fn submit(&self, request: TransactionRequest) -> Result<TransactionReceipt, CallError> {
        self.submit_estimated(request, None).await
    }

    /// The same with a gas limit that was estimated, and is estimated again if prices have risen since.
    ///
    /// # Errors
    /// As [`Self::submit`].
    pub async fn submit_estimated(
        &self,
        request: TransactionRequest,
        mut gas: Option<u64>,
    ) -> Result<TransactionReceipt, CallError> {
        let (deadline, mut pauses) = (Instant::now() + self.patience, Pauses::new());
        loop {
            let signed = self.sign(request.clone(), gas.take()).await?;
            let Err((verdict, error)) = self.offer(&signed, deadline).await? else {
                return self.settle(&signed).await;
            };
            if !verdict.is_ours(&request) || Instant::now() >= deadline {
                return Err(CallError::new(error));
            }
            pauses.next().await;
        }
    }

    /// Whether nothing of an account waits in the node to be mined; what waits has as much time as a transaction gets.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn is_settled(&self, account: Address) -> Result<bool> {
        let (deadline, mut pauses) = (Instant::now() + self.patience, Pauses::new());
        loop {
            // In this order: what is mined between the two questions does not wait any more.
            let next = self.provider.get_transaction_count(account).pending().await?;
            if next <= self.provider.get_transaction_count(account).await? {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
            pauses.next().await;
        }
    }

    /// Signs a transaction for the chain that this is, with what the request leaves open.
    async fn sign(&self, mut request: TransactionRequest, estimate: Option<u64>) -> Result<Signed, CallError> {
        let from = request.from.ok_or_eyre("a transaction has a sender").map_err(CallError::Node)?;
        if request.chain_id.is_none() {
            request.set_chain_id(self.id().await.map_err(CallError::Node)?);
        }
        if request.nonce.is_none() {
            let next = self.provider.get_transaction_count(from).pending().await.map_err(CallError::new)?;
            request.set_nonce(next);
        }
        if request.gas.is_none() {
            let limit = match estimate {
                Some(limit) => limit,
                None => self.provider.estimate_gas(request.clone()).await.map_err(CallError::new)?,
            };
            request.set_gas_limit(limit);
        }
        if request.gas_price.is_none()
            && (request.max_fee_per_gas.is_none() || request.max_priority_fee_per_gas.is_none())
        {
            let fees = self.provider.estimate_eip1559_fees().await.map_err(CallError::new)?;
            request.max_fee_per_gas.get_or_insert(fees.max_fee_per_gas);
            request.max_priority_fee_per_gas.get_or_insert(fees.max_priority_fee_per_gas);
        }
        let nonce = request.nonce.unwrap_or_default();
        let signed = request.build(&self.wallet).await.map_err(|error| CallError::Node(eyre!(error)))?;
        Ok(Signed { raw: signed.encoded_2718().into(), hash: *signed.tx_hash(), nonce })
    }

    /// Offers a transaction until the node has it, perhaps has it, or certainly does not.
    async fn offer(
        &self,
        signed: &Signed,
        deadline: Instant,
    ) -> Result<Result<(), (Verdict, RpcError<TransportErrorKind>)>, CallError> {
        let (mut may_be_there, mut pauses) = (false, Pauses::new());
        loop {
            let Err(error) = self.once.send_raw_transaction(&signed.raw).await else { return Ok(Ok(())) };
            match Verdict::of(&error) {
                Verdict::Known => return Ok(Ok(())),
                // It may have been this one that took the nonce: the receipt will tell.
                Verdict::NonceTaken if may_be_there => return Ok(Ok(())),
                Verdict::Nothing => may_be_there = true,
                Verdict::NotAsked => {}
                verdict if !may_be_there => return Ok(Err((verdict, error))),
                _ => {}
            }
            if Instant::now() >= deadline {
                return Err(if may_be_there { signed.unsettled(error) } else { CallError::new(error) });
            }
            pauses.next().await;
        }
    }

    /// Waits for the receipt of a transaction that the node has, or may have: it may come late.
    async fn settle(&self, signed: &Signed) -> Result<TransactionReceipt, CallError> {
        let (deadline, mut pauses) = (Instant::now() + self.patience, Pauses::new());
        let mut reoffer = Instant::now() + REOFFER;
        loop {
            let reason = match self.once.get_transaction_receipt(signed.hash).await {
                Ok(Some(receipt)) => return Ok(receipt),
                Ok(None) => format!("there is no receipt after {} s", self.patience.as_secs()),
                Err(error) => error.to_string(),
            };
            if Instant::now() >= deadline {
                return Err(signed.unsettled(reason));
            }
            if Instant::now() >= reoffer {
                reoffer = Instant::now() + REOFFER;
                // The node may have lost it. Whatever it answers, the receipt will tell.
                let _ = self.once.send_raw_transaction(&signed.raw).await;
            }
            pauses.next().await;
        }
    }
}
