//! What it costs to start a program, charged to the callee's gas before anything runs.

use crate::pages;
use crate::params::ProgramParams;

/// The fields of a program's entry that price its start. Activation sets them, see [`crate::activation::ProgramInfo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramCosts {
    /// The Stylus version that the program was activated for.
    pub version: u16,
    /// Its cost of being compiled and instantiated.
    pub init_cost: u16,
    /// Its cost of being instantiated.
    pub cached_init_cost: u16,
    /// The pages of memory that it starts with.
    pub footprint: u16,
}

/// Gas of compiling a program of this `init_cost`: `MinInitGas * 128 + ceil(init_cost * InitCostScalar * 2 / 100)`.
pub fn init_gas(params: &ProgramParams, init_cost: u16) -> u64 {
    u64::from(params.min_init_gas) * 128 + scaled(init_cost, params.init_cost_scalar)
}

/// Gas of instantiating a program of this cost:
/// `MinCachedInitGas * 32 + ceil(cached_init_cost * CachedCostScalar * 2 / 100)`.
pub fn cached_gas(params: &ProgramParams, cached_init_cost: u16) -> u64 {
    u64::from(params.min_cached_init_gas) * 32 + scaled(cached_init_cost, params.cached_cost_scalar)
}

/// Gas of starting `program`, without its memory. `hot` means that the program's compiled form is at hand: the program
/// was cached or, where the chain keeps a block cache, called in this block.
///
/// In version 1 a program's init cost contains its cached init cost, so that only one of the two is paid. From version
/// 2 on the cached part is always paid, and the other part only if the program is not hot.
pub fn start_gas(params: &ProgramParams, program: &ProgramCosts, hot: bool) -> u64 {
    let init = if hot { 0 } else { init_gas(params, program.init_cost) };
    let cached = if hot || program.version > 1 { cached_gas(params, program.cached_init_cost) } else { 0 };
    init + cached
}

/// Gas charged for a call of `program`: its start and its initial memory, with `open` and `ever` as in [`pages::cost`].
pub fn call_gas(params: &ProgramParams, program: &ProgramCosts, hot: bool, open: u16, ever: u16) -> u64 {
    let memory = pages::cost(program.footprint, open, ever, params.free_pages, params.page_gas);
    memory.saturating_add(start_gas(params, program, hot))
}

fn scaled(cost: u16, scalar: u8) -> u64 {
    (u64::from(cost) * u64::from(scalar) * 2).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SDK's ERC-20 example.
    const ERC20: ProgramCosts = ProgramCosts { version: 2, init_cost: 6_322, cached_init_cost: 1_657, footprint: 1 };

    #[test]
    fn erc20_starts_for_the_known_gas() {
        let params = ProgramParams::initial(51);
        // 69 * 128 + 6322 * 100 / 100 and 11 * 32 + 1657.
        assert_eq!(init_gas(&params, ERC20.init_cost), 8_832 + 6_322);
        assert_eq!(cached_gas(&params, ERC20.cached_init_cost), 352 + 1_657);
        assert_eq!(call_gas(&params, &ERC20, false, 0, 0), 17_163);
        assert_eq!(call_gas(&params, &ERC20, true, 0, 0), 2_009);
    }

    #[test]
    fn version_1_pays_one_of_the_two() {
        let params = ProgramParams::initial(30);
        let program = ProgramCosts { version: 1, ..ERC20 };
        assert_eq!(start_gas(&params, &program, false), 72 * 128 + 6_322);
        assert_eq!(start_gas(&params, &program, true), 2_009);
    }

    #[test]
    fn memory_comes_on_top() {
        let params = ProgramParams::initial(51);
        let program = ProgramCosts { footprint: 3, ..ERC20 };
        // One page above the two free ones; X[3] = X[0].
        assert_eq!(call_gas(&params, &program, true, 0, 0), 2_009 + 1_000);
    }

    #[test]
    fn scaling_rounds_up() {
        let params = ProgramParams { init_cost_scalar: 1, min_init_gas: 0, ..ProgramParams::initial(51) };
        // 51 * 2 / 100 = 1.02.
        assert_eq!(init_gas(&params, 51), 2);
        assert_eq!(init_gas(&params, 50), 1);
    }
}
