//! `erc7562Tracer`: the tree of calls with what bundlers of user operations look at (ERC-7562): which instructions each
//! frame ran, which slots it touched, whose code it asked for, and what was hashed.

use super::call_traces::frame;
use super::traces::preimages;
use crate::chain::{ForkError, Traced};
use alloy::primitives::{Address, B256, Bytes, U64, U256};
use alloy::rpc::types::trace::geth::CallConfig;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::slice::Iter;
use stylus_vm::revm::bytecode::opcode as op;
use stylus_vm::{CallTrace, CallType, EvmStep};

/// The errors of a frame that ran out of gas.
const OUT_OF_GAS: [&str; 2] = ["out of gas", "contract creation code storage out of gas"];

/// What is not counted beside PUSH, DUP and SWAP, unless told otherwise.
const UNIMPORTANT: [u8; 16] = [
    op::POP,
    op::ADD,
    op::SUB,
    op::MUL,
    op::DIV,
    op::EQ,
    op::LT,
    op::GT,
    op::SLT,
    op::SGT,
    op::SHL,
    op::SHR,
    op::AND,
    op::OR,
    op::NOT,
    op::ISZERO,
];

/// The options of the tracer. go-ethereum has one more, for how much of the stack it remembers, which shows nowhere.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ValidationConfig {
    /// Instructions that are not counted.
    ignored_opcodes: Option<Vec<U64>>,
    /// Whether there are events.
    with_log: bool,
}

/// What one frame did itself.
#[derive(Debug, Default)]
struct Seen {
    reads: BTreeMap<B256, [B256; 1]>,
    writes: BTreeMap<B256, u64>,
    transient_reads: BTreeMap<B256, u64>,
    transient_writes: BTreeMap<B256, u64>,
    /// Whose code was asked for.
    code_of: Vec<Address>,
    opcodes: BTreeMap<u8, u64>,
    /// How long the code is of each account that was asked for or called, and by which instruction first.
    sizes: BTreeMap<Address, (usize, u8)>,
}

/// The way through the instructions, frame by frame.
struct Walk<'a> {
    traced: &'a Traced,
    steps: Peekable<Iter<'a, EvmStep>>,
    /// The instruction before.
    last: Option<&'a EvmStep>,
    ignored: BTreeSet<u8>,
}

/// The answer of the tracer.
///
/// # Errors
///
/// Those of a fork.
pub(super) fn validation(traced: &Traced, config: &ValidationConfig) -> Result<Value, ForkError> {
    let Some(call) = &traced.trace.call else { return Ok(Value::Null) };
    let ignored = match &config.ignored_opcodes {
        Some(opcodes) => opcodes.iter().filter_map(|opcode| opcode.to::<u64>().try_into().ok()).collect(),
        None => (op::PUSH0..=op::SWAP16).chain(UNIMPORTANT).collect(),
    };
    let calls = CallConfig { with_log: Some(config.with_log), only_top_call: None };
    let mut fields = frame(call, &calls, false);
    let mut walk = Walk { traced, steps: traced.trace.steps.iter().peekable(), last: None, ignored };
    walk.enter(call, &mut fields, 1)?;
    let hashed: BTreeSet<Bytes> = preimages(&traced.trace.steps).into_values().collect();
    if !hashed.is_empty() {
        fields.insert("keccak".into(), json!(hashed));
    }
    Ok(Value::Object(fields))
}

impl<'a> Walk<'a> {
    /// Goes through a frame and those inside it, and writes down what each did.
    fn enter(&mut self, call: &CallTrace, fields: &mut Map<String, Value>, depth: usize) -> Result<(), ForkError> {
        let mut seen = Seen::default();
        let mut inner = fields.get_mut("calls").and_then(Value::as_array_mut);
        let mut next = 0;
        while let Some(step) = self.steps.peek().copied().filter(|step| step.depth >= depth) {
            if step.depth == depth {
                self.steps.next();
                self.see(step, &mut seen)?;
                if ends(step) {
                    break;
                }
                continue;
            }
            // It belongs to one of the frames inside, which begins with it.
            let place = call.calls.iter().skip(next).position(|inner| leads_to(inner, step, depth + 1));
            let place = place.and_then(|place| next.checked_add(place));
            let fields = place.and_then(|place| inner.as_mut()?.get_mut(place)?.as_object_mut());
            match (place, fields) {
                (Some(place), Some(fields)) => {
                    self.enter(&call.calls[place], fields, depth + 1)?;
                    next = place + 1;
                }
                // Every frame is in the tree of calls.
                _ => drop(self.steps.next()),
            }
        }
        seen.write(fields);
        fields.insert("outOfGas".into(), json!(depth > 1 && is_out_of_gas(call)));
        complete(&call.calls, fields);
        Ok(())
    }

