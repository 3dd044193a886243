//! What a call may pretend about accounts and the block.

use super::error::ChainError;
use super::world::World;
use alloy::primitives::{B256, U256};
use alloy::rpc::types::BlockOverrides;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use stylus_vm::BlockEnv;
use stylus_vm::revm::state::Bytecode;

/// Changes accounts of `world` as the call pretends.
///
/// # Errors
///
/// [`ChainError::BadRequest`] if both `state` and `stateDiff` are given for an account, if a code is not valid, or if
/// the call moves a precompile, which the machine cannot do.
pub(super) fn pretend_accounts(world: &mut World, overrides: &StateOverride) -> Result<(), ChainError> {
    for (address, account) in overrides {
        let AccountOverride { balance, nonce, code, state, state_diff, move_precompile_to } = account;
        if move_precompile_to.is_some() {
            return Err(ChainError::BadRequest("movePrecompileToAddress is not supported".into()));
        }
        if let Some(balance) = balance {
            world.set_balance(*address, *balance);
        }
        if let Some(nonce) = nonce {
            world.set_nonce(*address, *nonce);
        }
        if let Some(code) = code {
            let code = Bytecode::new_raw_checked(code.clone())
                .map_err(|error| ChainError::BadRequest(format!("code override of {address}: {error}")))?;
            world.set_code(*address, code);
        }
        match (state, state_diff) {
            (Some(_), Some(_)) => {
                return Err(ChainError::BadRequest(format!("account {address} has both 'state' and 'stateDiff'")));
            }
            (Some(slots), None) => world.set_storage(*address, slots.iter().map(slot), true),
            (None, Some(slots)) => world.set_storage(*address, slots.iter().map(slot), false),
            (None, None) => {}
        }
    }
    Ok(())
}

fn slot((key, value): (&B256, &B256)) -> (U256, U256) {
    ((*key).into(), (*value).into())
}

/// Changes the block as the call pretends. The number counts as L1 block number too, so that `block.number` shows it.
///
/// # Errors
///
/// [`ChainError::BadRequest`] if a number is too large, or for a field that is constant on Arbitrum.
pub(super) fn pretend_block(env: &mut BlockEnv, overrides: &BlockOverrides) -> Result<(), ChainError> {
    let BlockOverrides {
        number,
        difficulty,
        time,
        gas_limit,
        coinbase,
        random,
        base_fee,
        blob_base_fee,
        beacon_root,
        block_hash,
    } = overrides;
    let unsupported = [
        ("difficulty", difficulty.is_some()),
        ("gasLimit", gas_limit.is_some()),
        ("coinbase", coinbase.is_some()),
        ("random", random.is_some()),
        ("blobBaseFee", blob_base_fee.is_some()),
        ("beaconRoot", beacon_root.is_some()),
        ("blockHash", block_hash.is_some()),
    ];
    if let Some((field, _)) = unsupported.iter().find(|(_, given)| *given) {
        return Err(ChainError::BadRequest(format!("block override {field} is not supported")));
    }
    if let Some(number) = number {
        env.number = fits("number", *number)?;
        env.l1_number = env.number;
    }
    if let Some(time) = time {
        env.timestamp = *time;
    }
    if let Some(base_fee) = base_fee {
        env.base_fee = fits("baseFee", *base_fee)?;
    }
    Ok(())
}

fn fits(field: &str, value: U256) -> Result<u64, ChainError> {
    u64::try_from(value).map_err(|_| ChainError::BadRequest(format!("block override {field} is too large")))
}
