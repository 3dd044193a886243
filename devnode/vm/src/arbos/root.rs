//! What is stored outside of any space, and where the spaces are.

use super::{AddressSet, L1Pricing, L2Pricing, Programs, Space, Storage};
use revm::primitives::{Address, U256};

/// Numbers of the root's slots.
const VERSION: u64 = 0;
const UPGRADE_VERSION: u64 = 1;
const UPGRADE_TIME: u64 = 2;
const NETWORK_FEE_ACCOUNT: u64 = 3;
const CHAIN_ID: u64 = 4;
const INFRA_FEE_ACCOUNT: u64 = 6;
const BROTLI_LEVEL: u64 = 7;

/// Names of the spaces.
const L1_PRICING: &[u8] = &[0];
const L2_PRICING: &[u8] = &[1];
const CHAIN_OWNERS: &[u8] = &[4];
const PROGRAMS: &[u8] = &[8];

/// The state as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root;

impl Root {
    /// The ArbOS version.
    pub(crate) fn version<S: Storage>(storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, Space::root().numbered(VERSION))
    }

    /// Sets the ArbOS version.
    pub(super) fn set_version<S: Storage>(storage: &mut S, version: u64) -> Result<(), S::Error> {
        storage.set(Space::root().numbered(VERSION), U256::from(version))
    }

    /// Plans an upgrade to `version` from `timestamp` on. The plan is recorded and not carried out: the version is a
    /// constant of this chain, so that setups which schedule upgrades run and the rules stay those the chain was
    /// configured with.
    pub(crate) fn schedule_upgrade<S: Storage>(storage: &mut S, version: u64, timestamp: u64) -> Result<(), S::Error> {
        storage.set(Space::root().numbered(UPGRADE_VERSION), U256::from(version))?;
        storage.set(Space::root().numbered(UPGRADE_TIME), U256::from(timestamp))
    }

    /// Who receives the fees.
    pub(crate) fn network_fee_account<S: Storage>(storage: &mut S) -> Result<Address, S::Error> {
        storage.get(Space::root().numbered(NETWORK_FEE_ACCOUNT)).map(address)
    }

    /// Sets who receives the fees.
    pub(crate) fn set_network_fee_account<S: Storage>(storage: &mut S, account: Address) -> Result<(), S::Error> {
        storage.set(Space::root().numbered(NETWORK_FEE_ACCOUNT), word(account))
    }

    /// Who receives the part of the fees for the infrastructure. The zero address means that nobody does.
    pub(crate) fn infra_fee_account<S: Storage>(storage: &mut S) -> Result<Address, S::Error> {
        storage.get(Space::root().numbered(INFRA_FEE_ACCOUNT)).map(address)
    }

    /// Sets who receives the part of the fees for the infrastructure.
    pub(crate) fn set_infra_fee_account<S: Storage>(storage: &mut S, account: Address) -> Result<(), S::Error> {
        storage.set(Space::root().numbered(INFRA_FEE_ACCOUNT), word(account))
    }

    /// Sets the chain id.
    pub(super) fn set_chain_id<S: Storage>(storage: &mut S, chain_id: u64) -> Result<(), S::Error> {
        storage.set(Space::root().numbered(CHAIN_ID), U256::from(chain_id))
    }

    /// Sets how hard the sequencer compresses what it posts to L1.
    pub(super) fn set_brotli_level<S: Storage>(storage: &mut S, level: u64) -> Result<(), S::Error> {
        storage.set(Space::root().numbered(BROTLI_LEVEL), U256::from(level))
    }

    /// Who may change the chain's parameters.
    pub(crate) fn chain_owners() -> AddressSet {
        AddressSet::new(Space::root().child(CHAIN_OWNERS))
    }

    /// Stylus.
    pub(crate) fn programs() -> Programs {
        Programs::new(Space::root().child(PROGRAMS))
    }

    /// The price of L1 data.
    pub(crate) fn l1_pricing() -> L1Pricing {
        L1Pricing::new(Space::root().child(L1_PRICING))
    }

    /// The price of gas.
    pub(crate) fn l2_pricing() -> L2Pricing {
        L2Pricing::new(Space::root().child(L2_PRICING))
    }
}

/// A slot that holds a 64-bit number, saturating.
pub(super) fn get_u64<S: Storage>(storage: &mut S, slot: U256) -> Result<u64, S::Error> {
    storage.get(slot).map(|value| value.saturating_to())
}

/// The address in a slot's low 20 bytes.
pub(super) fn address(value: U256) -> Address {
    Address::from_word(value.into())
}

/// The slot of an address.
pub(super) fn word(address: Address) -> U256 {
    address.into_word().into()
}
