//! What a module spends its bytes on.

use wasmparser::{KnownCustom, Name, Parser, Payload, WasmFeatures};

use crate::module::{Module, ModuleError};
use crate::process::{ProcessError, process};
use crate::zeros::leave_out_zeros;

/// A function of the module's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name, as the linker has it, if the module says.
    pub name: Option<String>,
    /// What it takes in the code section, its length included.
    pub bytes: usize,
}

/// The bytes of a module as it is deployed, before compression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// In the order of the module.
    pub functions: Vec<Function>,
    /// The code section: the functions and their number.
    pub code: usize,
    /// The data section: what memory begins with.
    pub data: usize,
    /// All of it: these two, the other sections, and the headers.
    pub total: usize,
}

/// What the deployed form of `linked` consists of. Its names are in the linker's output only, and processing leaves the
/// functions in their order.
///
/// # Errors
/// [`ProcessError::Malformed`].
pub fn contents(linked: &[u8]) -> Result<Contents, ProcessError> {
    let names = names(linked)?;
    let imports = Module::parse(linked, WasmFeatures::default())?.imports.len();
    let module = leave_out_zeros(&process(linked)?)?;
    let mut contents = Contents { total: module.len(), ..Contents::default() };
    for payload in Parser::new(0).parse_all(&module) {
        match payload.map_err(ModuleError::from)? {
            Payload::CodeSectionStart { range, .. } => contents.code = range.len(),
            Payload::DataSection(data) => contents.data = data.range().len(),
            Payload::CodeSectionEntry(body) => {
                let index = u32::try_from(imports + contents.functions.len()).ok();
                let name = names.iter().find(|(named, _)| Some(*named) == index).map(|(_, name)| name.clone());
                let length = body.range().len();
                contents.functions.push(Function { name, bytes: length + length_of_length(length) });
            }
            _ => {}
        }
    }
    Ok(contents)
}

/// The names of functions, by their index.
fn names(linked: &[u8]) -> Result<Vec<(u32, String)>, ModuleError> {
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(linked) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            let Name::Function(named) = subsection? else { continue };
            for naming in named {
                let naming = naming?;
                functions.push((naming.index, naming.name.to_owned()));
            }
        }
    }
    Ok(functions)
}

/// How many bytes a length takes: seven bits each.
fn length_of_length(length: usize) -> usize {
    let bits = usize::BITS - length.leading_zeros();
    usize::try_from(bits.div_ceil(7).max(1)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Functions of one byte of length, and of two; the linker's output has names, an import before them, and zeros.
    fn module(names: &str) -> Vec<u8> {
        let long = "(drop (i32.const 0))".repeat(100);
        wat::parse_str(format!(
            r#"(module {names}
                (import "vm_hooks" "msg_reentrant" (func $hook (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 0) "abc{}d")
                (func $first) (func $second {long}) (func $third (drop (call $hook))))"#,
            "\\00".repeat(100)
        ))
        .unwrap()
    }

    #[test]
    fn the_functions_and_their_number_are_the_code_section() {
        let contents = contents(&module("$named")).unwrap();
        let functions: usize = contents.functions.iter().map(|function| function.bytes).sum();
        assert_eq!(functions + 1, contents.code);
        // No locals and the end are two bytes; three of each drop; a call of two bytes and a drop.
        let sizes: Vec<_> = contents.functions.iter().map(|function| function.bytes).collect();
        assert_eq!(sizes, [3, 304, 6]);
        assert!(contents.code + contents.data < contents.total);
    }

    #[test]
    fn functions_have_the_names_of_the_linker_and_data_no_zeros() {
        let contents = contents(&module("$named")).unwrap();
        let names: Vec<_> = contents.functions.iter().filter_map(|function| function.name.as_deref()).collect();
        assert_eq!(names, ["first", "second", "third"]);
        assert!(contents.data < 30);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(matches!(super::contents(b"no module"), Err(ProcessError::Malformed(_))));
    }
}
