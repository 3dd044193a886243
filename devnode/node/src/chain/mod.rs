//! The chain: it takes transactions, mines them, and answers questions about what it holds.

mod access;
pub(crate) mod block;
mod cache_manager;
mod call;
mod call_encoding;
mod call_request;
mod chain_state;
mod clock;
mod commitment;
mod encoding;
mod error;
mod estimate;
mod file;
mod fill_request;
mod fork;
mod genesis;
pub(crate) mod header;
mod impersonation;
mod keys;
mod ledger;
mod mining;
mod next_block;
mod node_interface;
mod overrides;
mod pending_block;
mod queue;
mod shared_map;
mod simulate;
mod snapshot;
mod state;
mod state_reader;
mod storage_range;
mod stylus_deployer;
mod tracing;
mod transaction;

pub(crate) use block::{Block, Included};
pub(crate) use call_request::CallRequest;
pub(crate) use chain_state::Settings;
pub use chain_state::{ChainState, L1BlockNumber};
pub(crate) use clock::StoppedClock;
pub use encoding::StateDecodeError;
pub(crate) use error::ChainError;
pub use file::{FoundState, StateFile, StateFileError};
pub use fork::{ForkError, ForkOptions};
pub(crate) use fork::{Origin, open as open_fork};
pub(crate) use genesis::{genesis, genesis_of_fork};
pub use impersonation::{Executed, Impersonation};
pub(crate) use ledger::Ledger;
pub(crate) use simulate::{Simulated, SimulatedCall, SimulationError};
pub(crate) use state::State;
use state_reader::StateReader;
pub(crate) use storage_range::StorageRange;
pub(crate) use tracing::{Place, Traced};
pub(crate) use transaction::SignedTransaction;

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{Address, B256};
use clock::Clock;
use impersonation::Impersonated;
use mining::Mining;
use next_block::NextBlock;
use queue::Queue;
use snapshot::Snapshots;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use stylus_vm::{BlockEnv, Vm};
use tokio::sync::broadcast;

/// How many blocks a subscriber may fall behind before it misses one.
const HEADS_BUFFER: usize = 4_096;

/// How a chain begins to behave. Requests can change it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainOptions {
    /// Whether transactions are mined as they come, if there is no block time.
    pub(crate) automine: bool,
    /// Every how often a block is mined.
    pub(crate) block_time: Option<Duration>,
    /// Whether everybody is impersonated.
    pub(crate) auto_impersonate: bool,
}

impl Default for ChainOptions {
    fn default() -> Self {
        Self { automine: true, block_time: None, auto_impersonate: false }
    }
}

/// A running chain.
///
/// Unless told otherwise, mining is instant: every transaction becomes a block of its own as soon as it is accepted,
/// see [`mining`]. A transaction whose nonce is too high waits until the transactions before it have come, see
/// [`Queue`].
pub(crate) struct Chain {
    vm: Vm,
    settings: Settings,
    ledger: Ledger,
    clock: Clock,
    queue: Queue,
    snapshots: Snapshots,
    initial: ChainState,
    impersonated: Impersonated,
    mining: Mining,
    next_block: NextBlock,
    options: ChainOptions,
    heads: broadcast::Sender<Arc<Block>>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Chain").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Chain {
    /// Starts the chain of a snapshot.
    pub(crate) fn start(state: ChainState, options: ChainOptions) -> Self {
        let initial = state.clone();
        let ChainState { settings, vm, ledger, clock } = state;
        Self {
            initial,
            vm,
            settings,
            ledger,
            clock: clock.start(),
            queue: Queue::default(),
            snapshots: Snapshots::default(),
            impersonated: Impersonated::new(options.auto_impersonate),
            mining: Mining::new(options.automine, options.block_time),
            next_block: NextBlock::default(),
            options,
            heads: broadcast::Sender::new(HEADS_BUFFER),
        }
    }

    /// The snapshot of the chain as it is now.
    pub(crate) fn state(&self) -> ChainState {
        ChainState {
            settings: self.settings.clone(),
            vm: self.vm.clone(),
            ledger: self.ledger.clone(),
            clock: self.clock.stop(),
        }
    }

