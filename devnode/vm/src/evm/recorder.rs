//! Records what a traced transaction does, frame by frame.

mod instructions;

pub(crate) use instructions::Place;

use crate::host_io::HostIo;
use crate::hostio::StorageCache;
use crate::trace::{CallTrace, CallType, Room, Trace, Tracing, Transfer};
use crate::{HaltReason, Looks, Transaction};
use revm::context::result::HaltReason as EvmHalt;
use revm::handler::FrameResult;
use revm::interpreter::{CallInputs, CallScheme, CallValue, CreateInputs, InstructionResult, SuccessOrHalt};
use revm::primitives::{Address, Bytes, Log, U256};
use std::collections::BTreeSet;

/// The frames that are open, and what came of those that have ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder {
    tracing: Tracing,
    /// What the trace may still take.
    room: Room,
    trace: Trace,
    open_calls: Vec<CallTrace>,
    /// The open frames.
    frames: Vec<OpenFrame>,
    /// How many frames there were.
    frame_count: usize,
    /// Of each frame that waits for another: what its programs did before.
    waiting: Vec<Vec<HostIo>>,
    /// Of each open frame, outermost first: the gas that it would get back.
    refunds: Vec<i64>,
    /// How many events of the transaction are in a frame already.
    placed_logs: usize,
    /// Whether the transaction has asked for the number of the L1 block.
    knows_l1_number: bool,
    /// The L1 blocks whose hashes it has asked for.
    known_l1_hashes: BTreeSet<u64>,
}

/// A frame that has begun and not ended.
#[derive(Clone, Debug)]
struct OpenFrame {
    /// Who made it.
    caller: Address,
    /// How many began before it.
    number: usize,
    /// What its program has read and not flushed.
    cache: StorageCache,
}

impl Recorder {
    /// Records what `tracing` asks for.
    pub(crate) fn new(tracing: Tracing) -> Self {
        Self { tracing, room: Room::new(), ..Self::default() }
    }

    pub(crate) fn tracing(&self) -> Tracing {
        self.tracing
    }

    /// What the trace may still take.
    pub(crate) fn room(&self) -> Room {
        self.room
    }

    /// Notes that something did not fit where a program kept it.
    pub(crate) fn exceed(&mut self) {
        self.room.is_exceeded = true;
    }

    /// Whether frames matter.
    pub(crate) fn wants_frames(&self) -> bool {
        self.tracing != Tracing::default()
    }

    /// Whether every instruction matters.
    pub(crate) fn wants_instructions(&self) -> bool {
        self.tracing.steps || self.tracing.looks
    }

    /// Whether what programs do matters.
    pub(crate) fn wants_host_ios(&self) -> bool {
        self.tracing.host_ios || self.tracing.looks || self.tracing.steps
    }

    /// What was looked at, if that matters.
    pub(crate) fn looks(&mut self) -> Option<&mut Looks> {
        self.tracing.looks.then_some(&mut self.trace.looks)
    }

    /// A call at `depth` (the outermost: 0) begins with this call data, when the transaction has emitted `logs`.
    pub(crate) fn open_call(&mut self, depth: usize, inputs: &CallInputs, input: Bytes, logs: &[Log]) {
        let (call_type, to) = match inputs.scheme {
            CallScheme::Call => (CallType::Call, inputs.target_address),
            CallScheme::CallCode => (CallType::CallCode, inputs.bytecode_address),
            CallScheme::DelegateCall => (CallType::DelegateCall, inputs.bytecode_address),
            CallScheme::StaticCall => (CallType::StaticCall, inputs.target_address),
        };
        let from = match inputs.scheme {
            CallScheme::DelegateCall => inputs.target_address,
            _ => inputs.caller,
        };
        let value = match inputs.value {
            CallValue::Transfer(value) | CallValue::Apparent(value) => value,
        };
        let value = Some(value).filter(|_| call_type != CallType::StaticCall);
        if let Some(looks) = self.looks() {
            looks.at_account(to);
            looks.called.insert(to);
        }
        self.open_frame(inputs.caller);
        self.open(depth, new_call(call_type, from, to, value, inputs.gas_limit, input), logs);
    }

