//! The snapshot of a chain that leaves its node.

use super::clock::StoppedClock;
use super::fork::{ForkError, ForkOptions};
use super::ledger::{KEPT_STATES, Ledger};
use crate::DevAccount;
use alloy::primitives::{Address, U256};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use stylus_vm::{ChainConfig, Vm};

/// What `block.number` is for contracts.
///
/// On Arbitrum it is an estimate of the L1 block number, not the number of the block that RPC counts (that one is
/// `ArbSys.arbBlockNumber`). A development chain has no L1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum L1BlockNumber {
    /// It follows the L2 block number, so that contracts which measure time in blocks can be tested.
    #[default]
    FollowsL2,
    /// It stays 0, as in Nitro's development mode. BLOCKHASH is zero then.
    Zero,
    /// It stays at this number, as the forked block had it.
    Stays(u64),
}

/// What is fixed for the life of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The constants of the machine.
    pub(crate) config: ChainConfig,
    /// What `block.number` is.
    pub(crate) l1_block_number: L1BlockNumber,
    /// The accounts funded at genesis.
    pub(crate) accounts: Arc<[DevAccount]>,
    /// Wei per unit of L1 data at genesis.
    pub(crate) l1_price: U256,
    /// Whether it does without what this node does for developers:
    /// [`DevnodeBuilder::like_nitro`](crate::DevnodeBuilder::like_nitro).
    pub(crate) nitro: bool,
    /// Whether no state is forgotten.
    pub(crate) archive: bool,
    /// The gas of the transactions of a block, if it is limited by more than what a chain like Nitro's limits.
    pub(crate) block_gas_limit: Option<u64>,
}

impl Settings {
    /// For how many blocks before the latest the state is kept.
    pub(crate) fn kept_states(&self) -> u64 {
        if self.nitro || self.archive { u64::MAX } else { KEPT_STATES }
    }

    /// What `block.number` is in the L2 block `number`.
    pub(crate) fn l1_number(&self, number: u64) -> u64 {
        match self.l1_block_number {
            L1BlockNumber::FollowsL2 => number,
            L1BlockNumber::Zero => 0,
            L1BlockNumber::Stays(l1_number) => l1_number,
        }
    }
}

/// A snapshot of a whole chain: accounts, blocks, receipts, time. The snapshot is immutable and cheap to clone. Any
/// number of nodes can be started from it ([`DevnodeBuilder::state`](crate::DevnodeBuilder::state)), and a file can
/// keep it ([`ChainState::save`]). Transactions that wait for their turn, snapshots and filters belong to the node and
/// are not part of the snapshot.
#[derive(Clone)]
pub struct ChainState {
    pub(crate) settings: Settings,
    /// Comes along so that nodes that start from the snapshot need not compile its programs again.
    pub(crate) vm: Vm,
    pub(crate) ledger: Ledger,
    pub(crate) clock: StoppedClock,
}

impl ChainState {
    /// The chain id.
    pub fn chain_id(&self) -> u64 {
        self.settings.config.chain_id
    }

    /// The number of the latest block.
    pub fn block_number(&self) -> u64 {
        self.ledger.head().number()
    }

    /// The timestamp of the latest block, in seconds since the Unix epoch.
    pub fn timestamp(&self) -> u64 {
        self.ledger.head().timestamp()
    }

    /// What an account holds, in wei. In a fork: what it holds if it changed since the forked block, else zero, because
    /// a snapshot fetches nothing; the node does.
    pub fn balance(&self, address: Address) -> U256 {
        self.ledger.state().known_balance(address)
    }

    /// The value of a contract's storage slot. In a fork: if it changed since the forked block, else zero.
    pub fn storage(&self, address: Address, slot: U256) -> U256 {
        self.ledger.state().known_storage(address, slot)
    }

    /// Lets a snapshot of a fork be fetched from a node again.
    ///
    /// # Errors
    ///
    /// If it is no fork, or the node has not the forked block.
    pub(crate) fn fetch_from(&mut self, options: &ForkOptions) -> Result<(), ForkError> {
        let saved = self.ledger.state().origin().ok_or(ForkError::NoFork)?;
        let origin = super::fork::reopen(options, saved)?;
        self.ledger.fetch_from(&origin);
        Ok(())
    }

    /// The accounts funded at genesis.
    pub fn accounts(&self) -> &[DevAccount] {
        &self.settings.accounts
    }
}

impl fmt::Debug for ChainState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ChainState")
            .field("chain_id", &self.chain_id())
            .field("block_number", &self.block_number())
            .field("block_hash", &self.ledger.head().hash())
            .finish_non_exhaustive()
    }
}
