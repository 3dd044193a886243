//! The state before the first block.

use super::l2_pricing::L2Parameter;
use super::{Root, Storage};
use crate::ChainConfig;
use revm::primitives::{Address, U256};
use std::collections::BTreeMap;
use std::convert::Infallible;
use stylus_program::data_fee::DataPricer;
use stylus_program::params::ProgramParams;

/// 0.1 gwei, the least and the first base fee.
const BASE_FEE: u64 = 100_000_000;

/// The parameters of the L2 pricer on a new chain.
const L2_PARAMETERS: [(L2Parameter, u64); 7] = [
    (L2Parameter::SpeedLimit, 7_000_000),
    (L2Parameter::BlockGasLimit, 32_000_000),
    (L2Parameter::BaseFee, BASE_FEE),
    (L2Parameter::MinimumBaseFee, BASE_FEE),
    (L2Parameter::Inertia, 102),
    (L2Parameter::BacklogTolerance, 10),
    (L2Parameter::TransactionGasLimit, 32_000_000),
];

/// Slots in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Genesis(BTreeMap<U256, U256>);

impl Genesis {
    /// The slots that are not zero.
    pub(crate) fn slots(self) -> Vec<(U256, U256)> {
        self.0.into_iter().collect()
    }
}

impl Storage for Genesis {
    type Error = Infallible;

    fn get(&mut self, slot: U256) -> Result<U256, Infallible> {
        Ok(self.0.get(&slot).copied().unwrap_or_default())
    }

    fn set(&mut self, slot: U256, value: U256) -> Result<(), Infallible> {
        match value.is_zero() {
            true => self.0.remove(&slot),
            false => self.0.insert(slot, value),
        };
        Ok(())
    }
}

/// The state of a new chain with an owner besides the zero address, some managers of the cache, and a price of L1 data
/// in wei per unit.
pub(crate) fn genesis(
    config: &ChainConfig,
    owner: Address,
    cache_managers: &[Address],
    l1_price: U256,
) -> Result<Genesis, Infallible> {
    let mut state = Genesis::default();
    Root::set_version(&mut state, config.arbos_version)?;
    Root::set_chain_id(&mut state, config.chain_id)?;
    Root::set_brotli_level(&mut state, 1)?;
    // The owner that the configuration of Nitro's development chain names, and the one that its start adds.
    Root::chain_owners().add(&mut state, Address::ZERO)?;
    Root::chain_owners().add(&mut state, owner)?;
    Root::l1_pricing().initialize(&mut state, l1_price)?;
    for (parameter, value) in L2_PARAMETERS {
        Root::l2_pricing().set(&mut state, parameter, value)?;
    }
    let programs = Root::programs();
    programs.set_params(&mut state, config.arbos_version, &ProgramParams::initial(config.arbos_version))?;
    for manager in cache_managers {
        programs.cache_managers().add(&mut state, *manager)?;
    }
    programs.set_pricer(&mut state, &DataPricer::initial())?;
    Ok(state)
}
