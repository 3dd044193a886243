//! When what programs and ArbOS do is shown to tracers of instructions. (What is shown: see `likeness`.)

use super::Context;
use super::likeness::{Likeness, of_host_io};
use super::recorder::Place;
use super::untracked_read::untracked_slot;
use crate::arbos::Root;
use crate::host_io::HostIo;
use revm::Database;
use revm::bytecode::opcode;
use revm::context_interface::{ContextTr, Transaction};
use revm::interpreter::{CallInputs, CallScheme};
use revm::primitives::{Bytes, U256};

/// Whether somebody wants to see instructions.
fn is_wanted<DB: Database>(context: &Context<DB>) -> bool {
    context.chain.recorder.tracing().steps
}

/// A program's host I/O has ended.
pub(super) fn host_io<DB: Database>(context: &mut Context<DB>, host_io: &HostIo) -> Result<(), DB::Error> {
    if !is_wanted(context) {
        return Ok(());
    }
    let recorder = &mut context.chain.recorder;
    let likenesses = recorder.cache().map(|cache| of_host_io(host_io, cache)).unwrap_or_default();
    let place = recorder.place_of_program();
    likenesses.into_iter().try_for_each(|likeness| show(context, likeness, place))
}

/// A program with `gas_left` makes a call, which costs `base` by itself.
pub(super) fn call<DB: Database>(
    context: &mut Context<DB>,
    inputs: &CallInputs,
    input: Bytes,
    gas_left: u64,
    base: u64,
) {
    if !is_wanted(context) {
        return;
    }
    let zero = U256::ZERO;
    let mut operands = vec![U256::from(inputs.gas_limit), U256::from_be_slice(inputs.bytecode_address.as_slice())];
    let opcode = match inputs.scheme {
        CallScheme::Call | CallScheme::CallCode => {
            operands.push(inputs.value.get());
            opcode::CALL
        }
        CallScheme::DelegateCall => opcode::DELEGATECALL,
        CallScheme::StaticCall => opcode::STATICCALL,
    };
    operands.extend([zero, U256::from(input.len()), zero, zero]);
    let rest = gas_left.saturating_sub(base);
    // What may be given away at most; the price includes what is given.
    let (gas, gas_cost) = (rest.saturating_sub(rest.div_ceil(64)), base.saturating_add(inputs.gas_limit));
    let place = context.chain.recorder.place_of_program();
    let call = Likeness { gas, gas_cost, ..Likeness::new(opcode, operands).with_memory(input) };
    context.chain.recorder.liken(call, place, None);
}

/// A program with `gas_left` ends well.
pub(super) fn success<DB: Database>(context: &mut Context<DB>, output: &Bytes, gas_left: u64) {
    if output.is_empty() {
        end(context, opcode::STOP, None, gas_left);
    } else {
        end(context, opcode::RETURN, Some(output), gas_left);
    }
}

/// A program with `gas_left` fails with this output, or as Nitro has it with the words for why it failed.
pub(super) fn failure<DB: Database>(context: &mut Context<DB>, output: &Bytes, gas_left: u64) {
    end(context, opcode::REVERT, Some(output), gas_left);
}

fn end<DB: Database>(context: &mut Context<DB>, opcode: u8, data: Option<&Bytes>, gas: u64) {
    if !is_wanted(context) {
        return;
    }
    let operands = data.map(|data| vec![U256::ZERO, U256::from(data.len())]).unwrap_or_default();
    let likeness = Likeness::new(opcode, operands).with_memory(data.cloned().unwrap_or_default());
    let place = context.chain.recorder.place_of_program();
    context.chain.recorder.liken(Likeness { gas, ..likeness }, place, None);
}

/// The innermost precompile reads a slot of ArbOS, or writes one.
pub(crate) fn slot<DB: Database>(
    context: &mut Context<DB>,
    slot: U256,
    written: Option<U256>,
) -> Result<(), DB::Error> {
    if !is_wanted(context) {
        return Ok(());
    }
    let place = context.chain.recorder.place_of_precompile();
    let likeness = match written {
        None => Likeness::new(opcode::SLOAD, vec![slot]),
        Some(value) => Likeness::new(opcode::SSTORE, vec![slot, value]),
    };
    show(context, likeness, place)
}

/// The contract or program of the innermost frame needs the number of the L1 block, and the hash of the block that the
/// contract asks for.
pub(super) fn l1_block<DB: Database>(context: &mut Context<DB>, hash_of: Option<U256>) -> Result<(), DB::Error> {
    let current = context.chain.block.l1_number;
    let hash_of = hash_of.and_then(|number| u64::try_from(number).ok());
    let hash_of = hash_of.filter(|number| (current.saturating_sub(256)..current).contains(number));
    let place = context.chain.recorder.place_of_program();
    l1_block_at(context, hash_of, place)
}

/// The innermost precompile needs the number of the L1 block.
pub(crate) fn l1_number_for_precompile<DB: Database>(context: &mut Context<DB>) -> Result<(), DB::Error> {
    let place = context.chain.recorder.place_of_precompile();
    l1_block_at(context, None, place)
}

fn l1_block_at<DB: Database>(context: &mut Context<DB>, hash_of: Option<u64>, place: Place) -> Result<(), DB::Error> {
    if !context.chain.recorder.wants_instructions() {
        return Ok(());
    }
    let signer = context.tx().caller();
    let [version, number] = Root::l1_number_slots();
    let recorder = &mut context.chain.recorder;
    if let Some(looks) = recorder.looks() {
        let hash = hash_of.map(Root::l1_hash_slot);
        [version, number].into_iter().chain(hash).for_each(|slot| looks.at_slot(signer, slot));
    }
    let mut slots = Vec::new();
    if recorder.is_first_l1_number() {
        slots.extend([version, number]);
    }
    if let Some(block) = hash_of.filter(|block| recorder.is_first_l1_hash(*block)) {
        slots.extend([version, number, Root::l1_hash_slot(block)]);
    }
    let place = place.of_signer(signer);
    slots.into_iter().try_for_each(|slot| show(context, Likeness::new(opcode::SLOAD, vec![slot]), place))
}

/// Shows an instruction. What an SLOAD finds is, as on Nitro, what the storage of the place has in that slot.
fn show<DB: Database>(context: &mut Context<DB>, likeness: Likeness, place: Place) -> Result<(), DB::Error> {
    if !is_wanted(context) {
        return Ok(());
    }
    let storage = match (likeness.opcode, likeness.operands.as_slice()) {
        (opcode::SLOAD, [slot, ..]) => Some((*slot, untracked_slot(context, place.contract, *slot)?)),
        (opcode::SSTORE, [slot, value, ..]) => Some((*slot, *value)),
        _ => None,
    };
    context.chain.recorder.liken(likeness, place, storage);
    Ok(())
}