    /// Forgets what the machine holds in memory. The chain itself does not change.
    pub(crate) fn reset_machine(&mut self) {
        self.vm = Vm::new(self.settings.config);
    }

    /// The chain id.
    pub(crate) fn chain_id(&self) -> u64 {
        self.settings.config.chain_id
    }

    /// Whether the chain does without what this node does for developers.
    pub(crate) fn is_like_nitro(&self) -> bool {
        self.settings.nitro
    }

    /// The blocks and states.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The latest block.
    pub(crate) fn head(&self) -> &Arc<Block> {
        self.ledger.head()
    }

    /// Every block that is mined from now on.
    #[cfg(feature = "server")]
    pub(crate) fn heads(&self) -> broadcast::Receiver<Arc<Block>> {
        self.heads.subscribe()
    }

    /// The block that `id` means. "pending" is the latest block, whatever waits.
    ///
    /// # Errors
    ///
    /// [`ChainError::NeverFinal`] for "safe" and "finalized".
    pub(crate) fn block(&self, id: BlockId) -> Result<Option<&Arc<Block>>, ChainError> {
        Ok(match id {
            BlockId::Hash(hash) => self.ledger.block_by_hash(hash.block_hash),
            BlockId::Number(BlockNumberOrTag::Number(number)) => self.ledger.block(number),
            BlockId::Number(BlockNumberOrTag::Earliest) => self.ledger.block(0),
            BlockId::Number(BlockNumberOrTag::Safe) => return Err(ChainError::NeverFinal("safe")),
            BlockId::Number(BlockNumberOrTag::Finalized) => return Err(ChainError::NeverFinal("finalized")),
            BlockId::Number(BlockNumberOrTag::Latest | BlockNumberOrTag::Pending) => Some(self.head()),
        })
    }

    /// The state after the block that `id` means.
    ///
    /// # Errors
    ///
    /// [`ChainError::UnknownBlock`], [`ChainError::NeverFinal`] and [`ChainError::StateNotKept`].
    pub(crate) fn state_at(&self, id: BlockId) -> Result<&State, ChainError> {
        let number = self.block(id)?.ok_or(ChainError::UnknownBlock)?.number();
        self.ledger.state_after(number).ok_or(ChainError::StateNotKept(number))
    }

    /// The transactions that wait for their turn or for a block.
    pub(crate) fn queue(&self) -> &Queue {
        &self.queue
    }

    /// The same, to take some out.
    pub(crate) fn queue_mut(&mut self) -> &mut Queue {
        &mut self.queue
    }

    /// In whose name clients may send without a signature.
    pub(crate) fn impersonated(&self) -> &Impersonated {
        &self.impersonated
    }

    /// The same, to be changed.
    pub(crate) fn impersonated_mut(&mut self) -> &mut Impersonated {
        &mut self.impersonated
    }

    /// The nonce of the sender's next transaction, after those that wait without a gap before them.
    pub(crate) fn next_nonce(&self, sender: Address) -> Result<u64, ForkError> {
        Ok(self.queue.next_nonce(sender, self.ledger.state().nonce(sender)?))
    }

    /// What contracts see of the block that would be mined now.
    pub(crate) fn next_env(&self) -> Result<BlockEnv, ForkError> {
        let number = self.head().number() + 1;
        Ok(BlockEnv {
            number,
            l1_number: self.settings.l1_number(number),
            timestamp: self.clock.next_timestamp(self.head().timestamp()),
            base_fee: self.next_base_fee()?,
            ..BlockEnv::default()
        })
    }

    /// Wei per gas of the next block.
    pub(crate) fn next_base_fee(&self) -> Result<u64, ForkError> {
        if let Some(base_fee) = self.next_block.base_fee {
            return Ok(base_fee);
        }
        self.vm.base_fee(&mut StateReader { state: self.ledger.state(), ledger: &self.ledger })
    }

    /// Gas per second that the chain sustains.
    pub(crate) fn speed_limit(&self) -> Result<u64, ForkError> {
        self.vm.speed_limit(&mut StateReader { state: self.ledger.state(), ledger: &self.ledger })
    }

