//! Ink of bulk memory operations, by the byte.

use wasmparser::{BlockType, Operator};

use super::Globals;

/// Ink per byte copied or filled.
const PER_BYTE: i64 = 100;

/// `body` with a charge before each `memory.copy` and `memory.fill`, by the length on top of the stack. If the ink left
/// underflows: status 1 and a trap.
pub(super) fn apply<'a>(body: &[Operator<'a>], globals: Globals) -> Vec<Operator<'a>> {
    let mut metered = Vec::with_capacity(body.len());
    for operator in body {
        if matches!(operator, Operator::MemoryCopy { .. } | Operator::MemoryFill { .. }) {
            metered.extend(charge(globals));
        }
        metered.push(operator.clone());
    }
    metered
}

/// The old ink stays on the stack while the new one is stored, so that an underflow shows as old < new.
fn charge<'a>(globals: Globals) -> [Operator<'a>; 17] {
    let Globals { ink_left, ink_status, scratch, .. } = globals;
    [
        Operator::GlobalSet { global_index: scratch },
        Operator::GlobalGet { global_index: ink_left },
        Operator::GlobalGet { global_index: ink_left },
        Operator::GlobalGet { global_index: scratch },
        Operator::I64ExtendI32U,
        Operator::I64Const { value: PER_BYTE },
        Operator::I64Mul,
        Operator::I64Sub,
        Operator::GlobalSet { global_index: ink_left },
        Operator::GlobalGet { global_index: ink_left },
        Operator::I64LtU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 1 },
        Operator::GlobalSet { global_index: ink_status },
        Operator::Unreachable,
        Operator::End,
        Operator::GlobalGet { global_index: scratch },
    ]
}
