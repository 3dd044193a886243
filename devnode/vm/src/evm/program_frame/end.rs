//! How a program ends, and what its frame makes of that.

use super::{Running, Step, boundary, tell};
use crate::HaltReason;
use crate::engine::{Guest, Instance, WasmiInstance};
use crate::evm::{Context, likened};
use crate::hostio::{Escape, Invocation, Program};
use revm::Database;
use revm::context::ContextError;
use revm::handler::EthFrame;
use revm::interpreter::{InstructionResult, InterpreterResult};
use revm::primitives::Bytes;
use stylus_program::params::arbos_versions;

/// How a program ended.
pub(super) enum End {
    /// The entry point returned.
    Returned(u32),
    /// Something stopped it.
    Escaped(Escape),
    /// It exceeded the engine's stack.
    StackOverflow,
}

/// The result of a program in the machine's terms.
enum Verdict {
    Return,
    Revert,
    Failure,
    OutOfInk,
    OutOfStack,
}

/// Ends the program: settles pages, gas and output.
pub(super) fn finish<DB: Database>(
    mut running: Running,
    end: End,
    frame: &mut EthFrame,
    context: &mut Context<DB>,
) -> Result<Step, ContextError<DB::Error>> {
    context.chain.open_pages = running.open_pages;
    context.chain.print(&mut running.instance.host_mut().console);
    let start_ink = running.start_ink;
    if let (End::Returned(status) | End::Escaped(Escape::Exit(status)), Some(recorded)) =
        (&end, &mut running.instance.host_mut().recorded)
    {
        recorded.push(boundary("user_returned", Bytes::new(), status.to_be_bytes().into(), start_ink));
    }
    tell(&mut running, frame, context)?;
    let program: &Program<'_> = &running.instance;
    let mut gas_left = program.gas_left();
    let mut output = std::mem::take(&mut running.instance.host_mut().output);
    let result = match verdict(&running.instance, &end) {
        Verdict::Return => {
            likened::success(context, &output, gas_left);
            InstructionResult::Return
        }
        Verdict::Revert => {
            likened::failure(context, &output, gas_left);
            InstructionResult::Revert
        }
        Verdict::Failure => {
            output = Bytes::new();
            likened::failure(context, &Bytes::from_static(b"execution reverted"), gas_left);
            InstructionResult::Revert
        }
        Verdict::OutOfInk => {
            likened::failure(context, &HaltReason::OutOfGas.to_string().into_bytes().into(), 0);
            return Ok(halt(frame, context, InstructionResult::OutOfGas, HaltReason::OutOfGas));
        }
        Verdict::OutOfStack => {
            likened::failure(context, &HaltReason::CallDepth.to_string().into_bytes().into(), 0);
            return Ok(halt(frame, context, InstructionResult::StackOverflow, HaltReason::CallDepth));
        }
    };
    if !output.is_empty() && context.chain.config.arbos_version >= arbos_versions::STYLUS_FIXES {
        let Some(most) = running.start_gas.checked_sub(evm_memory_gas(output.len())) else {
            return Ok(halt(frame, context, InstructionResult::OutOfGas, HaltReason::OutOfGas));
        };
        gas_left = gas_left.min(most);
    }
    let mut gas = frame.interpreter.gas;
    gas.set_remaining(gas_left);
    Ok(Step::Finished(InterpreterResult { result, output, gas }))
}

/// Why the program ended. The stack is looked at before the ink, and both before what the program or a host I/O says.
fn verdict(instance: &WasmiInstance<Invocation>, end: &End) -> Verdict {
    let status = match end {
        End::Returned(status) => *status,
        // The machine's stack is not the metered one: what overflows it fails like a trap and keeps its gas.
        End::StackOverflow => return Verdict::Failure,
        End::Escaped(_) if instance.is_out_of_stack() => return Verdict::OutOfStack,
        End::Escaped(_) if instance.is_out_of_ink() => return Verdict::OutOfInk,
        End::Escaped(Escape::OutOfInk) => return Verdict::OutOfInk,
        End::Escaped(Escape::Failure(_)) => return Verdict::Failure,
        End::Escaped(Escape::Exit(status)) => *status,
    };
    if status == 0 { Verdict::Return } else { Verdict::Revert }
}

/// The frame loses its gas. `reason` is remembered until whoever asks for it has it.
pub(super) fn halt<DB: Database>(
    frame: &mut EthFrame,
    context: &mut Context<DB>,
    result: InstructionResult,
    reason: HaltReason,
) -> Step {
    context.chain.halt = Some(reason);
    let mut gas = frame.interpreter.gas;
    gas.spend_all();
    Step::Finished(InterpreterResult { result, output: Bytes::new(), gas })
}

/// What the EVM charges for the memory that `length` bytes take.
fn evm_memory_gas(length: usize) -> u64 {
    let words = u64::try_from(length.div_ceil(32)).unwrap_or(u64::MAX);
    words.saturating_mul(3).saturating_add(words.saturating_mul(words) / 512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_data_costs_what_memory_costs() {
        assert_eq!(evm_memory_gas(0), 0);
        assert_eq!(evm_memory_gas(33), 6);
        // 1,024 words: 3,072 and 1,024² / 512 = 2,048.
        assert_eq!(evm_memory_gas(32_768), 5_120);
    }
}
