//! Kinds of faults that a service switches off and on.

use super::custom::{same_terms, schedule, with};
use super::leaves::{ask, challenge, commit, leaves, run_out};
use arithmetic::fault::{EQUIVOCATION, UNAVAILABILITY};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{FaultKindIsOff, challengeCall};
use interfaces::IServiceManager;
use interfaces::IServiceManager::scheduleTermsCall;
use restake::merkle::MerkleTree;
use restake_tests::World;

/// The crooked operator's two answers to the task set now, as a challenge.
async fn proof(world: &World) -> Result<challengeCall> {
    let operator = &world.cast.dishonest;
    let (first, second) = (world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    Ok(World::challenge_call(operator.address, first, second))
}

/// A world in which the crooked operator serves a service with the given wads.
async fn served(wads: [u64; 4]) -> Result<World> {
    let world = with(|_, parameters| parameters.wads = wads).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    Ok(world)
}

/// The terms change to `wads`. Returns when (Unix seconds).
async fn change(world: &World, wads: [u64; 4]) -> Result<u64> {
    let terms = scheduleTermsCall { wads, ..same_terms(world) };
    schedule(world, world.suite.service.service_manager, &terms).await
}

#[tokio::test]
async fn a_leaf_is_not_asked_for_where_unavailability_is_no_fault() -> Result<()> {
    let world = served([ONE / 2, 0, 0, 0]).await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    let evidence = commit(&world, operator, &MerkleTree::new(&leaves(3))).await?.leaf(0);
    let off = FaultKindIsOff { kind: UNAVAILABILITY };
    world.refuse_paying(who, disputes, &ask(operator.address, &evidence), world.parameters.bond, &off).await?;
    world.challenge(who, &proof(&world).await?).await?;
    Ok(())
}

#[tokio::test]
async fn an_equivocation_is_not_proven_where_it_is_no_fault() -> Result<()> {
    let world = served([0, ONE / 10, 0, 0]).await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    let off = IServiceManager::FaultKindIsOff { kind: EQUIVOCATION };
    world.refuse_paying(who, disputes, &proof(&world).await?, world.parameters.bond, &off).await?;
    let evidence = commit(&world, operator, &MerkleTree::new(&leaves(3))).await?.leaf(0);
    let (id, deadline) = challenge(&world, operator.address, &evidence).await?;
    world.chain.travel_to(deadline + 1).await?;
    assert!(run_out(&world, id).await?.frozen);
    Ok(())
}

#[tokio::test]
async fn a_kind_that_was_switched_off_still_punishes_what_was_done_before() -> Result<()> {
    let world = served([ONE / 2, ONE / 10, 0, 0]).await?;
    let operator = &world.cast.dishonest;
    let effective_at = change(&world, [ONE / 2, 0, 0, 0]).await?;
    world.chain.travel_to(effective_at - 1).await?;
    let before = commit(&world, operator, &MerkleTree::new(&leaves(3))).await?;
    world.chain.travel_to(effective_at).await?;
    // Asked for and run out after the change.
    let (id, deadline) = challenge(&world, operator.address, &before.leaf(0)).await?;
    let after = commit(&world, operator, &MerkleTree::new(&leaves(3))).await?.leaf(0);
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let off = FaultKindIsOff { kind: UNAVAILABILITY };
    world.refuse_paying(&world.cast.challenger, disputes, &ask(operator.address, &after), bond, &off).await?;
    world.chain.travel_to(deadline + 1).await?;
    assert!(run_out(&world, id).await?.frozen);
    Ok(())
}

#[tokio::test]
async fn a_kind_that_was_switched_on_does_not_punish_what_was_done_before() -> Result<()> {
    let world = served([0, ONE / 10, 0, 0]).await?;
    let (who, disputes, bond) = (&world.cast.challenger, world.suite.service.dispute_resolution, world.parameters.bond);
    let effective_at = change(&world, [ONE / 2, ONE / 10, 0, 0]).await?;
    world.chain.travel_to(effective_at - 1).await?;
    let before = proof(&world).await?;
    world.chain.travel_to(effective_at).await?;
    let off = IServiceManager::FaultKindIsOff { kind: EQUIVOCATION };
    world.refuse_paying(who, disputes, &before, bond, &off).await?;
    world.challenge(who, &proof(&world).await?).await?;
    Ok(())
}
