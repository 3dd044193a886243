//! The contracts that the chain provides: Ethereum's, and those of ArbOS.

mod arb_address_table;
mod arb_aggregator;
mod arb_debug;
mod arb_gas_info;
mod arb_info;
mod arb_native_token_manager;
mod arb_owner;
mod arb_owner_chain;
mod arb_owner_public;
mod arb_retryable_tx;
mod arb_sys;
mod arb_sys_outbox;
mod arb_wasm;
pub mod arb_wasm_abi;
mod arb_wasm_cache;
mod call;
mod dispatch;
mod failure;
mod method;
mod program_activation;
mod small;

pub(crate) use failure::Failure;

use crate::evm::Context;
use revm::Database;
use revm::handler::{EthPrecompiles, PrecompileProvider};
use revm::interpreter::{CallInputs, InterpreterResult};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, AddressSet, U256, address};

/// ArbSys, whose methods are in two files.
const ARB_SYS: Address = address!("0x0000000000000000000000000000000000000064");

/// Addresses of ArbOS precompiles: the code 0xFE stands at each.
pub(crate) const ADDRESSES: [Address; 17] = [
    ARB_SYS,
    arb_info::ADDRESS,
    arb_address_table::ADDRESS,
    small::ARB_BLS,
    small::ARB_FUNCTION_TABLE,
    small::ARBOS_TEST,
    arb_owner_public::ADDRESS,
    arb_gas_info::ADDRESS,
    arb_aggregator::ADDRESS,
    arb_retryable_tx::ADDRESS,
    small::ARB_STATISTICS,
    arb_owner::ADDRESS,
    arb_wasm_abi::ADDRESS,
    arb_wasm_cache::ADDRESS,
    arb_native_token_manager::ADDRESS,
    arb_debug::ADDRESS,
    small::ARBOS_ACTS,
];

/// Whether one of Ethereum's precompiles is at this address. Those of ArbOS have code, so that they exist anyway.
pub(crate) fn is_ethereums(address: &Address) -> bool {
    matches!(u64::try_from(U256::from_be_slice(address.as_slice())), Ok(1..=0x11 | 0x100))
}

/// All precompiles of the chain.
pub(crate) struct ArbPrecompiles {
    ethereum: EthPrecompiles,
    warm: AddressSet,
    /// Precompiles that a call pretends to be somewhere else, or nowhere.
    moved: Vec<(Address, Option<Address>)>,
}

impl ArbPrecompiles {
    /// The precompiles at an Ethereum fork.
    pub(crate) fn new(spec: SpecId, moved: Vec<(Address, Option<Address>)>) -> Self {
        let ethereum = EthPrecompiles::new(spec);
        let warm = ethereum.warm_addresses().iter().copied().chain(ADDRESSES).collect();
        Self { ethereum, warm, moved }
    }

    /// Which precompile is at an address, by where it was.
    fn original(&self, address: Address) -> Option<Address> {
        if let Some((from, _)) = self.moved.iter().find(|(_, to)| *to == Some(address)) {
            return Some(*from);
        }
        Some(address).filter(|address| self.moved.iter().all(|(from, _)| from != address))
    }
}

/// Whether a precompile is at this address.
pub(crate) fn is_precompile(spec: SpecId, address: &Address) -> bool {
    ADDRESSES.contains(address) || EthPrecompiles::new(spec).contains(address)
}

impl ArbPrecompiles {
    fn answer<DB: Database>(
        &mut self,
        context: &mut Context<DB>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        match dispatch::run(context, inputs) {
            Some(result) => Ok(Some(result)),
            None => self.ethereum.run(context, inputs),
        }
    }
}

impl<DB: Database> PrecompileProvider<Context<DB>> for ArbPrecompiles {
    type Output = InterpreterResult;

    /// The fork is fixed for a chain.
    fn set_spec(&mut self, _: SpecId) -> bool {
        false
    }

    fn run(&mut self, context: &mut Context<DB>, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        if !self.moved.is_empty() {
            let Some(address) = self.original(inputs.bytecode_address) else { return Ok(None) };
            let inputs = CallInputs { bytecode_address: address, ..inputs.clone() };
            return self.answer(context, &inputs);
        }
        self.answer(context, inputs)
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}
