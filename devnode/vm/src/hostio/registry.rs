//! Which function answers which import.

use super::calls::{Answer, CallKind, Pending, Started};
use super::{Arguments, Escape, HookError, Invocation, Outgoing, Program, Recording, Returned};
use super::{
    account, args, calls, console, creates, environment, keccak, logs, math, memory, record, storage, transient,
};
use crate::engine::{Handler, Host, Immediate, Import, Stop, Value};
use crate::evm::Context;
use revm::Database;
use revm::interpreter::Gas;
use stylus_program::hooks::{HOOKS, Hook, VM_HOOKS};

/// A host I/O that is answered while the program waits.
type Direct = fn(&mut Program<'_>, Arguments<'_>) -> Returned;

/// A host I/O that touches the chain's state.
#[derive(Clone, Copy, Debug)]
enum Stateful {
    StorageLoad,
    StorageFlush,
    TransientLoad,
    TransientStore,
    Call(CallKind),
    Create { salted: bool },
    EmitLog,
    Balance,
    Code,
    CodeSize,
    CodeHash,
    PayForMemoryGrow,
}

/// A suspended program's wish.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    hook: &'static Hook,
    action: Stateful,
}

/// The answer to a wish.
pub(crate) enum Served {
    /// The program can go on with this result.
    Returned(Option<Value>),
    /// A frame has to run first; then the record of it can be ended.
    Frame(Box<Outgoing>, Option<Recording>),
}

impl Host for Invocation {
    type Request = Request;

    fn imports() -> Vec<Import<Self>> {
        HOOKS.iter().filter_map(import).collect()
    }
}

/// How `hook` is answered; `None` for a hook that this machine does not know, which a program then cannot import.
fn import(hook: &'static Hook) -> Option<Import<Invocation>> {
    let handler = match (direct(hook), stateful(hook)) {
        (Some(function), _) => Handler::Immediate(immediate(hook, function)),
        (None, Some(action)) => Handler::Deferred(Request { hook, action }),
        (None, None) => return None,
    };
    Some(Import { module: hook.module, name: hook.name, params: hook.params, results: hook.results, handler })
}

/// `function`, after the base charge. Remembers an escape for the frame driver.
fn immediate(hook: &'static Hook, function: Direct) -> Immediate<Invocation> {
    Box::new(move |program, values| {
        let recording = record::begin(program, hook, values);
        let returned = program.buy_ink(hook.base_ink).and_then(|()| function(program, Arguments(values)));
        record(program, recording, &returned);
        returned.map_err(|escape| {
            program.host_mut().escape = Some(escape);
            Stop
        })
    })
}

/// Keeps the record of a host I/O that has ended.
fn record(program: &mut Program<'_>, recording: Option<Recording>, returned: &Returned) {
    let Some(host_io) = recording.and_then(|recording| recording.end(program, returned)) else { return };
    if let Some(recorded) = &mut program.host_mut().recorded {
        recorded.push(host_io);
    }
}

fn direct(hook: &Hook) -> Option<Direct> {
    let function: Direct = match (hook.module, hook.name) {
        (VM_HOOKS, "read_args") => args::read_args,
        (VM_HOOKS, "write_result") => args::write_result,
        (VM_HOOKS, "exit_early") => args::exit_early,
        (VM_HOOKS, "read_return_data") => args::read_return_data,
        (VM_HOOKS, "return_data_size") => args::return_data_size,
        (VM_HOOKS, "storage_cache_bytes32") => storage::cache,
        (VM_HOOKS, "tx_gas_price") => environment::gas_price,
        (VM_HOOKS, "block_basefee") => environment::base_fee,
        (VM_HOOKS, "block_coinbase") => environment::coinbase,
        (VM_HOOKS, "block_gas_limit") => environment::gas_limit,
        (VM_HOOKS, "block_number") => environment::number,
        (VM_HOOKS, "block_timestamp") => environment::timestamp,
        (VM_HOOKS, "chainid") => environment::chain_id,
        (VM_HOOKS, "contract_address") => environment::contract_address,
        (VM_HOOKS, "msg_sender") => environment::sender,
        (VM_HOOKS, "msg_value") => environment::value,
        (VM_HOOKS, "msg_reentrant") => environment::reentrant,
        (VM_HOOKS, "tx_origin") => environment::origin,
        (VM_HOOKS, "tx_ink_price") => environment::ink_price,
        (VM_HOOKS, "evm_gas_left") => environment::gas_left,
        (VM_HOOKS, "evm_ink_left") => environment::ink_left,
        (VM_HOOKS, "math_div") => math::div,
        (VM_HOOKS, "math_mod") => math::modulo,
        (VM_HOOKS, "math_pow") => math::pow,
        (VM_HOOKS, "math_add_mod") => math::add_mod,
        (VM_HOOKS, "math_mul_mod") => math::mul_mod,
        (VM_HOOKS, "native_keccak256") => keccak::native_keccak256,
        ("console", "log_txt") => console::log_text,
        ("console", "log_i32" | "log_i64" | "log_f32" | "log_f64") => console::value,
        ("console", "tee_i32" | "tee_i64" | "tee_f32" | "tee_f64") => console::value,
        _ => return None,
    };
    Some(function)
}

