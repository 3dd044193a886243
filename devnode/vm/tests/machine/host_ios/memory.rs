//! Memory.

use super::GAS;
use super::probe::*;

/// The program has a page already, and two are free.
pub(super) fn cases() -> Vec<Case> {
    let pay = |pages: usize, ink: u64| {
        let [.., high, low] = pages.to_be_bytes();
        case("pay_for_memory_grow", constants([pages]), ink).traced(&[&[high, low]], &[])
    };
    vec![
        pay(0, 8_400),
        // Of what is asked for, 16 bits count.
        pay(65_536, 8_400),
        pay(1, 0),
        // From the third page on, 1,000 each.
        pay(2, 1_000 * GAS),
        // 63 of them, and floor(1.1445^65) - floor(1.1445^1).
        pay(64, (63_000 + 6_461 - 1) * GAS),
        // The pages count as open, though the memory has not grown: all are paid for.
        pay(2, 2_000 * GAS).repeated(1),
    ]
}
