//! From what a linker emits to what a chain accepts.

use thiserror::Error;
use wasmparser::WasmFeatures;

use crate::module::{Module, ModuleError};

/// Why a WASM file cannot be brought into the accepted form.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// It is not a module that this crate can read; the text says where.
    #[error("failed to read the WASM file: {0}")]
    Malformed(String),
}

impl From<ModuleError> for ProcessError {
    fn from(error: ModuleError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// `wasm` in canonical form and without custom sections, as cargo-stylus has it before compressing.
///
/// Linkers pad indices to five bytes, for relocation; a chain requires at least the table indices in one byte.
/// Operators keep their number and order. Two things that cargo-stylus may do are left out: `wasm-opt`, which is
/// optional, and a custom section `project_hash` of 32 bytes, which makes its file about 45 bytes longer and changes
/// the code hash.
///
/// # Errors
/// [`ProcessError::Malformed`]. The module is read, not validated: that is the chain's part.
pub fn process(wasm: &[u8]) -> Result<Vec<u8>, ProcessError> {
    Ok(Module::parse(wasm, WasmFeatures::default())?.encode()?)
}
