//! Ink per operator.

use wasmparser::Operator;

use crate::activation::ActivationError;
use crate::module::{Module, length};

/// Ink of a `br_table`, besides its targets.
const BR_TABLE: u64 = 2_400;
/// Ink of each target of a `br_table`, the default excluded.
const BR_TABLE_TARGET: u64 = 325;
/// Ink of a `call_indirect`, besides its parameters.
const CALL_INDIRECT: u64 = 13_610;
/// Ink of each parameter of a `call_indirect`.
const CALL_INDIRECT_PARAM: u64 = 650;
/// More ink than anybody has: what moves floats may stand in a program, but not run.
const UNAFFORDABLE: u64 = u64::MAX;

/// Ink that running `operator` once costs, without what depends on its operands.
///
/// # Errors
/// [`ActivationError::FloatOperator`] and [`ActivationError::UnsupportedOperator`] for operators that have no price:
/// their programs cannot be activated.
pub(super) fn price(operator: &Operator<'_>, module: &Module<'_>) -> Result<u64, ActivationError> {
    use Operator::*;
    Ok(match operator {
        Unreachable | Return | Nop | I32Const { .. } | I64Const { .. } | Block { .. } | Loop { .. } | Else | End => 1,
        Drop => 9,
        I32Add | I32Sub | I32And | I32Or | I32Xor | I32Shl | I32ShrS | I32ShrU | I32Rotl | I32Rotr => 70,
        LocalGet { .. } | LocalTee { .. } => 75,
        I64Add | I64Sub | I64And | I64Or | I64Xor | I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr => 100,
        I32WrapI64 | I64ExtendI32S | I64ExtendI32U => 100,
        I32Extend8S | I32Extend16S | I64Extend8S | I64Extend16S | I64Extend32S => 100,
        I32Mul | I64Mul => 160,
        I32Eqz | I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS | I32GeU => 170,
        LocalSet { .. } | I32Clz | I32Ctz | I64Clz | I64Ctz => 210,
        GlobalGet { .. } => 225,
        I64Eqz | I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS | I64GeU => 225,
        GlobalSet { .. } => 575,
        I32Load { .. } | I32Load8S { .. } | I32Load8U { .. } | I32Load16S { .. } | I32Load16U { .. } => 670,
        I64Load { .. } | I64Load8S { .. } | I64Load8U { .. } | I64Load16S { .. } => 680,
        I64Load16U { .. } | I64Load32S { .. } | I64Load32U { .. } => 680,
        Br { .. } | BrIf { .. } | If { .. } => 765,
        I32Store { .. } | I32Store8 { .. } | I32Store16 { .. } => 825,
        I64Store { .. } | I64Store8 { .. } | I64Store16 { .. } | I64Store32 { .. } => 950,
        MemoryCopy { .. } | MemoryFill { .. } => 950,
        I32DivS | I32DivU | I32RemS | I32RemU => 1_120,
        Select => 1_250,
        I64DivS | I64DivU | I64RemS | I64RemU => 1_270,
        BrTable { targets } => BR_TABLE + BR_TABLE_TARGET * u64::from(targets.len()),
        I32Popcnt => 2_650,
        MemorySize { .. } => 3_000,
        Call { .. } => 3_800,
        I64Popcnt => 6_000,
        MemoryGrow { .. } => 8_050,
        CallIndirect { type_index, .. } => {
            let params = module.func_type(*type_index).map_or(0, |ty| length(ty.params().len()));
            CALL_INDIRECT + CALL_INDIRECT_PARAM * params
        }
        F32Const { .. } | F64Const { .. } | F32Load { .. } | F64Load { .. } => UNAFFORDABLE,
        F32Store { .. } | F64Store { .. } => UNAFFORDABLE,
        I32ReinterpretF32 | I64ReinterpretF64 | F32ReinterpretI32 | F64ReinterpretI64 => UNAFFORDABLE,
        _ => return Err(unpriced(operator)),
    })
}

/// Floats come in one error of their own: compilers emit them more often than people expect.
fn unpriced(operator: &Operator<'_>) -> ActivationError {
    let text = format!("{operator:?}");
    let name = text.split(' ').next().unwrap_or_default().to_owned();
    if name.contains("F32") || name.contains("F64") {
        ActivationError::FloatOperator(name)
    } else {
        ActivationError::UnsupportedOperator(name)
    }
}
