//! The parameters of the gas price. The base fee itself belongs to the block: here is what ArbOS reports and lets its
//! owners set.

use super::root::get_u64;
use super::{Space, Storage};
use revm::primitives::U256;

/// A number of the pricer, by its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum L2Parameter {
    /// Gas per second that the chain sustains.
    SpeedLimit,
    /// Gas per block.
    BlockGasLimit,
    /// Wei per gas now.
    BaseFee,
    /// The least wei per gas.
    MinimumBaseFee,
    /// Gas beyond the speed limit.
    Backlog,
    /// How slowly the price follows the backlog.
    Inertia,
    /// Seconds of backlog that do not raise the price.
    BacklogTolerance,
    /// Gas per transaction.
    TransactionGasLimit,
}

/// The L2 pricer.
#[derive(Clone, Debug)]
pub(crate) struct L2Pricing {
    space: Space,
}

impl L2Pricing {
    /// The pricer in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { space }
    }

    /// One of the numbers.
    pub(crate) fn get<S: Storage>(&self, storage: &mut S, parameter: L2Parameter) -> Result<u64, S::Error> {
        get_u64(storage, self.slot(parameter))
    }

    /// Sets one of the numbers.
    pub(crate) fn set<S: Storage>(&self, storage: &mut S, parameter: L2Parameter, value: u64) -> Result<(), S::Error> {
        storage.set(self.slot(parameter), U256::from(value))
    }

    /// The slot of one of the numbers, for who has a database only.
    pub(crate) fn slot(&self, parameter: L2Parameter) -> U256 {
        self.space.numbered(match parameter {
            L2Parameter::SpeedLimit => 0,
            L2Parameter::BlockGasLimit => 1,
            L2Parameter::BaseFee => 2,
            L2Parameter::MinimumBaseFee => 3,
            L2Parameter::Backlog => 4,
            L2Parameter::Inertia => 5,
            L2Parameter::BacklogTolerance => 6,
            L2Parameter::TransactionGasLimit => 7,
        })
    }
}