    /// Takes a signed transaction in its EIP-2718 encoding. The transaction is mined when this returns, unless its
    /// nonce is too high or transactions wait for a block.
    ///
    /// # Errors
    ///
    /// If the transaction cannot be mined, now or later. It leaves no trace then.
    pub(crate) fn submit(&mut self, raw: &[u8]) -> Result<B256, ChainError> {
        let transaction = SignedTransaction::decode(raw, self.chain_id())?;
        transaction.check_fee()?;
        let mut reader = StateReader { state: self.ledger.state(), ledger: &self.ledger };
        self.vm.precheck(&mut reader, &self.next_env()?, &transaction.executable())?;
        let hash = transaction.hash();
        self.accept(transaction)?;
        Ok(hash)
    }

    /// Moves the time forward by some seconds.
    pub(crate) fn advance_time(&mut self, seconds: u64) {
        self.clock.advance(seconds);
    }

    /// Sets the timestamp of the next block, from where the time goes on.
    ///
    /// # Errors
    ///
    /// [`ChainError::Time`] if it is before the timestamp of the latest block.
    pub(crate) fn set_next_timestamp(&mut self, timestamp: u64) -> Result<(), ChainError> {
        Ok(self.clock.set_next(timestamp, self.head().timestamp())?)
    }

    /// Sets the time. Returns how many seconds that is ahead of the time until now.
    ///
    /// # Errors
    ///
    /// [`ChainError::Time`] if it is before the timestamp of the latest block.
    pub(crate) fn set_time(&mut self, timestamp: u64) -> Result<u64, ChainError> {
        let head = self.head().timestamp();
        Ok(self.clock.set(timestamp, head)?)
    }

    /// Makes every block younger than its parent by this many seconds, whatever the time.
    pub(crate) fn set_timestamp_interval(&mut self, seconds: u64) {
        let head = self.head().timestamp();
        self.clock.set_interval(seconds, head);
    }

    /// Ends that. Returns whether there was an interval.
    pub(crate) fn remove_timestamp_interval(&mut self) -> bool {
        self.clock.remove_interval()
    }

    /// Changes accounts by hand, in the state after the latest block.
    ///
    /// # Errors
    ///
    /// Those of a fork.
    pub(crate) fn alter(&mut self, change: impl FnOnce(&mut State) -> Result<(), ForkError>) -> Result<(), ForkError> {
        change(self.ledger.state_mut())?;
        self.settle();
        Ok(())
    }

    /// Remembers the chain as it is. Returns the id of the snapshot.
    pub(crate) fn snapshot(&mut self) -> u64 {
        let state = self.state();
        self.snapshots.take(state)
    }

    /// Goes back to a snapshot: state, blocks and time. Uses up this snapshot and all later ones, and forgets waiting
    /// transactions. Returns whether there was such a snapshot.
    pub(crate) fn revert(&mut self, snapshot: u64) -> bool {
        let Some(state) = self.snapshots.use_up(snapshot) else { return false };
        self.become_as(state);
        true
    }

    /// Goes back to the start of the chain: state, blocks, time, way of mining and impersonated accounts. Forgets
    /// waiting transactions and snapshots.
    pub(crate) fn reset(&mut self) {
        self.become_as(self.initial.clone());
        self.snapshots = Snapshots::default();
        self.impersonated = Impersonated::new(self.options.auto_impersonate);
        self.mining = Mining::new(self.options.automine, self.options.block_time);
    }

    /// Takes over the state, blocks and time of a snapshot. Waiting transactions are forgotten.
    ///
    /// # Errors
    ///
    /// [`ChainError::BadRequest`] if it is a snapshot of a chain with other settings.
    pub(crate) fn load(&mut self, state: ChainState) -> Result<(), ChainError> {
        if state.settings != self.settings {
            return Err(ChainError::BadRequest("the state is of a chain with other settings".into()));
        }
        self.become_as(state);
        Ok(())
    }

    fn become_as(&mut self, state: ChainState) {
        self.ledger = state.ledger;
        self.next_block.base_fee = None;
        self.clock = state.clock.start();
        self.queue.clear();
    }
}
