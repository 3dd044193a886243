//! Why a program is refused.

use thiserror::Error;

use crate::module::ModuleError;

/// Why a WASM module cannot be activated. A chain reports it as "program activation failed: " and this text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActivationError {
    /// Not valid WASM of the accepted features; the text is the validator's.
    #[error("failed to validate: {0}")]
    Invalid(String),
    /// Something other than a function is imported.
    #[error("unsupported import kind: {0}.{1} is not a function")]
    ImportKind(String, String),
    /// The chain has no such host I/O.
    #[error("missing import {0}.{1}")]
    UnknownImport(String, String),
    /// The chain's host I/O has another signature.
    #[error("wrong type for import {0}.{1}")]
    ImportType(String, String),
    /// An export that a program must have is missing.
    #[error("missing export with name \"{0}\"")]
    MissingExport(&'static str),
    /// An export that a program must have is not what it must be.
    #[error("export {0} must be {1}")]
    ExportType(&'static str, &'static str),
    /// A host I/O is imported twice, under two types that only look alike.
    #[error("inconsistent imports for {0} {1}")]
    InconsistentImports(String, String),
    /// An export's name, or its part after the last double underscore, begins like those that metering adds.
    #[error("binary exports reserved symbol {0}")]
    ReservedExport(String),
    /// An export has the name of an import.
    #[error("binary exports an import with the same name {0}")]
    ExportsImport(String),
    /// The memory could grow and nobody would pay for it.
    #[error("missing import vm_hooks.pay_for_memory_grow")]
    MissingPayForMemoryGrow,
    /// The module runs code when instantiated.
    #[error("wasm start functions not allowed")]
    StartFunction,
    /// The memory does not fit in what the chain or the transaction has left.
    #[error("memory of {pages} pages exceeds the limit of {limit}")]
    MemoryLimit {
        /// Initial pages.
        pages: u64,
        /// Pages allowed.
        limit: u64,
    },
    /// A table of something other than functions, or a segment of something other than function indices.
    #[error("unsupported table or element type")]
    ElementType,
    /// A segment's offset is not a constant.
    #[error("segment offset must be an i32 constant")]
    SegmentOffset,
    /// A segment does not fit in its table or in the initial memory.
    #[error("{0} segment out of bounds")]
    SegmentBounds(&'static str),
    /// A count is above its limit.
    #[error("too many {what}: {count} > {limit}")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// How many there may be.
        limit: u64,
    },
    /// The name of the module or of an export is longer than 512 bytes.
    #[error("name of {0} bytes is too long")]
    NameTooLong(usize),
    /// An operator that computes with floats.
    #[error("No implementation for floating point operation {0}")]
    FloatOperator(String),
    /// An operator of an accepted feature that programs may not use.
    #[error("unsupported operator {0}")]
    UnsupportedOperator(String),
    /// A cost estimate does not fit in its field of 16 bits.
    #[error("{0} cost of {1} is too high")]
    CostTooHigh(&'static str, u64),
    /// The gas does not cover activation.
    #[error("out of gas")]
    OutOfGas,
}

impl From<ModuleError> for ActivationError {
    fn from(error: ModuleError) -> Self {
        Self::Invalid(error.to_string())
    }
}
