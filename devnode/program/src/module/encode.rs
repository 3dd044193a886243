//! Writing a module.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder as Same};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportSection, Function, FunctionSection,
    GlobalSection, ImportSection, MemorySection, Section, StartSection, TableSection, TypeSection,
};
use wasmparser::{Operator, ValType};

use super::{Body, Module, ModuleError};

impl Module<'_> {
    /// The module's binary in canonical form: shortest integers, no empty section, and a data count only where an
    /// operator needs it.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, ModuleError> {
        let mut binary = wasm_encoder::Module::new();
        add(&mut binary, self.types.len(), &self.encode_types()?);
        add(&mut binary, self.imports.len(), &self.encode_imports()?);
        add(&mut binary, self.functions.len(), &self.encode_functions());
        add(&mut binary, self.tables.len(), &self.encode_tables()?);
        add(&mut binary, self.memories.len(), &self.encode_memories());
        add(&mut binary, self.globals.len(), &self.encode_globals()?);
        add(&mut binary, self.exports.len(), &self.encode_exports());
        if let Some(function_index) = self.start {
            binary.section(&StartSection { function_index });
        }
        add(&mut binary, self.elements.len(), &self.encode_elements()?);
        if self.needs_data_count() {
            let count = u32::try_from(self.data.len()).unwrap_or(u32::MAX);
            binary.section(&DataCountSection { count });
        }
        add(&mut binary, self.bodies.len(), &self.encode_code()?);
        add(&mut binary, self.data.len(), &self.encode_data()?);
        Ok(binary.finish())
    }

    fn encode_types(&self) -> Result<TypeSection, ModuleError> {
        let mut section = TypeSection::new();
        for ty in &self.types {
            section.ty().func_type(&Same.func_type(ty.clone())?);
        }
        Ok(section)
    }

    fn encode_imports(&self) -> Result<ImportSection, ModuleError> {
        let mut section = ImportSection::new();
        for import in &self.imports {
            section.import(import.module, import.name, Same.entity_type(import.ty)?);
        }
        Ok(section)
    }

    fn encode_functions(&self) -> FunctionSection {
        let mut section = FunctionSection::new();
        for type_index in &self.functions {
            section.function(*type_index);
        }
        section
    }

    fn encode_tables(&self) -> Result<TableSection, ModuleError> {
        let mut section = TableSection::new();
        for table in &self.tables {
            Same.parse_table(&mut section, table.clone())?;
        }
        Ok(section)
    }

    fn encode_memories(&self) -> MemorySection {
        let mut section = MemorySection::new();
        for memory in &self.memories {
            section.memory(Same.memory_type(*memory));
        }
        section
    }

    fn encode_globals(&self) -> Result<GlobalSection, ModuleError> {
        let mut section = GlobalSection::new();
        for global in &self.globals {
            Same.parse_global(&mut section, global.clone())?;
        }
        Ok(section)
    }

    fn encode_exports(&self) -> ExportSection {
        let mut section = ExportSection::new();
        for export in &self.exports {
            Same.parse_export(&mut section, *export);
        }
        section
    }

    fn encode_elements(&self) -> Result<ElementSection, ModuleError> {
        let mut section = ElementSection::new();
        for element in &self.elements {
            Same.parse_element(&mut section, element.clone())?;
        }
        Ok(section)
    }

    fn encode_code(&self) -> Result<CodeSection, ModuleError> {
        let mut section = CodeSection::new();
        for body in &self.bodies {
            section.function(&body.encode()?);
        }
        Ok(section)
    }

    fn encode_data(&self) -> Result<DataSection, ModuleError> {
        let mut section = DataSection::new();
        for data in &self.data {
            Same.parse_data(&mut section, data.clone())?;
        }
        Ok(section)
    }

    fn needs_data_count(&self) -> bool {
        let mut operators = self.bodies.iter().flat_map(|body| &body.operators);
        operators.any(|operator| matches!(operator, Operator::MemoryInit { .. } | Operator::DataDrop { .. }))
    }
}

impl Body<'_> {
    fn encode(&self) -> Result<Function, ModuleError> {
        let mut locals = Vec::new();
        for (count, ty) in merge_runs(&self.locals) {
            locals.push((count, Same.val_type(ty)?));
        }
        let mut function = Function::new(locals);
        for operator in &self.operators {
            function.instruction(&Same.instruction(operator.clone())?);
        }
        Ok(function)
    }
}

/// Adjacent runs of one type as one run, empty runs left out: their shortest declaration.
fn merge_runs(locals: &[(u32, ValType)]) -> Vec<(u32, ValType)> {
    let mut runs: Vec<(u32, ValType)> = Vec::new();
    for (count, ty) in locals.iter().filter(|(count, _)| *count > 0) {
        match runs.last_mut() {
            Some((total, last)) if last == ty && total.checked_add(*count).is_some() => *total += count,
            _ => runs.push((*count, *ty)),
        }
    }
    runs
}

fn add(binary: &mut wasm_encoder::Module, items: usize, section: &impl Section) {
    if items > 0 {
        binary.section(section);
    }
}
