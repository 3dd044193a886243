//! Gas that does not suffice.

use alloy::network::TransactionBuilder;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use eyre::{Result, ensure};
use restake_tests::{Picture, World, ether};

/// Alice's transaction that stakes four tokens, which she has, with the honest operator.
async fn staking(world: &World) -> Result<TransactionRequest> {
    world.fund(&world.cast.alice, ether(4)).await?;
    let call = world.stake_call(ether(4), world.honest());
    let request = TransactionRequest::default().with_from(world.cast.alice.address).with_to(world.suite.token_pool);
    Ok(request.with_call(&call))
}

#[tokio::test]
async fn gas_below_the_price_of_any_transaction_is_not_taken() -> Result<()> {
    let world = World::new().await?;
    let request = staking(&world).await?.with_gas_limit(20_999);
    let block = world.chain.provider().get_block_number().await?;
    let refused = world.chain.submit(request).await;
    let error = refused.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("intrinsic gas too low"), "refused with {error:?}");
    assert_eq!(world.chain.provider().get_block_number().await?, block, "nothing was mined");
    Ok(())
}

#[tokio::test]
async fn a_call_that_runs_out_of_gas_anywhere_changes_nothing() -> Result<()> {
    let used = {
        let world = World::new().await?;
        world.chain.transact(staking(&world).await?).await?.gas_used
    };
    let world = World::new().await?;
    let request = staking(&world).await?;
    let before = Picture::take(&world).await?;
    for eighths in 2..8 {
        let gas = used * eighths / 8;
        let receipt = world.chain.submit(request.clone().with_gas_limit(gas)).await?;
        ensure!(!receipt.status() && receipt.logs().is_empty(), "{gas} of {used} gas sufficed");
        before.must_equal(&Picture::take(&world).await?)?;
    }
    world.chain.transact(request).await?;
    Ok(())
}
