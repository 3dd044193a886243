//! What a node means by refusing a transaction.

use super::gone::never_asked;
use alloy::rpc::types::TransactionRequest;
use alloy::transports::{RpcError, TransportErrorKind};

/// What a node says about a transaction that it does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
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
    pub(super) fn of(error: &RpcError<TransportErrorKind>) -> Self {
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
    pub(super) fn is_ours(self, request: &TransactionRequest) -> bool {
        match self {
            Self::NonceTaken => request.nonce.is_none(),
            Self::TooCheap => request.max_fee_per_gas.or(request.gas_price).is_none(),
            Self::TooLittleGas => request.gas.is_none(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::network::TransactionBuilder;
    use eyre::Result;
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
