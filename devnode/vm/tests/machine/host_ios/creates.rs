//! Contracts that programs create.

use super::GAS;
use super::probe::*;
use revm::primitives::{B256, keccak256};
use stylus_vm::revm;

/// Copying the init code twice: it is shorter than a word.
const COPY: u64 = 2 * 16_381;

/// The constructor costs 6 for its pushes, 3 for memory, and 200 for the byte that it returns.
const INIT_GAS: u64 = 6 + 3 + 200;

pub(super) fn cases() -> Vec<Case> {
    let first = program().create(1);
    let salted = program().create2(B256::from_slice(&word(7)), keccak256(INIT));
    vec![
        case("create1", constants([AT_INIT, INIT.len(), ONE, OUT, LENGTH]), 83_193 + COPY + (32_000 + INIT_GAS) * GAS)
            .does(Effect::Memory(OUT, first.to_vec()))
            .does(Effect::Memory(LENGTH, vec![0; 4]))
            .traced(&[&word(1), &INIT], &[first.as_slice(), &[0; 4]]),
        // 6 for the word that is hashed.
        case(
            "create2",
            constants([AT_INIT, INIT.len(), ONE, SEVEN, OUT, LENGTH]),
            88_233 + COPY + (32_000 + 6 + INIT_GAS) * GAS,
        )
        .does(Effect::Memory(OUT, salted.to_vec()))
        .does(Effect::Memory(LENGTH, vec![0; 4]))
        .traced(&[&word(1), &word(7), &INIT], &[salted.as_slice(), &[0; 4]]),
        // There are only 9 wei: nothing is created, and the constructor's gas is back.
        case("create1", constants([AT_INIT, INIT.len(), THOUSAND, OUT, LENGTH]), 83_193 + COPY + 32_000 * GAS)
            .does(Effect::Memory(OUT, vec![0; 20]))
            .traced(&[&word(1_000), &INIT], &[&[0; 24]]),
    ]
}
