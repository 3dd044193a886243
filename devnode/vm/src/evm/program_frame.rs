//! One frame of a Stylus program: from its start cost to its result.

mod end;

use super::Context;
use super::likened;
use super::program_code::ProgramCode;
use super::stylus::Stylus;
use crate::HaltReason;
use crate::arbos::{ARBOS_ADDRESS, Inactive, ProgramEntry, Root};
use crate::engine::{Engine, Exit, Guest, Instance, Limits, WasmiInstance};
use crate::host_io::HostIo;
use crate::hostio::{
    Answer, CallContext, Escape, HostIoError, Invocation, Pending, Program, Recorded, Recording, Request, Served, serve,
};
use end::{End, finish, halt};
use revm::Database;
use revm::context::ContextError;
use revm::context_interface::{Block, ContextTr, Transaction};
use revm::handler::EthFrame;
use revm::interpreter::interpreter_types::ReturnData;
use revm::interpreter::{CallInputs, FrameInput, InstructionResult, InterpreterResult};
use revm::primitives::{Address, Bytes};
use stylus_program::activation::{self, ActivationRules};
use stylus_program::format::FormatError;
use stylus_program::params::{ProgramParams, arbos_versions};
use stylus_program::{ink, pages, start_cost};

/// A program that has started and not ended.
pub(crate) struct Running {
    instance: WasmiInstance<Invocation>,
    /// Gas before the start cost.
    start_gas: u64,
    /// Ink at the start.
    start_ink: u64,
    /// Pages that were open before the program.
    open_pages: u16,
    /// What is due when the child frame ends, and the record of it.
    pending: Option<(Pending, Option<Recording>)>,
}

/// What a program's frame does next.
pub(crate) enum Step {
    /// It waits for a frame.
    Suspended(Box<Running>, FrameInput),
    /// It has ended.
    Finished(InterpreterResult),
}

/// Starts the program in `frame` and runs it until it waits or ends.
pub(crate) fn start<DB: Database>(
    frame: &mut EthFrame,
    context: &mut Context<DB>,
    stylus: &Stylus,
) -> Result<Step, ContextError<DB::Error>> {
    let FrameInput::Call(inputs) = &frame.input else {
        return Err(ContextError::Custom("a program's frame is a call".into()));
    };
    let inputs = inputs.clone();
    let arbos_version = context.chain.config.arbos_version;
    let params = Root::programs().params(context, arbos_version)?;
    let entry = Root::programs().entry(context, inputs.known_bytecode.0)?;
    let slot = Root::programs().entry_slot(inputs.known_bytecode.0);
    if let Some(looks) = context.chain.recorder.looks() {
        looks.at_slot(ARBOS_ADDRESS, slot);
    }
    let now = context.chain.block.timestamp;
    let entry = match entry.active(&params, now) {
        Ok(entry) => entry,
        Err(inactive) => {
            let reason = HaltReason::Program(describe(inactive));
            return Ok(halt(frame, context, InstructionResult::NotActivated, reason));
        }
    };

    let module_hash = Root::programs().module_hash_slot(inputs.known_bytecode.0);
    if let Some(looks) = context.chain.recorder.looks() {
        looks.at_slot(ARBOS_ADDRESS, module_hash);
    }
    // Programs are told the number of the L1 block from the start.
    likened::l1_block(context, None)?;
    let is_recent = arbos_version >= arbos_versions::RECENT_PROGRAMS
        && context.chain.recent.insert(inputs.known_bytecode.0, params.block_cache_size);
    let start_gas = frame.interpreter.gas.remaining();
    let (open, ever) = (context.chain.open_pages, context.chain.ever_pages);
    let cost = start_cost::call_gas(&params, &entry.costs(), entry.cached || is_recent, open, ever);
    let Some(gas) = start_gas.checked_sub(cost) else {
        return Ok(halt(frame, context, InstructionResult::OutOfGas, HaltReason::OutOfGas));
    };
    context.chain.add_pages(entry.footprint);

    let args = inputs.input.bytes(context);
    let args_length = u32::try_from(args.len()).unwrap_or(u32::MAX);
    let call = call_context(context, frame, &inputs, &params);
    let recorder = &context.chain.recorder;
    let recorded = recorder.wants_host_ios().then(|| Recorded { host_ios: Vec::new(), room: recorder.room() });
    let limits = Limits { ink: ink::from_gas(gas, params.ink_price), stack_words: params.max_stack_depth };
    let code = ProgramCode::untracked_read(context, inputs.known_bytecode.1.original_bytes())?;
    let instance = compile(stylus, &inputs, code, &entry, &params, context).and_then(|module| {
        stylus
            .engine
            .instantiate(&module, Invocation::new(call, args, recorded), limits)
            .map_err(|error| error.to_string())
    });
    let mut instance = match instance {
        Ok(instance) => instance,
        Err(error) => {
            context.chain.open_pages = open;
            return Ok(halt(frame, context, InstructionResult::NotActivated, HaltReason::Program(error)));
        }
    };
    if let Some(recorded) = &mut instance.host_mut().recorded {
        recorded.push(boundary("user_entrypoint", args_length.to_be_bytes().into(), Bytes::new(), limits.ink));
    }
    let exit = instance.start(args_length);
    let running = Running { instance, start_gas, start_ink: limits.ink, open_pages: open, pending: None };
    advance(running, exit, frame, context)
}

