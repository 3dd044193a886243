//! Traces as clients see them.

use super::reasons::reason;
use crate::chain::{Traced, World};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rpc::types::trace::geth::{
    AccountState, CallConfig, CallFrame, CallLogFrame, DefaultFrame, DiffMode, FourByteFrame,
    GethDefaultTracingOptions, PreStateConfig, PreStateFrame, PreStateMode, StructLog,
};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use stylus_vm::revm::bytecode::opcode::OpCode;
use stylus_vm::{CallTrace, EvmStep, HostIo, Outcome};

/// go-ethereum's default tracer. Only EVM code has steps: what programs do is in the `stylusTracer`.
pub(super) fn steps(traced: &Traced, options: &GethDefaultTracingOptions) -> DefaultFrame {
    let (failed, return_value) = match &traced.execution.outcome {
        Outcome::Success { output, .. } => (false, output.clone()),
        Outcome::Revert { output } => (true, output.clone()),
        Outcome::Halt { .. } => (true, Bytes::new()),
    };
    let limit = options.limit.filter(|limit| *limit != 0).and_then(|limit| usize::try_from(limit).ok());
    // What a frame knows of its contract's storage, outermost first.
    let mut known: Vec<BTreeMap<B256, B256>> = Vec::new();
    let logs = traced.trace.steps.iter().take(limit.unwrap_or(usize::MAX)).map(|step| {
        known.truncate(step.depth);
        known.resize_with(step.depth, BTreeMap::new);
        if let (Some((slot, value)), Some(slots)) = (step.storage, known.last_mut()) {
            slots.insert(slot.into(), value.into());
        }
        let storage = step.storage.and(known.last().cloned()).filter(|_| !options.disable_storage.unwrap_or(false));
        struct_log(step, storage, options)
    });
    DefaultFrame { failed, gas: traced.execution.gas_used, return_value, struct_logs: logs.collect() }
}

fn struct_log(step: &EvmStep, storage: Option<BTreeMap<B256, B256>>, options: &GethDefaultTracingOptions) -> StructLog {
    let name = OpCode::new(step.opcode).map(OpCode::as_str);
    let memory = step.memory.as_ref().map(|memory| {
        memory.chunks(32).map(|word| alloy::hex::encode(B256::right_padding_from(word))).collect::<Vec<_>>()
    });
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
        ..StructLog::default()
    }
}

/// go-ethereum's `callTracer`.
pub(super) fn calls(traced: &Traced, config: &CallConfig) -> CallFrame {
    let mut next_log = 0;
    traced.trace.call.as_ref().map(|call| call_frame(call, config, &mut next_log)).unwrap_or_default()
}

fn call_frame(call: &CallTrace, config: &CallConfig, next_log: &mut u64) -> CallFrame {
    let with_log = config.with_log.unwrap_or(false);
    let (mut logs, mut calls) = (Vec::new(), Vec::new());
    // Events are numbered in the order in which they came, those of calls in between.
    let mut own = call.logs.iter().peekable();
    for position in 0..=call.calls.len() {
        while let Some((log, _)) = own.next_if(|(_, at)| *at <= position) {
            logs.push(CallLogFrame {
                address: Some(log.address),
                topics: Some(log.topics().to_vec()),
                data: Some(log.data.data.clone()),
                position: u64::try_from(position).ok(),
                index: Some(*next_log),
            });
            *next_log += 1;
        }
        if let Some(inner) = call.calls.get(position) {
            calls.push(call_frame(inner, config, next_log));
        }
    }
    CallFrame {
        from: call.from,
        gas: U256::from(call.gas),
        gas_used: U256::from(call.gas_used),
        to: call.to,
        input: call.input.clone(),
        output: Some(call.output.clone()).filter(|output| !output.is_empty()),
        error: call.error.clone(),
        revert_reason: call.error.as_ref().and_then(|_| reason(&call.output)),
        calls: if config.only_top_call.unwrap_or(false) { Vec::new() } else { calls },
        logs: if with_log { logs } else { Vec::new() },
        value: call.value,
        typ: call.call_type.name().into(),
    }
}

/// go-ethereum's `4byteTracer`: how often which function was called with how much call data.
pub(super) fn four_bytes(traced: &Traced) -> FourByteFrame {
    let mut counts = BTreeMap::new();
    if let Some(call) = &traced.trace.call {
        count(call, &mut counts);
    }
    FourByteFrame(counts)
}

fn count(call: &CallTrace, counts: &mut BTreeMap<String, u64>) {
    let is_create = call.call_type.name().starts_with("CREATE");
    if let Some((selector, rest)) = call.input.split_first_chunk::<4>().filter(|_| !is_create) {
        *counts.entry(format!("0x{}-{}", alloy::hex::encode(selector), rest.len())).or_default() += 1;
    }
    call.calls.iter().for_each(|inner| count(inner, counts));
}

/// go-ethereum's `prestateTracer`: the accounts that a transaction looked at, as they were before it. In the mode for
/// differences, what the transaction changed, before and after.
pub(super) fn prestate(traced: &Traced, config: &PreStateConfig) -> PreStateFrame {
    let mut after = traced.before.clone();
    after.commit(&traced.execution.state);
    let mut pre = BTreeMap::new();
    let mut post = BTreeMap::new();
    for (address, account) in &traced.execution.state {
        let slots: Vec<U256> = account.storage.keys().copied().collect();
        pre.insert(*address, account_state(&traced.before, *address, &slots, config));
        post.insert(*address, account_state(&after, *address, &slots, config));
    }
    if !config.diff_mode.unwrap_or(false) {
        return PreStateFrame::Default(PreStateMode(pre));
    }
    let mut diff = DiffMode { pre, post };
    diff.retain_changed();
    for (address, post) in &mut diff.post {
        let Some(pre) = diff.pre.get_mut(address) else { continue };
        keep_changes(pre, post);
    }
    PreStateFrame::Diff(diff)
}

fn account_state(world: &World, address: Address, slots: &[U256], config: &PreStateConfig) -> AccountState {
    let code = world.code(address);
    let storage = slots.iter().map(|slot| (B256::from(*slot), B256::from(world.storage(address, *slot))));
    AccountState {
        balance: Some(world.balance(address)),
        nonce: Some(world.nonce(address)).filter(|nonce| *nonce != 0),
        code: Some(code).filter(|code| !code.is_empty() && !config.disable_code.unwrap_or(false)),
        storage: if config.disable_storage.unwrap_or(false) { BTreeMap::new() } else { storage.collect() },
    }
}

/// Leaves in `post` the fields that differ from `pre`, and in both storages the slots that changed. Slots that are zero
/// are left out.
fn keep_changes(pre: &mut AccountState, post: &mut AccountState) {
    post.balance = post.balance.filter(|balance| pre.balance != Some(*balance));
    post.nonce = post.nonce.filter(|nonce| pre.nonce != Some(*nonce));
    post.code = post.code.take().filter(|code| pre.code.as_ref() != Some(code));
    let changed =
        |slot: &B256, one: &BTreeMap<B256, B256>, other: &BTreeMap<B256, B256>| one.get(slot) != other.get(slot);
    let (before, after) = (pre.storage.clone(), post.storage.clone());
    pre.storage.retain(|slot, value| !value.is_zero() && changed(slot, &before, &after));
    post.storage.retain(|slot, value| !value.is_zero() && changed(slot, &before, &after));
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
