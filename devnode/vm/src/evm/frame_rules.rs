//! What Arbitrum's rules change about frames of EVM code.

use super::Context;
use crate::HaltReason;
use crate::arbos::{ARBOS_ADDRESS, Root};
use crate::precompiles;
use revm::Database;
use revm::bytecode::{Bytecode, opcode};
use revm::context_interface::{ContextTr, JournalTr};
use revm::handler::{EthFrame, FrameData};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{Jumps, LegacyBytecode};
use revm::interpreter::{CallInputs, CallScheme, FrameInput, InstructionContext, InstructionResult, InterpreterAction};
use revm::primitives::{Address, KECCAK_EMPTY, U256};
use stylus_program::fragments;

/// What a call does before it runs: a static call, or one to a precompile, creates the account if there is none. And a
/// call of an account that delegates to a precompile (EIP-7702) finds no code.
pub(super) fn prepare<DB: Database>(context: &mut Context<DB>, inputs: &mut CallInputs) {
    let target = inputs.target_address;
    if inputs.scheme == CallScheme::StaticCall || precompiles::is_ethereums(&target) {
        context.chain.touch(target);
    }
    if inputs.known_bytecode.1.original_byte_slice() != [opcode::INVALID] {
        return;
    }
    let account = context.journaled_state.evm_state().get(&inputs.bytecode_address);
    let delegate = account.and_then(|account| account.info.code.as_ref()).and_then(Bytecode::eip7702_address);
    if delegate.is_some_and(|delegate| precompiles::ADDRESSES.contains(&delegate)) {
        inputs.known_bytecode = (KECCAK_EMPTY, Bytecode::default());
    }
}

/// Remembers which instruction ended the frame, if that is why.
pub(super) fn explain<DB: Database>(frame: &EthFrame, context: &mut Context<DB>, action: &InterpreterAction) {
    let InterpreterAction::Return(result) = action else { return };
    if result.result.is_ok_or_revert() {
        return;
    }
    let is_create = matches!(frame.input, FrameInput::Create(_));
    let code = frame.interpreter.bytecode.bytecode_slice();
    if is_create && fragments::is_program(code, context.chain.config.arbos_version) {
        // Nitro takes it for a program with an empty code hash.
        context.chain.halt = Some(HaltReason::Program("error ProgramNotActivated()".into()));
        return;
    }
    // The counter points behind the instruction already.
    let interpreter = &frame.interpreter;
    let instruction = interpreter.bytecode.pc().checked_sub(1);
    let code = interpreter.bytecode.bytecode_slice();
    let instruction = instruction.and_then(|pc| code.get(pc)).copied().unwrap_or_default();
    if let Some(reason) = HaltReason::of_instruction(result.result, instruction, interpreter.stack.len()) {
        context.chain.halt = Some(reason);
    }
}

/// A program's account cannot be destroyed by code that runs in its name: the frame reverts instead.
pub(super) fn keep_programs<DB: Database>(
    frame: &EthFrame,
    context: &Context<DB>,
    mut action: InterpreterAction,
) -> InterpreterAction {
    if let InterpreterAction::Return(result) = &mut action
        && result.result == InstructionResult::SelfDestruct
        && let FrameInput::Call(inputs) = &frame.input
        && is_of_a_program(context, &inputs.target_address)
    {
        result.result = InstructionResult::Revert;
    }
    action
}

/// Whether an account that the transaction has loaded is a program's.
pub(super) fn is_of_a_program<DB: Database>(context: &Context<DB>, address: &Address) -> bool {
    let account = context.journaled_state.evm_state().get(address);
    let code = account.and_then(|account| account.info.code.as_ref()).map(Bytecode::original_byte_slice);
    code.is_some_and(|code| fragments::is_program(code, context.chain.config.arbos_version))
}

/// SELFDESTRUCT, with a record of who inherits how much.
pub(super) fn self_destruct<DB: Database>(
    instruction: InstructionContext<'_, Context<DB>, EthInterpreter>,
) -> Result<(), InstructionResult> {
    let InstructionContext { interpreter, host } = instruction;
    let dying = interpreter.input.target_address;
    let heir = interpreter.stack.data().last().copied().unwrap_or_default();
    let balance = host.journaled_state.evm_state().get(&dying).map(|account| account.info.balance).unwrap_or_default();
    let end = revm::interpreter::instructions::host::selfdestruct(InstructionContext { interpreter, host: &mut *host });
    let recorded = host.chain.recorder.wants_frames() && end == Err(InstructionResult::SelfDestruct);
    if recorded && !is_of_a_program(host, &dying) {
        let heir = Address::from_word(heir.into());
        host.chain.recorder.self_destruct(dying, heir, balance, host.journaled_state.logs());
    }
    end
}

/// BLOCKHASH, where the hashes of L1 blocks are in the state of ArbOS.
pub(super) fn l1_block_hash<DB: Database>(
    instruction: InstructionContext<'_, Context<DB>, EthInterpreter>,
) -> Result<(), InstructionResult> {
    let InstructionContext { interpreter, host } = instruction;
    if !host.chain.config.l1_hashes {
        return revm::interpreter::instructions::host::blockhash(InstructionContext { interpreter, host });
    }
    let requested = interpreter.stack.top().ok_or(InstructionResult::StackUnderflow)?;
    let current = host.chain.block.l1_number;
    let known = u64::try_from(*requested).ok().filter(|number| (current.saturating_sub(256)..current).contains(number));
    *requested = match known.map(|number| host.db_mut().storage(ARBOS_ADDRESS, Root::l1_hash_slot(number))) {
        None => U256::ZERO,
        Some(Ok(hash)) => hash,
        Some(Err(error)) => {
            host.error = Err(error.into());
            return Err(InstructionResult::FatalExternalError);
        }
    };
    Ok(())
}

/// EIP-3541: created code must not start with 0xEF, unless it is a Stylus program or a part of one. The size limit is
/// checked first.
pub(super) fn reject_reserved_code(
    frame: &EthFrame,
    mut action: InterpreterAction,
    arbos_version: u64,
) -> InterpreterAction {
    if let (FrameData::Create(_), InterpreterAction::Return(result)) = (&frame.data, &mut action)
        && result.result.is_ok()
        && result.output.first() == Some(&0xef)
        && !fragments::is_part_of_a_program(&result.output, arbos_version)
    {
        result.result = InstructionResult::CreateContractStartingWithEF;
    }
    action
}
