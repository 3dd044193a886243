//! The contracts that the chain provides: Ethereum's, and those of ArbOS.

mod arb_debug;
mod arb_gas_info;
mod arb_info;
mod arb_owner;
mod arb_owner_public;
mod arb_sys;
mod arb_wasm;
mod arb_wasm_cache;
mod call;
mod dispatch;
mod failure;
mod method;
mod program_activation;

pub(crate) use failure::Failure;

use crate::evm::Context;
use revm::Database;
use revm::handler::{EthPrecompiles, PrecompileProvider};
use revm::interpreter::{CallInputs, InterpreterResult};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, AddressSet, address};

/// Addresses of ArbOS precompiles: the code 0xFE stands at each. Those without a method here run that code, which is
/// INVALID.
pub(crate) const ADDRESSES: [Address; 16] = [
    arb_sys::ADDRESS,
    arb_info::ADDRESS,
    address!("0x0000000000000000000000000000000000000066"),
    address!("0x0000000000000000000000000000000000000067"),
    address!("0x0000000000000000000000000000000000000068"),
    address!("0x0000000000000000000000000000000000000069"),
    arb_owner_public::ADDRESS,
    arb_gas_info::ADDRESS,
    address!("0x000000000000000000000000000000000000006d"),
    address!("0x000000000000000000000000000000000000006e"),
    address!("0x000000000000000000000000000000000000006f"),
    arb_owner::ADDRESS,
    arb_wasm::ADDRESS,
    arb_wasm_cache::ADDRESS,
    arb_debug::ADDRESS,
    address!("0x00000000000000000000000000000000000a4b05"),
];

/// All precompiles of the chain.
pub(crate) struct ArbPrecompiles {
    ethereum: EthPrecompiles,
    warm: AddressSet,
}

impl ArbPrecompiles {
    /// The precompiles at an Ethereum fork.
    pub(crate) fn new(spec: SpecId) -> Self {
        let ethereum = EthPrecompiles::new(spec);
        let warm = ethereum.warm_addresses().iter().copied().chain(ADDRESSES).collect();
        Self { ethereum, warm }
    }
}

impl<DB: Database> PrecompileProvider<Context<DB>> for ArbPrecompiles {
    type Output = InterpreterResult;

    /// The fork is fixed for a chain.
    fn set_spec(&mut self, _: SpecId) -> bool {
        false
    }

    fn run(&mut self, context: &mut Context<DB>, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        match dispatch::run(context, inputs) {
            Some(result) => Ok(Some(result)),
            None => self.ethereum.run(context, inputs),
        }
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}
