//! The chain before its first transaction.

use super::block::{BASE_FEE, Block};
use super::clock::StoppedClock;
use super::ledger::Ledger;
use super::state::{ChainState, Settings};
use super::world::World;
use crate::DEV_BALANCE;
use alloy::primitives::{Address, B256};
use stylus_vm::{BlockEnv, Vm};

/// A chain of one empty block: the state of ArbOS, the precompiles and the funded accounts. The first account owns the chain.
pub(crate) fn genesis(settings: Settings, clock: StoppedClock) -> ChainState {
    let owner = settings.accounts.first().map_or(Address::ZERO, |account| account.address);
    let mut world = World::default();
    let vm = Vm::new(settings.config.clone());
    for (address, info, slots) in vm.genesis(owner) {
        world.insert(address, info, slots);
    }
    for account in settings.accounts.iter() {
        world.set_balance(account.address, DEV_BALANCE);
    }
    let env =
        BlockEnv { number: 0, l1_number: settings.l1_number(0), timestamp: clock.timestamp(), base_fee: BASE_FEE };
    let block = Block::seal(B256::ZERO, env, settings.config.arbos_version, B256::ZERO, Vec::new());
    ChainState { settings, vm, ledger: Ledger::new(block, world), clock }
}
