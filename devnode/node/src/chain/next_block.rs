//! What development methods say about blocks to come.

use super::Chain;

/// Set by hand, until it is set anew or used up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NextBlock {
    /// Wei per gas of the next block.
    pub(super) base_fee: Option<u64>,
    /// How much gas the transactions of a block may use.
    pub(super) gas_limit: Option<u64>,
}

impl Chain {
    /// Gives the next block another base fee than its chain would. The block after has the chain's again.
    pub(crate) fn set_next_base_fee(&mut self, wei_per_gas: u64) {
        self.next_block.base_fee = Some(wei_per_gas);
    }

    /// Lets the transactions of each block use so much gas at most: the others wait for the next.
    pub(crate) fn set_block_gas_limit(&mut self, gas: u64) {
        self.next_block.gas_limit = Some(gas);
    }
}
