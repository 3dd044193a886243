//! `erc7562Tracer`: the tree of calls with what bundlers of user operations look at (ERC-7562): which instructions each
//! frame ran, which slots it touched, whose code it asked for, and what was hashed.

use super::call_traces::frame;
use super::traces::preimages;
use crate::chain::{ForkError, Traced};
use alloy::primitives::{Address, B256, Bytes, U64, U256};
use alloy::rpc::types::trace::geth::CallConfig;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeFrom;
use stylus_vm::revm::bytecode::opcode as op;
use stylus_vm::{CallTrace, EvmStep};

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

/// What all frames did themselves, by their numbers.
struct Frames<'a> {
    traced: &'a Traced,
    ignored: BTreeSet<u8>,
    seen: BTreeMap<usize, Seen>,
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
    let mut frames = Frames { traced, ignored, seen: BTreeMap::new() };
    let mut last = None;
    for step in &traced.trace.steps {
        frames.see(step, last)?;
        last = Some(step);
    }
    frames.write(call, &mut fields, &mut (0..));
    // go-ethereum does not say so of the outermost frame.
    fields.insert("outOfGas".into(), json!(false));
    let hashed: BTreeSet<Bytes> = preimages(&traced.trace.steps).into_values().collect();
    if !hashed.is_empty() {
        fields.insert("keccak".into(), json!(hashed));
    }
    Ok(Value::Object(fields))
}

impl Frames<'_> {
    /// Adds an instruction to what its frame did. `last` is the one before it, in whatever frame.
    fn see(&mut self, step: &EvmStep, last: Option<&EvmStep>) -> Result<(), ForkError> {
        let opcode = step.opcode;
        let size = self.asked_for(step)?;
        let seen = self.seen.entry(step.frame).or_default();
        if let Some(before) = last.filter(|_| !matches!(opcode, op::REVERT | op::RETURN)) {
            let is_checked = before.opcode == op::EXTCODESIZE && opcode == op::ISZERO;
            if asks_for_code(before.opcode) && !is_checked {
                seen.code_of.extend(address(before, 0));
            }
            if before.opcode == op::GAS && !calls(opcode) {
                *seen.opcodes.entry(op::GAS).or_default() += 1;
            }
        }
        if let Some((address, size)) = size {
            seen.sizes.entry(address).or_insert((size, opcode));
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

    /// The account that an instruction asks for or calls, with the length of its code: before the transaction, or if it
    /// is created there, after it.
    fn asked_for(&self, step: &EvmStep) -> Result<Option<(Address, usize)>, ForkError> {
        if !asks_for_code(step.opcode) && !calls(step.opcode) {
            return Ok(None);
        }
        let Some(address) = address(step, usize::from(calls(step.opcode))) else { return Ok(None) };
        let before = self.traced.before.code(address)?.len();
        let size = if before == 0 { self.traced.after.code(address)?.len() } else { before };
        Ok(Some((address, size)))
    }

    /// Writes into a frame and those inside it what each did. `numbers` are those of the frames that follow.
    fn write(&mut self, call: &CallTrace, fields: &mut Map<String, Value>, numbers: &mut RangeFrom<usize>) {
        let seen = numbers.next().and_then(|number| self.seen.remove(&number)).unwrap_or_default();
        seen.write(fields);
        fields.insert("outOfGas".into(), json!(is_out_of_gas(call)));
        let inner = fields.get_mut("calls").and_then(Value::as_array_mut).into_iter().flatten();
        for (call, fields) in call.calls.iter().zip(inner.filter_map(Value::as_object_mut)) {
            self.write(call, fields, numbers);
        }
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

fn is_out_of_gas(call: &CallTrace) -> bool {
    call.error.as_deref().is_some_and(|error| OUT_OF_GAS.contains(&error))
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