/// Gives a waiting program what its child frame left in `frame` and runs it until it waits or ends.
pub(crate) fn resume<DB: Database>(
    mut running: Running,
    frame: &mut EthFrame,
    context: &mut Context<DB>,
) -> Result<Step, ContextError<DB::Error>> {
    let interpreter = &mut frame.interpreter;
    let result = interpreter.stack.pop().unwrap_or_default();
    let answer = Answer {
        is_success: !result.is_zero(),
        created: Address::from_word(result.into()),
        output: interpreter.return_data.buffer().clone(),
        returned: interpreter.gas.remaining(),
    };
    interpreter.gas.set_remaining(0);
    let Some((pending, recording)) = running.pending.take() else {
        return Err(ContextError::Custom("a program was resumed that did not wait".into()));
    };
    match pending.finish(&mut running.instance, answer, recording) {
        Ok(value) => {
            tell(&mut running, frame, context)?;
            let exit = running.instance.resume(value);
            advance(running, exit, frame, context)
        }
        Err(escape) => finish(running, End::Escaped(escape), frame, context),
    }
}

/// Serves the program's wishes until it waits for a frame or ends.
fn advance<DB: Database>(
    mut running: Running,
    mut exit: Exit<Request>,
    frame: &mut EthFrame,
    context: &mut Context<DB>,
) -> Result<Step, ContextError<DB::Error>> {
    loop {
        let end = match exit {
            Exit::Called(request, values) => {
                // What came before must not have the refunds of what comes now.
                tell(&mut running, frame, context)?;
                match serve(request, &values, &mut running.instance, context, &mut frame.interpreter.gas) {
                    Ok(Served::Returned(value)) => {
                        tell(&mut running, frame, context)?;
                        exit = running.instance.resume(value);
                        continue;
                    }
                    Ok(Served::Frame(outgoing, recording)) => {
                        tell(&mut running, frame, context)?;
                        if let (FrameInput::Call(inputs), Pending::Call { base, .. }) =
                            (&outgoing.frame, &outgoing.pending)
                        {
                            let program: &Program<'_> = &running.instance;
                            let (input, gas_left) = (inputs.input.bytes(context), program.gas_left());
                            likened::call(context, inputs, input, gas_left, *base);
                        }
                        // The program's gas is in its ink: the frame only collects what the child gives back.
                        frame.interpreter.gas.set_remaining(0);
                        running.pending = Some((outgoing.pending, recording));
                        return Ok(Step::Suspended(Box::new(running), outgoing.frame));
                    }
                    Err(HostIoError::Escape(escape)) => End::Escaped(escape),
                    Err(HostIoError::Database(error)) => return Err(ContextError::Db(error)),
                }
            }
            Exit::Returned(status) => End::Returned(status),
            Exit::Stopped => {
                let escape = running.instance.host_mut().escape.take();
                End::Escaped(escape.unwrap_or(Escape::Failure("stopped by the host")))
            }
            Exit::Trapped => End::Escaped(Escape::Failure("trap")),
            Exit::StackOverflow => End::StackOverflow,
        };
        return finish(running, end, frame, context);
    }
}

