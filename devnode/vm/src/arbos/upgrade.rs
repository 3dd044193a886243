//! Upgrades to a later version of ArbOS.

use super::{Root, Storage};
use stylus_program::params::{ProgramParams, arbos_versions};

/// The latest version whose rules are known here.
const LATEST_VERSION: u64 = 60;

/// Carries out the planned upgrade if its time has come at `timestamp`. Nitro does so when it begins a block, and
/// writes what is new with each version on the way. A version that is not known is left planned, where Nitro would
/// stop.
pub(crate) fn upgrade_if_due<S: Storage>(storage: &mut S, timestamp: u64) -> Result<(), S::Error> {
    let (planned, time) = Root::planned_upgrade(storage)?;
    let version = Root::version(storage)?;
    if planned <= version || planned > LATEST_VERSION || timestamp < time {
        return Ok(());
    }
    if version < arbos_versions::FRAGMENTS && planned >= arbos_versions::FRAGMENTS {
        let programs = Root::programs();
        let new = ProgramParams::initial(planned);
        let params = ProgramParams {
            max_wasm_size: new.max_wasm_size,
            max_fragment_count: new.max_fragment_count,
            ..programs.params(storage, version)?
        };
        programs.set_params(storage, planned, &params)?;
    }
    Root::set_version(storage, planned)
}

#[cfg(test)]
mod tests {
    use super::{LATEST_VERSION, upgrade_if_due};
    use crate::ChainConfig;
    use crate::arbos::{Root, genesis};
    use revm::primitives::{Address, U256};

    fn chain(arbos_version: u64) -> Vec<(U256, U256)> {
        let config = ChainConfig { arbos_version, ..ChainConfig::default() };
        genesis(&config, Address::ZERO, &[], U256::ZERO).map(|state| state.slots()).unwrap_or_default()
    }

    /// A chain that began with version 51, after the block at `timestamp`.
    fn upgraded(version: u64, time: u64, timestamp: u64) -> Vec<(U256, U256)> {
        let Ok(mut state) = genesis(&ChainConfig::default(), Address::ZERO, &[], U256::ZERO);
        let Ok(()) = Root::schedule_upgrade(&mut state, version, time);
        let Ok(()) = upgrade_if_due(&mut state, timestamp);
        let Ok(()) = Root::schedule_upgrade(&mut state, 0, 0);
        state.slots()
    }

    #[test]
    fn an_upgraded_chain_is_like_one_that_began_so() {
        assert_eq!(upgraded(60, 7, 7), chain(60));
        assert_eq!(upgraded(55, 0, 7), chain(55));
        assert_ne!(chain(51), chain(60));
    }

    #[test]
    fn nothing_changes_before_its_time_nor_for_other_versions() {
        for (version, time) in [(60, 8), (51, 0), (50, 0), (0, 0), (LATEST_VERSION + 1, 0), (u64::MAX, 0)] {
            assert_eq!(upgraded(version, time, 7), chain(51), "{version} from {time}");
        }
    }
}
