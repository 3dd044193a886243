//! The price of gas: its parameters, and how it follows the gas that transactions use.
//!
//! Gas beyond what the chain sustains is a backlog. What of it is more than the tolerance raises the price of the
//! blocks after the next.

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

/// How fast gas may be used over how long a time. If there are any, they take the place of the speed limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Constraint {
    /// Gas per second.
    pub(crate) target: u64,
    /// Seconds in which the price rises by a factor of e at twice the target.
    pub(crate) window: u64,
    /// Gas beyond the target.
    pub(crate) backlog: u64,
}

/// The L2 pricer.
#[derive(Clone, Debug)]
pub(crate) struct L2Pricing {
    space: Space,
    /// Their number, and each in a space of its own.
    constraints: Space,
}

impl L2Pricing {
    /// The pricer in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { constraints: space.child(&[0]), space }
    }

    /// One of the numbers.
    pub(crate) fn get<S: Storage>(&self, storage: &mut S, parameter: L2Parameter) -> Result<u64, S::Error> {
        get_u64(storage, self.slot(parameter))
    }

    /// Sets one of the numbers.
    pub(crate) fn set<S: Storage>(&self, storage: &mut S, parameter: L2Parameter, value: u64) -> Result<(), S::Error> {
        storage.set(self.slot(parameter), U256::from(value))
    }

    /// The constraints of the price.
    pub(crate) fn constraints<S: Storage>(&self, storage: &mut S) -> Result<Vec<Constraint>, S::Error> {
        let count = get_u64(storage, self.constraints.numbered(0))?;
        (0..count)
            .map(|index| {
                let [target, window, backlog] = self.constraint(index);
                Ok(Constraint {
                    target: get_u64(storage, target)?,
                    window: get_u64(storage, window)?,
                    backlog: get_u64(storage, backlog)?,
                })
            })
            .collect()
    }

    /// Adds a constraint.
    pub(crate) fn add_constraint<S: Storage>(&self, storage: &mut S, constraint: Constraint) -> Result<(), S::Error> {
        let count = get_u64(storage, self.constraints.numbered(0))?;
        storage.set(self.constraints.numbered(0), U256::from(count.saturating_add(1)))?;
        let Constraint { target, window, backlog } = constraint;
        for (slot, value) in self.constraint(count).into_iter().zip([target, window, backlog]) {
            storage.set(slot, U256::from(value))?;
        }
        Ok(())
    }

    /// Removes all constraints, the last one first.
    pub(crate) fn clear_constraints<S: Storage>(&self, storage: &mut S) -> Result<(), S::Error> {
        let count = get_u64(storage, self.constraints.numbered(0))?;
        for index in (0..count).rev() {
            get_u64(storage, self.constraints.numbered(0))?;
            storage.set(self.constraints.numbered(0), U256::from(index))?;
            for slot in self.constraint(index) {
                storage.set(slot, U256::ZERO)?;
            }
        }
        Ok(())
    }

    /// The slots of a constraint: target, window and backlog.
    fn constraint(&self, index: u64) -> [U256; 3] {
        let space = self.constraints.child(&index.to_be_bytes());
        [0, 1, 2].map(|field| space.numbered(field))
    }

    /// Adds `gas` to what is used beyond the limits.
    pub(crate) fn add_to_backlog<S: Storage>(&self, storage: &mut S, gas: u64) -> Result<(), S::Error> {
        let constraints = self.constraints(storage)?;
        if constraints.is_empty() {
            let backlog = self.get(storage, L2Parameter::Backlog)?.saturating_add(gas);
            return self.set(storage, L2Parameter::Backlog, backlog);
        }
        for (index, constraint) in (0..).zip(constraints) {
            let [_, _, slot] = self.constraint(index);
            storage.set(slot, U256::from(constraint.backlog.saturating_add(gas)))?;
        }
        Ok(())
    }

    /// Pays the backlog off for the `seconds` since the last block, and sets the base fee of the next one.
    pub(crate) fn start_block<S: Storage>(&self, storage: &mut S, seconds: u64) -> Result<(), S::Error> {
        let constraints = self.constraints(storage)?;
        let mut exponent = 0_u128;
        for (index, Constraint { target, window, backlog }) in (0..).zip(constraints.iter().copied()) {
            let backlog = backlog.saturating_sub(seconds.saturating_mul(target));
            let [_, _, slot] = self.constraint(index);
            storage.set(slot, U256::from(backlog))?;
            exponent = exponent.saturating_add(ratio(backlog, window.saturating_mul(target)));
        }
        if constraints.is_empty() {
            exponent = self.pay_off(storage, seconds)?;
        }
        let minimum = self.get(storage, L2Parameter::MinimumBaseFee)?;
        let fee = u128::from(minimum).saturating_mul(exponential(exponent)) / ONE_IN_BIPS;
        self.set(storage, L2Parameter::BaseFee, u64::try_from(fee).unwrap_or(u64::MAX))
    }

    /// Pays off the backlog of the speed limit. Returns the exponent of the price.
    fn pay_off<S: Storage>(&self, storage: &mut S, seconds: u64) -> Result<u128, S::Error> {
        let speed_limit = self.get(storage, L2Parameter::SpeedLimit)?;
        let backlog = self.get(storage, L2Parameter::Backlog)?.saturating_sub(seconds.saturating_mul(speed_limit));
        self.set(storage, L2Parameter::Backlog, backlog)?;
        let tolerated = self.get(storage, L2Parameter::BacklogTolerance)?.saturating_mul(speed_limit);
        let inertia = self.get(storage, L2Parameter::Inertia)?.saturating_mul(speed_limit);
        Ok(ratio(backlog.saturating_sub(tolerated), inertia))
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

/// `gas` in ten thousandths of `unit`.
fn ratio(gas: u64, unit: u64) -> u128 {
    u128::from(gas).saturating_mul(ONE_IN_BIPS).checked_div(u128::from(unit)).unwrap_or_default()
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
