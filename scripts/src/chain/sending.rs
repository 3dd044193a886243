//! Sending, so that whatever a node does, a transaction is sent once: it is signed here, and the same bytes are offered
//! until the node has said what became of them. Only what was certainly not taken is made anew, with another nonce or
//! price.

use super::connecting::RECEIPT_POLL;
use super::gone::never_asked;
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

/// What a node says about a transaction that it does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It has it already.
    Known,
    /// Another one has its nonce, or the node that told the nonce was behind.
    NonceTaken,
    /// The price of gas rose since it was made.
    TooCheap,
    /// What it needs rose, with the price of L1 data.
    TooLittleGas,
    /// It has no time, or was not reached.
    NotAsked,
    /// It says nothing: nobody knows whether it has it.
    Nothing,
    /// It refuses.
    Refused,
}

impl Verdict {
    fn of(error: &RpcError<TransportErrorKind>) -> Self {
        let Some(answer) = error.as_error_resp() else {
            return if never_asked(error) { Self::NotAsked } else { Self::Nothing };
        };
        let says = |text: &str| answer.message.contains(text);
        if says("already known") {
            Self::Known
        } else if says("nonce too low") || says("nonce too high") || says("replacement transaction underpriced") {
            Self::NonceTaken
        } else if says("less than block base fee") || says("underpriced") {
            Self::TooCheap
        } else if says("intrinsic gas too low") {
            Self::TooLittleGas
        } else if answer.code != 3 && answer.is_retry_err() {
            Self::NotAsked
        } else {
            Self::Refused
        }
    }

    /// Whether what the node objects to was left to us, so that it can be made anew.
    fn is_ours(self, request: &TransactionRequest) -> bool {
        match self {
            Self::NonceTaken => request.nonce.is_none(),
            Self::TooCheap => request.max_fee_per_gas.or(request.gas_price).is_none(),
            Self::TooLittleGas => request.gas.is_none(),
            _ => false,
        }
    }
}

/// Longer and longer pauses.
struct Pauses(Duration);

impl Pauses {
    fn new() -> Self {
        Self(RECEIPT_POLL)
    }

    async fn next(&mut self) {
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

    /// Whether nothing of an account waits in the node to be mined.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn is_settled(&self, account: Address) -> Result<bool> {
        let mined = self.provider.get_transaction_count(account).await?;
        Ok(self.provider.get_transaction_count(account).pending().await? <= mined)
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn verdict(code: i64, message: &str) -> Result<Verdict> {
        let answer = serde_json::from_value(json!({ "code": code, "message": message }))?;
        Ok(Verdict::of(&RpcError::ErrorResp(answer)))
    }

    #[test]
    fn what_a_node_says_decides_whether_a_transaction_is_made_anew() -> Result<()> {
        assert_eq!(verdict(-32000, "nonce too low: address 0x00, tx: 4 state: 5")?, Verdict::NonceTaken);
        assert_eq!(verdict(-32000, "max fee per gas less than block base fee: address 0x00")?, Verdict::TooCheap);
        assert_eq!(verdict(-32000, "intrinsic gas too low")?, Verdict::TooLittleGas);
        assert_eq!(verdict(-32005, "rate limited")?, Verdict::NotAsked);
        assert_eq!(verdict(-32000, "already known")?, Verdict::Known);
        assert_eq!(verdict(3, "execution reverted")?, Verdict::Refused);
        assert_eq!(verdict(-32000, "insufficient funds for gas * price + value")?, Verdict::Refused);
        assert_eq!(Verdict::of(&TransportErrorKind::backend_gone()), Verdict::Nothing);
        let fixed = TransactionRequest::default().with_nonce(4);
        assert!(!Verdict::NonceTaken.is_ours(&fixed) && Verdict::NonceTaken.is_ours(&TransactionRequest::default()));
        Ok(())
    }
}
