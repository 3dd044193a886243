//! The wasmi backend.

use super::{Engine, EngineError, Exit, Guest, Handler, Host, Import, Instance, Limits, Stop, Value};
use std::fmt;
use stylus_program::hostio::ValType;
use stylus_program::pages::MAX_PAGES;
use wasmi::errors::HostError;
use wasmi::{
    AsContext, AsContextMut, Caller, CompilationMode, Config, Error, Extern, Func, FuncType, Global, Linker, Memory,
    Module, ResumableCall, ResumableCallHostTrap, Store, StoreContextMut, StoreLimits, StoreLimitsBuilder, TrapCode,
    Val,
};

/// Frames of a program, its entry point's included. Nitro on x86-64 runs machine code on a stack of 1 MiB, of which a
/// frame with one parameter or local takes 64 bytes, and the way in takes some more. Frames with more of them take more
/// there: what calls itself between half as deep and as deep as this may still run here. From ArbOS 50 on, programs
/// meet the metered limit long before this one, unless the chain's owner raises it.
const MAX_RECURSION: usize = 16_380;

/// Bytes of operand stack: more than these frames take with the words that the chain allows.
const MAX_STACK_BYTES: usize = 64 << 20;

/// Fuel of a slice, about the number of its operators.
const SLICE: u64 = 4_096;

/// Bytes in a page of linear memory.
const PAGE_BYTES: usize = 65_536;

/// How a program uses the native stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// It leaves it after some thousand operators, and goes on where it was. Optimised, wasmi goes from one operator to
    /// the next by a call at the end of a function. Compilers turn most of these into jumps, none that checks debug
    /// assertions, and nobody says which: each that stays a call takes from the stack.
    Slices,
    /// It runs until it ends or asks for something: for builds that are known to make jumps of all.
    Whole,
}

/// wasmi with the features and limits of Stylus, and a host's imports.
pub(crate) struct WasmiEngine<H: Host> {
    linker: Linker<Data<H>>,
    pace: Pace,
}

/// What a store carries: the imports' state, and where to find the program's own.
pub(crate) struct Data<H> {
    host: H,
    exports: Option<Exports>,
    limits: StoreLimits,
}

/// What every instrumented program has.
#[derive(Clone, Copy)]
struct Exports {
    memory: Memory,
    ink_left: Global,
    ink_status: Global,
    stack_left: Global,
}

/// Why an import did not return to the program.
enum Interrupt<R> {
    Stopped,
    Called(R, Vec<Value>),
}

impl<R> fmt::Debug for Interrupt<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<R> fmt::Display for Interrupt<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the program waits for its host")
    }
}

impl<R: Send + Sync + 'static> HostError for Interrupt<R> {}

impl<H: Host> WasmiEngine<H> {
    /// An engine whose programs may import what `H` offers. Of two imports with the same name, the last counts.
    pub(crate) fn new(pace: Pace) -> Self {
        let engine = wasmi::Engine::new(&config(pace));
        let mut linker = Linker::new(&engine);
        linker.allow_shadowing(true);
        for import in H::imports() {
            define(&mut linker, import);
        }
        Self { linker, pace }
    }
}

/// MVP with the proposals that Stylus allows. The module was validated against the narrower rules of activation before.
fn config(pace: Pace) -> Config {
    let mut config = Config::default();
    match pace {
        // What compiles later is paid with fuel, and not tried again when that is used up.
        Pace::Slices => config.consume_fuel(true).compilation_mode(CompilationMode::Eager),
        Pace::Whole => config.compilation_mode(CompilationMode::LazyTranslation),
    };
    config
        .set_max_recursion_depth(MAX_RECURSION)
        .set_max_stack_height(MAX_STACK_BYTES)
        .wasm_mutable_global(true)
        .wasm_sign_extension(true)
        .wasm_saturating_float_to_int(true)
        .wasm_bulk_memory(true)
        .wasm_multi_value(true)
        .floats(true)
        .wasm_multi_memory(false)
        .wasm_reference_types(false)
        .wasm_tail_call(false)
        .wasm_extended_const(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false)
        .allow_start_fn(false);
    config
}

