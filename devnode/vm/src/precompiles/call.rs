//! A call to a precompile of ArbOS: who calls, and what it pays.

use super::Failure;
use crate::ChainConfig;
use crate::arbos::Storage;
use crate::evm::{Context, l1_number_for_precompile, show_slot, untracked_read};
use alloy_sol_types::SolEvent;
use revm::Database;
use revm::context_interface::journaled_state::JournalLoadError;
use revm::context_interface::journaled_state::account::JournaledAccountTr;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, B256, Bytes, Log, U256};
use revm::state::{AccountInfo, Bytecode};

/// Gas of reading a slot of the state. Flat, unlike an SLOAD.
const READ: u64 = 800;
/// Gas of what is warm: an account, or a slot that every block has in memory.
const WARM: u64 = 100;
/// Gas of writing a slot.
const WRITE: u64 = 20_000;
/// Gas of clearing one.
const CLEAR: u64 = 5_000;
/// Gas of a word that is copied: arguments, results, errors.
pub(super) const COPY_WORD: u64 = 3;
/// Gas of an account that is not warm.
const COLD_ACCOUNT: u64 = 2_600;
/// Gas of a log and of each topic.
const LOG: u64 = 375;
/// Gas of a byte of log data.
const LOG_BYTE: u64 = 8;

/// A call in progress.
pub(crate) struct Call<'a, DB: Database> {
    pub(super) context: &'a mut Context<DB>,
    pub(super) gas_left: u64,
    /// The precompile's address.
    pub(super) address: Address,
    pub(super) caller: Address,
    pub(super) value: U256,
}

/// What a method returns, or why it does not.
pub(crate) type Answer<T, DB> = Result<T, Failure<<DB as Database>::Error>>;

