//! What a call may pretend about accounts and the block.

use super::chain_state::L1BlockNumber;
use super::error::ChainError;
use super::state::State;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::BlockOverrides;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use stylus_vm::revm::state::Bytecode;
use stylus_vm::{ARBOS_ADDRESS, BlockEnv, Pretended, Vm};

/// Changes accounts of `state` as the call pretends. Returns the precompiles that are somewhere else then, or nowhere,
/// because something else is at their address.
///
/// # Errors
///
/// [`ChainError::BadRequest`] for what contradicts itself, a code that is not valid, and the account of ArbOS.
pub(super) fn pretend_accounts(
    vm: &Vm,
    state: &mut State,
    overrides: &StateOverride,
) -> Result<Vec<(Address, Option<Address>)>, ChainError> {
    let bad = |message: String| Err(ChainError::BadRequest(message));
    let mut moved = Vec::new();
    for (address, account) in overrides {
        let AccountOverride { balance, nonce, code, state: slots, state_diff: some_slots, move_precompile_to } =
            account;
        if *address == ARBOS_ADDRESS {
            return bad(format!("overriding address {address}  not allowed"));
        }
        let is_precompile = vm.is_precompile(address);
        if let Some(to) = move_precompile_to {
            if !is_precompile {
                return bad(format!("account {address} is not a precompile"));
            }
            if overrides.contains_key(to) {
                return bad(format!("account {to} is already overridden"));
            }
        }
        if is_precompile {
            moved.push((*address, *move_precompile_to));
        }
        if let Some(balance) = balance {
            state.set_balance(*address, *balance)?;
        }
        if let Some(nonce) = nonce {
            state.set_nonce(*address, *nonce)?;
        }
        if let Some(code) = code {
            let code = Bytecode::new_raw_checked(code.clone())
                .map_err(|error| ChainError::BadRequest(format!("code override of {address}: {error}")))?;
            state.set_code(*address, code)?;
        }
        match (slots, some_slots) {
            (Some(_), Some(_)) => return bad(format!("account {address} has both 'state' and 'stateDiff'")),
            (Some(slots), None) => state.set_storage(*address, slots.iter().map(slot), true)?,
            (None, Some(slots)) => state.set_storage(*address, slots.iter().map(slot), false)?,
            (None, None) => {}
        }
    }
    Ok(moved)
}

fn slot((key, value): (&B256, &B256)) -> (U256, U256) {
    ((*key).into(), (*value).into())
}

/// Changes the block as the call pretends. Its number is that of this chain; where `block.number` follows that, it is
/// pretended too. The randomness follows the difficulty, as nothing on Arbitrum is random.
///
/// # Errors
///
/// [`ChainError::BadRequest`] if a number is too large, or for the root of a beacon chain.
pub(super) fn pretend_block(
    env: &mut BlockEnv,
    overrides: &BlockOverrides,
    l1_number: L1BlockNumber,
) -> Result<(), ChainError> {
    if overrides.beacon_root.is_some() {
        let message = "block override \"beaconRoot\" is not supported for this RPC method";
        return Err(ChainError::BadRequest(message.into()));
    }
    if let Some(number) = overrides.number {
        env.number = fits("number", number)?;
        if l1_number == L1BlockNumber::FollowsL2 {
            env.l1_number = env.number;
        }
    }
    if let Some(time) = overrides.time {
        env.timestamp = time;
    }
    if let Some(base_fee) = overrides.base_fee {
        env.base_fee = fits("baseFee", base_fee)?;
    }
    env.pretended = Pretended {
        gas_limit: overrides.gas_limit,
        beneficiary: overrides.coinbase,
        randomness: overrides.difficulty.map(B256::from),
    };
    Ok(())
}

fn fits(field: &str, value: U256) -> Result<u64, ChainError> {
    u64::try_from(value).map_err(|_| ChainError::BadRequest(format!("block override {field} is too large")))
}
