//! Ink: each block of operators is paid for before it runs.

use wasmparser::{BlockType, Operator};

use super::Globals;
use super::prices::price;
use crate::activation::ActivationError;
use crate::module::Module;

/// Ink of the code that this pass puts at the head of each block.
const HEADER: u64 = 2_450;

/// `body` with a charge at the head of each block. If less ink is left than the block costs, the charge sets the status
/// to 1 and traps; otherwise it subtracts the cost.
pub(super) fn apply<'a>(
    body: &[Operator<'a>],
    module: &Module<'_>,
    globals: Globals,
) -> Result<Vec<Operator<'a>>, ActivationError> {
    let mut metered = Vec::with_capacity(body.len() * 2);
    for block in body.split_inclusive(ends_block) {
        metered.extend(header(cost(block, module)?, globals));
        metered.extend_from_slice(block);
    }
    Ok(metered)
}

/// Whether control can leave, or enter, after `operator`. Neither `block` nor `unreachable` count.
fn ends_block(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        End | Else
            | Return
            | Loop { .. }
            | Br { .. }
            | BrTable { .. }
            | BrIf { .. }
            | If { .. }
            | Call { .. }
            | CallIndirect { .. }
    )
}

/// Ink of a block with its header.
fn cost(block: &[Operator<'_>], module: &Module<'_>) -> Result<u64, ActivationError> {
    block.iter().try_fold(HEADER, |sum: u64, operator| Ok(sum.saturating_add(price(operator, module)?)))
}

fn header<'a>(cost: u64, globals: Globals) -> [Operator<'a>; 12] {
    let Globals { ink_left, ink_status, .. } = globals;
    let cost = cost.cast_signed();
    [
        Operator::GlobalGet { global_index: ink_left },
        Operator::I64Const { value: cost },
        Operator::I64LtU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 1 },
        Operator::GlobalSet { global_index: ink_status },
        Operator::Unreachable,
        Operator::End,
        Operator::GlobalGet { global_index: ink_left },
        Operator::I64Const { value: cost },
        Operator::I64Sub,
        Operator::GlobalSet { global_index: ink_left },
    ]
}
