//! Traces as clients see them.

use crate::chain::Traced;
use alloy::primitives::{Address, B256, Bytes, keccak256};
use alloy::rpc::types::trace::geth::{DefaultFrame, FourByteFrame, GethDefaultTracingOptions, StructLog};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use stylus_vm::revm::bytecode::opcode::{self, OpCode};
use stylus_vm::{CallTrace, EvmStep, ExecutionOutcome, HostIo};

/// More bytes of memory than the gas of a transaction buys.
const MOST_HASHED: usize = 1 << 23;

/// go-ethereum's default tracer, with what programs and ArbOS do as the instructions that are most like it.
pub(super) fn steps(traced: &Traced, options: &GethDefaultTracingOptions) -> DefaultFrame {
    let (failed, return_value) = match &traced.execution.outcome {
        ExecutionOutcome::Success { output, .. } => (false, output.clone()),
        ExecutionOutcome::Revert { output } => (true, output.clone()),
        ExecutionOutcome::Halt { .. } => (true, Bytes::new()),
    };
    // What is known of each contract's storage.
    let mut known: BTreeMap<Address, BTreeMap<B256, B256>> = BTreeMap::new();
    // The limit is one of bytes: what exceeds it is the last.
    let (limit, mut bytes) = (options.limit.unwrap_or(0), 0_u64);
    let mut logs = Vec::new();
    for step in traced.trace.steps.iter() {
        if limit != 0 && bytes > limit {
            break;
        }
        let slots = known.entry(step.contract).or_default();
        if let Some((slot, value)) = step.storage {
            slots.insert(slot.into(), value.into());
        }
        let storage = step.storage.map(|_| slots.clone()).filter(|_| !options.disable_storage.unwrap_or(false));
        let log = struct_log(step, storage, options);
        if limit != 0 {
            let length = serde_json::to_string(&log).map_or(0, |text| text.len());
            bytes = bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        }
        logs.push(log);
    }
    DefaultFrame { failed, gas: traced.execution.gas_used, return_value, struct_logs: logs }
}

fn struct_log(step: &EvmStep, storage: Option<BTreeMap<B256, B256>>, options: &GethDefaultTracingOptions) -> StructLog {
    let name = OpCode::new(step.opcode).map(OpCode::as_str);
    let memory = step.memory.as_ref().map(|memory| memory.chunks(32).map(alloy::hex::encode).collect::<Vec<_>>());
    StructLog {
        pc: u64::try_from(step.pc).unwrap_or(u64::MAX),
        op: name.map_or_else(|| Cow::Owned(format!("opcode {:#x} not defined", step.opcode)), Cow::Borrowed),
        gas: step.gas,
        gas_cost: step.gas_cost,
        depth: u64::try_from(step.depth).unwrap_or(u64::MAX),
        error: step.error.clone(),
        stack: (!options.disable_stack.unwrap_or(false)).then(|| step.stack.clone()),
        memory,
        storage,
        return_data: step.returned.clone().filter(|returned| !returned.is_empty()),
        refund_counter: Some(step.refund).filter(|refund| *refund != 0),
        ..StructLog::default()
    }
}

/// go-ethereum's `4byteTracer`: how often which function was called with how much call data,
/// those of precompiles left out.
pub(super) fn four_bytes(traced: &Traced) -> FourByteFrame {
    let mut counts = BTreeMap::new();
    if let Some(call) = &traced.trace.call {
        count(call, &mut counts);
    }
    FourByteFrame(counts)
}

fn count(call: &CallTrace, counts: &mut BTreeMap<String, u64>) {
    let counts_not = call.call_type.name().starts_with("CREATE") || call.is_of_a_precompile();
    if let Some((selector, rest)) = call.input.split_first_chunk::<4>().filter(|_| !counts_not) {
        *counts.entry(format!("0x{}-{}", alloy::hex::encode(selector), rest.len())).or_default() += 1;
    }
    call.calls.iter().for_each(|inner| count(inner, counts));
}

/// Nitro's `stylusTracer`.
pub(super) fn host_ios(list: &[HostIo]) -> Value {
    let one = |host_io: &HostIo| {
        let mut value = json!({
            "name": host_io.name,
            "args": host_io.args,
            "outs": host_io.outs,
            "startInk": host_io.start_ink,
            "endInk": host_io.end_ink,
        });
        if let (Some(fields), Some(address)) = (value.as_object_mut(), host_io.address) {
            fields.insert("address".into(), json!(address));
            fields.insert("steps".into(), host_ios(host_io.steps.as_deref().unwrap_or_default()));
        }
        value
    };
    Value::Array(list.iter().map(one).collect())
}

/// `keccak256PreimageTracer`: what instructions hashed, by the hash.
pub(super) fn preimages(steps: &[EvmStep]) -> BTreeMap<B256, Bytes> {
    let hashing = steps.iter().filter(|step| step.opcode == opcode::KECCAK256 && step.error.is_none());
    let preimages = hashing.filter_map(|step| {
        let [.., size, offset] = step.stack.as_slice() else { return None };
        let (offset, size): (usize, usize) = (offset.saturating_to(), size.saturating_to());
        let memory = step.memory.as_ref().map_or(&[][..], AsRef::as_ref);
        let mut preimage: Vec<u8> = memory.iter().skip(offset).take(size).copied().collect();
        // Memory that was not touched yet is zero. More than a transaction can pay for was never hashed.
        preimage.resize(size.min(MOST_HASHED), 0);
        Some((keccak256(&preimage), preimage.into()))
    });
    preimages.collect()
}