    /// A create of the account at `created` begins.
    pub(crate) fn open_create(&mut self, depth: usize, inputs: &CreateInputs, created: Address, logs: &[Log]) {
        let call_type = match inputs.scheme() {
            revm::interpreter::CreateScheme::Create2 { .. } => CallType::Create2,
            _ => CallType::Create,
        };
        let (value, code) = (Some(inputs.value()), inputs.init_code().clone());
        if let Some(looks) = self.looks() {
            looks.at_account(created);
        }
        self.open_frame(inputs.caller());
        self.open(depth, new_call(call_type, inputs.caller(), created, value, inputs.gas_limit(), code), logs);
    }

    fn open_frame(&mut self, caller: Address) {
        let number = self.count_frame();
        self.frames.push(OpenFrame { caller, number, cache: StorageCache::default() });
    }

    /// The number of a frame that begins.
    fn count_frame(&mut self) -> usize {
        let number = self.frame_count;
        self.frame_count = number.saturating_add(1);
        number
    }

    fn open(&mut self, depth: usize, mut call: CallTrace, logs: &[Log]) {
        self.place_logs(logs);
        // The frame itself is kept, for those inside it to find.
        if !self.room.take(size_of::<CallTrace>() + call.input.len()) {
            call.input = Bytes::new();
        }
        if self.tracing.host_ios && depth > 0 {
            self.host_io(frame(&call));
            self.waiting.push(std::mem::take(&mut self.trace.host_ios));
        }
        self.open_calls.push(call);
    }

    /// The innermost open frame ends. If it halted, `halt` is what the chain knows better about it than the EVM.
    pub(crate) fn close(&mut self, depth: usize, result: &FrameResult, halt: Option<&HaltReason>, logs: &[Log]) {
        self.place_logs(logs);
        let Some(mut call) = self.open_calls.pop() else { return };
        let frames = self.frames.len();
        if let Some(looks) = self.looks() {
            looks.close(frames);
        }
        self.frames.pop();
        let outcome = match result {
            FrameResult::Call(outcome) => &outcome.result,
            FrameResult::Create(outcome) => &outcome.result,
        };
        let left = if outcome.result.is_ok_or_revert() { outcome.gas.remaining() } else { 0 };
        call.gas_used = call.gas.saturating_sub(left);
        if self.room.take(outcome.output.len()) {
            call.output = outcome.output.clone();
        }
        call.error = failure(outcome.result, halt);
        if call.error.is_some() {
            call.discard_logs();
        }
        if self.tracing.host_ios && depth > 0 {
            let steps = std::mem::replace(&mut self.trace.host_ios, self.waiting.pop().unwrap_or_default());
            if let Some(frame) = self.trace.host_ios.last_mut() {
                frame.steps = Some(steps);
            }
        }
        match self.open_calls.last_mut() {
            Some(parent) => parent.calls.push(call),
            None => self.trace.call = Some(call),
        }
    }

    /// An account at `dying` ends, and another one gets its balance.
    pub(crate) fn self_destruct(&mut self, dying: Address, heir: Address, balance: U256, logs: &[Log]) {
        if let Some(looks) = self.looks() {
            looks.at_account(heir);
            looks.destroyed.insert(dying);
        }
        self.place_logs(logs);
        self.place(new_call(CallType::SelfDestruct, dying, heir, Some(balance), 0, Bytes::new()));
    }

    /// A precompile pays something, which Nitro shows as a call.
    pub(crate) fn payment(&mut self, from: Address, to: Address, value: U256, logs: &[Log]) {
        if let Some(looks) = self.looks() {
            looks.at_account(to);
        }
        self.place_logs(logs);
        let number = self.frame_count;
        self.place(new_call(CallType::Call, from, to, Some(value), 0, Bytes::new()));
        self.liken_payment(to, value, number);
    }

    /// Puts a call in which nothing runs into the innermost open frame.
    fn place(&mut self, call: CallTrace) {
        self.count_frame();
        if !self.room.take(size_of::<CallTrace>()) {
            return;
        }
        if self.tracing.host_ios {
            self.host_io(frame(&call));
        }
        if let Some(parent) = self.open_calls.last_mut() {
            parent.calls.push(call);
        }
    }

    /// Wei moves before the outermost call.
    pub(crate) fn transfer_before(&mut self, transfer: Transfer) {
        if self.tracing.calls {
            self.trace.before.push(transfer);
        }
    }