/// Makes one import known to the linker.
fn define<H: Host>(linker: &mut Linker<Data<H>>, import: Import<H>) {
    let ty = FuncType::new(import.params.iter().copied().map(wasm_type), import.results.iter().copied().map(wasm_type));
    let handler = import.handler;
    // The linker only refuses names that it has, unless they may be shadowed.
    let _ = linker.func_new(import.module, import.name, ty, move |mut caller: Caller<'_, Data<H>>, params, results| {
        let arguments: Vec<Value> = params.iter().map(value).collect();
        match &handler {
            Handler::Deferred(request) => Err(Error::host(Interrupt::Called(*request, arguments))),
            Handler::Immediate(answer) => match answer(&mut View(caller.as_context_mut()), &arguments) {
                Ok(result) => {
                    for (slot, result) in results.iter_mut().zip(result) {
                        *slot = wasm_value(result);
                    }
                    Ok(())
                }
                Err(Stop) => Err(Error::host(Interrupt::<H::Request>::Stopped)),
            },
        }
    });
}

impl<H: Host> Engine<H> for WasmiEngine<H> {
    type Module = Module;
    type Instance = WasmiInstance<H>;

    fn compile(&self, wasm: &[u8]) -> Result<Module, EngineError> {
        Module::new(self.linker.engine(), wasm).map_err(|error| EngineError(error.to_string()))
    }

    fn instantiate(&self, module: &Module, host: H, limits: Limits) -> Result<WasmiInstance<H>, EngineError> {
        let memory_size = usize::from(MAX_PAGES).saturating_mul(PAGE_BYTES);
        let store_limits = StoreLimitsBuilder::new().memory_size(memory_size).build();
        let mut store = Store::new(self.linker.engine(), Data { host, exports: None, limits: store_limits });
        store.limiter(|data| &mut data.limits);
        let instance =
            self.linker.instantiate_and_start(&mut store, module).map_err(|error| EngineError(error.to_string()))?;
        let export = |name: &str| {
            instance.get_export(&store, name).ok_or_else(|| EngineError(format!("the program lacks {name}")))
        };
        let global =
            |name: &str| export(name)?.into_global().ok_or_else(|| EngineError(format!("{name} is not a global")));
        let exports = Exports {
            memory: export("memory")?.into_memory().ok_or_else(|| EngineError("memory is not a memory".into()))?,
            ink_left: global("stylus_ink_left")?,
            ink_status: global("stylus_ink_status")?,
            stack_left: global("stylus_stack_left")?,
        };
        let entrypoint = export("user_entrypoint")
            .map(Extern::into_func)?
            .ok_or_else(|| EngineError("user_entrypoint is not a function".into()))?;
        store.data_mut().exports = Some(exports);
        let mut instance = WasmiInstance { store, entrypoint, suspended: None, pace: self.pace };
        instance.set_ink(limits.ink);
        set(&mut instance.store, exports.stack_left, Val::I32(limits.stack_words.cast_signed()));
        Ok(instance)
    }
}

/// A program with its memory, and its operand stack while it waits.
pub(crate) struct WasmiInstance<H: Host> {
    store: Store<Data<H>>,
    entrypoint: Func,
    suspended: Option<ResumableCallHostTrap>,
    pace: Pace,
}

impl<H: Host> WasmiInstance<H> {
    /// Fuel for a slice, and for an operator that needs more.
    fn refuel(&mut self, required: u64) -> Result<(), Error> {
        match self.pace {
            Pace::Slices => self.store.set_fuel(required.max(SLICE)),
            Pace::Whole => Ok(()),
        }
    }

    /// Goes on with a program that used up its slice, and says what a step of it means for the machine.
    fn exit(&mut self, mut step: Result<ResumableCall, Error>, status: &mut [Val; 1]) -> Exit<H::Request> {
        while let Ok(ResumableCall::OutOfFuel(paused)) = step {
            step = self.refuel(paused.required_fuel()).and_then(|()| paused.resume(&mut self.store, status));
        }
        match step {
            Ok(ResumableCall::Finished) => match &status[0] {
                Val::I32(status) => Exit::Returned(status.cast_unsigned()),
                _ => Exit::Trapped,
            },
            Ok(ResumableCall::HostTrap(trap)) => match trap.host_error().downcast_ref::<Interrupt<H::Request>>() {
                Some(Interrupt::Called(request, arguments)) => {
                    let exit = Exit::Called(*request, arguments.clone());
                    self.suspended = Some(trap);
                    exit
                }
                Some(Interrupt::Stopped) | None => Exit::Stopped,
            },
            Err(error) if error.as_trap_code() == Some(TrapCode::StackOverflow) => Exit::StackOverflow,
            Ok(ResumableCall::OutOfFuel(_)) | Err(_) => Exit::Trapped,
        }
    }

    fn view(&mut self) -> View<'_, H> {
        View(self.store.as_context_mut())
    }

    /// The value of one of the metering's globals.
    fn global(&self, select: impl Fn(&Exports) -> Global) -> Option<Val> {
        let exports = self.store.data().exports.as_ref()?;
        Some(select(exports).get(&self.store))
    }
}

