//! Looking at accounts without touching them.
//!
//! What ArbOS and its precompiles look at does not become warm: the gas of a transaction must not depend on it.

use super::Context;
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, KECCAK_EMPTY, U256};
use revm::state::{AccountInfo, Bytecode};

/// The account at `address` as it is now, with its code.
pub(crate) fn untracked_read<DB: Database>(
    context: &mut Context<DB>,
    address: Address,
) -> Result<(AccountInfo, Bytecode), DB::Error> {
    let (db, state) = context.journal_mut().db_and_state_mut();
    let info = match state.get(&address) {
        Some(account) => account.info.clone(),
        None => db.basic(address)?.unwrap_or_default(),
    };
    let code = match &info.code {
        Some(code) => code.clone(),
        None if info.code_hash == KECCAK_EMPTY => Bytecode::default(),
        None => db.code_by_hash(info.code_hash)?,
    };
    Ok((info, code))
}

/// What is now in a slot of the account at `address`.
pub(super) fn untracked_slot<DB: Database>(
    context: &mut Context<DB>,
    address: Address,
    slot: U256,
) -> Result<U256, DB::Error> {
    let (db, state) = context.journal_mut().db_and_state_mut();
    match state.get(&address).and_then(|account| account.storage.get(&slot)) {
        Some(found) => Ok(found.present_value),
        None => db.storage(address, slot),
    }
}
