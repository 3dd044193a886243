//! The limits of a token and their bounds, and how much of anything there can be.

use crate::pool::MAX_AMOUNT;

/// The smallest outflow limit in percent per epoch: with it nobody waits longer than nine epochs after its release.
pub const MIN_OUTFLOW_PERCENT: u8 = 10;

/// Most tokens that can be staked: a slash visits each, at about 7,000 gas for one in which the operator has nothing.
pub const MAX_STRATEGIES: u64 = 16;

/// Most tokens to which a service gives a weight: weighing an operator asks the ledger about each.
pub const MAX_WEIGHTS: u8 = 8;

/// The gas that an admission contract may use: it gets all of it, or is not called.
pub const ADMISSION_STIPEND: u64 = 200_000;

/// The gas that a service may use for each answer about itself where risk is looked at: it gets all of it, or is not
/// asked.
pub const SERVICE_STIPEND: u64 = 200_000;

/// Whether a token can have these limits: a cap (base units), the part of it that one deposit may bring (percent), and
/// the part of what is owed that may leave per epoch (percent, zero for no limit).
pub fn fit(cap: u128, deposit_percent: u8, outflow_percent: u8) -> bool {
    let outflow_fits = outflow_percent == 0 || (MIN_OUTFLOW_PERCENT..=100).contains(&outflow_percent);
    (1..=100).contains(&deposit_percent) && outflow_fits && cap <= MAX_AMOUNT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_bounds() {
        for (fits, cap, deposit, outflow) in [
            (true, 0, 1, 0),
            (true, MAX_AMOUNT, 100, MIN_OUTFLOW_PERCENT),
            (true, 1, 50, 100),
            (false, MAX_AMOUNT + 1, 1, 0),
            (false, 1, 0, 0),
            (false, 1, 101, 0),
            (false, 1, 1, MIN_OUTFLOW_PERCENT - 1),
            (false, 1, 1, 101),
        ] {
            assert_eq!(fit(cap, deposit, outflow), fits, "{cap} {deposit} {outflow}");
        }
    }
}
