//! Development methods of other nodes that mean nothing here. They are refused with the reason, so that nobody takes
//! the node for an older one.

use super::error::unsupported;
use super::{Backend, Method, Params, RpcResult};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("anvil_setCoinbase", set_coinbase),
    ("hardhat_setCoinbase", set_coinbase),
    ("hardhat_setPrevRandao", set_randomness),
    ("anvil_setMinGasPrice", set_least_price),
    ("hardhat_setMinGasPrice", set_least_price),
    ("anvil_reorg", go_back),
    ("anvil_rollback", go_back),
    ("anvil_dealERC20", deal),
];

fn set_coinbase(_: &mut Backend, _: Params) -> RpcResult {
    Err(unsupported("the coinbase cannot be set: on Arbitrum it is the sequencer, and nobody is paid there"))
}

fn set_randomness(_: &mut Backend, _: Params) -> RpcResult {
    Err(unsupported("PREVRANDAO cannot be set: on Arbitrum it is 1 in every block"))
}

fn set_least_price(_: &mut Backend, _: Params) -> RpcResult {
    Err(unsupported("there is no least gas price but the base fee: ArbOwner.setMinimumL2BaseFee sets its floor"))
}

fn go_back(_: &mut Backend, _: Params) -> RpcResult {
    Err(unsupported("blocks are not taken back one by one: take evm_snapshot before, and evm_revert"))
}

fn deal(_: &mut Backend, _: Params) -> RpcResult {
    Err(unsupported("where a token keeps its balances is not guessed: take anvil_setStorageAt"))
}
