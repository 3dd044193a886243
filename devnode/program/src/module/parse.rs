//! Reading a module.

use wasmparser::{CustomSectionReader, FunctionBody, KnownCustom, Name, Parser, Payload, WasmFeatures};

use super::{Body, Module, ModuleError};

impl<'a> Module<'a> {
    /// Reads a module of function types only, accepting the encodings of `features`. Checks the binary format, but not
    /// validity.
    pub(crate) fn parse(wasm: &'a [u8], features: WasmFeatures) -> Result<Self, ModuleError> {
        let mut module = Self::default();
        let mut parser = Parser::new(0);
        parser.set_features(features);
        for payload in parser.parse_all(wasm) {
            module.read(payload?)?;
        }
        if module.bodies.len() != module.functions.len() {
            return Err(ModuleError("function and code section have inconsistent lengths".into()));
        }
        Ok(module)
    }

    fn read(&mut self, payload: Payload<'a>) -> Result<(), ModuleError> {
        match payload {
            Payload::TypeSection(types) => self.types = types.into_iter_err_on_gc_types().collect::<Result<_, _>>()?,
            Payload::ImportSection(imports) => self.imports = imports.into_iter().collect::<Result<_, _>>()?,
            Payload::FunctionSection(functions) => self.functions = functions.into_iter().collect::<Result<_, _>>()?,
            Payload::TableSection(tables) => self.tables = tables.into_iter().collect::<Result<_, _>>()?,
            Payload::MemorySection(memories) => self.memories = memories.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(globals) => self.globals = globals.into_iter().collect::<Result<_, _>>()?,
            Payload::ExportSection(exports) => self.exports = exports.into_iter().collect::<Result<_, _>>()?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(elements) => self.elements = elements.into_iter().collect::<Result<_, _>>()?,
            Payload::DataSection(data) => self.data = data.into_iter().collect::<Result<_, _>>()?,
            Payload::CustomSection(section) => match module_name(&section) {
                Ok(name) => self.name = name.or(self.name),
                Err(flaw) => self.flaw = Some(flaw),
            },
            Payload::CodeSectionEntry(body) => self.bodies.push(read_body(&body)?),
            // The counts of what follows, and what costs nothing and does nothing.
            Payload::Version { encoding: wasmparser::Encoding::Module, .. }
            | Payload::CodeSectionStart { .. }
            | Payload::End(_) => {}
            Payload::DataCountSection { .. } => {
                self.flaw = Some(ModuleError("unsupported section type DataCountSection".into()));
            }
            _ => return Err(ModuleError("not a module of the sections that Stylus knows".into())),
        }
        Ok(())
    }
}

fn read_body<'a>(body: &FunctionBody<'a>) -> Result<Body<'a>, ModuleError> {
    let locals = body.get_locals_reader()?.into_iter().collect::<Result<_, _>>()?;
    let operators = body.get_operators_reader()?.into_iter().collect::<Result<_, _>>()?;
    Ok(Body { locals, operators })
}

/// The module's name, if this is the section of names and has one. The names of functions are read to the end: what is
/// wrong with them is wrong with the module.
fn module_name<'a>(section: &CustomSectionReader<'a>) -> Result<Option<&'a str>, ModuleError> {
    let KnownCustom::Name(names) = section.as_known() else { return Ok(None) };
    let mut found = None;
    for name in names {
        match name? {
            Name::Module { name, .. } => found = Some(name),
            Name::Function(functions) => functions.into_iter().try_for_each(|naming| naming.map(|_| ()))?,
            _ => {}
        }
    }
    Ok(found)
}
