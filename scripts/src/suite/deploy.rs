//! Deploying one program: create its code, activate it, call its constructor.

use crate::build::Program;
use crate::chain::{CallError, Chain};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, address, keccak256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use eyre::{OptionExt, Result, WrapErr};

/// The precompile that activates programs.
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

/// One ETH: more than any data fee, for the question what it is.
const ENOUGH: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

sol! {
    /// The part of ArbWasm that a deployment needs.
    interface ArbWasm {
        /// The program runs already at this version of Stylus.
        error ProgramUpToDate();
        /// Activates `program` for a data fee; what exceeds it is returned to the caller.
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    }
}

/// A program on the chain.
#[derive(Debug, Clone, Copy)]
pub struct Deployment {
    /// Where it is.
    pub address: Address,
    /// Gas of the creation.
    pub creation_gas: u64,
    /// Gas of the activation, zero if the same code was active already.
    pub activation_gas: u64,
}

/// Creates and activates a program.
///
/// # Errors
/// If the chain refuses.
pub async fn deploy_program(chain: &Chain, from: Address, program: &Program) -> Result<Deployment> {
    let init_code = stylus_program::format::init_code(&program.code);
    let create = TransactionRequest::default().with_from(from).with_deploy_code(init_code);
    let created = chain.transact(create).await.wrap_err_with(|| format!("cannot create {}", program.name))?;
    let address = created.contract_address.ok_or_eyre("a creation without an address")?;
    let activation_gas =
        activate(chain, from, address).await.wrap_err_with(|| format!("cannot activate {}", program.name))?;
    Ok(Deployment { address, creation_gas: created.gas_used, activation_gas })
}

async fn activate(chain: &Chain, from: Address, program: Address) -> Result<u64> {
    let call = ArbWasm::activateProgramCall { program };
    let fee = match chain.simulate(from, ARB_WASM, &call, ENOUGH).await {
        Ok(answer) => answer.dataFee,
        // The same code was activated at another address: activation belongs to the code.
        Err(CallError::Refused(refusal)) if refusal.decode::<ArbWasm::ProgramUpToDate>().is_some() => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    // The fee moves with every activation: a fifth more, as cargo stylus sends; the excess comes back.
    let receipt = chain.send(from, ARB_WASM, &call, fee + fee / U256::from(5)).await?;
    Ok(receipt.gas_used)
}

/// Calls a program's constructor, whose selector is the SDK's `stylus_constructor()` whatever its arguments.
pub(super) async fn construct(chain: &Chain, from: Address, contract: Address, arguments: &[u8]) -> Result<()> {
    let selector = keccak256("stylus_constructor()");
    let input: Bytes = [&selector[..4], arguments].concat().into();
    let request = TransactionRequest::default().with_from(from).with_to(contract).with_input(input);
    chain.transact(request).await.wrap_err_with(|| format!("cannot construct {contract}"))?;
    Ok(())
}
