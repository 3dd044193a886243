//! Runs EVM code one instruction at a time, and records each.

use super::Context;
use super::likened;
use super::recorder::failure;
use crate::trace::EvmStep;
use revm::Database;
use revm::bytecode::opcode;
use revm::handler::EthFrame;
use revm::handler::instructions::EthInstructions;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{Jumps, LoopControl, MemoryTr, ReturnData};
use revm::interpreter::{InstructionResult, InterpreterAction};
use revm::primitives::{Bytes, U256};

/// The same as the interpreter's own loop, with a record of each instruction.
pub(crate) fn run<DB: Database>(
    frame: &mut EthFrame,
    instructions: &EthInstructions<EthInterpreter, Context<DB>>,
    context: &mut Context<DB>,
) -> InterpreterAction {
    let (depth, tracing) = (frame.depth.saturating_add(1), context.chain.recorder.tracing());
    let refund_around = context.chain.recorder.refund_around(frame.depth);
    let interpreter = &mut frame.interpreter;
    let end = loop {
        let opcode = interpreter.bytecode.opcode();
        let mut step = EvmStep {
            pc: interpreter.bytecode.pc(),
            opcode,
            gas: interpreter.gas.remaining(),
            gas_cost: 0,
            depth,
            frame: context.chain.recorder.frame_number(),
            stack: interpreter.stack.data().to_vec(),
            contract: interpreter.input.target_address,
            refund: 0,
            returned: tracing.returned.then(|| interpreter.return_data.buffer().clone()),
            memory: tracing
                .memory
                .then(|| Bytes::copy_from_slice(&interpreter.memory.slice(0..interpreter.memory.size()))),
            storage: None,
            error: None,
        };
        let result = interpreter.step(instructions.instruction_table(), instructions.gas_table(), context);
        step.gas_cost = step.gas.saturating_sub(interpreter.gas.remaining());
        // One that could not be paid is told with its price.
        let price = instructions.gas_table().get(usize::from(opcode)).copied().unwrap_or_default().into();
        if step.gas < price {
            step.gas_cost = price;
        }
        // What an instruction gives back is known with its price.
        let refund = refund_around.saturating_add(interpreter.gas.refunded());
        step.refund = u64::try_from(refund).unwrap_or_default();
        // A revert is the frame's, not the instruction's.
        step.error = result.err().filter(|result| !result.is_revert()).and_then(|result| failure(result, None));
        let failed = result.is_err_and(|result| !result.is_ok_or_revert() && result != InstructionResult::Suspend);
        let contract = interpreter.input.target_address;
        if let (false, Some(looks)) = (failed, context.chain.recorder.looks()) {
            looks.of_instruction(opcode, contract, &step.stack);
        }
        step.storage = storage(opcode, &step.stack, interpreter.stack.data());
        let operand = step.stack.last().copied().unwrap_or_default();
        context.chain.recorder.step(step);
        if !failed && matches!(opcode, opcode::NUMBER | opcode::BLOCKHASH) {
            context.chain.recorder.note_refund(frame.depth, interpreter.gas.refunded());
            let hash_of = (opcode == opcode::BLOCKHASH).then_some(operand);
            if let Err(error) = likened::l1_block(context, hash_of) {
                context.error = Err(error.into());
                break InstructionResult::FatalExternalError;
            }
        }
        if let Err(end) = result {
            break end;
        }
    };
    context.chain.recorder.note_refund(frame.depth, interpreter.gas.refunded());
    if interpreter.bytecode.action().is_none() {
        interpreter.halt(end);
    }
    interpreter.take_next_action()
}

/// The slot that an instruction touched and what is in it now.
fn storage(opcode: u8, before: &[U256], after: &[U256]) -> Option<(U256, U256)> {
    let top = before.len().checked_sub(1)?;
    match opcode {
        opcode::SLOAD => Some((*before.get(top)?, *after.last()?)),
        opcode::SSTORE => Some((*before.get(top)?, *before.get(top.checked_sub(1)?)?)),
        _ => None,
    }
}
