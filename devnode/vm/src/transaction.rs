//! What is executed.

use revm::context_interface::transaction::{AccessList, RecoveredAuthorization};
use revm::primitives::{Address, Bytes, TxKind, U256};

/// A transaction whose signature has been checked.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    /// The signer.
    pub from: Address,
    /// The account that is called, or a create.
    pub to: TxKind,
    /// The number of transactions the signer sent before this one.
    pub nonce: u64,
    /// Wei that move to the callee.
    pub value: U256,
    /// Call data, or init code.
    pub input: Bytes,
    /// The most gas the transaction may use.
    pub gas_limit: u64,
    /// The most wei per gas the signer pays: `maxFeePerGas`, or `gasPrice` of the types 0 and 1.
    pub max_fee_per_gas: u128,
    /// The tip in wei per gas. It is validated and never paid.
    pub max_priority_fee_per_gas: Option<u128>,
    /// The EIP-2718 type: 0, 1, 2 or 4.
    pub tx_type: u8,
    /// EIP-2930: addresses and slots that are warm from the start.
    pub access_list: AccessList,
    /// EIP-7702: accounts that delegate their code, with their signers already recovered.
    pub authorization_list: Vec<RecoveredAuthorization>,
    /// Precompiles that a call pretends to be somewhere else, or nowhere.
    pub moved_precompiles: Vec<(Address, Option<Address>)>,
    /// The EIP-2718 encoding of the transaction, which determines what its data costs on L1. For a call, what the
    /// encoding may look like.
    pub encoded: Bytes,
}

/// How strictly a transaction is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// A signed transaction that goes into a block.
    Transaction,
    /// A transaction that goes into a block in the name of an account that did not sign it. The account may be a
    /// contract.
    Impersonation,
    /// `eth_call`: the nonce and the sender's code are not looked at, and without a gas price nothing is paid and the
    /// base fee is zero for the contracts too. It may compute as much as its gas allows.
    Call,
    /// `eth_estimateGas`: a call with the limits of a transaction, and with room for the price of L1 data to rise.
    Estimate,
}

impl Checks {
    /// Whether nothing of it stays.
    pub(crate) fn is_call(self) -> bool {
        matches!(self, Self::Call | Self::Estimate)
    }
}
