//! What activation costs, and what the program will cost to start.

use super::{ActivationError, ProgramInfo};
use crate::module::{Module, length, range_length};
use crate::params::arbos_versions;

/// Gas per microsecond of compilation: the charges below are measured times.
const GAS_PER_MICROSECOND: u64 = 28;

/// The sizes that costs are computed from. Read before the metering pass changes the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Bytes of the binary.
    wasm: u64,
    /// Local functions.
    functions: u64,
    /// Parameters and results of the local functions.
    type_slots: u64,
    /// Globals.
    globals: u64,
    /// Bytes of the data segments' payloads.
    data_payload: u64,
    /// Bytes of the data segments, headers included.
    data: u64,
    /// Bytes of the element segments, headers included.
    elements: u64,
    /// Initial pages of memory.
    pages: u64,
}

impl Sizes {
    pub(super) fn of(module: &Module<'_>, wasm: &[u8]) -> Self {
        let types = module.functions.iter().filter_map(|type_index| module.func_type(*type_index));
        Self {
            wasm: length(wasm.len()),
            functions: length(module.functions.len()),
            type_slots: types.map(|ty| length(ty.params().len()) + length(ty.results().len())).sum(),
            globals: length(module.globals.len()),
            data_payload: module.data.iter().map(|segment| length(segment.data.len())).sum(),
            data: module.data.iter().map(|segment| range_length(&segment.range)).sum(),
            elements: module.elements.iter().map(|segment| range_length(&segment.range)).sum(),
            pages: module.memories.iter().map(|memory| memory.initial).sum(),
        }
    }
}

/// Takes the gas for activating a module of these `sizes` from `gas`, one part after the other. `operators` counts the
/// operators after metering.
///
/// # Errors
/// [`ActivationError::OutOfGas`]; the parts that were paid stay paid.
pub(super) fn charge(sizes: &Sizes, operators: u64, arbos_version: u64, gas: &mut u64) -> Result<(), ActivationError> {
    let wasm = if arbos_version >= arbos_versions::CHARGING_FIXES { sizes.wasm * 31_733 / 100_000 } else { 0 };
    let microseconds = [
        wasm,
        sizes.functions * 17_263 / 100_000,
        sizes.data_payload * 17_376 / 100_000,
        sizes.elements * 17_376 / 100_000,
        sizes.pages * 2_217,
        operators * 535 / 1_000,
    ];
    for part in microseconds {
        *gas = gas.checked_sub(part * GAS_PER_MICROSECOND).ok_or(ActivationError::OutOfGas)?;
    }
    Ok(())
}

/// What a program of these `sizes` will cost to start, with the `metering_globals` that the metering pass added. Every
/// product is divided, rounding down, before it is added.
///
/// # Errors
/// [`ActivationError::CostTooHigh`] if an estimate does not fit in its field.
pub(super) fn estimate(
    sizes: &Sizes,
    metering_globals: u64,
    stylus_version: u16,
) -> Result<ProgramInfo, ActivationError> {
    let Sizes { wasm, functions, type_slots, data, elements, pages, .. } = *sizes;
    let globals = sizes.globals + metering_globals;

    let cached_init = functions * 13_420 / 100_000
        + type_slots * 89 / 100_000
        + wasm * 122 / 100_000
        + globals * 1_628 / 1_000
        + (data + elements) * 75_244 / 100_000
        + pages * 5;
    let compile = functions * 8_252 / 1_000 + type_slots * 1_059 / 1_000 + wasm * 1_286 / 10_000;
    let init = if stylus_version == 1 { compile + cached_init } else { compile };
    let asm = 512_000 + functions * 996_829 / 1_000 + type_slots * 11_416 / 1_000 + wasm * 62_628 / 10_000;

    Ok(ProgramInfo {
        init_cost: fit("init", init)?,
        cached_init_cost: fit("cached init", cached_init)?,
        footprint: fit("memory", pages)?,
        asm_estimate: fit("asm", asm)?,
    })
}

fn fit<T: TryFrom<u64>>(what: &'static str, cost: u64) -> Result<T, ActivationError> {
    T::try_from(cost).map_err(|_| ActivationError::CostTooHigh(what, cost))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SDK's ERC-20 example: 3 globals of its own.
    const ERC20: Sizes = Sizes {
        wasm: 39_336,
        functions: 113,
        type_slots: 314,
        globals: 3,
        data_payload: 0,
        data: 2_099,
        elements: 0,
        pages: 1,
    };

    #[test]
    fn erc20_is_estimated_as_known() {
        let info = estimate(&ERC20, 4, 2).unwrap();
        // cached: 15 + 0 + 47 + 11 + 1579 + 5; init: 932 + 332 + 5058; asm: 512,000 + 112,641 + 3,584 + 246,353.
        assert_eq!(
            info,
            ProgramInfo { init_cost: 6_322, cached_init_cost: 1_657, footprint: 1, asm_estimate: 874_578 }
        );
        assert_eq!(estimate(&ERC20, 4, 1).unwrap().init_cost, 6_322 + 1_657);
    }

    #[test]
    fn estimates_that_do_not_fit_are_refused() {
        // 8.252 * 8000 = 66,016 > 65,535.
        let sizes = Sizes { functions: 8_000, ..ERC20 };
        assert!(matches!(estimate(&sizes, 4, 2), Err(ActivationError::CostTooHigh("init", _))));
    }

    #[test]
    fn each_part_is_charged() {
        let sizes = Sizes {
            wasm: 1_000,
            functions: 100,
            type_slots: 0,
            globals: 0,
            data_payload: 1_000,
            data: 1_010,
            elements: 500,
            pages: 2,
        };
        // Microseconds: 317 + 17 + 173 + 86 + 4434 + 1070 = 6097, times 28.
        let mut gas = 1_000_000;
        assert_eq!(charge(&sizes, 2_000, 51, &mut gas), Ok(()));
        assert_eq!(1_000_000 - gas, 170_716);
        // Without the length before ArbOS 32.
        let mut gas = 1_000_000;
        assert_eq!(charge(&sizes, 2_000, 31, &mut gas), Ok(()));
        assert_eq!(1_000_000 - gas, 170_716 - 317 * 28);
    }

    #[test]
    fn charging_stops_where_the_gas_does() {
        // The length (12,482 us) can be paid, the functions (19 us) cannot.
        let mut gas = 12_482 * 28 + 19 * 28 - 1;
        assert_eq!(charge(&ERC20, 0, 51, &mut gas), Err(ActivationError::OutOfGas));
        assert_eq!(gas, 19 * 28 - 1);
    }
}