    /// Wei moves after the outermost call.
    pub(crate) fn transfer_after(&mut self, transfer: Transfer) {
        if self.tracing.calls {
            self.trace.after.push(transfer);
        }
    }

    /// Gives the events that came since the last time to the innermost frame. A revert has taken some away.
    fn place_logs(&mut self, logs: &[Log]) {
        self.placed_logs = self.placed_logs.min(logs.len());
        if let (Some(call), Some(new)) = (self.open_calls.last_mut(), logs.get(self.placed_logs..)) {
            let position = call.calls.len();
            for log in new {
                let bytes = size_of::<Log>() + log.data.data.len() + 32 * log.topics().len();
                if self.room.take(bytes) {
                    call.logs.push((log.clone(), position));
                }
            }
        }
        self.placed_logs = logs.len();
    }

    /// A program did something.
    pub(crate) fn host_io(&mut self, mut host_io: HostIo) {
        let depth = self.frames.len();
        if let (Some(caller), Some(looks)) = (self.frames.last().map(|frame| frame.caller), self.looks()) {
            looks.of_host_io(&host_io, caller, depth);
        }
        if !self.tracing.host_ios {
            return;
        }
        // A call is in the list already, as the frame that it opened.
        if matches!(host_io.name.as_str(), "call_contract" | "delegate_call_contract" | "static_call_contract") {
            let opened = self.trace.host_ios.pop_if(|last| last.name.strip_prefix("evm_") == Some(&host_io.name));
            if let Some(opened) = opened {
                (host_io.address, host_io.steps) = (opened.address, opened.steps);
            }
        }
        if self.room.take(host_io.size()) {
            self.trace.host_ios.push(host_io);
        }
    }

    /// What was recorded. The outermost call is the transaction: it has its gas.
    pub(crate) fn finish(self, tx: &Transaction, gas_used: u64) -> Trace {
        let mut trace = self.trace;
        if let Some(call) = &mut trace.call {
            (call.gas, call.gas_used) = (tx.gas_limit, gas_used);
        }
        if self.tracing.looks {
            trace.looks.around(tx);
        }
        trace.call = trace.call.filter(|_| self.tracing.calls);
        trace.is_cut = self.room.is_exceeded;
        trace
    }
}

impl CallTrace {
    /// What was reverted has no events.
    fn discard_logs(&mut self) {
        self.logs.clear();
        self.calls.iter_mut().for_each(Self::discard_logs);
    }
}

/// A frame that something else than a program opens, as the `stylusTracer` shows it.
fn frame(call: &CallTrace) -> HostIo {
    let name = match call.call_type {
        CallType::Call | CallType::CallCode => "evm_call_contract",
        CallType::DelegateCall => "evm_delegate_call_contract",
        CallType::StaticCall => "evm_static_call_contract",
        CallType::Create => "evm_create1",
        CallType::Create2 => "evm_create2",
        CallType::SelfDestruct => "evm_self_destruct",
    };
    let (args, outs, address) = (Bytes::new(), Bytes::new(), Some(call.to));
    HostIo { name: name.into(), args, outs, start_ink: 0, end_ink: 0, address, steps: None }
}

fn new_call(call_type: CallType, from: Address, to: Address, value: Option<U256>, gas: u64, input: Bytes) -> CallTrace {
    let (logs, calls) = (Vec::new(), Vec::new());
    CallTrace { call_type, from, to, value, gas, gas_used: 0, input, output: Bytes::new(), error: None, logs, calls }
}

/// Why a frame, or an instruction, failed; none if it did not. `halt` is what the chain knows better than the EVM.
pub(crate) fn failure(result: InstructionResult, halt: Option<&HaltReason>) -> Option<String> {
    // A call waits for its frame: nothing has failed.
    if result == InstructionResult::Suspend {
        return None;
    }
    match SuccessOrHalt::<EvmHalt>::from(result) {
        SuccessOrHalt::Success(_) => None,
        SuccessOrHalt::Revert => Some("execution reverted".into()),
        SuccessOrHalt::Halt(reason) => Some(halt.cloned().unwrap_or_else(|| reason.into()).to_string()),
        SuccessOrHalt::FatalExternalError | SuccessOrHalt::Internal(_) => Some("execution failed".into()),
    }
}
