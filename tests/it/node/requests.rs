//! Requests and transactions that the node does not take.

use alloy::network::TransactionBuilder;
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::transports::http::reqwest::Client;
use eyre::{Result, bail, ensure};
use restake_tests::World;

/// The owner sends 1 wei to Alice, with gas enough for that.
fn transfer(world: &World) -> TransactionRequest {
    TransactionRequest::default()
        .with_from(world.cast.owner.address)
        .with_to(world.cast.alice.address)
        .with_value(U256::ONE)
        .with_gas_limit(21_000)
}

/// The transaction is not taken, for this reason, and nothing is mined.
async fn refuse(world: &World, request: TransactionRequest, reason: &str) -> Result<()> {
    let block = world.chain.provider().get_block_number().await?;
    let Err(error) = world.chain.submit(request).await else { bail!("it was taken") };
    ensure!(error.to_string().contains(reason), "refused with {error}, expected {reason}");
    ensure!(world.chain.provider().get_block_number().await? == block, "a block was mined");
    Ok(())
}

#[tokio::test]
async fn what_is_not_json_is_an_error_and_the_protocol_lives_on() -> Result<()> {
    let world = World::new().await?;
    for body in ["", "{", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":", "\u{0}\u{1}"] {
        let post = Client::new().post(&world.url).header("content-type", "application/json");
        let answer = post.body(body).send().await?.text().await?;
        ensure!(answer.contains("\"code\":-32700"), "{body:?} was answered with {answer}");
    }
    world.stake(&world.cast.alice, 1, world.honest()).await?;
    Ok(())
}

#[tokio::test]
async fn an_unknown_method_is_refused_as_one() -> Result<()> {
    let world = World::new().await?;
    let answer = world.chain.provider().client().request::<_, String>("restake_everything", ()).await;
    let Err(error) = answer else { bail!("it was answered") };
    let Some(payload) = error.as_error_resp() else { bail!("no answer: {error}") };
    assert_eq!(payload.code, -32601, "{payload}");
    Ok(())
}

#[tokio::test]
async fn a_nonce_that_was_used_is_refused() -> Result<()> {
    let world = World::new().await?;
    refuse(&world, transfer(&world).with_nonce(0), "nonce too low").await
}

#[tokio::test]
async fn who_has_no_funds_sends_nothing() -> Result<()> {
    let world = World::new().await?;
    // All of it, and nothing left for the gas.
    let balance = world.chain.balance(world.cast.owner.address).await?;
    refuse(&world, transfer(&world).with_value(balance), "insufficient funds for gas * price + value").await
}

#[tokio::test]
async fn a_transaction_of_another_chain_is_refused() -> Result<()> {
    let world = World::new().await?;
    let other = world.chain.provider().get_chain_id().await? + 1;
    refuse(&world, transfer(&world).with_chain_id(other), "invalid chain id").await
}
