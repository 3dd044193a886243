//! What the machine reads from.

use super::fork::ForkError;
use super::ledger::Ledger;
use super::state::State;
use alloy::primitives::{Address, B256, U256};
use stylus_vm::revm::database_interface::Database;
use stylus_vm::revm::state::{AccountInfo, Bytecode};

/// A state together with the blocks before it: what the machine reads from.
#[derive(Debug)]
pub(crate) struct StateReader<'a> {
    /// The accounts.
    pub(crate) state: &'a State,
    /// The blocks, for BLOCKHASH.
    pub(crate) ledger: &'a Ledger,
}

impl Database for StateReader<'_> {
    type Error = ForkError;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, ForkError> {
        Ok(self.state.facts(address)?.map(|account| AccountInfo {
            balance: account.balance,
            nonce: account.nonce,
            code_hash: account.code_hash,
            code: self.state.code_of(account.code_hash),
            ..AccountInfo::default()
        }))
    }

    fn code_by_hash(&mut self, code_hash: B256) -> Result<Bytecode, ForkError> {
        Ok(self.state.code_of(code_hash).unwrap_or_default())
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, ForkError> {
        self.state.storage(address, slot)
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, ForkError> {
        match (self.ledger.block(number), self.state.origin()) {
            (Some(block), _) => Ok(block.hash()),
            (None, Some(origin)) if number < self.ledger.first() => origin.block_hash(number),
            (None, _) => Ok(B256::ZERO),
        }
    }
}