impl<DB: Database> Call<'_, DB> {
    /// Pays `gas`.
    pub(super) fn burn(&mut self, gas: u64) -> Answer<(), DB> {
        match self.gas_left.checked_sub(gas) {
            Some(left) => {
                self.gas_left = left;
                Ok(())
            }
            None => Err(self.burn_out()),
        }
    }

    /// Takes all gas.
    fn burn_out(&mut self) -> Failure<DB::Error> {
        self.gas_left = 0;
        Failure::AllGas
    }

    /// Pays for copying `bytes`.
    pub(super) fn burn_copy(&mut self, bytes: usize) -> Answer<(), DB> {
        let words = u64::try_from(bytes.div_ceil(32)).unwrap_or(u64::MAX);
        self.burn(words.saturating_mul(COPY_WORD))
    }

    /// The constants of the chain.
    pub(super) fn config(&self) -> &ChainConfig {
        &self.context.chain.config
    }

    /// The ArbOS version.
    pub(super) fn version(&self) -> u64 {
        self.config().arbos_version
    }

    /// Seconds since the Unix epoch.
    pub(super) fn now(&self) -> u64 {
        self.context.chain.block.timestamp
    }

    /// The account at an address with its code. Free, and leaves it cold.
    pub(super) fn account(&mut self, address: Address) -> Answer<(AccountInfo, Bytecode), DB> {
        untracked_read(self.context, address).map_err(Failure::Database)
    }

    /// The hash of an account's code, at its price.
    pub(super) fn code_hash(&mut self, address: Address) -> Answer<B256, DB> {
        self.burn(COLD_ACCOUNT)?;
        Ok(self.account(address)?.0.code_hash)
    }

    /// The code of an account that becomes warm by this, at the price of EXTCODECOPY. Who could not pay for the longest
    /// code loses all gas and leaves the account as it is.
    pub(super) fn code_for_copy(&mut self, address: Address) -> Answer<Bytes, DB> {
        let longest = self.config().max_code_size;
        let skip_cold_load = self.gas_left < copy_gas(true, longest);
        let loaded = self.context.journal_mut().load_account_info_skip_cold_load(address, true, skip_cold_load);
        let (is_cold, code) = match loaded {
            Ok(loaded) => {
                (loaded.is_cold, loaded.account.code.as_ref().map(Bytecode::original_bytes).unwrap_or_default())
            }
            Err(JournalLoadError::ColdLoadSkipped) => return Err(self.burn_out()),
            Err(JournalLoadError::DBError(error)) => return Err(Failure::Database(error)),
        };
        if self.gas_left < copy_gas(is_cold, longest) {
            return Err(self.burn_out());
        }
        self.burn(copy_gas(is_cold, code.len()))?;
        Ok(code)
    }

    /// Records a look at a slot of ArbOS, or a write.
    fn look(&mut self, slot: U256, written: Option<U256>) -> Answer<(), DB> {
        let caller = self.caller;
        if let Some(looks) = self.context.chain.recorder.looks() {
            looks.at_slot(caller, slot);
        }
        show_slot(self.context, slot, written).map_err(Failure::Database)
    }

    /// The number of the L1 block.
    pub(super) fn l1_number(&mut self) -> Answer<u64, DB> {
        l1_number_for_precompile(self.context).map_err(Failure::Database)?;
        Ok(self.context.chain.block.l1_number)
    }

    /// Moves wei from the precompile.
    pub(super) fn pay(&mut self, to: Address, amount: U256) -> Answer<(), DB> {
        match self.context.journal_mut().transfer(self.address, to, amount) {
            Ok(None) => {}
            Ok(Some(_)) => return Err(Failure::Plain),
            Err(error) => return Err(Failure::Database(error)),
        }
        self.record_payment(to, amount);
        Ok(())
    }

    /// A payment to nobody.
    pub(super) fn destroy(&mut self, amount: U256) -> Answer<(), DB> {
        self.take(self.address, amount)?;
        self.record_payment(Address::ZERO, amount);
        Ok(())
    }

    fn record_payment(&mut self, to: Address, amount: U256) {
        if self.context.chain.recorder.wants_frames() {
            self.context.chain.recorder.payment(self.address, to, amount, self.context.journaled_state.logs());
        }
    }

    /// Takes wei from an account, for good.
    pub(super) fn take(&mut self, from: Address, amount: U256) -> Answer<(), DB> {
        let mut account = self.context.journal_mut().load_account_mut(from).map_err(Failure::Database)?.data;
        let left = account.balance().checked_sub(amount).ok_or(Failure::Plain)?;
        account.set_balance(left);
        Ok(())
    }

    /// Emits an event of the precompile, at its price.
    pub(super) fn emit(&mut self, event: &impl SolEvent) -> Answer<(), DB> {
        let data = event.encode_log_data();
        let topics = u64::try_from(data.topics().len()).unwrap_or(u64::MAX);
        let bytes = u64::try_from(data.data.len()).unwrap_or(u64::MAX);
        self.burn(LOG.saturating_mul(topics.saturating_add(1)).saturating_add(LOG_BYTE.saturating_mul(bytes)))?;
        self.context.journal_mut().log(Log { address: self.address, data });
        Ok(())
    }
}

/// Gas of copying `bytes` of an account's code: the access (EIP-2929), and the words.
fn copy_gas(is_cold: bool, bytes: usize) -> u64 {
    let access = if is_cold { COLD_ACCOUNT } else { WARM };
    let words = u64::try_from(bytes.div_ceil(32)).unwrap_or(u64::MAX);
    access.saturating_add(words.saturating_mul(COPY_WORD))
}

/// The state, at the price of precompiles.
impl<DB: Database> Storage for Call<'_, DB> {
    type Error = Failure<DB::Error>;

    fn get(&mut self, slot: U256) -> Result<U256, Self::Error> {
        self.burn(READ)?;
        self.look(slot, None)?;
        self.context.get(slot).map_err(Failure::Database)
    }

    fn set(&mut self, slot: U256, value: U256) -> Result<(), Self::Error> {
        self.burn(if value.is_zero() { CLEAR } else { WRITE })?;
        self.look(slot, Some(value))?;
        self.context.set(slot, value).map_err(Failure::Database)
    }

    fn get_warm(&mut self, slot: U256) -> Result<U256, Self::Error> {
        self.burn(WARM)?;
        self.context.get(slot).map_err(Failure::Database)
    }
}
