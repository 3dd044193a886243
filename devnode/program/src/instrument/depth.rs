//! Stack: each function takes its frame from what is left on entry and returns it on exit.

use wasmparser::{BlockType, FuncType, Operator};

use super::Globals;
use crate::activation::ActivationError;
use crate::module::Module;
use crate::validate::{MAX_CONTENTION, MAX_FRAME, limit};

/// Words of a frame besides locals and operands.
const FRAME_BASE: u64 = 4;

/// `body` with its frame taken from the stack left on entry, and given back at each `return` and at the end, which
/// becomes a `return` too. If the frame does not fit, the function sets the stack left to zero and traps.
///
/// A branch to the function's own label leaves without giving the frame back, as on Nitro: the program then runs out of
/// stack earlier.
///
/// # Errors
/// A frame, or the operands alone, above the limit.
pub(super) fn apply<'a>(
    body: &[Operator<'a>],
    locals: u64,
    module: &Module<'_>,
    globals: Globals,
) -> Result<Vec<Operator<'a>>, ActivationError> {
    let operands = worst_height(body, module);
    limit("operand stack words in a function", operands, MAX_CONTENTION)?;
    let frame = operands + locals + FRAME_BASE;
    limit("stack words in a function", frame, MAX_FRAME)?;

    let mut metered = Vec::with_capacity(body.len());
    metered.extend(take(frame, globals));
    let Some((end, operators)) = body.split_last() else {
        return Ok(metered);
    };
    for operator in operators.iter().chain([&Operator::Return]) {
        if matches!(operator, Operator::Return) {
            metered.extend(give_back(frame, globals));
        }
        metered.push(operator.clone());
    }
    metered.push(end.clone());
    Ok(metered)
}

/// A frame as the operand of an `i32.const`; [`MAX_FRAME`] is far below 2^31.
fn constant<'a>(frame: u64) -> Operator<'a> {
    Operator::I32Const { value: i32::try_from(frame).unwrap_or(i32::MAX) }
}

fn take<'a>(frame: u64, globals: Globals) -> [Operator<'a>; 12] {
    let global_index = globals.stack_left;
    [
        Operator::GlobalGet { global_index },
        constant(frame),
        Operator::I32LeU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 0 },
        Operator::GlobalSet { global_index },
        Operator::Unreachable,
        Operator::End,
        Operator::GlobalGet { global_index },
        constant(frame),
        Operator::I32Sub,
        Operator::GlobalSet { global_index },
    ]
}

fn give_back<'a>(frame: u64, globals: Globals) -> [Operator<'a>; 4] {
    let global_index = globals.stack_left;
    [Operator::GlobalGet { global_index }, constant(frame), Operator::I32Add, Operator::GlobalSet { global_index }]
}

/// The most operands that a body can have on its stack, by a model that runs through the body once, dead code included.
/// In this model a block's results count from the block's start on, and its end cuts the stack to that height.
fn worst_height(body: &[Operator<'_>], module: &Module<'_>) -> u64 {
    let mut stack = Stack { height: 0, worst: 0, scopes: vec![0] };
    for operator in body {
        stack.step(operator, module);
    }
    stack.worst
}

struct Stack {
    height: u64,
    worst: u64,
    /// Heights at the start of the open blocks, their results included.
    scopes: Vec<u64>,
}

impl Stack {
    fn push(&mut self, words: u64) {
        self.height = self.height.saturating_add(words);
        self.worst = self.worst.max(self.height);
    }

    /// In dead code more may be popped than there is.
    fn pop(&mut self, words: u64) {
        self.height = self.height.saturating_sub(words);
    }

    fn open(&mut self, block: BlockType, module: &Module<'_>) {
        match block {
            BlockType::Empty => {}
            BlockType::Type(_) => self.push(1),
            // Its parameters are on the stack already: they are taken for the results' room.
            BlockType::FuncType(index) => self.call(module.func_type(index)),
        }
        self.scopes.push(self.height);
    }

    fn call(&mut self, ty: Option<&FuncType>) {
        self.push(ty.map_or(0, |ty| words(ty.results())));
        self.pop(ty.map_or(0, |ty| words(ty.params())));
    }

    fn step(&mut self, operator: &Operator<'_>, module: &Module<'_>) {
        use Operator::*;
        match operator {
            Block { blockty } | Loop { blockty } => self.open(*blockty, module),
            If { blockty } => {
                self.pop(1);
                self.open(*blockty, module);
            }
            Else => self.height = self.scopes.last().copied().unwrap_or(0),
            End => self.height = self.scopes.pop().unwrap_or(0),
            Call { function_index } => self.call(module.function_type(*function_index)),
            CallIndirect { type_index, .. } => {
                self.call(module.func_type(*type_index));
                self.pop(1);
            }
            operator => match effect(operator) {
                Effect::Push => self.push(1),
                Effect::Pop(words) => self.pop(words),
            },
        }
    }
}

fn words(types: &[wasmparser::ValType]) -> u64 {
    crate::module::length(types.len())
}

/// What an operator without a block or a call does to the height.
enum Effect {
    Push,
    Pop(u64),
}

fn effect(operator: &Operator<'_>) -> Effect {
    use Operator::*;
    match operator {
        I32Const { .. } | I64Const { .. } | F32Const { .. } | F64Const { .. } => Effect::Push,
        LocalGet { .. } | GlobalGet { .. } | MemorySize { .. } => Effect::Push,
        Drop | LocalSet { .. } | GlobalSet { .. } | BrIf { .. } | BrTable { .. } => Effect::Pop(1),
        Select | I32Store { .. } | I32Store8 { .. } | I32Store16 { .. } => Effect::Pop(2),
        F32Store { .. }
        | F64Store { .. }
        | I64Store { .. }
        | I64Store8 { .. }
        | I64Store16 { .. }
        | I64Store32 { .. } => Effect::Pop(2),
        MemoryCopy { .. } | MemoryFill { .. } => Effect::Pop(3),
        I32Add | I32Sub | I32Mul | I32DivS | I32DivU | I32RemS | I32RemU | I32And | I32Or | I32Xor => Effect::Pop(1),
        I32Shl | I32ShrS | I32ShrU | I32Rotl | I32Rotr => Effect::Pop(1),
        I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS | I32GeU => Effect::Pop(1),
        I64Add | I64Sub | I64Mul | I64DivS | I64DivU | I64RemS | I64RemU | I64And | I64Or | I64Xor => Effect::Pop(1),
        I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr => Effect::Pop(1),
        I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS | I64GeU => Effect::Pop(1),
        // Loads, conversions, tests, `local.tee` and `memory.grow` replace one word by another; the rest touches none.
        _ => Effect::Pop(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No program gets this far: its locals and operands have limits of their own, which make 4,448 words at most.
    #[test]
    fn frames_have_a_limit() {
        let globals = Globals { ink_left: 0, ink_status: 1, scratch: 2, stack_left: 3 };
        let body = [Operator::I32Const { value: 0 }, Operator::Drop, Operator::End];
        let frame_of = |locals| apply(&body, locals, &Module::default(), globals).map(|metered| metered.len());
        // One operand and the four of every frame.
        let locals = MAX_FRAME - 1 - 4;
        assert_eq!(MAX_FRAME, 10_240);
        // Taking the frame, the body, giving the frame back and returning.
        assert_eq!(frame_of(locals), Ok(12 + 3 + 5));
        let error = ActivationError::TooMany { what: "stack words in a function", count: 10_241, limit: 10_240 };
        assert_eq!(frame_of(locals + 1), Err(error));
    }
}
