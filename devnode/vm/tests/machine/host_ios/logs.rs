//! Events.

use super::GAS;
use super::probe::*;

pub(super) fn cases() -> Vec<Case> {
    let log = |length: usize, topics: usize, ink: u64| {
        let number = u32::try_from(topics).unwrap().to_be_bytes();
        let words = (0..topics).map(|topic| bytes(32 * topic, 32)).collect();
        case("emit_log", constants([0, length, topics]), 68_073 + ink)
            .does(Effect::Event(words, bytes(32 * topics, length - 32 * topics)))
            .traced(&[&number, &bytes(0, length)], &[])
    };
    // Copying is 16,381 for the first 32 bytes and 55 for each further one. A log is 375 gas, each topic another 375,
    // and each byte of data 8.
    vec![
        log(0, 0, 16_381 + 375 * GAS),
        log(33, 0, 16_381 + 55 + (375 + 8 * 33) * GAS),
        log(70, 2, 16_381 + 55 * 38 + (3 * 375 + 8 * 6) * GAS),
        log(128, 4, 16_381 + 55 * 96 + 5 * 375 * GAS),
    ]
}
