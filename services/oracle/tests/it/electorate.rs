//! What signatures carry follows the Registry, whether it says that something changed or not.

use crate::stage::{INTERVAL, Stage};
use alloy::primitives::Address;
use arithmetic::epoch;
use eyre::Result;
use restake_oracle::electorate::Electorate;
use restake_tests::ether;

/// What four operators and a stranger carry now.
async fn carried(stage: &Stage, electorate: &mut Electorate) -> Result<(Vec<u128>, u128)> {
    let slot = stage.world.chain.now().await? / INTERVAL * INTERVAL;
    let keys: Vec<Address> = stage.operators().iter().map(|operator| operator.address).collect();
    let keys = [keys, vec![stage.world.cast.bob.address]].concat();
    let stakes = electorate.stakes(&stage.world.chain, slot, &keys).await?;
    Ok((keys.iter().map(|key| stakes.of(*key)).collect(), stakes.total()))
}

#[tokio::test]
async fn what_signatures_carry_is_asked_again_when_the_registry_says_that_it_changed() -> Result<()> {
    let stage = Stage::new().await?;
    let (mut electorate, all) = (Electorate::new(stage.feed.registry), ether(32));
    for _ in 0..3 {
        assert_eq!(carried(&stage, &mut electorate).await?, (vec![all, all, all, all, 0], 4 * all));
        stage.next_slot().await?;
    }
    let world = &stage.world;
    world.stake(&world.cast.honest, ether(10), world.honest()).await?;
    world.update_stakes(&[world.honest()]).await?;
    stage.next_slot().await?;
    assert_eq!(carried(&stage, &mut electorate).await?, (vec![ether(42), all, all, all, 0], 4 * all + ether(10)));

    // A fault: its signatures carry nothing, and everybody together is as many as before.
    world.freeze(&world.cast.dishonest).await?;
    stage.next_slot().await?;
    assert_eq!(carried(&stage, &mut electorate).await?, (vec![ether(42), 0, all, all, 0], 4 * all + ether(10)));
    Ok(())
}

#[tokio::test]
async fn what_expires_without_a_word_carries_nothing() -> Result<()> {
    let stage = Stage::new().await?;
    let (mut electorate, all) = (Electorate::new(stage.feed.registry), ether(32));
    assert_eq!(carried(&stage, &mut electorate).await?, (vec![all, all, all, all, 0], 4 * all));
    let next = epoch::start(epoch::at(stage.world.chain.now().await?) + 1);
    stage.world.chain.travel_to(next + 3 * 86_400 + INTERVAL).await?;
    assert_eq!(carried(&stage, &mut electorate).await?, (vec![0; 5], 4 * all));
    stage.world.update_stakes(&[stage.world.honest()]).await?;
    stage.next_slot().await?;
    assert_eq!(carried(&stage, &mut electorate).await?, (vec![all, 0, 0, 0, 0], 4 * all));
    Ok(())
}
