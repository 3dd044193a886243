//! How large the programs are, and how large they may be.

use super::Program;
use eyre::{Result, ensure};
use std::fmt::Write;

/// Sizes that a program must not exceed, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// The deployed code: prefix and compressed module.
    pub code: usize,
    /// The module before compression.
    pub module: usize,
}

/// What every program must fit. The chain's own limits are 24,576 bytes of code (EIP-170) and 131,072 bytes of module;
/// the difference is room for a fix.
pub const SIZE_BUDGET: Budget = Budget { code: 22_000, module: 110_000 };

/// A table of the programs' sizes.
pub fn size_table(programs: &[Program]) -> String {
    let mut table = format!("{:<22} {:>12} {:>12} {:>10}\n", "program", "module", "deployed", "of budget");
    for program in programs {
        let percent = program.code.len() * 100 / SIZE_BUDGET.code;
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:<22} {:>10} B {:>10} B {percent:>8} %",
            program.name,
            program.module_size,
            program.code.len()
        );
    }
    table
}

/// # Errors
/// If a program exceeds its budget.
pub fn check_sizes(programs: &[Program]) -> Result<()> {
    for Program { name, code, module_size } in programs {
        ensure!(
            code.len() <= SIZE_BUDGET.code,
            "{name} deploys {} bytes, its budget is {}",
            code.len(),
            SIZE_BUDGET.code
        );
        ensure!(
            *module_size <= SIZE_BUDGET.module,
            "{name} is {module_size} bytes before compression, its budget is {}",
            SIZE_BUDGET.module
        );
    }
    Ok(())
}
