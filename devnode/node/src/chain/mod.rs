//! The chain: it takes transactions, mines them, and answers questions about what it holds.

pub(crate) mod block;
mod call;
mod clock;
mod commitment;
mod compose;
mod error;
mod estimate;
mod genesis;
mod impersonation;
mod keys;
mod ledger;
mod overrides;
mod queue;
mod snapshot;
mod state;
mod transaction;
mod world;

pub(crate) use block::{Block, Included};
pub(crate) use call::CallRequest;
pub(crate) use clock::StoppedClock;
pub(crate) use error::ChainError;
pub(crate) use genesis::genesis;
pub use impersonation::{Executed, Impersonation};
pub(crate) use ledger::Ledger;
pub(crate) use state::Settings;
pub use state::{ChainState, L1BlockNumber};
pub(crate) use transaction::SignedTransaction;
pub(crate) use world::World;

use alloy::consensus::Transaction as _;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{Address, B256, TxKind};
use block::BASE_FEE;
use clock::Clock;
use impersonation::Impersonated;
use queue::Queue;
use snapshot::Snapshots;
use std::fmt;
use std::sync::Arc;
use stylus_vm::revm::state::EvmState;
use stylus_vm::{BlockEnv, Execution, InvalidTransaction, Outcome, Vm};
use tokio::sync::broadcast;
use world::WorldReader;

/// How many blocks a subscriber may fall behind before it misses one.
const HEADS_BUFFER: usize = 4_096;

/// A running chain.
///
/// Mining is instant: every transaction becomes a block of its own as soon as it is accepted. One whose nonce is too high waits until
/// the transactions before it have come, see [`Queue`].
pub(crate) struct Chain {
    vm: Vm,
    settings: Settings,
    ledger: Ledger,
    clock: Clock,
    queue: Queue,
    snapshots: Snapshots,
    impersonated: Impersonated,
    heads: broadcast::Sender<Arc<Block>>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Chain").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Chain {
    /// Starts the chain of a picture.
    pub(crate) fn start(state: ChainState) -> Self {
        let ChainState { settings, vm, ledger, clock } = state;
        Self {
            vm,
            settings,
            ledger,
            clock: clock.start(),
            queue: Queue::default(),
            snapshots: Snapshots::default(),
            impersonated: Impersonated::default(),
            heads: broadcast::Sender::new(HEADS_BUFFER),
        }
    }

