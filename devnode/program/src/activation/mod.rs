//! Activation: the one time that a program is checked, metered and priced.

mod costs;

pub use crate::error::ActivationError;
pub use crate::rules::ActivationRules;

use crate::instrument::meter_module;
use crate::module::Module;
use crate::validate;

/// What is stored about an active program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProgramInfo {
    /// Cost of compiling and instantiating it, for [`start_cost`](crate::start_cost).
    pub init_cost: u16,
    /// Cost of instantiating it.
    pub cached_init_cost: u16,
    /// Pages of memory that it starts with.
    pub footprint: u16,
    /// Bytes that its compiled form is taken to have. Stored in KiB, rounded up.
    pub asm_estimate: u32,
}

/// An activated program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activated {
    /// The metered module, for the engine.
    pub module: Vec<u8>,
    /// What is stored about the program.
    pub info: ProgramInfo,
}

/// Activates `wasm` (as [`decompress`](crate::format::decompress) returns it) and takes the gas for it from `gas`: by
/// the module's length (from ArbOS 32), functions, data, elements, memory and metered operators, in this order.
///
/// # Errors
/// An [`ActivationError`]. `gas` keeps what the parts before the failure left. On a chain every failure here consumes
/// all gas: that is the caller's part.
pub fn activate(wasm: &[u8], rules: &ActivationRules, gas: &mut u64) -> Result<Activated, ActivationError> {
    let mut module = validate::read(wasm, rules)?;
    let sizes = costs::Sizes::of(&module, wasm);
    let metered = meter_module(&mut module, rules)?;
    let info = costs::estimate(&sizes, metered.globals, rules.stylus_version)?;
    costs::charge(&sizes, metered.operators, rules.arbos_version, gas)?;
    Ok(Activated { module: module.encode()?, info })
}

/// The metered module of a program that was activated before, without charge. An engine that lost the program's
/// compiled form needs it.
///
/// # Errors
/// An [`ActivationError`] if `wasm` would not activate under `rules`, out of gas aside.
pub fn instrument(wasm: &[u8], rules: &ActivationRules) -> Result<Vec<u8>, ActivationError> {
    let mut module: Module<'_> = validate::read(wasm, rules)?;
    meter_module(&mut module, rules)?;
    Ok(module.encode()?)
}
