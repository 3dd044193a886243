//! The frame stack, with Stylus programs beside EVM bytecode.
//!
//! A program's frame is an EVM frame whose interpreter never runs: it holds the frame's gas and receives the results of
//! child frames. While a child runs, the program itself is suspended in a list beside the stack, so that calls between
//! programs and contracts nest to the depth limit without native recursion.

use super::Context;
use super::frame_rules::{explain, keep_programs, l1_block_hash, prepare, reject_reserved_code, self_destruct};
use super::program_frame::{self, Running, Step};
use super::steps;
use super::stylus::Stylus;
use crate::precompiles::ArbPrecompiles;
use revm::Database;
use revm::bytecode::opcode;
use revm::context::{Evm, FrameStack};
use revm::context_interface::JournalTr;
use revm::handler::evm::{ContextDbError, FrameInitResult};
use revm::handler::instructions::{EthInstructions, InstructionProvider};
use revm::handler::{EthFrame, EvmTr, FrameInitOrResult, FrameResult, ItemOrResult};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_action::FrameInit;
use revm::interpreter::{CallScheme, FrameInput, Instruction, InterpreterAction};
use revm::primitives::Address;
use revm::primitives::hardfork::SpecId;
use stylus_program::fragments;

type Inner<DB> = Evm<Context<DB>, (), EthInstructions<EthInterpreter, Context<DB>>, ArbPrecompiles, EthFrame>;

/// revm with programs.
pub(crate) struct ArbEvm<'a, DB: Database> {
    inner: Inner<DB>,
    stylus: &'a Stylus,
    /// Programs that wait for a child frame, with their index in the frame stack.
    suspended: Vec<(usize, Running)>,
}

impl<'a, DB: Database> ArbEvm<'a, DB> {
    /// A machine for one transaction.
    pub(crate) fn new(context: Context<DB>, stylus: &'a Stylus, moved: Vec<(Address, Option<Address>)>) -> Self {
        let spec = context.cfg.spec;
        let inner = Evm {
            ctx: context,
            inspector: (),
            instruction: instructions(spec),
            precompiles: ArbPrecompiles::new(spec, moved),
            // Frames come when they are needed: making eight of them takes longer than a plain transfer.
            frame_stack: FrameStack::new(),
        };
        Self { inner, stylus, suspended: Vec::new() }
    }

    /// Everything the transaction read and wrote.
    pub(crate) fn into_context(self) -> Context<DB> {
        self.inner.ctx
    }
}

/// Ethereum's instructions without BLOBBASEFEE: this chain has no blobs. (BLOBHASH is zero.) SELFDESTRUCT is
/// recorded, and BLOCKHASH means blocks of L1.
fn instructions<DB: Database>(spec: SpecId) -> EthInstructions<EthInterpreter, Context<DB>> {
    let mut instructions = EthInstructions::new_mainnet_with_spec(spec);
    instructions.insert_instruction(opcode::BLOBBASEFEE, Instruction::unknown(), 0);
    let gas = instructions.gas_table().get(usize::from(opcode::SELFDESTRUCT)).copied().unwrap_or_default();
    instructions.insert_instruction(opcode::SELFDESTRUCT, Instruction::new(self_destruct), gas);
    let gas = instructions.gas_table().get(usize::from(opcode::BLOCKHASH)).copied().unwrap_or_default();
    instructions.insert_instruction(opcode::BLOCKHASH, Instruction::new(l1_block_hash), gas);
    instructions
}