fn stateful(hook: &Hook) -> Option<Stateful> {
    let action = match (hook.module, hook.name) {
        (VM_HOOKS, "storage_load_bytes32") => Stateful::StorageLoad,
        (VM_HOOKS, "storage_flush_cache") => Stateful::StorageFlush,
        (VM_HOOKS, "transient_load_bytes32") => Stateful::TransientLoad,
        (VM_HOOKS, "transient_store_bytes32") => Stateful::TransientStore,
        (VM_HOOKS, "call_contract") => Stateful::Call(CallKind::Call),
        (VM_HOOKS, "delegate_call_contract") => Stateful::Call(CallKind::Delegate),
        (VM_HOOKS, "static_call_contract") => Stateful::Call(CallKind::Static),
        (VM_HOOKS, "create1") => Stateful::Create { salted: false },
        (VM_HOOKS, "create2") => Stateful::Create { salted: true },
        (VM_HOOKS, "emit_log") => Stateful::EmitLog,
        (VM_HOOKS, "account_balance") => Stateful::Balance,
        (VM_HOOKS, "account_code") => Stateful::Code,
        (VM_HOOKS, "account_code_size") => Stateful::CodeSize,
        (VM_HOOKS, "account_codehash") => Stateful::CodeHash,
        (VM_HOOKS, "pay_for_memory_grow") => Stateful::PayForMemoryGrow,
        _ => return None,
    };
    Some(action)
}

/// Serves what a suspended program asked for. Refunds for storage go to `frame_gas`.
pub(crate) fn serve<DB: Database>(
    request: Request,
    values: &[Value],
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    frame_gas: &mut Gas,
) -> Result<Served, HookError<DB::Error>> {
    let args = Arguments(values);
    let base_ink = request.hook.base_ink;
    let recording = record::begin(program, request.hook, values);
    if !matches!(request.action, Stateful::PayForMemoryGrow) {
        program.buy_ink(base_ink)?;
    }
    let returned = match request.action {
        Stateful::StorageLoad => storage::load(program, context, args),
        Stateful::StorageFlush => storage::flush(program, context, frame_gas, args),
        Stateful::TransientLoad => transient::load(program, context, args),
        Stateful::TransientStore => transient::store(program, context, args),
        Stateful::Call(kind) => {
            return calls::call(program, context, kind, args).map(|to| to.served(program, recording));
        }
        Stateful::Create { salted } => {
            return creates::create(program, salted, args).map(|to| to.served(program, recording));
        }
        Stateful::EmitLog => logs::emit_log(program, context, args),
        Stateful::Balance => account::balance(program, context, args),
        Stateful::Code => account::code(program, context, args),
        Stateful::CodeSize => account::code_size(program, context, args),
        Stateful::CodeHash => account::code_hash(program, context, args),
        Stateful::PayForMemoryGrow => memory::pay_for_memory_grow(program, &mut context.chain, base_ink, args),
    };
    let value = returned?;
    record(program, recording, &Ok(value));
    Ok(Served::Returned(value))
}

impl Started {
    /// What becomes of a call or a create: a frame, whose record ends with it, or its result.
    fn served(self, program: &mut Program<'_>, recording: Option<Recording>) -> Served {
        match self {
            Self::Frame(outgoing) => Served::Frame(outgoing, recording),
            Self::Finished(value) => {
                record(program, recording, &Ok(value));
                Served::Returned(value)
            }
        }
    }
}

impl Pending {
    /// Settles the frame that the program waited for, and keeps the record of it.
    pub(crate) fn finish(
        self,
        program: &mut Program<'_>,
        answer: Answer,
        recording: Option<Recording>,
    ) -> Result<Option<Value>, Escape> {
        let returned = self.settle(program, answer);
        record(program, recording, &returned);
        returned
    }

    fn settle(self, program: &mut Program<'_>, answer: Answer) -> Result<Option<Value>, Escape> {
        match self {
            Self::Call { base, child, length_pointer } => {
                calls::finish_call(program, base, child, length_pointer, answer)
            }
            Self::Create { start, reserve, address_pointer, length_pointer } => {
                creates::finish_create(program, start, reserve, address_pointer, length_pointer, answer)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hook_is_answered_in_one_way() {
        for hook in HOOKS {
            assert!(direct(hook).is_some() != stateful(hook).is_some(), "{}.{}", hook.module, hook.name);
        }
    }
}
