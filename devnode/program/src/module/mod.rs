//! A WASM module in memory: read once, changed by the metering pass, written back.

mod encode;
mod parse;

use std::ops::Range;

use wasmparser::{
    BinaryReaderError, Data, Element, Export, FuncType, Global, Import, MemoryType, Operator, Table, ValType,
};

/// What went wrong when reading or writing a module, in the parser's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ModuleError(pub(super) String);

impl From<BinaryReaderError> for ModuleError {
    fn from(error: BinaryReaderError) -> Self {
        Self(error.to_string())
    }
}

impl From<wasm_encoder::reencode::Error> for ModuleError {
    fn from(error: wasm_encoder::reencode::Error) -> Self {
        match error {
            wasm_encoder::reencode::Error::ParseError(error) => error.into(),
            error => Self(error.to_string()),
        }
    }
}

/// The sections of a module, without custom sections except for the module's name. Indices are as in the binary:
/// imported functions come first.
#[derive(Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<FuncType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Type index of each local function.
    pub(crate) functions: Vec<u32>,
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<Global<'a>>,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<Element<'a>>,
    pub(crate) data: Vec<Data<'a>>,
    /// One for each local function.
    pub(crate) bodies: Vec<Body<'a>>,
    /// What the section of names calls the module. It is read and not written.
    pub(crate) name: Option<&'a str>,
    /// What Stylus refuses, although it is WASM and can be written again without it.
    pub(crate) flaw: Option<ModuleError>,
}

/// The code of a local function.
pub(crate) struct Body<'a> {
    /// Declared locals in runs of one type; parameters are not among them.
    pub(crate) locals: Vec<(u32, ValType)>,
    /// Operators, up to and including the final `end`.
    pub(crate) operators: Vec<Operator<'a>>,
}

impl Body<'_> {
    /// How many locals are declared.
    pub(crate) fn local_count(&self) -> u64 {
        self.locals.iter().map(|(count, _)| u64::from(*count)).sum()
    }
}

impl Module<'_> {
    /// The type of the function at `index`, imported or local, if both exist.
    pub(crate) fn function_type(&self, index: u32) -> Option<&FuncType> {
        let index = usize::try_from(index).ok()?;
        let type_index = match self.imports.get(index) {
            Some(import) => match import.ty {
                wasmparser::TypeRef::Func(type_index) => type_index,
                _ => return None,
            },
            None => *self.functions.get(index - self.imports.len())?,
        };
        self.func_type(type_index)
    }

    /// The function type at `index`, if it exists.
    pub(crate) fn func_type(&self, index: u32) -> Option<&FuncType> {
        self.types.get(usize::try_from(index).ok()?)
    }
}

/// A length as the unit that costs are computed in.
pub(crate) fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Bytes that a segment takes in the binary, its header included.
pub(crate) fn range_length(range: &Range<usize>) -> u64 {
    length(range.len())
}