impl<DB: Database> EvmTr for ArbEvm<'_, DB> {
    type Context = Context<DB>;
    type Instructions = EthInstructions<EthInterpreter, Context<DB>>;
    type Precompiles = ArbPrecompiles;
    type Frame = EthFrame;

    fn all(&self) -> (&Self::Context, &Self::Instructions, &Self::Precompiles, &FrameStack<EthFrame>) {
        self.inner.all()
    }

    fn all_mut(
        &mut self,
    ) -> (&mut Self::Context, &mut Self::Instructions, &mut Self::Precompiles, &mut FrameStack<EthFrame>) {
        self.inner.all_mut()
    }

    fn frame_init(
        &mut self,
        mut frame_input: FrameInit,
    ) -> Result<FrameInitResult<'_, EthFrame>, ContextDbError<Self::Context>> {
        let depth = frame_input.depth;
        let traced = self.inner.ctx.chain.recorder.wants_frames();
        if traced {
            open(&mut self.inner.ctx, &frame_input);
        }
        if let FrameInput::Call(inputs) = &mut frame_input.frame_input {
            prepare(&mut self.inner.ctx, inputs);
        }
        let caller = caller(&frame_input.frame_input);
        let acting = match self.inner.frame_init(frame_input)? {
            ItemOrResult::Item(frame) => acting_address(frame),
            ItemOrResult::Result(result) => {
                if traced {
                    close(&mut self.inner.ctx, depth, &result);
                }
                self.inner.ctx.chain.forget_halt(depth);
                return Ok(ItemOrResult::Result(result));
            }
        };
        self.inner.ctx.chain.enter(caller);
        if let Some(address) = acting {
            self.inner.ctx.chain.open_frame(address);
        }
        Ok(ItemOrResult::Item(self.inner.frame_stack.get()))
    }

    fn frame_run(&mut self) -> Result<FrameInitOrResult<EthFrame>, ContextDbError<Self::Context>> {
        let index = self.inner.frame_stack.index().unwrap_or_default();
        let Evm { ctx, instruction, frame_stack, .. } = &mut self.inner;
        let frame = frame_stack.get();
        let action = if is_program(frame, ctx.chain.config.arbos_version) {
            let step = match self.suspended.pop_if(|(suspended, _)| *suspended == index) {
                Some((_, running)) => program_frame::resume(running, frame, ctx)?,
                None => program_frame::start(frame, ctx, self.stylus)?,
            };
            match step {
                Step::Finished(result) => InterpreterAction::Return(result),
                Step::Suspended(running, input) => {
                    self.suspended.push((index, *running));
                    InterpreterAction::NewFrame(input)
                }
            }
        } else {
            let action = if ctx.chain.recorder.wants_instructions() && !is_without_code(frame) {
                steps::run(frame, instruction, ctx)
            } else {
                frame.interpreter.run_plain(instruction.instruction_table(), instruction.gas_table(), ctx)
            };
            explain(frame, ctx, &action);
            let action = keep_programs(frame, ctx, action);
            reject_reserved_code(frame, action, ctx.chain.config.arbos_version)
        };
        let next = frame.process_next_action::<_, ContextDbError<Self::Context>>(ctx, action)?;
        if let ItemOrResult::Result(result) = &next {
            if ctx.chain.recorder.wants_frames() {
                close(ctx, frame.depth, result);
            }
            ctx.chain.forget_halt(frame.depth);
            frame.set_finished(true);
            ctx.chain.leave();
            if let Some(address) = acting_address(frame) {
                ctx.chain.close_frame(address);
            }
        }
        Ok(next)
    }

    fn frame_return_result(
        &mut self,
        result: FrameResult,
    ) -> Result<Option<FrameResult>, ContextDbError<Self::Context>> {
        self.inner.frame_return_result(result)
    }
}

/// Records that a frame begins.
fn open<DB: Database>(context: &mut Context<DB>, frame: &FrameInit) {
    match &frame.frame_input {
        FrameInput::Call(inputs) => {
            let input = inputs.input.bytes(context);
            context.chain.recorder.open_call(frame.depth, inputs, input, context.journaled_state.logs());
        }
        FrameInput::Create(inputs) => {
            let creator = context.journaled_state.evm_state().get(&inputs.caller());
            let created = inputs.created_address(creator.map_or(0, |creator| creator.info.nonce));
            context.chain.recorder.open_create(frame.depth, inputs, created, context.journaled_state.logs());
        }
        FrameInput::Empty => {}
    }
}

/// Records that a frame has ended.
fn close<DB: Database>(context: &mut Context<DB>, depth: usize, result: &FrameResult) {
    let runtime = &mut context.chain;
    runtime.recorder.close(depth, result, runtime.halt.as_ref(), context.journaled_state.logs());
}

/// Whether the frame runs a Stylus program. Init code always is EVM code, whatever it starts with.
fn is_program(frame: &EthFrame, arbos_version: u64) -> bool {
    match &frame.input {
        FrameInput::Call(inputs) => fragments::is_program(inputs.known_bytecode.1.original_byte_slice(), arbos_version),
        FrameInput::Create(_) | FrameInput::Empty => false,
    }
}

/// Whether the frame creates an account without code: not even a STOP runs then.
fn is_without_code(frame: &EthFrame) -> bool {
    matches!(&frame.input, FrameInput::Create(inputs) if inputs.init_code().is_empty())
}

/// Who makes the frame.
fn caller(input: &FrameInput) -> Address {
    match input {
        FrameInput::Call(inputs) => inputs.caller,
        FrameInput::Create(inputs) => inputs.caller(),
        FrameInput::Empty => Address::ZERO,
    }
}

/// The account that acts in the frame; none if it runs another account's code for its caller.
fn acting_address(frame: &EthFrame) -> Option<Address> {
    match &frame.input {
        FrameInput::Call(inputs) => match inputs.scheme {
            CallScheme::Call | CallScheme::StaticCall => Some(inputs.target_address),
            CallScheme::CallCode | CallScheme::DelegateCall => None,
        },
        FrameInput::Create(_) => frame.data.created_address(),
        FrameInput::Empty => None,
    }
}
