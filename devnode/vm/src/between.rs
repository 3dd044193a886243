//! What ArbOS does between transactions: it begins blocks, and prices gas by what was used.

use crate::arbos::{ARBOS_ADDRESS, L2Parameter, Root, Slots, outbox_root, upgrade_if_due};
use crate::evm::fork;
use crate::precompiles::is_precompile;
use crate::{BlockEnv, Vm, block_history};
use revm::Database;
use revm::primitives::{Address, B256, U256};

/// A slot that changes outside of transactions: the account, the slot and the new value.
pub type SlotChange = (Address, U256, U256);

impl Vm {
    /// What changes at the start of `block`, whose parent has this hash and timestamp: the contract of EIP-2935
    /// remembers the hash, the base fee of the next block follows the time that has passed, and ArbOS is upgraded if
    /// that is due.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn start_block<DB: Database>(
        &self,
        db: &mut DB,
        block: &BlockEnv,
        parent_hash: B256,
        parent_timestamp: u64,
    ) -> Result<Vec<SlotChange>, DB::Error> {
        let (slot, hash) = block_history::write(block.number.saturating_sub(1), parent_hash);
        let mut slots = Slots::new(db);
        let seconds = block.timestamp.saturating_sub(parent_timestamp);
        Root::l2_pricing().start_block(&mut slots, seconds)?;
        upgrade_if_due(&mut slots, block.timestamp)?;
        Ok(std::iter::once((block_history::ADDRESS, slot, hash)).chain(changes(slots)).collect())
    }

    /// What changes after a transaction that computed with `gas`, which is part of what the speed limit is for.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn add_to_backlog<DB: Database>(&self, db: &mut DB, gas: u64) -> Result<Vec<SlotChange>, DB::Error> {
        let mut slots = Slots::new(db);
        Root::l2_pricing().add_to_backlog(&mut slots, gas)?;
        Ok(changes(slots).collect())
    }

    /// How many messages to L1 there are, and the root of the tree of them.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn messages<DB: Database>(&self, db: &mut DB) -> Result<(u64, B256), DB::Error> {
        let mut slots = Slots::new(db);
        let count = Root::outbox().size(&mut slots)?;
        Ok((count, outbox_root(&Root::outbox().waiting(&mut slots)?)))
    }

    /// The base fee of the next block, in wei per gas.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn base_fee<DB: Database>(&self, db: &mut DB) -> Result<u64, DB::Error> {
        Root::l2_pricing().get(&mut Slots::new(db), L2Parameter::BaseFee)
    }

    /// Whether a precompile of Ethereum or ArbOS is at this address.
    pub fn is_precompile(&self, address: &Address) -> bool {
        is_precompile(fork(self.config().arbos_version), address)
    }

    /// Gas per second that the chain sustains.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn speed_limit<DB: Database>(&self, db: &mut DB) -> Result<u64, DB::Error> {
        Root::l2_pricing().get(&mut Slots::new(db), L2Parameter::SpeedLimit)
    }

    /// How much gas a block takes before it is full.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn block_gas_limit<DB: Database>(&self, db: &mut DB) -> Result<u64, DB::Error> {
        Root::l2_pricing().get(&mut Slots::new(db), L2Parameter::BlockGasLimit)
    }
}

fn changes<DB>(slots: Slots<'_, DB>) -> impl Iterator<Item = SlotChange> {
    slots.written().map(|(slot, value)| (ARBOS_ADDRESS, slot, value))
}
