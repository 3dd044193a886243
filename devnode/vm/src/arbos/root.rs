//! What is stored outside of any space, and where the spaces are.

use super::{AddressSet, AddressTable, L1Pricing, L2Pricing, Outbox, Programs, Space, Storage};
use revm::primitives::{Address, B256, U256};
use std::sync::LazyLock;

/// Numbers of the root's slots.
const VERSION: u64 = 0;
const UPGRADE_VERSION: u64 = 1;
const UPGRADE_TIME: u64 = 2;
const NETWORK_FEE_ACCOUNT: u64 = 3;
const CHAIN_ID: u64 = 4;
const INFRA_FEE_ACCOUNT: u64 = 6;
const BROTLI_LEVEL: u64 = 7;
const NATIVE_TOKEN_FROM: u64 = 8;

/// Of the hashes of L1 blocks: the slot of the first, and how many there are.
const FIRST_L1_HASH: u64 = 1;
const L1_HASHES: u64 = 256;

/// More bytes than any configuration has.
const LONGEST_CONFIG: u64 = 1 << 16;

/// Of a retryable ticket: the slot of its end.
const RETRYABLE_TIMEOUT: u64 = 5;

/// The bit of the features for a price of call data that is at least a floor.
const CALLDATA_FLOOR: usize = 0;

/// The spaces: what a transaction looks at is not looked for each time.
static ROOT: Space = Space::root();
static CHAIN_OWNERS: LazyLock<AddressSet> = LazyLock::new(|| AddressSet::new(ROOT.child(&[4])));
static ADDRESS_TABLE: LazyLock<AddressTable> = LazyLock::new(|| AddressTable::new(ROOT.child(&[3])));
static OUTBOX: LazyLock<Outbox> = LazyLock::new(|| Outbox::new(ROOT.child(&[5])));
static L1_BLOCKS: LazyLock<Space> = LazyLock::new(|| ROOT.child(&[6]));
static CHAIN_CONFIG: LazyLock<Space> = LazyLock::new(|| ROOT.child(&[7]));
static FEATURES: LazyLock<Space> = LazyLock::new(|| ROOT.child(&[9]));
static NATIVE_TOKEN_OWNERS: LazyLock<AddressSet> = LazyLock::new(|| AddressSet::new(ROOT.child(&[10])));
static RETRYABLES: LazyLock<Space> = LazyLock::new(|| ROOT.child(&[2]));
static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| Programs::new(&ROOT.child(&[8])));
static L1_PRICING: LazyLock<L1Pricing> = LazyLock::new(|| L1Pricing::new(ROOT.child(&[0])));
static L2_PRICING: LazyLock<L2Pricing> = LazyLock::new(|| L2Pricing::new(ROOT.child(&[1])));

/// The state as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root;