    /// The picture of the chain as it is now.
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
        self.vm = Vm::new(self.settings.config.clone());
    }

    /// The chain id.
    pub(crate) fn chain_id(&self) -> u64 {
        self.settings.config.chain_id
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
    pub(crate) fn heads(&self) -> broadcast::Receiver<Arc<Block>> {
        self.heads.subscribe()
    }

    /// The block that `id` means. "pending" is the latest block, since nothing waits between blocks.
    pub(crate) fn block(&self, id: BlockId) -> Option<&Arc<Block>> {
        match id {
            BlockId::Hash(hash) => self.ledger.block_by_hash(hash.block_hash),
            BlockId::Number(BlockNumberOrTag::Number(number)) => self.ledger.block(number),
            BlockId::Number(BlockNumberOrTag::Earliest) => self.ledger.block(0),
            BlockId::Number(_) => Some(self.head()),
        }
    }

    /// The world after the block that `id` means.
    ///
    /// # Errors
    ///
    /// [`ChainError::UnknownBlock`] and [`ChainError::StateNotKept`].
    pub(crate) fn world(&self, id: BlockId) -> Result<&World, ChainError> {
        let number = self.block(id).ok_or(ChainError::UnknownBlock)?.number();
        self.ledger.world_after(number).ok_or(ChainError::StateNotKept(number))
    }

    /// The transaction with this hash that waits for its turn.
    pub(crate) fn waiting(&self, hash: B256) -> Option<&SignedTransaction> {
        self.queue.get(hash)
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
    pub(crate) fn next_nonce(&self, sender: Address) -> u64 {
        self.queue.next_nonce(sender, self.ledger.world().nonce(sender))
    }

    /// What contracts see of the block that would be mined now.
    pub(crate) fn next_env(&self) -> BlockEnv {
        let number = self.head().number() + 1;
        BlockEnv {
            number,
            l1_number: self.settings.l1_number(number),
            timestamp: self.clock.next_timestamp(self.head().timestamp()),
            base_fee: BASE_FEE,
        }
    }

    /// Takes a signed transaction in its EIP-2718 encoding. It is mined when this returns, unless its nonce is too high.
    ///
    /// # Errors
    ///
    /// If the transaction cannot be mined, now or later. It leaves no trace then.
    pub(crate) fn submit(&mut self, raw: &[u8]) -> Result<B256, ChainError> {
        let transaction = SignedTransaction::decode(raw, self.chain_id())?;
        let hash = transaction.hash();
        self.accept(transaction)?;
        Ok(hash)
    }

    fn accept(&mut self, transaction: SignedTransaction) -> Result<(), ChainError> {
        let signer = transaction.signer();
        match self.execute_and_mine(transaction.clone()) {
            Err(ChainError::Invalid(InvalidTransaction::NonceTooHigh { .. })) => self.queue.push(transaction)?,
            result => {
                result?;
                self.mine_waiting(signer);
            }
        }
        Ok(())
    }

    /// Mines an empty block.
    pub(crate) fn mine(&mut self) {
        self.append(self.next_env(), Vec::new(), &EvmState::default());
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

    /// Changes accounts by hand, in the state after the latest block.
    pub(crate) fn alter(&mut self, change: impl FnOnce(&mut World)) {
        change(self.ledger.world_mut());
    }

    /// Remembers the chain as it is. Returns the id of the snapshot.
    pub(crate) fn snapshot(&mut self) -> u64 {
        let state = self.state();
        self.snapshots.take(state)
    }

    /// Goes back to a snapshot: state, blocks and time. This and all later snapshots are used up, and waiting transactions forgotten.
    /// Returns whether there was such a snapshot.
    pub(crate) fn revert(&mut self, snapshot: u64) -> bool {
        let Some(state) = self.snapshots.use_up(snapshot) else { return false };
        self.ledger = state.ledger;
        self.clock = state.clock.start();
        self.queue.clear();
        true
    }

    /// Mines what was waiting for the sender's latest transaction. What has become invalid in the meantime is dropped.
    fn mine_waiting(&mut self, sender: Address) {
        while let Some(transaction) = self.queue.take(sender, self.ledger.world().nonce(sender)) {
            if self.execute_and_mine(transaction).is_err() {
                break;
            }
        }
    }

    fn execute_and_mine(&mut self, transaction: SignedTransaction) -> Result<Execution, ChainError> {
        let env = self.next_env();
        let mut reader = WorldReader { world: self.ledger.world(), ledger: &self.ledger };
        let execution = self.vm.execute(&mut reader, &env, &transaction.executable(), transaction.checks())?;
        let contract = match transaction.envelope().kind() {
            TxKind::Create => Some(transaction.signer().create(transaction.envelope().nonce())),
            TxKind::Call(_) => None,
        };
        let executed = block::Executed {
            transaction,
            success: matches!(execution.outcome, Outcome::Success { .. }),
            gas_used: execution.gas_used,
            logs: execution.logs.clone(),
            contract,
        };
        self.append(env, vec![executed], &execution.state);
        Ok(execution)
    }

    /// Seals the next block and makes it the latest. `env` is what its transactions saw.
    fn append(&mut self, env: BlockEnv, executed: Vec<block::Executed>, changes: &EvmState) {
        self.clock.use_up_next();
        let parent = self.head();
        let state_root = commitment::state_root(parent.header().state_root, changes);
        let block = Block::seal(parent.hash(), env, self.settings.config.arbos_version, state_root, executed);
        let mut world = self.ledger.world().clone();
        world.commit(changes);
        self.ledger.append(block, world);
        // Nobody listening is not an error.
        let _ = self.heads.send(Arc::clone(self.head()));
    }
}
