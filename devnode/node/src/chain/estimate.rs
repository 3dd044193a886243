//! `eth_estimateGas`: the least gas limit with which a transaction succeeds, up to 1.5 %.

use super::Chain;
use super::call::PreparedCall;
use super::call_request::CallRequest;
use super::error::ChainError;
use super::fork::ForkError;
use super::node_interface;
use alloy::primitives::{TxKind, U256};
use stylus_vm::{Checks, ExecutionOutcome, HaltReason, InvalidTransaction};

/// The price of a transfer to an account without code.
const TRANSFER_GAS: u64 = 21_000;

/// What a callee gets for free with a value transfer (EVM).
const CALL_STIPEND: u64 = 2_300;

/// How an attempt with some gas limit ended.
enum Attempt {
    Succeeded {
        gas_used: u64,
        gas_before_refund: u64,
    },
    /// More gas may help.
    Failed(ChainError),
}

impl Chain {
    /// A gas limit that suffices, at most 1.5 % above the least one, like Nitro's.
    ///
    /// # Errors
    ///
    /// How the call fails with the most gas it can get, or why it cannot be made.
    pub(crate) fn estimate_gas(&mut self, request: CallRequest) -> Result<u64, ChainError> {
        if node_interface::is_asked(&request) {
            // It must have an answer. A transaction to this address would only pay for its call data.
            self.answer(request.clone())?;
        }
        self.estimate(request)
    }

    /// The same, where nothing is at the address of NodeInterface.
    pub(super) fn estimate(&mut self, mut request: CallRequest) -> Result<u64, ChainError> {
        // Less than any transaction takes is no limit that anybody means.
        request.transaction.gas = request.transaction.gas.filter(|gas| *gas >= TRANSFER_GAS);
        let mut call = self.prepare(request, Checks::Estimate)?;
        let cap = affordable(&call)?;
        if is_transfer(&call)? && matches!(self.attempt(&mut call, TRANSFER_GAS), Ok(Attempt::Succeeded { .. })) {
            return Ok(TRANSFER_GAS);
        }
        match self.attempt(&mut call, cap)? {
            Attempt::Succeeded { gas_used, gas_before_refund } => {
                self.search(&mut call, gas_used, gas_before_refund, cap)
            }
            Attempt::Failed(ChainError::Halted(HaltReason::OutOfGas)) => Err(ChainError::GasAllowance(cap)),
            Attempt::Failed(error) => Err(error),
        }
    }

    /// Halves the interval between a limit that fails and one that suffices until it is narrow enough. The first guess
    /// is what was used before refunds, with what callees may need for themselves.
    fn search(
        &mut self,
        call: &mut PreparedCall,
        gas_used: u64,
        gas_before_refund: u64,
        cap: u64,
    ) -> Result<u64, ChainError> {
        // A limit below the gas used fails. `gas_used` itself may fail too, because refunds come at the end and callees
        // get 63/64 of the gas.
        let mut fails = gas_used.saturating_sub(1);
        let mut suffices = cap;
        let optimistic = gas_before_refund.saturating_add(CALL_STIPEND).saturating_mul(64) / 63;
        let mut next = Some(optimistic).filter(|optimistic| *optimistic < suffices);
        while next.is_some() || (fails + 1 < suffices && !close_enough(fails, suffices)) {
            // Most transactions need little more than they use: never try more than twice the lower bound.
            let limit = next.take().unwrap_or_else(|| midpoint(fails, suffices).min(fails.saturating_mul(2)));
            match self.attempt(call, limit)? {
                Attempt::Succeeded { .. } => suffices = limit,
                Attempt::Failed(_) => fails = limit,
            }
        }
        Ok(suffices)
    }

    fn attempt(&mut self, call: &mut PreparedCall, gas_limit: u64) -> Result<Attempt, ChainError> {
        call.transaction.gas_limit = gas_limit;
        Ok(match self.try_call(call, Checks::Estimate) {
            Ok(execution) => match execution.outcome {
                ExecutionOutcome::Success { .. } => {
                    Attempt::Succeeded { gas_used: execution.gas_used, gas_before_refund: execution.gas_before_refund }
                }
                ExecutionOutcome::Revert { output } => Attempt::Failed(ChainError::Reverted(output)),
                ExecutionOutcome::Halt { reason } => Attempt::Failed(ChainError::Halted(reason)),
            },
            Err(ChainError::Invalid(InvalidTransaction::IntrinsicGasTooLow { .. })) => {
                Attempt::Failed(ChainError::Halted(HaltReason::OutOfGas))
            }
            Err(ChainError::Invalid(error)) => return Err(ChainError::Impossible { gas: gas_limit, error }),
            Err(error) => return Err(error),
        })
    }
}

/// The most gas the sender can pay for, up to what the call may have.
fn affordable(call: &PreparedCall) -> Result<u64, ChainError> {
    let transaction = &call.transaction;
    if transaction.max_fee_per_gas == 0 {
        return Ok(transaction.gas_limit);
    }
    let left = call.state.balance(transaction.from)?.checked_sub(transaction.value).filter(|left| !left.is_zero());
    let allowance = left.ok_or(ChainError::InsufficientFunds)? / U256::from(transaction.max_fee_per_gas);
    Ok(transaction.gas_limit.min(allowance.saturating_to()))
}

fn is_transfer(call: &PreparedCall) -> Result<bool, ForkError> {
    let transaction = &call.transaction;
    Ok(match transaction.to {
        TxKind::Call(to) if transaction.input.is_empty() && transaction.gas_limit >= TRANSFER_GAS => {
            call.state.code(to)?.is_empty()
        }
        _ => false,
    })
}

fn midpoint(low: u64, high: u64) -> u64 {
    low + (high - low) / 2
}

/// Whether the interval is below 1.5 % of its upper end: 3/200.
fn close_enough(fails: u64, suffices: u64) -> bool {
    u128::from(suffices - fails) * 200 < u128::from(suffices) * 3
}

#[cfg(test)]
mod tests {
    use super::close_enough;

    #[test]
    fn close_is_below_three_in_two_hundred() {
        // 1.5 % of 20,000 is 300.
        assert!(close_enough(19_701, 20_000));
        assert!(!close_enough(19_700, 20_000));
    }
}