/// The record of a program's start or end: as in Nitro with the ink at the start, both times.
fn boundary(name: &str, args: Bytes, outs: Bytes, ink: u64) -> HostIo {
    HostIo { name: name.into(), args, outs, start_ink: ink, end_ink: ink, address: None, steps: None }
}

/// Hands over what the program did.
fn tell<DB: Database>(
    running: &mut Running,
    frame: &EthFrame,
    context: &mut Context<DB>,
) -> Result<(), ContextError<DB::Error>> {
    let Some(recorded) = &mut running.instance.host_mut().recorded else { return Ok(()) };
    context.chain.recorder.note_refund(frame.depth, frame.interpreter.gas.refunded());
    for host_io in recorded.host_ios.drain(..) {
        likened::host_io(context, &host_io)?;
        context.chain.recorder.host_io(host_io);
    }
    let recorder = &mut context.chain.recorder;
    if recorded.room.is_exceeded {
        recorder.exceed();
    }
    recorded.room = recorder.room();
    Ok(())
}

/// What the program can ask about its environment.
fn call_context<DB: Database>(
    context: &Context<DB>,
    frame: &EthFrame,
    inputs: &CallInputs,
    params: &ProgramParams,
) -> CallContext {
    let runtime = &context.chain;
    CallContext {
        address: inputs.target_address,
        caller: inputs.caller,
        value: inputs.value.get(),
        origin: context.tx().caller(),
        is_static: frame.interpreter.runtime_flag.is_static,
        is_reentrant: runtime.is_reentrant(inputs.target_address),
        block_number: runtime.block.l1_number,
        beneficiary: context.block().beneficiary(),
        block_gas_limit: context.block().gas_limit(),
        timestamp: runtime.block.timestamp,
        gas_price: runtime.gas_price,
        base_fee: context.block().basefee(),
        chain_id: runtime.config.chain_id,
        arbos_version: runtime.config.arbos_version,
        max_code_size: runtime.config.max_code_size,
        ink_price: params.ink_price,
        free_pages: params.free_pages,
        page_gas: params.page_gas,
    }
}

/// The compiled program. Its code passed activation, so that a failure here means that the rules have become stricter
/// since.
fn compile<DB: Database>(
    stylus: &Stylus,
    inputs: &CallInputs,
    code: Result<ProgramCode, FormatError>,
    entry: &ProgramEntry,
    params: &ProgramParams,
    context: &Context<DB>,
) -> Result<wasmi::Module, String> {
    let code = code.map_err(|error| error.to_string())?;
    let config = &context.chain.config;
    let rules = ActivationRules {
        arbos_version: config.arbos_version,
        stylus_version: entry.version,
        page_limit: pages::MAX_PAGES,
        debug: config.debug,
    };
    stylus.modules().get_or_compile(code.key(inputs.known_bytecode.0), entry.version, || {
        let wasm = code.wasm(params.max_wasm_size).map_err(|error| error.to_string())?;
        let module = activation::instrument(&wasm, &rules).map_err(|error| error.to_string())?;
        stylus.engine.compile(&module).map_err(|error| error.to_string())
    })
}

/// The error that a call to an inactive program is, by its Solidity name.
fn describe(inactive: Inactive) -> String {
    match inactive {
        Inactive::NotActivated => "error ProgramNotActivated()".into(),
        Inactive::NeedsUpgrade { version, stylus_version } => {
            format!("error ProgramNeedsUpgrade({version}, {stylus_version})")
        }
        Inactive::Expired { age } => format!("error ProgramExpired({age})"),
    }
}
