//! What Nitro's sequencer looks at before a transaction gets in line, in its order and with its words, which are not
//! quite those of go-ethereum.

use super::Environment;
use crate::InvalidTransaction;
use revm::primitives::U256;
use revm::state::AccountInfo;

/// Gas of the cheapest transaction.
const TRANSFER_GAS: u64 = 21_000;

/// Whether a transaction of `sender` may get in line. One whose nonce is too high may.
pub(crate) fn precheck(environment: &Environment<'_>, sender: &AccountInfo) -> Result<(), InvalidTransaction> {
    let tx = environment.tx;
    let (address, fee_cap, base_fee) = (tx.from, tx.max_fee_per_gas, environment.block.base_fee);
    if tx.gas_limit < TRANSFER_GAS {
        return Err(InvalidTransaction::TooLittleGas);
    }
    if fee_cap < u128::from(base_fee) {
        return Err(InvalidTransaction::FeeCapBelowBaseFee { address, fee_cap, base_fee });
    }
    if tx.nonce < sender.nonce {
        return Err(InvalidTransaction::NonceTooLow { address, tx: tx.nonce, state: sender.nonce });
    }
    let intrinsic_gas = environment.intrinsic_gas();
    if tx.gas_limit < intrinsic_gas {
        return Err(InvalidTransaction::TooLittleGas);
    }
    let (have, want) = (sender.balance, U256::from(tx.gas_limit).saturating_mul(U256::from(fee_cap)));
    let want = want.saturating_add(tx.value);
    if have < want {
        return Err(InvalidTransaction::InsufficientFunds { address, have, want });
    }
    if tx.gas_limit < intrinsic_gas.saturating_add(environment.l1_gas) {
        return Err(InvalidTransaction::TooLittleGas);
    }
    Ok(())
}
