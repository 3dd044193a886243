//! Runs one WASM program until it ends or asks for something that the machine around it must do.
//!
//! The engine knows WASM and nothing of chains: what a program may import, and what state those imports share, comes
//! from a [`Host`]. A program that needs the EVM is suspended, not answered from a callback, so that the machine never
//! recurses natively.

mod cache;
mod wasmi;

pub(crate) use cache::ModuleCache;
pub(crate) use wasmi::{Pace, WasmiEngine, WasmiInstance};

use stylus_program::hostio::ValType;

/// A WASM number. Floats are bit patterns: programs cannot compute with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    I32(u32),
    I64(u64),
    F32(u32),
    F64(u64),
}

/// A running program as an import sees it.
pub(crate) trait Guest<H> {
    /// The linear memory.
    fn memory(&self) -> &[u8];
    /// The linear memory, to write.
    fn memory_mut(&mut self) -> &mut [u8];
    /// The ink that is left.
    fn ink(&self) -> u64;
    /// Sets the ink that is left.
    fn set_ink(&mut self, ink: u64);
    /// Leaves no ink and marks the program as out of ink.
    fn exhaust(&mut self);
    /// The state that the imports share.
    fn host(&self) -> &H;
    /// The state that the imports share, to change.
    fn host_mut(&mut self) -> &mut H;
}

/// An import refuses to return: the program ends. The [`Host`] remembers why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop;

/// An import that is answered at once.
pub(crate) type Immediate<H> = Box<dyn Fn(&mut dyn Guest<H>, &[Value]) -> Result<Option<Value>, Stop> + Send + Sync>;

/// How an import is answered.
pub(crate) enum Handler<H: Host> {
    /// While the program waits.
    Immediate(Immediate<H>),
    /// After suspending the program.
    Deferred(H::Request),
}

/// A function that programs may import.
pub(crate) struct Import<H: Host> {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    pub(crate) params: &'static [ValType],
    pub(crate) results: &'static [ValType],
    pub(crate) handler: Handler<H>,
}

/// The state that a program's imports share.
pub(crate) trait Host: Send + Sized + 'static {
    /// Names an import that suspends the program.
    type Request: Copy + Send + Sync + std::fmt::Debug + 'static;
    /// Everything that programs may import.
    fn imports() -> Vec<Import<Self>>;
}

/// What made a program stop running.
#[derive(Debug)]
pub(crate) enum Exit<R> {
    /// The entry point returned this status.
    Returned(u32),
    /// The program called a deferred import and waits for its result.
    Called(R, Vec<Value>),
    /// An import stopped the program.
    Stopped,
    /// The program trapped.
    Trapped,
    /// The program exceeded the engine's own stack.
    StackOverflow,
}

/// Compiles and starts programs.
pub(crate) trait Engine<H: Host> {
    /// A compiled program.
    type Module: Clone;
    /// A running one.
    type Instance: Instance<H>;
    /// Compiles an instrumented module.
    fn compile(&self, wasm: &[u8]) -> Result<Self::Module, EngineError>;
    /// Gives a module its own memory and globals.
    fn instantiate(&self, module: &Self::Module, host: H, limits: Limits) -> Result<Self::Instance, EngineError>;
}

/// What one invocation may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Ink at the start.
    pub(crate) ink: u64,
    /// Words of stack.
    pub(crate) stack_words: u32,
}

/// A program that runs, waits or has ended.
pub(crate) trait Instance<H: Host>: Guest<H> {
    /// Calls the entry point with the length of the arguments.
    fn start(&mut self, args_length: u32) -> Exit<H::Request>;
    /// Answers the import that [`Exit::Called`] named.
    fn resume(&mut self, result: Option<Value>) -> Exit<H::Request>;
    /// Whether the metering has found the ink used up.
    fn is_out_of_ink(&self) -> bool;
    /// Whether the metering has found the stack used up.
    fn is_out_of_stack(&self) -> bool;
}

/// A module that passed activation does not compile or start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct EngineError(pub(crate) String);
