//! The contracts that the chain provides: Ethereum's, and those of ArbOS.

use revm::handler::{EthPrecompiles, PrecompileProvider};
use revm::interpreter::{CallInputs, InterpreterResult};
use revm::primitives::AddressSet;
use revm::primitives::hardfork::SpecId;

/// All precompiles of the chain.
pub(crate) struct ArbPrecompiles {
    ethereum: EthPrecompiles,
}

impl ArbPrecompiles {
    /// The precompiles at an Ethereum fork.
    pub(crate) fn new(spec: SpecId) -> Self {
        Self { ethereum: EthPrecompiles::new(spec) }
    }
}

impl<DB: revm::Database> PrecompileProvider<crate::evm::Context<DB>> for ArbPrecompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _: SpecId) -> bool {
        false
    }

    fn run(
        &mut self,
        context: &mut crate::evm::Context<DB>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        self.ethereum.run(context, inputs)
    }

    fn warm_addresses(&self) -> &AddressSet {
        self.ethereum.warm_addresses()
    }
}
