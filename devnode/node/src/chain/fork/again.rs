//! A running node that becomes a fork.

use super::{ForkError, ForkOptions, open};
use crate::DEV_BALANCE;
use crate::chain::Chain;
use crate::chain::genesis::genesis_of_fork;

impl Chain {
    /// Begins anew from a block of another node, with the accounts and the way of mining that this node was started
    /// with. If that node cannot be forked nothing changes.
    ///
    /// # Errors
    ///
    /// [`ForkError`].
    pub(crate) fn reset_to_fork(&mut self, fork: &ForkOptions) -> Result<(), ForkError> {
        let settings = self.settings.clone();
        let opened = open(fork, None, &settings.accounts, DEV_BALANCE)?;
        let clock = self.initial.clock.set(opened.block.timestamp());
        let state = genesis_of_fork(settings, opened, None, clock);
        self.settings = state.settings.clone();
        self.vm = state.vm.clone();
        self.initial = state;
        self.reset();
        Ok(())
    }
}
