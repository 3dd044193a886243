//! What was fetched.

use alloy::primitives::{Address, B256, KECCAK256_EMPTY, U256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stylus_vm::revm::state::Bytecode;

/// An account of the forked chain, without its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FarAccount {
    /// The number of transactions sent, or of contracts created.
    pub(crate) nonce: u64,
    /// In wei.
    pub(crate) balance: U256,
    /// Of the code, which may be empty.
    pub(crate) code_hash: B256,
}

impl FarAccount {
    /// Whether it is as if it were not there (EIP-161).
    pub(crate) fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code_hash == KECCAK256_EMPTY
    }
}

/// All that was fetched of the state at the forked block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The accounts.
    pub(crate) accounts: BTreeMap<Address, FarAccount>,
    /// Their slots.
    pub(crate) slots: BTreeMap<Address, BTreeMap<U256, U256>>,
    /// The codes that are not empty, by hash.
    pub(crate) codes: BTreeMap<B256, Bytecode>,
    /// The hashes of blocks before the forked one, by number.
    pub(crate) hashes: BTreeMap<u64, B256>,
}

impl Known {
    /// Adds an account with its code.
    pub(super) fn remember(&mut self, address: Address, account: FarAccount, code: Bytecode) {
        if !code.is_empty() {
            self.codes.entry(account.code_hash).or_insert(code);
        }
        self.accounts.insert(address, account);
    }

    /// A slot of an account.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> Option<U256> {
        self.slots.get(&address)?.get(&slot).copied()
    }
}
