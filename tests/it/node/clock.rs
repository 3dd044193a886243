//! The protocol's clock is the chain's.

use alloy::eips::BlockId;
use alloy::providers::Provider;
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use eyre::{OptionExt, Result};
use interfaces::ILens::currentEpochCall;
use restake_tests::World;

async fn current_epoch(world: &World) -> Result<u64> {
    Ok(world.chain.view(world.suite.lens, &currentEpochCall {}).await?)
}

#[tokio::test]
async fn epochs_change_with_the_timestamp_of_the_block() -> Result<()> {
    let world = World::new().await?;
    let current = world.chain.now().await? / EPOCH_SECONDS;
    assert_eq!(current_epoch(&world).await?, current);
    world.chain.travel_to(epoch::start(current + 1) - 1).await?;
    assert_eq!(current_epoch(&world).await?, current, "the last second");
    world.chain.travel_to(epoch::start(current + 1)).await?;
    assert_eq!(current_epoch(&world).await?, current + 1, "one second later");
    Ok(())
}

#[tokio::test]
async fn a_transaction_sees_the_time_of_its_block() -> Result<()> {
    let world = World::new().await?;
    world.chain.travel_to(world.chain.now().await? + 12_345).await?;
    let signed_at = world.chain.now().await?;
    world.join(&world.cast.dishonest, arithmetic::wad::ONE).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    let head = world.chain.provider().get_block(BlockId::latest()).await?.ok_or_eyre("no block")?;
    assert_eq!(head.header.timestamp, signed_at, "time stands still in tests");
    assert_eq!(attack.executable_at, head.header.timestamp + arithmetic::time::CHALLENGE_PERIOD_SECONDS);
    Ok(())
}
