//! When transactions become blocks.

use super::fork::ForkError;
use super::pending_block::PendingBlock;
use super::state_reader::StateReader;
use super::{Chain, ChainError, SignedTransaction};
use std::sync::Arc;
use std::time::{Duration, Instant};
use stylus_vm::{Execution, InvalidTransaction, Transaction};

/// What makes the chain mine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mining {
    /// Every transaction becomes a block of its own as soon as its turn has come.
    #[default]
    Instant,
    /// Every so often a block takes all transactions whose turn has come.
    Interval {
        /// How often.
        every: Duration,
        /// When next. `None` if that is beyond all time.
        next: Option<Instant>,
    },
    /// Only requests to mine.
    ByHand,
}

impl Mining {
    /// At this interval, or if there is none, at once or never.
    pub(super) fn new(automine: bool, block_time: Option<Duration>) -> Self {
        match block_time {
            Some(every) => Self::interval(every),
            None if automine => Self::Instant,
            None => Self::ByHand,
        }
    }

    fn interval(every: Duration) -> Self {
        if every.is_zero() { Self::ByHand } else { Self::Interval { every, next: Instant::now().checked_add(every) } }
    }
}

impl Chain {
    /// Whether transactions are mined as they come.
    pub(crate) fn is_automine(&self) -> bool {
        self.mining == Mining::Instant
    }

    /// Sets whether transactions are mined as they come. Switching this on also mines the transactions that wait for a
    /// block; switching it off does not stop mining at an interval.
    pub(crate) fn set_automine(&mut self, automine: bool) {
        match (automine, self.mining) {
            (true, _) => self.mining = Mining::Instant,
            (false, Mining::Instant) => self.mining = Mining::ByHand,
            (false, _) => {}
        }
        self.settle();
    }

    /// Mines a block every so often and at no other time; zero stands for never.
    pub(crate) fn set_mining_interval(&mut self, every: Duration) {
        self.mining = Mining::interval(every);
    }

    /// Every how often a block is mined, if so.
    pub(crate) fn mining_interval(&self) -> Option<Duration> {
        match self.mining {
            Mining::Interval { every, .. } => Some(every),
            Mining::Instant | Mining::ByHand => None,
        }
    }

    /// When [`Chain::mine_if_due`] has something to do. `None` if it never has.
    pub(crate) fn due(&self) -> Option<Instant> {
        match self.mining {
            Mining::Interval { next, .. } => next,
            Mining::Instant | Mining::ByHand => None,
        }
    }

    /// Mines a block if the interval is over. Blocks that were missed are not made up for, neither are those that a
    /// fork could not fetch something for: the transactions wait for the next.
    pub(crate) fn mine_if_due(&mut self) {
        let Mining::Interval { every, .. } = self.mining else { return };
        if self.due().is_some_and(|due| due <= Instant::now()) {
            self.mining = Mining::interval(every);
            // Whoever asks next for what is missing hears of it.
            let _ = self.mine();
        }
    }

    /// Mines a block with all transactions whose turn has come, in the order of arrival, or as many as it takes.
    /// Transactions that have become invalid are dropped.
    ///
    /// # Errors
    ///
    /// Those of a fork. There is no block then, and all transactions go on waiting.
    pub(crate) fn mine(&mut self) -> Result<(), ChainError> {
        let mut block = self.begin_block()?;
        let mut queue = self.queue.clone();
        while block.has_room()
            && let Some(transaction) = queue.take_ready(|sender| block.nonce(sender))?
        {
            // An invalid one leaves the block as it was.
            if let Err(ChainError::Fork(error)) = block.execute(&self.vm, &self.ledger, transaction) {
                return Err(error.into());
            }
        }
        self.append(block)?;
        self.queue = queue;
        self.settle();
        Ok(())
    }

    /// Takes a transaction: mines it at once, or lets it wait for its turn or for the next block.
    pub(super) fn accept(&mut self, transaction: SignedTransaction) -> Result<(), ChainError> {
        if self.is_automine() {
            match self.execute_and_mine(transaction.clone()) {
                // Nitro's sequencer gives up on them after a second.
                Err(ChainError::Invalid(InvalidTransaction::NonceTooHigh { .. })) if !self.settings.nitro => {
                    self.wait(transaction)?;
                }
                result => {
                    result?;
                    self.settle();
                }
            }
            return Ok(());
        }
        match self.validate(&transaction, transaction.executable()) {
            Err(ChainError::Invalid(InvalidTransaction::NonceTooHigh { state, .. })) => {
                // Everything but the nonce must be right already.
                self.validate(&transaction, Transaction { nonce: state, ..transaction.executable() })?;
            }
            result => result?,
        }
        self.wait(transaction)
    }

    /// Mines a transaction in a block of its own.
    pub(super) fn execute_and_mine(&mut self, transaction: SignedTransaction) -> Result<Execution, ChainError> {
        let mut block = self.begin_block()?;
        let execution = block.execute(&self.vm, &self.ledger, transaction)?;
        self.append(block)?;
        Ok(execution)
    }

    /// Updates the waiting transactions after the nonces of accounts changed. Forgets the transactions whose nonce is
    /// used, and mines those whose turn has come, unless something else makes them wait. In a fork that cannot be
    /// fetched from they go on waiting.
    pub(super) fn settle(&mut self) {
        if self.queue.forget_used(|sender| self.ledger.state().nonce(sender)).is_err() || !self.is_automine() {
            return;
        }
        while let Ok(Some(transaction)) = self.queue.take_ready(|sender| self.ledger.state().nonce(sender)) {
            if let Err(ChainError::Fork(_)) = self.execute_and_mine(transaction.clone()) {
                // There was room for it a moment ago.
                let _ = self.wait(transaction);
                return;
            }
            // One that has become invalid in the meantime is dropped.
        }
    }

    fn wait(&mut self, transaction: SignedTransaction) -> Result<(), ChainError> {
        let next_nonce = self.next_nonce(transaction.signer())?;
        Ok(self.queue.push(transaction, next_nonce)?)
    }

    fn validate(&self, signed: &SignedTransaction, transaction: Transaction) -> Result<(), ChainError> {
        let mut reader = StateReader { state: self.ledger.state(), ledger: &self.ledger };
        Ok(self.vm.validate(&mut reader, &self.next_env()?, &transaction, signed.checks())?)
    }

    /// An empty block on the latest one.
    fn begin_block(&self) -> Result<PendingBlock, ForkError> {
        let limit = self.next_block.gas_limit.or(self.settings.block_gas_limit);
        PendingBlock::new(&self.vm, &self.ledger, self.next_env()?, self.settings.nitro, limit)
    }

    /// Seals a block and makes it the latest.
    fn append(&mut self, block: PendingBlock) -> Result<(), ForkError> {
        let (block, state) = block.seal(&self.vm, &self.ledger)?;
        self.clock.mined(block.timestamp());
        self.next_block.base_fee = None;
        self.ledger.append(block, state);
        // Nobody listening is not an error.
        let _ = self.heads.send(Arc::clone(self.head()));
        Ok(())
    }
}
