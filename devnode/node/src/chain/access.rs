//! `eth_createAccessList`: what a transaction can announce to look at (EIP-2930).

use super::Chain;
use super::call::PreparedCall;
use super::call_request::CallRequest;
use super::error::ChainError;
use super::header::SEQUENCER;
use alloy::eips::eip2930::{AccessList, AccessListItem, AccessListResult};
use alloy::primitives::{Address, B256, TxKind, U256, address};
use alloy::sol;
use alloy::sol_types::SolCall;
use stylus_vm::revm::state::EvmState;
use stylus_vm::{ARBOS_ADDRESS, Checks, Execution, ExecutionOutcome, Transaction};

sol! {
    function getNetworkFeeAccount() external view returns (address);
}

/// The precompile that tells who gets the fees.
const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");

/// What the machine itself looks at in every transaction: the state of ArbOS, the sequencer's account, and the pool
/// that pays for L1.
const MACHINE: [Address; 3] = [ARBOS_ADDRESS, SEQUENCER, address!("A4B00000000000000000000000000000000000f6")];

impl Chain {
    /// The accounts and slots that a call looks at, and the gas that the call uses if they are announced. Announcing
    /// them may cost more than it saves: the list names the callee's address along with its slots, and that address is
    /// warm anyway.
    ///
    /// # Errors
    ///
    /// If the call cannot be made. One that fails has a list too, and the reason beside it.
    pub(crate) fn access_list(&mut self, request: CallRequest) -> Result<AccessListResult, ChainError> {
        let mut call = self.prepare(request, Checks::Call)?;
        let state = self.try_call(&call, Checks::Call)?.state;
        let fee_account = self.fee_account(&call)?;
        // The machine pays the fee to this account, so the account may be there although the transaction never looked
        // at it. If the transaction did look at it, announcing the account is cheaper.
        let (paid, others): (Vec<_>, Vec<_>) = accessed(&state, &call.transaction)
            .into_iter()
            .partition(|item| Some(item.address) == fee_account && item.storage_keys.is_empty());
        let without = AccessList(others.clone());
        let mut execution = self.announce(&mut call, without.clone())?;
        let mut access_list = without;
        if !paid.is_empty() {
            let with = AccessList([paid, others].concat());
            let other = self.announce(&mut call, with.clone())?;
            if other.gas_used < execution.gas_used {
                (execution, access_list) = (other, with);
            }
        }
        let error = match execution.outcome {
            ExecutionOutcome::Success { .. } => None,
            ExecutionOutcome::Revert { .. } => Some("execution reverted".into()),
            ExecutionOutcome::Halt { reason } => Some(reason.to_string()),
        };
        Ok(AccessListResult { access_list, gas_used: U256::from(execution.gas_used), error })
    }

    fn announce(&mut self, call: &mut PreparedCall, list: AccessList) -> Result<Execution, ChainError> {
        call.transaction.access_list = list;
        // The oldest type that has a list.
        call.transaction.tx_type = call.transaction.tx_type.max(1);
        self.try_call(call, Checks::Call)
    }

    /// The account that gets the fees.
    fn fee_account(&mut self, call: &PreparedCall) -> Result<Option<Address>, ChainError> {
        let question = Transaction {
            to: TxKind::Call(ARB_OWNER_PUBLIC),
            input: getNetworkFeeAccountCall {}.abi_encode().into(),
            gas_limit: call.transaction.gas_limit.max(1_000_000),
            ..Transaction::default()
        };
        let question = PreparedCall { transaction: question, ..call.clone() };
        Ok(match self.try_call(&question, Checks::Call)?.outcome {
            ExecutionOutcome::Success { output, .. } => getNetworkFeeAccountCall::abi_decode_returns(&output).ok(),
            ExecutionOutcome::Revert { .. } | ExecutionOutcome::Halt { .. } => None,
        })
    }
}

/// What is in `state` because the transaction looked at it, in order. What is warm anyway is only there for its slots.
fn accessed(state: &EvmState, transaction: &Transaction) -> Vec<AccessListItem> {
    let mut items: Vec<AccessListItem> = state
        .iter()
        .filter(|(address, account)| !MACHINE.contains(address) && !is_precompile(address) && !account.is_created())
        .map(|(address, account)| {
            let mut storage_keys: Vec<B256> = account.storage.keys().map(|slot| B256::from(*slot)).collect();
            storage_keys.sort_unstable();
            AccessListItem { address: *address, storage_keys }
        })
        .filter(|item| {
            let warm = item.address == transaction.from || TxKind::Call(item.address) == transaction.to;
            !(warm && item.storage_keys.is_empty())
        })
        .collect();
    items.sort_unstable_by_key(|item| item.address);
    items
}

/// The precompiles of Ethereum and Arbitrum are at the lowest addresses, and always warm.
fn is_precompile(address: &Address) -> bool {
    address.iter().take(18).all(|byte| *byte == 0)
}
