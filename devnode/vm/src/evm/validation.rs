//! The checks before a transaction may run, in go-ethereum's order, so that the first of several faults is the one it
//! names.

use super::Environment;
use super::environment::BLOCK_GAS_LIMIT;
use crate::{Checks, InvalidTransaction};
use revm::primitives::{KECCAK_EMPTY, U256};
use revm::state::{AccountInfo, Bytecode};

/// Whether the transaction may run for `sender`, the account of its signer with `code`.
pub(crate) fn validate(
    environment: &Environment<'_>,
    sender: &AccountInfo,
    code: &Bytecode,
) -> Result<(), InvalidTransaction> {
    let tx = environment.tx;
    let address = tx.from;
    if !matches!(tx.tx_type, 0 | 1 | 2 | 4) {
        return Err(InvalidTransaction::UnsupportedType);
    }
    if !environment.checks.is_call() {
        nonce(environment, sender.nonce)?;
    }
    let has_code = sender.code_hash != KECCAK_EMPTY && !code.is_empty() && !code.is_eip7702();
    if environment.checks == Checks::Transaction && has_code {
        return Err(InvalidTransaction::SenderHasCode { address, code_length: code.original_byte_slice().len() });
    }
    fees(environment)?;
    if tx.tx_type == 4 {
        if tx.to.is_create() {
            return Err(InvalidTransaction::SetCodeCreate { address });
        }
        if tx.authorization_list.is_empty() {
            return Err(InvalidTransaction::EmptyAuthorizationList { address });
        }
    }
    funds(environment, sender.balance)?;
    gas(environment)
}

/// The nonce is the next one.
fn nonce(environment: &Environment<'_>, state: u64) -> Result<(), InvalidTransaction> {
    let (address, tx) = (environment.tx.from, environment.tx.nonce);
    if tx > state {
        return Err(InvalidTransaction::NonceTooHigh { address, tx, state });
    }
    if tx < state {
        return Err(InvalidTransaction::NonceTooLow { address, tx, state });
    }
    if tx == u64::MAX {
        return Err(InvalidTransaction::NonceMax { address, nonce: tx });
    }
    Ok(())
}

/// The fee cap covers the tip and the base fee.
fn fees(environment: &Environment<'_>) -> Result<(), InvalidTransaction> {
    let (address, fee_cap) = (environment.tx.from, environment.tx.max_fee_per_gas);
    let tip = environment.tx.max_priority_fee_per_gas.unwrap_or(0);
    if tip > fee_cap {
        return Err(InvalidTransaction::TipAboveFeeCap { address, tip, fee_cap });
    }
    let base_fee = environment.base_fee();
    if fee_cap < u128::from(base_fee) {
        return Err(InvalidTransaction::FeeCapTooLow { address, fee_cap, base_fee });
    }
    Ok(())
}

/// The balance covers the gas limit at the fee cap, which is more than is paid, and the value.
fn funds(environment: &Environment<'_>, have: U256) -> Result<(), InvalidTransaction> {
    let tx = environment.tx;
    let want = U256::from(tx.gas_limit).saturating_mul(U256::from(tx.max_fee_per_gas)).saturating_add(tx.value);
    if have < want {
        return Err(InvalidTransaction::InsufficientFunds { address: tx.from, have, want });
    }
    Ok(())
}

/// The gas limit covers the intrinsic gas and the data on L1, and the init code is not too long.
fn gas(environment: &Environment<'_>) -> Result<(), InvalidTransaction> {
    let tx = environment.tx;
    if tx.gas_limit > BLOCK_GAS_LIMIT {
        return Err(InvalidTransaction::GasLimitTooHigh);
    }
    let want = environment.intrinsic_gas().saturating_add(environment.l1_gas);
    if tx.gas_limit < want {
        return Err(InvalidTransaction::IntrinsicGasTooLow { have: tx.gas_limit, want });
    }
    let want = environment.floor_gas();
    if tx.gas_limit < want {
        return Err(InvalidTransaction::FloorGasTooLow { have: tx.gas_limit, want });
    }
    let (size, limit) = (tx.input.len(), environment.max_init_code_size());
    if tx.to.is_create() && size > limit {
        return Err(InvalidTransaction::InitCodeTooLarge { size, limit });
    }
    Ok(())
}
