//! Deploying one program: create its code, activate it, call its constructor.

use crate::build::Program;
use crate::chain::{CallError, Chain};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, address, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use eyre::{OptionExt, Result, WrapErr};
use stylus_program::format::init_code;

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

/// Creates and activates a program. Returns its address.
///
/// # Errors
/// If the chain refuses.
pub async fn deploy_program(chain: &Chain, from: Address, program: &Program) -> Result<Address> {
    let init_code = init_code(&program.code);
    let create = TransactionRequest::default().with_from(from).with_deploy_code(init_code);
    let created = chain.transact(create).await.wrap_err_with(|| format!("cannot create {}", program.name))?;
    let address = created.contract_address.ok_or_eyre("a creation without an address")?;
    activate(chain, from, address).await.wrap_err_with(|| format!("cannot activate {}", program.name))?;
    Ok(address)
}

/// A new contract with the code of the program `original`, not constructed. It is active: activation belongs to the
/// code. Returns its address.
///
/// # Errors
/// If the chain refuses.
pub async fn copy_program(chain: &Chain, from: Address, original: Address) -> Result<Address> {
    let code = chain.provider().get_code_at(original).await?;
    let create = TransactionRequest::default().with_from(from).with_deploy_code(init_code(&code));
    chain.transact(create).await?.contract_address.ok_or_eyre("a creation without an address")
}

async fn activate(chain: &Chain, from: Address, program: Address) -> Result<()> {
    let call = ArbWasm::activateProgramCall { program };
    let fee = match chain.simulate(from, ARB_WASM, &call, ENOUGH).await {
        Ok(answer) => answer.dataFee,
        // The same code was activated at another address: activation belongs to the code.
        Err(CallError::Refused(refusal)) if refusal.decode::<ArbWasm::ProgramUpToDate>().is_some() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    // The fee moves with every activation: a fifth more, as cargo stylus sends; the excess comes back.
    chain.send(from, ARB_WASM, &call, fee + fee / U256::from(5)).await?;
    Ok(())
}

/// The call of a program's constructor, whose selector is the SDK's `stylus_constructor()` whatever its arguments.
pub fn construction(from: Address, contract: Address, arguments: &[u8]) -> TransactionRequest {
    let selector = keccak256("stylus_constructor()");
    let input: Bytes = [&selector[..4], arguments].concat().into();
    TransactionRequest::default().with_from(from).with_to(contract).with_input(input)
}
