//! Ink, the unit in which a running program is metered, and the charges for bytes that cross the program's boundary.
//!
//! One gas is `ink_price` ink (10,000 on every chain so far). A program starts with its gas turned into ink; the ink
//! left when the program ends is turned back, rounded down.

/// `gas` in ink, saturating.
pub const fn from_gas(gas: u64, ink_price: u32) -> u64 {
    gas.saturating_mul(ink_price as u64)
}

/// `ink` in gas, rounded down; zero when `ink_price` is zero, which no chain sets.
pub const fn to_gas(ink: u64, ink_price: u32) -> u64 {
    match ink.checked_div(ink_price as u64) {
        Some(gas) => gas,
        None => 0,
    }
}

/// Ink for copying `bytes` into the program's memory: 5,040 for the first word, 30 for each further byte.
pub const fn write(bytes: u64) -> u64 {
    30_u64.saturating_mul(bytes.saturating_sub(32)).saturating_add(5_040)
}

/// Ink for copying `bytes` out of the program's memory: 16,381 for the first word, 55 for each further byte.
pub const fn read(bytes: u64) -> u64 {
    55_u64.saturating_mul(bytes.saturating_sub(32)).saturating_add(16_381)
}

/// Ink for a Keccak-256 of `bytes`: 121,800 for the first two words, 21,000 for each further one.
pub const fn keccak(bytes: u64) -> u64 {
    21_000_u64.saturating_mul(bytes.div_ceil(32).saturating_sub(2)).saturating_add(121_800)
}

/// Ink that `math_pow` adds for its exponent (big-endian): 3,000, then 17,500 for each byte without the leading zeros,
/// and 17,500 once more.
pub fn pow(exponent: &[u8; 32]) -> u64 {
    let significant = exponent.iter().skip_while(|byte| **byte == 0).fold(0, |bytes: u64, _| bytes + 1);
    3_000 + 17_500 * (significant + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_and_ink_convert_down() {
        assert_eq!(from_gas(3, 10_000), 30_000);
        assert_eq!(from_gas(u64::MAX / 2, 10_000), u64::MAX);
        assert_eq!(to_gas(29_999, 10_000), 2);
        assert_eq!(to_gas(29_999, 0), 0);
    }

    #[test]
    fn copies_have_a_first_word() {
        assert_eq!((write(0), write(32), write(33)), (5_040, 5_040, 5_070));
        assert_eq!((read(0), read(32), read(100)), (16_381, 16_381, 16_381 + 55 * 68));
        assert_eq!(read(u64::MAX), u64::MAX);
    }

    #[test]
    fn hashing_is_priced_by_the_word() {
        assert_eq!((keccak(0), keccak(64)), (121_800, 121_800));
        assert_eq!((keccak(65), keccak(96), keccak(97)), (142_800, 142_800, 163_800));
    }

    #[test]
    fn powers_are_priced_by_the_exponents_length() {
        let mut exponent = [0; 32];
        // 33 - 32 leading zero bytes = 1.
        assert_eq!(pow(&exponent), 20_500);
        exponent[31] = 7;
        assert_eq!(pow(&exponent), 38_000);
        exponent[0] = 1;
        // 33 - 0 = 33.
        assert_eq!(pow(&exponent), 3_000 + 17_500 * 33);
    }
}
