//! Deploying a Stylus program in one call, for tests of one's own contracts.

use crate::node::Devnode;
use crate::rpc_error::RpcError;
use alloy::primitives::{Address, Bytes, TxHash, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::{SolCall, SolError};
use serde::Deserialize;
use serde_json::{Value, json};
use stylus_program::format::{FormatError, compress, init_code};
use stylus_program::fragments::{cut, root};
use stylus_program::process::{ProcessError, process};
use stylus_vm::ChainConfig;
use stylus_vm::arb_wasm::{self, ProgramUpToDate, activateProgramCall};

/// One ETH: more than the data fee of any program on a fresh chain. What exceeds the fee comes back.
const ENOUGH: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Whether an error carries `ProgramUpToDate()`.
fn is_active_already(error: &RpcError) -> bool {
    let data = error.data().and_then(|data| Bytes::deserialize(data).ok());
    data.is_some_and(|data| data[..] == ProgramUpToDate::SELECTOR)
}

/// Why a program was not deployed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The bytes are not a WASM module.
    #[error(transparent)]
    Wasm(#[from] ProcessError),
    /// The module was not compressed.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The node refused a transaction: its message says why, for example what makes the module no program.
    #[error("{0}")]
    Refused(RpcError),
    /// A transaction was mined and failed.
    #[error("the transaction {0} failed")]
    Failed(TxHash),
}

impl Devnode {
    /// Deploys and activates a Stylus program, as `cargo stylus deploy` does: `wasm` is what the linker emits. A
    /// program that does not fit into one contract is cut into fragments, which chains take from ArbOS 60 on. The first
    /// account pays. A constructor is not called. Blocks until the program is active.
    ///
    /// # Errors
    ///
    /// If the bytes are no WASM module, or the chain does not accept it as a program.
    pub fn deploy_program(&self, wasm: &[u8]) -> Result<Address, DeployError> {
        let wasm = process(wasm)?;
        let mut code = compress(&wasm)?;
        let longest = ChainConfig::default().max_code_size;
        if code.len() > longest {
            let fragments = cut(&code, longest)?;
            let addresses = fragments.iter().map(|fragment| self.create(fragment).map(|address| address.into_array()));
            code = root(u32::try_from(wasm.len()).unwrap_or(u32::MAX), &addresses.collect::<Result<Vec<_>, _>>()?);
        }
        let program = self.create(&code)?;
        let call = Bytes::from(activateProgramCall { program }.abi_encode());
        match self.send(json!({ "to": arb_wasm::ADDRESS, "data": call, "value": ENOUGH })) {
            // Activation belongs to the code: the same was activated before.
            Err(DeployError::Refused(error)) if is_active_already(&error) => Ok(program),
            result => result.map(|_| program),
        }
    }

    /// Creates a contract with this code.
    fn create(&self, code: &[u8]) -> Result<Address, DeployError> {
        let created = self.send(json!({ "data": Bytes::from(init_code(code)) }))?;
        created.contract_address.ok_or(DeployError::Failed(created.transaction_hash))
    }

    /// Sends a transaction of the first account and returns its receipt.
    fn send(&self, mut transaction: Value) -> Result<TransactionReceipt, DeployError> {
        let sender = self.accounts().first().map(|account| account.address);
        transaction["from"] = json!(sender);
        let hash = self.request("eth_sendTransaction", json!([transaction])).map_err(DeployError::Refused)?;
        let receipt = self.request("eth_getTransactionReceipt", json!([hash])).map_err(DeployError::Refused)?;
        let internal = |error: serde_json::Error| DeployError::Refused(crate::rpc::internal(error.to_string()));
        let receipt: TransactionReceipt = serde_json::from_value(receipt).map_err(internal)?;
        if receipt.status() { Ok(receipt) } else { Err(DeployError::Failed(receipt.transaction_hash)) }
    }
}
