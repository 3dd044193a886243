//! The chain before its first transaction.

use super::block::{BASE_FEE, Block};
use super::cache_manager::{CACHE_MANAGER, CACHE_MANAGER_CODE};
use super::chain_state::{ChainState, L1BlockNumber, Settings};
use super::clock::StoppedClock;
use super::fork::Opened;
use super::header::Messages;
use super::ledger::Ledger;
use super::state::State;
use super::stylus_deployer::{STYLUS_DEPLOYER, STYLUS_DEPLOYER_CODE};
use alloy::primitives::{Address, B256, Bytes, U256, address, hex};
use stylus_vm::revm::state::{AccountInfo, Bytecode};
use stylus_vm::{BlockEnv, Vm};

/// The deterministic deployer, which tools expect on every chain. It creates contracts whose addresses follow from a
/// salt and their init code alone.
const CREATE2_FACTORY: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");

/// Its code: CREATE2 with the first word of the call data as salt and the rest as init code, returning the address.
const CREATE2_FACTORY_CODE: [u8; 69] = hex!(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
    "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
);

/// What this node adds to Nitro's first block, where it need not be like that: the deployer of programs, the
/// deterministic deployer and the manager of the cache.
const CONTRACTS: [(Address, &[u8]); 3] = [
    (STYLUS_DEPLOYER, &STYLUS_DEPLOYER_CODE),
    (CREATE2_FACTORY, &CREATE2_FACTORY_CODE),
    (CACHE_MANAGER, &CACHE_MANAGER_CODE),
];

/// A chain of one empty block: the state of ArbOS, the precompiles, a few contracts, and the accounts, each with this
/// balance. The first account owns the chain.
pub(crate) fn genesis(settings: Settings, balance: U256, clock: StoppedClock) -> ChainState {
    let owner = settings.accounts.first().map_or(Address::ZERO, |account| account.address);
    let mut state = State::default();
    let vm = Vm::new(settings.config);
    let (managers, contracts): (&[Address], &[(Address, &'static [u8])]) =
        if settings.nitro { (&[], &[]) } else { (&[CACHE_MANAGER], &CONTRACTS) };
    for (address, info, slots) in vm.genesis(owner, managers, settings.l1_price) {
        state.insert(address, info, slots);
    }
    for (address, code) in contracts.iter().copied() {
        let code = Bytecode::new_legacy(Bytes::from_static(code));
        // The nonce is as after its creation.
        state.insert(address, AccountInfo { nonce: 1, ..AccountInfo::default() }.with_code(code), Vec::new());
    }
    for account in settings.accounts.iter() {
        state.insert(account.address, AccountInfo::from_balance(balance), Vec::new());
    }
    let env = BlockEnv {
        number: 0,
        l1_number: settings.l1_number(0),
        timestamp: clock.timestamp(),
        base_fee: BASE_FEE,
        ..BlockEnv::default()
    };
    let block =
        Block::seal(B256::ZERO, env, settings.config.arbos_version, B256::ZERO, Messages::default(), Vec::new());
    let kept = settings.kept_states();
    ChainState { settings, vm, ledger: Ledger::new(block, state, kept), clock }
}

/// A chain that goes on from a block of another. `block.number` is what it was there, unless it is chosen.
pub(crate) fn genesis_of_fork(
    mut settings: Settings,
    opened: Opened,
    l1_number: Option<L1BlockNumber>,
    clock: StoppedClock,
) -> ChainState {
    settings.config = opened.config;
    settings.l1_block_number = l1_number.unwrap_or(L1BlockNumber::Stays(opened.l1_number));
    settings.config.l1_hashes = settings.l1_block_number != L1BlockNumber::FollowsL2;
    let (vm, kept) = (Vm::new(settings.config), settings.kept_states());
    ChainState { settings, vm, ledger: Ledger::new(opened.block, opened.state, kept), clock }
}
