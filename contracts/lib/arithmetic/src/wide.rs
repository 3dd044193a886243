//! Multiplication with a 256-bit intermediate result, and division back to 128 bits.
//!
//! Long division bit by bit instead of a 256-bit integer library: 128 rounds cost under 100 gas on Stylus, while the
//! first library division adds 3.4 KB to the compressed program.

/// `a * b / denominator`, rounded down. `None` if the denominator is zero or the quotient exceeds 128 bits.
pub fn mul_div_down(a: u128, b: u128, denominator: u128) -> Option<u128> {
    div_rem(a, b, denominator).map(|(quotient, _)| quotient)
}

/// `a * b / denominator`, rounded up. `None` if the denominator is zero or the quotient exceeds 128 bits.
pub fn mul_div_up(a: u128, b: u128, denominator: u128) -> Option<u128> {
    match div_rem(a, b, denominator)? {
        (quotient, 0) => Some(quotient),
        (quotient, _) => quotient.checked_add(1),
    }
}

#[inline(never)]
fn div_rem(a: u128, b: u128, denominator: u128) -> Option<(u128, u128)> {
    let (high, low) = mul(a, b);
    // The quotient fits 128 bits exactly if the high half is smaller than the denominator; this also refuses a zero
    // denominator.
    if high >= denominator {
        return None;
    }
    let (mut remainder, mut rest, mut quotient) = (high, low, 0u128);
    for _ in 0..u128::BITS {
        // The remainder is below the denominator, so shifted by one bit it needs at most 129 bits: the one that falls
        // out is kept apart.
        let carry = remainder >> 127;
        remainder = (remainder << 1) | (rest >> 127);
        rest <<= 1;
        quotient <<= 1;
        if carry == 1 || remainder >= denominator {
            remainder = remainder.wrapping_sub(denominator);
            quotient |= 1;
        }
    }
    Some((quotient, remainder))
}

/// The 256-bit product as (high, low) halves: schoolbook multiplication of 64-bit limbs. No intermediate sum exceeds
/// 128 bits, because `(2^64 - 1)^2 + 2 * (2^64 - 1) = 2^128 - 1`.
fn mul(a: u128, b: u128) -> (u128, u128) {
    const LIMB: u128 = u64::MAX as u128;
    let (a1, a0) = (a >> 64, a & LIMB);
    let (b1, b0) = (b >> 64, b & LIMB);
    let low = a0.wrapping_mul(b0);
    let cross = a1.wrapping_mul(b0).wrapping_add(low >> 64);
    let middle = a0.wrapping_mul(b1).wrapping_add(cross & LIMB);
    let high = a1.wrapping_mul(b1).wrapping_add(cross >> 64).wrapping_add(middle >> 64);
    (high, (middle << 64) | (low & LIMB))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use alloy_primitives::{U256, U512};

    /// A fixed linear congruential sequence: the cases are the same in each run.
    fn sequence(seed: u128, stride: usize) -> impl Iterator<Item = u128> {
        let step =
            |x: &u128| Some(x.wrapping_mul(0xda942042e4dd58b5_u128 | (1 << 127)).wrapping_add(0x9e3779b97f4a7c15));
        core::iter::successors(Some(seed), step).enumerate().map(move |(i, x)| x >> ((i * stride) % 128))
    }

    #[test]
    fn agrees_with_a_256_bit_library() {
        let mut decided = (0, 0);
        for ((a, b), d) in sequence(1, 37).zip(sequence(7, 11)).zip(sequence(99, 53)).take(20_000) {
            let product = U512::from(a) * U512::from(b);
            let expected = (d != 0)
                .then(|| (product / U512::from(d), product % U512::from(d)))
                .filter(|(quotient, _)| *quotient <= U512::from(u128::MAX));
            match expected {
                Some((quotient, remainder)) => {
                    decided.0 += 1;
                    assert_eq!(mul_div_down(a, b, d).map(U512::from), Some(quotient), "{a} * {b} / {d}");
                    let up = quotient + U512::from(u8::from(!remainder.is_zero()));
                    assert_eq!(mul_div_up(a, b, d).map(U512::from), Some(up).filter(|up| *up <= U512::from(u128::MAX)));
                }
                None => {
                    decided.1 += 1;
                    assert_eq!(mul_div_down(a, b, d), None, "{a} * {b} / {d}");
                }
            }
        }
        assert!(decided.0 > 1_000 && decided.1 > 1_000, "both outcomes are exercised: {decided:?}");
    }

    #[test]
    fn the_largest_operands_multiply_exactly() {
        let (high, low) = mul(u128::MAX, u128::MAX);
        assert_eq!((U256::from(high) << 128) | U256::from(low), U256::from(u128::MAX) * U256::from(u128::MAX));
        assert_eq!(mul_div_down(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
    }

    #[test]
    fn refuses_a_zero_denominator_and_an_overflow() {
        assert_eq!(mul_div_down(1, 1, 0), None);
        assert_eq!(mul_div_down(0, 0, 0), None);
        assert_eq!(mul_div_down(u128::MAX, 2, 1), None);
        assert_eq!(mul_div_up(u128::MAX, u128::MAX, u128::MAX - 1), None);
    }

    #[test]
    fn exact_quotients_are_not_rounded() {
        for (a, b, denominator, quotient) in [
            (6, 7, 42, 1),
            (6, 7, 1, 42),
            (0, u128::MAX, 1, 0),
            (1 << 127, 2, 1 << 127, 2),
            (u128::MAX, 5, 5, u128::MAX),
        ] {
            assert_eq!(mul_div_down(a, b, denominator), Some(quotient));
            assert_eq!(mul_div_up(a, b, denominator), Some(quotient));
        }
    }

    #[test]
    fn the_largest_quotient_fits_and_rounds_up_only_where_it_still_fits() {
        assert_eq!(mul_div_down(u128::MAX, u128::MAX - 1, u128::MAX - 1), Some(u128::MAX));
        assert_eq!(mul_div_down(u128::MAX, 3, 4), Some(u128::MAX / 4 * 3 + 2));
        assert_eq!(mul_div_up(u128::MAX, 3, 4), Some(u128::MAX / 4 * 3 + 3));
        // The factors of 2^128 + 1, which does not fit; half of it does, rounded either way.
        let (a, b) = (59_649_589_127_497_217, 5_704_689_200_685_129_054_721);
        assert_eq!((mul_div_down(a, b, 2), mul_div_up(a, b, 2)), (Some(1 << 127), Some((1 << 127) + 1)));
        assert_eq!((mul_div_down(a, b, 1), mul_div_up(a, b, 1)), (None, None));
    }

    #[test]
    fn every_bit_of_a_product_is_where_it_belongs() {
        for i in 0..128 {
            for j in 0..128 {
                let (high, low) = mul(1 << i, 1 << j);
                let expected = U256::from(1) << (i + j);
                assert_eq!((U256::from(high) << 128) | U256::from(low), expected, "2^{i} * 2^{j}");
            }
        }
    }
}
