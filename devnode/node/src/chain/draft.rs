//! A block that is not sealed yet.

use super::block::{Block, Executed};
use super::commitment::state_root;
use super::error::ChainError;
use super::ledger::Ledger;
use super::transaction::SignedTransaction;
use super::world::{World, WorldReader};
use alloy::primitives::{Address, B256};
use stylus_vm::{BlockEnv, Execution, Outcome, RecentPrograms, Vm};

/// What becomes a block, with the world after its transactions.
#[derive(Debug)]
pub(super) struct Draft {
    env: BlockEnv,
    parent: B256,
    state_root: B256,
    world: World,
    executed: Vec<Executed>,
    recent: RecentPrograms,
}

impl Draft {
    /// An empty block on the latest one. `env` is what its transactions see.
    pub(super) fn new(ledger: &Ledger, env: BlockEnv) -> Self {
        let parent = ledger.head();
        Self {
            env,
            parent: parent.hash(),
            state_root: parent.header().state_root,
            world: ledger.world().clone(),
            executed: Vec::new(),
            recent: RecentPrograms::default(),
        }
    }

    /// The nonce of an account after the transactions so far.
    pub(super) fn nonce(&self, address: Address) -> u64 {
        self.world.nonce(address)
    }

    /// Executes a transaction after those before it.
    ///
    /// # Errors
    ///
    /// If it cannot be part of the block. The draft is as before then.
    pub(super) fn execute(
        &mut self,
        vm: &mut Vm,
        ledger: &Ledger,
        transaction: SignedTransaction,
    ) -> Result<Execution, ChainError> {
        let mut reader = WorldReader { world: &self.world, ledger };
        let (executable, checks) = (transaction.executable(), transaction.checks());
        let execution = vm.execute_next(&mut reader, &self.env, &mut self.recent, &executable, checks)?;
        self.executed.push(Executed {
            transaction,
            success: matches!(execution.outcome, Outcome::Success { .. }),
            gas_used: execution.gas_used,
            gas_used_for_l1: execution.gas_used_for_l1,
            logs: execution.logs.clone(),
        });
        self.state_root = state_root(self.state_root, &execution.state);
        self.world.commit(&execution.state);
        Ok(execution)
    }

    /// The block and the world after it.
    pub(super) fn seal(self, arbos_version: u64) -> (Block, World) {
        let Self { env, parent, state_root, world, executed, recent: _ } = self;
        (Block::seal(parent, env, arbos_version, state_root, executed), world)
    }
}
