//! Why a transaction was not executed at all.

use revm::primitives::{Address, U256};

/// The transaction cannot be part of a block. `Display` speaks like go-ethereum, because clients match on its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTransaction {
    /// The nonce was used before.
    #[error("nonce too low: address {address}, tx: {tx} state: {state}")]
    NonceTooLow {
        /// The signer.
        address: Address,
        /// The nonce of the transaction.
        tx: u64,
        /// The nonce the chain expects.
        state: u64,
    },
    /// Transactions before this one are missing.
    #[error("nonce too high: address {address}, tx: {tx} state: {state}")]
    NonceTooHigh {
        /// The signer.
        address: Address,
        /// The nonce of the transaction.
        tx: u64,
        /// The nonce the chain expects.
        state: u64,
    },
    /// The signer's nonce cannot grow.
    #[error("nonce has max value: address {address}, nonce: {nonce}")]
    NonceMax {
        /// The signer.
        address: Address,
        /// Its nonce, 2^64 − 1.
        nonce: u64,
    },
    /// EIP-3607: the signer's address has code.
    #[error("sender not an eoa: address {address}, len(code): {code_length}")]
    SenderHasCode {
        /// The signer.
        address: Address,
        /// The length of its code in bytes.
        code_length: usize,
    },
    /// The balance does not cover the gas limit at the fee cap plus the value.
    #[error("insufficient funds for gas * price + value: address {address} have {have} want {want}")]
    InsufficientFunds {
        /// The signer.
        address: Address,
        /// Its balance in wei.
        have: U256,
        /// What it would need, in wei. Saturates at 2^256 − 1.
        want: U256,
    },
    /// The gas limit does not cover the price of the transaction as such.
    #[error("intrinsic gas too low: have {have}, want {want}")]
    IntrinsicGasTooLow {
        /// The gas limit.
        have: u64,
        /// The intrinsic gas.
        want: u64,
    },
    /// The gas limit does not cover the floor for the call data.
    #[error("insufficient gas for floor data gas cost: have {have}, want {want}")]
    FloorGasTooLow {
        /// The gas limit.
        have: u64,
        /// The floor.
        want: u64,
    },
    /// The intrinsic gas is not covered, in the words of Nitro's sequencer.
    #[error("intrinsic gas too low")]
    TooLittleGas,
    /// The fee cap is below the base fee, in the words of Nitro's sequencer.
    #[error("max fee per gas less than block base fee: address {address}, maxFeePerGas: {fee_cap} baseFee: {base_fee}")]
    FeeCapBelowBaseFee {
        /// The signer.
        address: Address,
        /// `maxFeePerGas` in wei.
        fee_cap: u128,
        /// The base fee of the block in wei.
        base_fee: u64,
    },
    /// The fee cap is below the base fee.
    #[error(
        "max fee per gas less than block base fee: address {address}, maxFeePerGas: {fee_cap}, baseFee: {base_fee}"
    )]
    FeeCapTooLow {
        /// The signer.
        address: Address,
        /// `maxFeePerGas` in wei.
        fee_cap: u128,
        /// The base fee of the block in wei.
        base_fee: u64,
    },
    /// The tip is above the fee cap.
    #[error(
        "max priority fee per gas higher than max fee per gas: address {address}, maxPriorityFeePerGas: {tip}, \
         maxFeePerGas: {fee_cap}"
    )]
    TipAboveFeeCap {
        /// The signer.
        address: Address,
        /// `maxPriorityFeePerGas` in wei.
        tip: u128,
        /// `maxFeePerGas` in wei.
        fee_cap: u128,
    },
    /// The gas limit is above that of the block (2^50).
    #[error("exceeds block gas limit")]
    GasLimitTooHigh,
    /// The init code is longer than twice the code limit.
    #[error("max initcode size exceeded: code size {size} limit {limit}")]
    InitCodeTooLarge {
        /// Its length in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A type other than 0, 1, 2 and 4 (Arbitrum has no blobs).
    #[error("transaction type not supported")]
    UnsupportedType,
    /// EIP-7702: a set-code transaction needs an authorization.
    #[error("EIP-7702 transaction with empty auth list (sender {address})")]
    EmptyAuthorizationList {
        /// The signer.
        address: Address,
    },
    /// EIP-7702: a set-code transaction cannot create a contract.
    #[error("EIP-7702 transaction cannot be used to create contract (sender {address})")]
    SetCodeCreate {
        /// The signer.
        address: Address,
    },
}

/// A transaction was not executed. `E` is the error of the database.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError<E> {
    /// The transaction is invalid in this state and block.
    #[error(transparent)]
    Invalid(#[from] InvalidTransaction),
    /// The database failed.
    #[error("database: {0}")]
    Database(E),
    /// The machine found its own state inconsistent.
    #[error("internal: {0}")]
    Internal(String),
}