impl Root {
    /// The ArbOS version.
    pub(crate) fn version<S: Storage>(storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, Self::version_slot())
    }

    /// Sets the ArbOS version.
    pub(super) fn set_version<S: Storage>(storage: &mut S, version: u64) -> Result<(), S::Error> {
        storage.set(Self::version_slot(), U256::from(version))
    }

    /// Plans an upgrade to `version` from `timestamp` on.
    pub(crate) fn schedule_upgrade<S: Storage>(storage: &mut S, version: u64, timestamp: u64) -> Result<(), S::Error> {
        storage.set(ROOT.numbered(UPGRADE_VERSION), U256::from(version))?;
        storage.set(ROOT.numbered(UPGRADE_TIME), U256::from(timestamp))
    }

    /// The version that an upgrade is planned to, and from when on.
    pub(crate) fn planned_upgrade<S: Storage>(storage: &mut S) -> Result<(u64, u64), S::Error> {
        let version = get_u64(storage, ROOT.numbered(UPGRADE_VERSION))?;
        Ok((version, get_u64(storage, ROOT.numbered(UPGRADE_TIME))?))
    }

    /// Who receives the fees.
    pub(crate) fn network_fee_account<S: Storage>(storage: &mut S) -> Result<Address, S::Error> {
        storage.get(ROOT.numbered(NETWORK_FEE_ACCOUNT)).map(address)
    }

    /// The slot of the version, for who has a database only.
    pub(crate) fn version_slot() -> U256 {
        ROOT.numbered(VERSION)
    }

    /// Sets who receives the fees.
    pub(crate) fn set_network_fee_account<S: Storage>(storage: &mut S, account: Address) -> Result<(), S::Error> {
        storage.set(ROOT.numbered(NETWORK_FEE_ACCOUNT), word(account))
    }

    /// Who receives the part of the fees for the infrastructure. The zero address means that nobody does.
    pub(crate) fn infra_fee_account<S: Storage>(storage: &mut S) -> Result<Address, S::Error> {
        storage.get(ROOT.numbered(INFRA_FEE_ACCOUNT)).map(address)
    }

    /// Sets who receives the part of the fees for the infrastructure.
    pub(crate) fn set_infra_fee_account<S: Storage>(storage: &mut S, account: Address) -> Result<(), S::Error> {
        storage.set(ROOT.numbered(INFRA_FEE_ACCOUNT), word(account))
    }

    /// Sets the chain id.
    pub(super) fn set_chain_id<S: Storage>(storage: &mut S, chain_id: u64) -> Result<(), S::Error> {
        storage.set(ROOT.numbered(CHAIN_ID), U256::from(chain_id))
    }

    /// How hard the sequencer compresses what it posts to L1.
    pub(crate) fn brotli_level<S: Storage>(storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, ROOT.numbered(BROTLI_LEVEL))
    }

    /// Sets how hard the sequencer compresses what it posts to L1.
    pub(crate) fn set_brotli_level<S: Storage>(storage: &mut S, level: u64) -> Result<(), S::Error> {
        storage.set(ROOT.numbered(BROTLI_LEVEL), U256::from(level))
    }

    /// From when on the native token has owners; 0 for never.
    pub(crate) fn native_token_from<S: Storage>(storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, ROOT.numbered(NATIVE_TOKEN_FROM))
    }

    /// Sets from when on the native token has owners.
    pub(crate) fn set_native_token_from<S: Storage>(storage: &mut S, time: u64) -> Result<(), S::Error> {
        storage.set(ROOT.numbered(NATIVE_TOKEN_FROM), U256::from(time))
    }

    /// Who may mint the native token, and burn it.
    pub(crate) fn native_token_owners() -> &'static AddressSet {
        &NATIVE_TOKEN_OWNERS
    }

    /// The slot of the features, for who has a database only.
    pub(crate) fn features_slot() -> U256 {
        FEATURES.numbered(0)
    }

    /// Whether call data costs at least a floor (EIP-7623).
    pub(crate) fn has_calldata_floor<S: Storage>(storage: &mut S) -> Result<bool, S::Error> {
        Ok(Self::is_calldata_floor_on(storage.get(Self::features_slot())?))
    }

    /// Whether the word of features says that the price of call data has a floor.
    pub(crate) fn is_calldata_floor_on(features: U256) -> bool {
        features.bit(CALLDATA_FLOOR)
    }

    /// Sets whether call data costs at least a floor.
    pub(crate) fn set_calldata_floor<S: Storage>(storage: &mut S, floor: bool) -> Result<(), S::Error> {
        let mut features = storage.get(Self::features_slot())?;
        features.set_bit(CALLDATA_FLOOR, floor);
        storage.set(Self::features_slot(), features)
    }

    /// When the retryable ticket with this id ends. There are none, since they come from L1; it costs to find out.
    pub(crate) fn retryable_timeout<S: Storage>(storage: &mut S, ticket: B256) -> Result<u64, S::Error> {
        get_u64(storage, RETRYABLES.child(ticket.as_slice()).numbered(RETRYABLE_TIMEOUT))
    }

    /// The slots behind the number of the L1 block: the version and the number.
    pub(crate) fn l1_number_slots() -> [U256; 2] {
        [ROOT.numbered(VERSION), L1_BLOCKS.numbered(0)]
    }

    /// The slot of the hash of the L1 block with this number, which one of 256 blocks later takes over.
    pub(crate) fn l1_hash_slot(number: u64) -> U256 {
        L1_BLOCKS.numbered(FIRST_L1_HASH.saturating_add(number % L1_HASHES))
    }

    /// The chain's configuration as Nitro wrote it, in JSON. Chains that it did not make have none.
    pub(crate) fn chain_config<S: Storage>(storage: &mut S) -> Result<Vec<u8>, S::Error> {
        let length = get_u64(storage, CHAIN_CONFIG.numbered(0))?.min(LONGEST_CONFIG);
        let mut bytes = Vec::new();
        for number in 1..=length.div_ceil(32) {
            let word = storage.get(CHAIN_CONFIG.numbered(number))?.to_be_bytes::<32>();
            let left = length.saturating_sub(number.saturating_sub(1).saturating_mul(32));
            // The last word holds what is left at its low end.
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(32);
            bytes.extend_from_slice(&word[32 - taken..]);
        }
        Ok(bytes)
    }

    /// The addresses that have numbers.
    pub(crate) fn address_table() -> &'static AddressTable {
        &ADDRESS_TABLE
    }

    /// The messages to L1.
    pub(crate) fn outbox() -> &'static Outbox {
        &OUTBOX
    }

    /// Who may change the chain's parameters.
    pub(crate) fn chain_owners() -> &'static AddressSet {
        &CHAIN_OWNERS
    }

    /// Stylus.
    pub(crate) fn programs() -> &'static Programs {
        &PROGRAMS
    }

    /// The price of L1 data.
    pub(crate) fn l1_pricing() -> &'static L1Pricing {
        &L1_PRICING
    }

    /// The price of gas.
    pub(crate) fn l2_pricing() -> &'static L2Pricing {
        &L2_PRICING
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
