//! Calls to other contracts.

use super::gas::{CALL_STIPEND, COLD_ACCOUNT, NEW_ACCOUNT, VALUE_TRANSFER, WARM_ACCESS};
use super::program::length;
use super::row::{CallKind, Deferred, How, Part, Row};
use super::{Arguments, HostIoError, Program, Returned};
use crate::engine::Value;
use crate::evm::{Context, untracked_read};
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::interpreter::{CallInput, CallInputs, CallScheme, CallValue, FrameInput};
use revm::primitives::{Address, B256, Bytes, U256};
use revm::state::Bytecode;
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new(
        "call_contract",
        How::Deferred(Deferred::Call(CallKind::Call)),
        &[Part::Account(0), Part::Number64(4), Part::Word(3), Part::Data(1, 2)],
        &[Part::Length(5), Part::Status],
    ),
    Row::new(
        "delegate_call_contract",
        How::Deferred(Deferred::Call(CallKind::Delegate)),
        &[Part::Account(0), Part::Number64(3), Part::Data(1, 2)],
        &[Part::Length(4), Part::Status],
    ),
    Row::new(
        "static_call_contract",
        How::Deferred(Deferred::Call(CallKind::Static)),
        &[Part::Account(0), Part::Number64(3), Part::Data(1, 2)],
        &[Part::Length(4), Part::Status],
    ),
];

/// The call succeeded.
const SUCCESS: u32 = 0;
/// The call failed, for whatever reason.
const FAILURE: u32 = 2;

/// A frame that must run before the program can go on.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) frame: FrameInput,
    pub(crate) pending: Pending,
}

/// What is due when the frame has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pending {
    /// A call cost `base` by itself and gave `child` to the callee, stipend included.
    Call { base: u64, child: u64, length_pointer: u32 },
    /// A create started with `start` and kept `reserve` back.
    Create { start: u64, reserve: u64, address_pointer: u32, length_pointer: u32 },
}

/// How the frame ended.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) is_success: bool,
    /// The address of a create that succeeded.
    pub(crate) created: Address,
    /// Return data in the sense of the EVM.
    pub(crate) output: Bytes,
    /// Gas that the frame gave back.
    pub(crate) returned: u64,
}

/// A host I/O that makes a frame, or that has failed before it could.
pub(crate) enum Started {
    Frame(Box<Outgoing>),
    Finished(Option<Value>),
}

/// Charges for a call and prepares its frame.
pub(super) fn call<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    kind: CallKind,
    args: Arguments<'_>,
) -> Result<Started, HostIoError<DB::Error>> {
    // Only a plain call has a value parameter, which comes before the gas.
    let shift = usize::from(kind == CallKind::Call);
    let (input_pointer, input_length) = (args.u32(1), args.u32(2));
    let (gas_wanted, length_pointer) = (args.u64(3 + shift), args.u32(4 + shift));
    let copy = ink::read(u64::from(input_length));
    program.buy_ink(copy)?;
    program.buy_ink(copy)?;
    let gas_left = program.gas_left();
    let address = program.read_address(args.u32(0))?;
    let input = program.read(input_pointer, input_length)?;
    let value = if kind == CallKind::Call { program.read_number(args.u32(3))? } else { U256::ZERO };

    let is_static = program.host().call.is_static;
    if is_static && !value.is_zero() {
        return fail(program, 0, length_pointer);
    }
    let Some(base) = base_gas(context, address, value, gas_left).map_err(HostIoError::Database)? else {
        return fail(program, gas_left, length_pointer);
    };
    let rest = gas_left.saturating_sub(base);
    let mut child = rest.saturating_sub(rest.div_ceil(64)).min(gas_wanted);
    if !value.is_zero() {
        child = child.saturating_add(CALL_STIPEND);
    }
    let known_bytecode = code_to_run(context, address).map_err(HostIoError::Database)?;
    let call = &program.host().call;
    let inputs = CallInputs {
        input: CallInput::Bytes(input),
        return_memory_offset: 0..0,
        gas_limit: child,
        reservoir: 0,
        bytecode_address: address,
        known_bytecode,
        target_address: if kind == CallKind::Delegate { call.address } else { address },
        caller: if kind == CallKind::Delegate { call.caller } else { call.address },
        value: if kind == CallKind::Delegate { CallValue::Apparent(call.value) } else { CallValue::Transfer(value) },
        scheme: match kind {
            CallKind::Call => CallScheme::Call,
            CallKind::Delegate => CallScheme::DelegateCall,
            CallKind::Static => CallScheme::StaticCall,
        },
        is_static: is_static || kind == CallKind::Static,
        charged_new_account_state_gas: false,
    };
    Ok(Started::Frame(Box::new(Outgoing {
        frame: FrameInput::Call(Box::new(inputs)),
        pending: Pending::Call { base, child, length_pointer },
    })))
}

/// Charges for what the frame used and gives the program its result.
pub(super) fn finish_call(
    program: &mut Program<'_>,
    base: u64,
    child: u64,
    length_pointer: u32,
    answer: Answer,
) -> Returned {
    // Unlike in the EVM, the stipend is part of what the caller pays for.
    let gas = base.saturating_add(child.saturating_sub(answer.returned));
    let status = if answer.is_success { SUCCESS } else { FAILURE };
    settle(program, gas, length_pointer, answer.output, status)
}

/// The call fails without a frame and costs `gas`.
fn fail<E>(program: &mut Program<'_>, gas: u64, length_pointer: u32) -> Result<Started, HostIoError<E>> {
    Ok(Started::Finished(settle(program, gas, length_pointer, Bytes::new(), FAILURE)?))
}

fn settle(program: &mut Program<'_>, gas: u64, length_pointer: u32, output: Bytes, status: u32) -> Returned {
    program.buy_gas(gas)?;
    let returned = length(&output);
    program.host_mut().return_data = output;
    program.write_length(length_pointer, returned)?;
    Ok(Some(Value::I32(status)))
}

/// What a call costs by itself, or nothing if that exceeds `budget`. Touches the callee, as far as the budget goes.
fn base_gas<DB: Database>(
    context: &mut Context<DB>,
    address: Address,
    value: U256,
    budget: u64,
) -> Result<Option<u64>, DB::Error> {
    if WARM_ACCESS > budget {
        return Ok(None);
    }
    let account = context.journal_mut().load_account(address)?;
    let cold = if account.is_cold { COLD_ACCOUNT - WARM_ACCESS } else { 0 };
    let creation = if !value.is_zero() && account.is_empty() { NEW_ACCOUNT } else { 0 };
    let transfer = if value.is_zero() { 0 } else { VALUE_TRANSFER };
    let base = WARM_ACCESS + cold + creation + transfer;
    Ok((base <= budget).then_some(base))
}

/// The code that runs at `address`: its own, or that of the account it delegates to (EIP-7702), which stays cold.
fn code_to_run<DB: Database>(context: &mut Context<DB>, address: Address) -> Result<(B256, Bytecode), DB::Error> {
    let account = context.journal_mut().load_account_with_code(address)?;
    let hash = account.info.code_hash;
    let code = account.info.code.clone().unwrap_or_default();
    match code.eip7702_address() {
        Some(delegate) => untracked_read(context, delegate).map(|(info, code)| (info.code_hash, code)),
        None => Ok((hash, code)),
    }
}
