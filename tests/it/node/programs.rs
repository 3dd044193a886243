//! Programs made by hand, and the precompile that activates them.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, address};
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use eyre::{OptionExt, Result};
use restake::chain::CallError;
use restake_tests::World;
use stylus_program::format::{compress, init_code};

/// The precompile.
pub(super) const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

/// One ETH: more than any activation costs.
pub(super) const ENOUGH: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

sol! {
    #![sol(all_derives)]
    interface ArbWasm {
        error ProgramNotActivated();
        error ProgramUpToDate();
        error ProgramInsufficientValue(uint256 have, uint256 want);
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function programVersion(address program) external view returns (uint16 version);
    }
}

/// The code of a program that accepts every call and does nothing.
pub(super) fn quiet() -> Result<Vec<u8>> {
    program(
        r#"(memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#,
    )
}

/// The code of a program with these fields (WAT).
pub(super) fn program(fields: &str) -> Result<Vec<u8>> {
    Ok(compress(&wat::parse_str(format!("(module {fields})"))?)?)
}

/// The creation of a contract with this code, by the owner.
pub(super) fn creation(world: &World, code: &[u8]) -> TransactionRequest {
    TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init_code(code))
}

/// A new contract with this code.
pub(super) async fn create(world: &World, code: &[u8]) -> Result<Address> {
    world.chain.transact(creation(world, code)).await?.contract_address.ok_or_eyre("no address")
}

/// What the activation would cost (wei).
pub(super) async fn data_fee(world: &World, program: Address) -> Result<U256, CallError> {
    let call = ArbWasm::activateProgramCall { program };
    Ok(world.chain.simulate(world.cast.owner.address, ARB_WASM, &call, ENOUGH).await?.dataFee)
}

/// The owner calls the program with some bytes.
pub(super) fn request(world: &World, program: Address) -> TransactionRequest {
    let input = Bytes::from_static(b"hello");
    TransactionRequest::default().with_from(world.cast.owner.address).with_to(program).with_input(input)
}