    /// Adds an instruction to what its frame did.
    fn see(&mut self, step: &'a EvmStep, seen: &mut Seen) -> Result<(), ForkError> {
        let opcode = step.opcode;
        let before = self.last.replace(step).filter(|_| !matches!(opcode, op::REVERT | op::RETURN));
        if let Some(before) = before {
            let is_checked = before.opcode == op::EXTCODESIZE && opcode == op::ISZERO;
            if asks_for_code(before.opcode) && !is_checked {
                seen.code_of.extend(address(before, 0));
            }
            if before.opcode == op::GAS && !calls(opcode) {
                *seen.opcodes.entry(op::GAS).or_default() += 1;
            }
        }
        if asks_for_code(opcode) || calls(opcode) {
            let named = address(step, usize::from(calls(opcode)));
            if let Some(address) = named.filter(|address| !seen.sizes.contains_key(address)) {
                seen.sizes.insert(address, (self.code_size(address)?, opcode));
            }
        }
        if opcode != op::GAS && !self.ignored.contains(&opcode) {
            *seen.opcodes.entry(opcode).or_default() += 1;
        }
        if let Some(slot) = step.stack.last().map(|slot| B256::from(*slot)) {
            match opcode {
                op::SLOAD if !seen.reads.contains_key(&slot) && !seen.writes.contains_key(&slot) => {
                    let value = step.storage.map_or(U256::ZERO, |(_, value)| value);
                    seen.reads.insert(slot, [value.into()]);
                }
                op::SSTORE => *seen.writes.entry(slot).or_default() += 1,
                op::TLOAD => *seen.transient_reads.entry(slot).or_default() += 1,
                op::TSTORE => *seen.transient_writes.entry(slot).or_default() += 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// How long the code of an account is: before the transaction, or if it is created there, after it.
    fn code_size(&self, address: Address) -> Result<usize, ForkError> {
        let before = self.traced.before.code(address)?.len();
        if before == 0 { Ok(self.traced.after.code(address)?.len()) } else { Ok(before) }
    }
}

impl Seen {
    fn write(&self, fields: &mut Map<String, Value>) {
        let opcodes = self.opcodes.iter().map(|(opcode, count)| (format!("{opcode:#x}"), json!(count)));
        let size = |(size, opcode): &(usize, u8)| json!({ "contractSize": size, "opcode": opcode });
        let sizes = self.sizes.iter().map(|(address, found)| (format!("{address:#x}"), size(found)));
        let slots = json!({
            "reads": self.reads,
            "writes": self.writes,
            "transientReads": self.transient_reads,
            "transientWrites": self.transient_writes,
        });
        fields.insert("accessedSlots".into(), slots);
        fields.insert("extCodeAccessInfo".into(), json!(self.code_of));
        fields.insert("usedOpcodes".into(), Value::Object(opcodes.collect()));
        fields.insert("contractSize".into(), Value::Object(sizes.collect()));
    }
}

/// Writes into the frames without instructions, such as those of precompiles and programs, that they did nothing.
fn complete(calls: &[CallTrace], fields: &mut Map<String, Value>) {
    let inner = fields.get_mut("calls").and_then(Value::as_array_mut).into_iter().flatten();
    for (call, fields) in calls.iter().zip(inner.filter_map(Value::as_object_mut)) {
        if !fields.contains_key("accessedSlots") {
            Seen::default().write(fields);
            fields.insert("outOfGas".into(), json!(is_out_of_gas(call)));
            complete(&call.calls, fields);
        }
    }
}

fn is_out_of_gas(call: &CallTrace) -> bool {
    call.error.as_deref().is_some_and(|error| OUT_OF_GAS.contains(&error))
}

/// Whether no other instruction of its frame comes after it.
fn ends(step: &EvmStep) -> bool {
    step.error.is_some() || matches!(step.opcode, op::STOP | op::RETURN | op::REVERT | op::INVALID | op::SELFDESTRUCT)
}

/// Whether an instruction is one of a frame at this depth, or of one inside it.
fn leads_to(call: &CallTrace, step: &EvmStep, depth: usize) -> bool {
    let contract = match call.call_type {
        CallType::DelegateCall | CallType::CallCode => call.from,
        _ => call.to,
    };
    if step.depth == depth { contract == step.contract } else { !call.calls.is_empty() }
}

fn asks_for_code(opcode: u8) -> bool {
    matches!(opcode, op::EXTCODEHASH | op::EXTCODESIZE | op::EXTCODECOPY)
}

fn calls(opcode: u8) -> bool {
    matches!(opcode, op::CALL | op::CALLCODE | op::DELEGATECALL | op::STATICCALL)
}

/// The address that is so far below the top of the stack.
fn address(step: &EvmStep, below: usize) -> Option<Address> {
    step.stack.iter().rev().nth(below).map(|word| Address::from_word(B256::from(*word)))
}