impl<H: Host> Instance<H> for WasmiInstance<H> {
    fn start(&mut self, args_length: u32) -> Exit<H::Request> {
        let mut status = [Val::I32(0)];
        let arguments = [Val::I32(args_length.cast_signed())];
        let step =
            self.refuel(SLICE).and_then(|()| self.entrypoint.call_resumable(&mut self.store, &arguments, &mut status));
        self.exit(step, &mut status)
    }

    fn resume(&mut self, result: Option<Value>) -> Exit<H::Request> {
        let Some(suspended) = self.suspended.take() else { return Exit::Trapped };
        let mut status = [Val::I32(0)];
        let result = result.map(wasm_value);
        let step = self.refuel(SLICE).and_then(|()| suspended.resume(&mut self.store, result.as_slice(), &mut status));
        self.exit(step, &mut status)
    }

    fn is_out_of_ink(&self) -> bool {
        !matches!(self.global(|exports| exports.ink_status), Some(Val::I32(0)))
    }

    fn is_out_of_stack(&self) -> bool {
        matches!(self.global(|exports| exports.stack_left), Some(Val::I32(0)))
    }
}

impl<H: Host> Guest<H> for WasmiInstance<H> {
    fn memory(&self) -> &[u8] {
        memory(&self.store)
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        match self.store.data().exports {
            Some(exports) => exports.memory.data_mut(&mut self.store),
            None => &mut [],
        }
    }

    fn ink(&self) -> u64 {
        ink(&self.store)
    }

    fn set_ink(&mut self, ink: u64) {
        self.view().set_ink(ink);
    }

    fn exhaust(&mut self) {
        self.view().exhaust();
    }

    fn host(&self) -> &H {
        &self.store.data().host
    }

    fn host_mut(&mut self) -> &mut H {
        &mut self.store.data_mut().host
    }
}

/// A program while it runs: what an immediate import gets.
struct View<'a, H: Host>(StoreContextMut<'a, Data<H>>);

impl<H: Host> Guest<H> for View<'_, H> {
    fn memory(&self) -> &[u8] {
        memory(&self.0)
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        match self.0.data().exports {
            Some(exports) => exports.memory.data_mut(&mut self.0),
            None => &mut [],
        }
    }

    fn ink(&self) -> u64 {
        ink(&self.0)
    }

    fn set_ink(&mut self, ink: u64) {
        if let Some(exports) = self.0.data().exports {
            set(&mut self.0, exports.ink_left, Val::I64(ink.cast_signed()));
        }
    }

    fn exhaust(&mut self) {
        self.set_ink(0);
        if let Some(exports) = self.0.data().exports {
            set(&mut self.0, exports.ink_status, Val::I32(1));
        }
    }

    fn host(&self) -> &H {
        &self.0.data().host
    }

    fn host_mut(&mut self) -> &mut H {
        &mut self.0.data_mut().host
    }
}

/// The linear memory of the store's program.
fn memory<H: Host>(store: &impl AsContext<Data = Data<H>>) -> &[u8] {
    let context = store.as_context();
    match context.data().exports {
        Some(exports) => exports.memory.data(context),
        None => &[],
    }
}

/// The ink that the store's program has left.
fn ink<H: Host>(store: &impl AsContext<Data = Data<H>>) -> u64 {
    let context = store.as_context();
    match context.data().exports.map(|exports| exports.ink_left.get(context)) {
        Some(Val::I64(ink)) => ink.cast_unsigned(),
        _ => 0,
    }
}

/// Sets a global of the metering. It is mutable and of this type by construction; were it not, the program would keep
/// its value and run out of ink, because globals start at zero.
fn set(store: impl AsContextMut, global: Global, value: Val) {
    let _ = global.set(store, value);
}

fn wasm_type(ty: ValType) -> wasmi::ValType {
    match ty {
        ValType::I32 => wasmi::ValType::I32,
        ValType::I64 => wasmi::ValType::I64,
        ValType::F32 => wasmi::ValType::F32,
        ValType::F64 => wasmi::ValType::F64,
    }
}

fn wasm_value(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value.cast_signed()),
        Value::I64(value) => Val::I64(value.cast_signed()),
        Value::F32(bits) => Val::F32(wasmi::F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(wasmi::F64::from_bits(bits)),
    }
}

/// Signatures hold numbers only, so that anything else cannot arrive here; it would read as zero.
fn value(value: &Val) -> Value {
    match value {
        Val::I32(value) => Value::I32(value.cast_unsigned()),
        Val::I64(value) => Value::I64(value.cast_unsigned()),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        _ => Value::I32(0),
    }
}
