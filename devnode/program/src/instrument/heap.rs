//! Memory: a program pays before it grows.

use wasmparser::Operator;

use super::Globals;

/// `body` with a call of the host I/O at index `pay` before each `memory.grow`, with the same number of pages. Without
/// one the memory has a fixed size, and nothing needs paying.
pub(super) fn apply<'a>(body: &[Operator<'a>], pay: Option<u32>, globals: Globals) -> Vec<Operator<'a>> {
    let mut metered = Vec::with_capacity(body.len());
    for operator in body {
        if let (Operator::MemoryGrow { .. }, Some(pay)) = (operator, pay) {
            metered.extend(charge(pay, globals));
        }
        metered.push(operator.clone());
    }
    metered
}

fn charge<'a>(pay: u32, globals: Globals) -> [Operator<'a>; 4] {
    let global_index = globals.scratch;
    [
        Operator::GlobalSet { global_index },
        Operator::GlobalGet { global_index },
        Operator::GlobalGet { global_index },
        Operator::Call { function_index: pay },
    ]
}
