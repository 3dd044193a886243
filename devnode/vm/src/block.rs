//! The transactions of one block.

use crate::evm::Recorder;
use crate::recent::RecentPrograms;
use crate::{BlockEnv, Checks, ExecuteError, Execution, Trace, Tracing, Transaction, Vm};
use revm::Database;

/// Executes the transactions of a block one after the other: it knows the programs that the block has called. The
/// changes are not kept here: a database comes with each transaction, with the changes of those before it.
#[derive(Clone, Debug)]
pub struct BlockVm {
    vm: Vm,
    env: BlockEnv,
    recent: RecentPrograms,
}

impl BlockVm {
    pub(crate) fn new(vm: Vm, env: BlockEnv) -> Self {
        Self { vm, env, recent: RecentPrograms::default() }
    }

    /// The block.
    pub fn env(&self) -> &BlockEnv {
        &self.env
    }

    /// Executes the next transaction.
    ///
    /// # Errors
    ///
    /// As [`Vm::execute`]; the block is as before then.
    pub fn execute<DB: Database>(
        &mut self,
        db: &mut DB,
        tx: &Transaction,
        checks: Checks,
    ) -> Result<Execution, ExecuteError<DB::Error>> {
        let recorder = Recorder::default();
        self.vm.run(db, &self.env, &mut self.recent, tx, checks, recorder).map(|(execution, _)| execution)
    }

    /// Executes the next transaction, with a record of what happened.
    ///
    /// # Errors
    ///
    /// As [`Self::execute`].
    pub fn trace<DB: Database>(
        &mut self,
        db: &mut DB,
        tx: &Transaction,
        checks: Checks,
        tracing: Tracing,
    ) -> Result<(Execution, Trace), ExecuteError<DB::Error>> {
        let recorder = Recorder::new(tracing);
        let (execution, recorder) = self.vm.run(db, &self.env, &mut self.recent, tx, checks, recorder)?;
        let trace = recorder.finish(tx, execution.gas_used);
        Ok((execution, trace))
    }
}
