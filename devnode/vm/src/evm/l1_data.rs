//! What a transaction pays for its data on L1, in gas of this chain.
//!
//! ArbOS estimates the bytes that a transaction takes on L1 by compressing it alone, prices a byte at sixteen units,
//! and turns the price in wei into gas, which is bought before anything runs. Calls have no signature and no nonce yet,
//! so that their data is a guess with some room; estimates leave room for the price to move, too.
//! Source: Nitro, arbos/l1pricing and arbos/tx_processor.

use crate::Checks;
use revm::primitives::U256;
use stylus_program::format::compressed_size;

/// Units of a byte: the L1 gas of a byte of call data that is not zero (EIP-2028).
const UNITS_PER_BYTE: u64 = 16;

/// What a call's data may be longer than guessed, in units.
const CALL_PADDING: u64 = 16 * UNITS_PER_BYTE;

/// The same, in ten thousandths of the whole.
const CALL_PADDING_BIPS: u64 = 100;

/// What the price of L1 data may rise until an estimated transaction is sent, in ten thousandths.
const ESTIMATE_PADDING_BIPS: u64 = 1_000;

/// One, in ten thousandths.
const ONE_IN_BIPS: u64 = 10_000;

/// Units of a transaction with this EIP-2718 encoding.
pub(crate) fn units(encoded: &[u8], checks: Checks) -> u64 {
    let bytes = u64::try_from(compressed_size(encoded)).unwrap_or(u64::MAX);
    let units = bytes.saturating_mul(UNITS_PER_BYTE);
    if !checks.is_call() {
        return units;
    }
    let padded = u128::from(units.saturating_add(CALL_PADDING)) * u128::from(ONE_IN_BIPS + CALL_PADDING_BIPS);
    u64::try_from(padded / u128::from(ONE_IN_BIPS)).unwrap_or(u64::MAX)
}

/// What it costs to post a transaction with this EIP-2718 encoding, in gas at `base_fee`, rounded down. Units cost
/// `price` wei; `minimum` is the least base fee.
pub(crate) fn l1_gas(encoded: &[u8], checks: Checks, price: U256, base_fee: u64, minimum: u64) -> u64 {
    if price.is_zero() || base_fee == 0 {
        return 0;
    }
    let cost = price.saturating_mul(U256::from(units(encoded, checks)));
    let (cost, fee) = match checks {
        Checks::Estimate => {
            let risen = cost.saturating_mul(U256::from(ONE_IN_BIPS + ESTIMATE_PADDING_BIPS)) / U256::from(ONE_IN_BIPS);
            // The base fee may be above the usual: what it falls to takes more gas for the same wei.
            let fallen = U256::from(base_fee) * U256::from(7) / U256::from(8);
            (risen, fallen.max(U256::from(minimum)))
        }
        Checks::Call | Checks::Transaction | Checks::Impersonation => (cost, U256::from(base_fee)),
    };
    cost.checked_div(fee).unwrap_or_default().saturating_to()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brotli cannot shorten what never repeats: it takes its length plus 4 bytes for a stream's frame.
    const ENCODED: [u8; 12] = [2, 0xf8, 0x6c, 0x83, 7, 0x91, 0x5a, 0x33, 0xe0, 0xc4, 0x1d, 0x48];

    #[test]
    fn a_transaction_takes_sixteen_units_for_each_compressed_byte() {
        let bytes = u64::try_from(compressed_size(&ENCODED)).unwrap();
        assert_eq!(bytes, 16);
        assert_eq!(units(&ENCODED, Checks::Transaction), 256);
        // (256 + 256) · 1.01 = 517.12, rounded down.
        assert_eq!(units(&ENCODED, Checks::Call), 517);
    }

    #[test]
    fn the_price_in_wei_becomes_gas_rounded_down() {
        let gas = |checks, base_fee| l1_gas(&ENCODED, checks, U256::from(1_000), base_fee, 90);
        // 256 units · 1,000 wei / 100 wei per gas.
        assert_eq!(gas(Checks::Transaction, 100), 2_560);
        // 256,000 / 101 = 2,534.6…
        assert_eq!(gas(Checks::Transaction, 101), 2_534);
        assert_eq!(gas(Checks::Call, 100), 5_170);
        // 517,000 · 1.1 = 568,700 wei; 100 · 7/8 = 87 is below the minimum of 90: 6,318.8…
        assert_eq!(gas(Checks::Estimate, 100), 6_318);
        // 160 · 7/8 = 140: 4,062.1…
        assert_eq!(gas(Checks::Estimate, 160), 4_062);
    }

    #[test]
    fn without_a_price_or_a_fee_nothing_is_paid() {
        assert_eq!(l1_gas(&ENCODED, Checks::Transaction, U256::ZERO, 100, 0), 0);
        assert_eq!(l1_gas(&ENCODED, Checks::Transaction, U256::from(1), 0, 0), 0);
        assert_eq!(l1_gas(&ENCODED, Checks::Transaction, U256::MAX, 1, 0), u64::MAX);
    }
}
