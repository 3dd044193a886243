//! Reading and writing the state: for free by the machine itself, at a price by precompiles.

use super::ARBOS_ADDRESS;
use crate::evm::Context;
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::U256;
use revm::state::Account;

/// The state's slots.
pub(crate) trait Storage {
    /// Why a slot cannot be read or written.
    type Error;

    /// The value of a slot.
    fn get(&mut self, slot: U256) -> Result<U256, Self::Error>;

    /// Changes a slot.
    fn set(&mut self, slot: U256, value: U256) -> Result<(), Self::Error>;

    /// The value of a slot that every block has in memory, where that makes a difference to the price.
    fn get_warm(&mut self, slot: U256) -> Result<U256, Self::Error> {
        self.get(slot)
    }
}

/// The machine itself pays nothing.
impl<DB: Database> Storage for Context<DB> {
    type Error = DB::Error;

    fn get(&mut self, slot: U256) -> Result<U256, DB::Error> {
        self.journal_mut().sload(ARBOS_ADDRESS, slot).map(|value| value.data)
    }

    fn set(&mut self, slot: U256, value: U256) -> Result<(), DB::Error> {
        self.journal_mut().touch_account(ARBOS_ADDRESS);
        self.journal_mut().sstore(ARBOS_ADDRESS, slot, value)?;
        Ok(())
    }
}

/// Puts the account into the journal, which assumes that it is there. It stays cold: the machine's reads are not
/// accesses of the transaction.
pub(crate) fn insert_account<DB: Database>(context: &mut Context<DB>) -> Result<(), DB::Error> {
    let info = context.journal_mut().db_mut().basic(ARBOS_ADDRESS)?;
    let mut account = match info {
        Some(info) => Account::from(info),
        None => Account::new_not_existing(context.journaled_state.inner.transaction_id),
    };
    account.mark_cold();
    context.journal_mut().evm_state_mut().insert(ARBOS_ADDRESS, account);
    Ok(())
}
