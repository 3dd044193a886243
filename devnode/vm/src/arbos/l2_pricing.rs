//! The price of gas: its parameters, and how it follows the gas that transactions use.
//!
//! Gas beyond what the chain sustains is a backlog. What of it is more than the tolerance raises the price of the blocks
//! after the next.

use super::root::get_u64;
use super::{Space, Storage};
use revm::primitives::U256;

/// One, in ten thousandths.
const ONE_IN_BIPS: u128 = 10_000;

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

    /// Adds `gas` to what is used beyond the speed limit.
    pub(crate) fn add_to_backlog<S: Storage>(&self, storage: &mut S, gas: u64) -> Result<(), S::Error> {
        let backlog = self.get(storage, L2Parameter::Backlog)?.saturating_add(gas);
        self.set(storage, L2Parameter::Backlog, backlog)
    }

    /// Pays the backlog off for the `seconds` since the last block, and sets the base fee of the next one.
    pub(crate) fn start_block<S: Storage>(&self, storage: &mut S, seconds: u64) -> Result<(), S::Error> {
        let speed_limit = self.get(storage, L2Parameter::SpeedLimit)?;
        let paid_off = seconds.saturating_mul(speed_limit);
        let backlog = self.get(storage, L2Parameter::Backlog)?.saturating_sub(paid_off);
        self.set(storage, L2Parameter::Backlog, backlog)?;
        let tolerated = self.get(storage, L2Parameter::BacklogTolerance)?.saturating_mul(speed_limit);
        let excess = u128::from(backlog.saturating_sub(tolerated));
        let inertia = u128::from(self.get(storage, L2Parameter::Inertia)?.saturating_mul(speed_limit));
        let exponent = excess.saturating_mul(ONE_IN_BIPS).checked_div(inertia).unwrap_or_default();
        let minimum = self.get(storage, L2Parameter::MinimumBaseFee)?;
        let fee = u128::from(minimum).saturating_mul(exponential(exponent)) / ONE_IN_BIPS;
        self.set(storage, L2Parameter::BaseFee, u64::try_from(fee).unwrap_or(u64::MAX))
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

/// e to the power of `exponent`, both in ten thousandths: the first five terms of the series, as ArbOS computes them,
/// with its roundings.
fn exponential(exponent: u128) -> u128 {
    let innermost = ONE_IN_BIPS.saturating_add(exponent / 4);
    (1..=3).rev().fold(innermost, |inner: u128, term: u128| {
        let product = inner.saturating_mul(exponent).min(u128::from(u64::MAX));
        ONE_IN_BIPS.saturating_add(product / term.saturating_mul(ONE_IN_BIPS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::Root;
    use crate::arbos::genesis::Genesis;

    /// The base fee after a block that comes `seconds` after one that left this backlog.
    fn fee(backlog: u64, seconds: u64) -> (u64, u64) {
        let (mut storage, pricing) = (Genesis::default(), Root::l2_pricing());
        for (parameter, value) in [
            (L2Parameter::SpeedLimit, 7_000_000),
            (L2Parameter::MinimumBaseFee, 100_000_000),
            (L2Parameter::Inertia, 102),
            (L2Parameter::BacklogTolerance, 10),
            (L2Parameter::Backlog, backlog),
        ] {
            let Ok(()) = pricing.set(&mut storage, parameter, value);
        }
        let Ok(()) = pricing.start_block(&mut storage, seconds);
        let Ok(left) = pricing.get(&mut storage, L2Parameter::Backlog);
        let Ok(fee) = pricing.get(&mut storage, L2Parameter::BaseFee);
        (left, fee)
    }

    #[test]
    fn the_base_fee_grows_with_the_backlog_beyond_ten_seconds() {
        assert_eq!(fee(70_000_000, 0), (70_000_000, 100_000_000));
        assert_eq!(fee(84_000_000, 2), (70_000_000, 100_000_000));
        // 714,000,000 beyond it are e to the power of 1 in the first five terms: 65/24.
        assert_eq!(fee(784_000_000, 0), (784_000_000, 270_830_000));
        assert_eq!(fee(5, 1), (0, 100_000_000));
    }

    #[test]
    fn the_series_ends_where_numbers_do() {
        assert_eq!(exponential(0), 10_000);
        assert_eq!(exponential(u128::MAX), ONE_IN_BIPS + u128::from(u64::MAX) / ONE_IN_BIPS);
    }
}
