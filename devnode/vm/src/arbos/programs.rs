//! Stylus: parameters, programs, the price of their data, and who manages the cache.

use super::root::get_u64;
use super::{AddressSet, ProgramEntry, Space, Storage};
use revm::primitives::{B256, U256};
use stylus_program::data_fee::DataPricer;
use stylus_program::params::ProgramParams;

/// Slots of the data pricer.
const DEMAND: u64 = 0;
const BYTES_PER_SECOND: u64 = 1;
const LAST_UPDATE: u64 = 2;
const MIN_PRICE: u64 = 3;
const INERTIA: u64 = 4;

/// The Stylus part of the state.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    params: Space,
    entries: Space,
    module_hashes: Space,
    data_pricer: Space,
    cache_managers: AddressSet,
    activation_gas: Space,
}

impl Programs {
    /// The part in `space`.
    pub(super) fn new(space: &Space) -> Self {
        Self {
            params: space.child(&[0]),
            entries: space.child(&[1]),
            module_hashes: space.child(&[2]),
            data_pricer: space.child(&[3]),
            cache_managers: AddressSet::new(space.child(&[4])),
            activation_gas: space.child(&[5]),
        }
    }

    /// What the chain asks of programs.
    pub(crate) fn params<S: Storage>(&self, storage: &mut S, arbos_version: u64) -> Result<ProgramParams, S::Error> {
        let word = storage.get_warm(self.params.numbered(0))?;
        Ok(ProgramParams::decode(word.to_be_bytes(), arbos_version))
    }

    /// Changes what the chain asks of programs.
    pub(crate) fn set_params<S: Storage>(
        &self,
        storage: &mut S,
        arbos_version: u64,
        params: &ProgramParams,
    ) -> Result<(), S::Error> {
        let word = U256::from_be_bytes(params.encode(arbos_version));
        storage.set(self.params.numbered(0), word)
    }

    /// The entry of the program with this code.
    pub(crate) fn entry<S: Storage>(&self, storage: &mut S, code_hash: B256) -> Result<ProgramEntry, S::Error> {
        storage.get(self.entries.slot(code_hash)).map(ProgramEntry::decode)
    }

    /// The slot of the entry of the program with this code.
    pub(crate) fn entry_slot(&self, code_hash: B256) -> U256 {
        self.entries.slot(code_hash)
    }

    /// The slot of the module hash of the program with this code.
    pub(crate) fn module_hash_slot(&self, code_hash: B256) -> U256 {
        self.module_hashes.slot(code_hash)
    }

    /// Changes the entry of the program with this code.
    pub(crate) fn set_entry<S: Storage>(
        &self,
        storage: &mut S,
        code_hash: B256,
        entry: &ProgramEntry,
    ) -> Result<(), S::Error> {
        storage.set(self.entries.slot(code_hash), entry.encode())
    }

    /// The hash of the instrumented module of the program with this code.
    pub(crate) fn module_hash<S: Storage>(&self, storage: &mut S, code_hash: B256) -> Result<B256, S::Error> {
        storage.get(self.module_hashes.slot(code_hash)).map(B256::from)
    }

    /// Remembers the hash of an instrumented module.
    pub(crate) fn set_module_hash<S: Storage>(
        &self,
        storage: &mut S,
        code_hash: B256,
        hash: B256,
    ) -> Result<(), S::Error> {
        storage.set(self.module_hashes.slot(code_hash), hash.into())
    }

    /// Adds `bytes` of machine code at time `now` and returns their fee in wei. Costs five reads and two writes.
    pub(crate) fn price_data<S: Storage>(&self, storage: &mut S, bytes: u32, now: u64) -> Result<U256, S::Error> {
        let space = &self.data_pricer;
        let mut pricer = DataPricer {
            demand: get_u32(storage, space.numbered(DEMAND))?,
            bytes_per_second: get_u32(storage, space.numbered(BYTES_PER_SECOND))?,
            last_update: get_u64(storage, space.numbered(LAST_UPDATE))?,
            min_price: get_u32(storage, space.numbered(MIN_PRICE))?,
            inertia: get_u32(storage, space.numbered(INERTIA))?,
        };
        let fee = pricer.update(bytes, now);
        storage.set(space.numbered(DEMAND), U256::from(pricer.demand))?;
        storage.set(space.numbered(LAST_UPDATE), U256::from(pricer.last_update))?;
        Ok(U256::from(fee))
    }

    /// Writes the pricer of a new chain.
    pub(super) fn set_pricer<S: Storage>(&self, storage: &mut S, pricer: &DataPricer) -> Result<(), S::Error> {
        let space = &self.data_pricer;
        storage.set(space.numbered(DEMAND), U256::from(pricer.demand))?;
        storage.set(space.numbered(BYTES_PER_SECOND), U256::from(pricer.bytes_per_second))?;
        storage.set(space.numbered(LAST_UPDATE), U256::from(pricer.last_update))?;
        storage.set(space.numbered(MIN_PRICE), U256::from(pricer.min_price))?;
        storage.set(space.numbered(INERTIA), U256::from(pricer.inertia))
    }

    /// What every activation pays on top, in gas.
    pub(crate) fn activation_gas<S: Storage>(&self, storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, self.activation_gas.numbered(0))
    }

    /// Sets what every activation pays on top, in gas.
    pub(crate) fn set_activation_gas<S: Storage>(&self, storage: &mut S, gas: u64) -> Result<(), S::Error> {
        storage.set(self.activation_gas.numbered(0), U256::from(gas))
    }

    /// Who may put programs into the cache.
    pub(crate) fn cache_managers(&self) -> &AddressSet {
        &self.cache_managers
    }
}

/// A slot that holds a 32-bit number, saturating.
fn get_u32<S: Storage>(storage: &mut S, slot: U256) -> Result<u32, S::Error> {
    storage.get(slot).map(|value| value.saturating_to())
}
