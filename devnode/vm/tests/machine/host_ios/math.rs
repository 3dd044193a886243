//! Arithmetic and hashing.

use super::probe::*;
use revm::primitives::{U256, keccak256};
use stylus_vm::revm;

pub(super) fn cases() -> Vec<Case> {
    [binary(), powers(), ternary(), hashes()].concat()
}

/// The word in the memory at the start.
fn number(at: usize) -> U256 {
    U256::from_be_slice(&bytes(at, 32))
}

/// An operation on the words at these places, whose result takes the first one's.
fn operation<const N: usize>(name: &'static str, operands: [usize; N], result: U256, ink: u64) -> Case {
    let result = result.to_be_bytes_vec();
    let args: Vec<u8> = operands.iter().flat_map(|at| bytes(*at, 32)).collect();
    case(name, constants(operands), ink).does(Effect::Memory(operands[0], result.clone())).traced(&[&args], &[&result])
}

fn binary() -> Vec<Case> {
    let (max, thousand) = (number(MAX), number(THOUSAND));
    vec![
        operation("math_div", [MAX, THOUSAND], max / thousand, 43_520),
        operation("math_div", [MAX, ZERO], U256::ZERO, 43_520),
        operation("math_mod", [MAX, THOUSAND], max % thousand, 43_520),
        operation("math_mod", [MAX, ZERO], U256::ZERO, 43_520),
    ]
}

/// Each byte of the exponent from the first that is not zero on costs 17,500, and so does one more.
fn powers() -> Vec<Case> {
    let seven = number(SEVEN);
    let price = |bytes: u64| 23_520 + 3_000 + 17_500 * (bytes + 1);
    vec![
        operation("math_pow", [SEVEN, ZERO], U256::from(1), price(0)),
        operation("math_pow", [SEVEN, ONE], seven, price(1)),
        operation("math_pow", [SEVEN, THOUSAND], seven.wrapping_pow(number(THOUSAND)), price(2)),
        operation("math_pow", [SEVEN, MAX], seven.wrapping_pow(number(MAX)), price(32)),
    ]
}

fn ternary() -> Vec<Case> {
    let (max, seven, thousand) = (number(MAX), number(SEVEN), number(THOUSAND));
    vec![
        operation("math_add_mod", [MAX, SEVEN, THOUSAND], max.add_mod(seven, thousand), 49_560),
        operation("math_add_mod", [MAX, SEVEN, ZERO], U256::ZERO, 49_560),
        operation("math_mul_mod", [MAX, SEVEN, THOUSAND], max.mul_mod(seven, thousand), 52_660),
        operation("math_mul_mod", [MAX, SEVEN, ZERO], U256::ZERO, 52_660),
    ]
}

/// The first two words cost 121,800 together, each further one 21,000.
fn hashes() -> Vec<Case> {
    [(0, 121_800), (64, 121_800), (65, 121_800 + 21_000), (96, 121_800 + 21_000), (97, 121_800 + 2 * 21_000)]
        .map(|(length, ink)| {
            let (input, hash) = (bytes(TEXT, length), keccak256(bytes(TEXT, length)));
            case("native_keccak256", constants([TEXT, length, OUT]), ink)
                .does(Effect::Memory(OUT, hash.to_vec()))
                .traced(&[&input], &[hash.as_slice()])
        })
        .into()
}
