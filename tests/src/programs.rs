//! Single programs, beside a deployed suite.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use eyre::{OptionExt, Result, WrapErr};
use restake::build::{self, Program};
use restake::chain::Chain;
use restake::suite::stylus_deployer::{ARB_WASM, ArbWasm};
use stylus_program::format::init_code;
use tokio::sync::OnceCell;

/// More than any data fee; the rest comes back.
const ENOUGH: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// The programs that services take what they need of, built once per test process.
///
/// # Errors
/// If they do not build.
pub async fn for_services() -> Result<&'static [Program]> {
    static BUILT: OnceCell<Vec<Program>> = OnceCell::const_new();
    let build = || async {
        let built = tokio::task::spawn_blocking(|| build::build_these(&build::FOR_SERVICES, false));
        built.await.wrap_err("the build was interrupted")?
    };
    Ok(BUILT.get_or_try_init(build).await?)
}

/// The programs of step functions, built once per test process.
///
/// # Errors
/// If they do not build.
pub async fn steps() -> Result<&'static [Program]> {
    static BUILT: OnceCell<Vec<Program>> = OnceCell::const_new();
    let build = || async {
        let built = tokio::task::spawn_blocking(|| build::build_these(&build::STEPS, false));
        built.await.wrap_err("the build was interrupted")?
    };
    Ok(BUILT.get_or_try_init(build).await?)
}

/// Creates and activates a program without a constructor. Returns its address.
///
/// # Errors
/// If the chain refuses.
pub async fn deploy_program(chain: &Chain, from: Address, program: &Program) -> Result<Address> {
    let address =
        create(chain, from, &program.code).await.wrap_err_with(|| format!("cannot create {}", program.name))?;
    let activated = chain.send(from, ARB_WASM, &ArbWasm::activateProgramCall { program: address }, ENOUGH).await;
    activated.wrap_err_with(|| format!("cannot activate {}", program.name))?;
    Ok(address)
}

/// A new contract with the code of the program `original`, not constructed. It is active: activation belongs to the
/// code. Returns its address.
///
/// # Errors
/// If the chain refuses.
pub async fn copy_program(chain: &Chain, from: Address, original: Address) -> Result<Address> {
    create(chain, from, &chain.provider().get_code_at(original).await?).await
}

/// The call of a program's constructor, whose selector is the SDK's `stylus_constructor()` whatever its arguments.
pub fn construction(from: Address, contract: Address, arguments: &[u8]) -> TransactionRequest {
    let selector = keccak256("stylus_constructor()");
    let input: Bytes = [&selector[..4], arguments].concat().into();
    TransactionRequest::default().with_from(from).with_to(contract).with_input(input)
}

async fn create(chain: &Chain, from: Address, code: &[u8]) -> Result<Address> {
    let create = TransactionRequest::default().with_from(from).with_deploy_code(init_code(code));
    chain.transact(create).await?.contract_address.ok_or_eyre("a creation without an address")
}
