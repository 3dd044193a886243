//! Constructors, and contracts that are told of others after them.

mod arguments;
mod connecting;
mod ether;
mod steps;

use alloy::primitives::{Address, Bytes};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolError;
use eyre::{Result, bail, ensure};
use restake::chain::CallError;
use restake_tests::{World, programs};

/// An account without code.
pub(super) const NOBODY: Address = Address::repeat_byte(0x99);

/// The owner calls a constructor.
pub(super) fn construction(world: &World, contract: Address, arguments: &[u8]) -> TransactionRequest {
    programs::construction(world.cast.owner.address, contract, arguments)
}

/// What the constructor refuses the arguments with. It is refused before anything is sent: the estimate of its gas
/// fails.
pub(super) async fn refusal(world: &World, contract: Address, arguments: &[u8]) -> Result<Bytes> {
    match world.chain.transact(construction(world, contract, arguments)).await {
        Err(CallError::Refused(refusal)) => Ok(refusal.data),
        Err(error) => Err(error.into()),
        Ok(_) => bail!("the constructor went through"),
    }
}

/// A new contract with the code of `original` refuses to be constructed so, with exactly `expected`.
pub(super) async fn refuse<E: SolError>(
    world: &World,
    original: Address,
    arguments: &[u8],
    expected: &E,
) -> Result<()> {
    let data = refusal(world, world.copy_of(original).await?, arguments).await?;
    ensure!(data == expected.abi_encode(), "refused with {data}, expected {}", E::SIGNATURE);
    Ok(())
}
