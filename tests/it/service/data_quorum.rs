//! `verifyDataQuorum`: whether operators with enough stake keep data, and how much of it they can be asked for.

use super::support::{serving, tick, update};
use alloy::primitives::{B256, Bytes, keccak256};
use alloy::sol_types::SolValue;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IQuorum::{
    InvalidLeaves, InvalidThreshold, MalformedSignatures, TaskInFuture, TaskTooOld, UnsortedSigners, dataSignersOfCall,
    verifyDataQuorumCall, verifyDataQuorumReturn,
};
use interfaces::IRegistry::deregisterOperatorCall;
use restake::actors::Actor;
use restake::availability::data_quorum;
use restake::merkle::MerkleTree;
use restake_tests::{TASK, World, ether};
use std::ops::Range;

/// Data of six leaves.
fn data() -> MerkleTree {
    MerkleTree::new(&(0..6).map(|index| vec![index]).collect::<Vec<_>>())
}

/// The question whether three quarters of the stake keep the data for [`TASK`], set now: who keeps which leaves.
async fn question(world: &World, kept: &[(&Actor, Range<u64>)]) -> Result<verifyDataQuorumCall> {
    let (tree, now, domain) = (data(), world.chain.now().await?, world.domain().await?);
    let signed = kept.iter().map(|(who, kept)| domain.commit_to(&who.key, TASK, now, &tree, kept.clone()));
    let signatures = data_quorum(&domain, signed.collect::<Result<Vec<_>>>()?)?;
    let (root, leaf_count) = (tree.root(), tree.leaf_count());
    Ok(verifyDataQuorumCall { task: TASK, taskTime: now, root, leafCount: leaf_count, signatures, threshold: 7_500 })
}

async fn ask(world: &World, question: &verifyDataQuorumCall) -> Result<(bool, u128, u128, u64)> {
    let answer = world.chain.view(world.suite.service.quorum, question).await?;
    let verifyDataQuorumReturn { reached, signedStake, totalStake, keptLeaves } = answer;
    Ok((reached, signedStake, totalStake, keptLeaves))
}

/// The two operators, in the order of their keys.
fn in_order(world: &World) -> (&Actor, &Actor) {
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    if honest.address < dishonest.address { (honest, dishonest) } else { (dishonest, honest) }
}

#[tokio::test]
async fn a_data_quorum_is_weighed_like_any() -> Result<()> {
    let world = serving().await?;
    let quorum = world.suite.service.quorum;
    let good = question(&world, &[(&world.cast.honest, 0..5)]).await?;
    assert_eq!(ask(&world, &good).await?, (true, ether(96), ether(128), 5));
    let few = verifyDataQuorumCall { threshold: 7_501, ..good.clone() };
    assert_eq!(ask(&world, &few).await?, (false, ether(96), ether(128), 5));
    assert_eq!(ask(&world, &question(&world, &[]).await?).await?, (false, 0, ether(128), 0));
    // Another root, another number of leaves, another task.
    for other in [
        verifyDataQuorumCall { root: B256::ZERO, ..good.clone() },
        verifyDataQuorumCall { leafCount: 7, ..good.clone() },
        verifyDataQuorumCall { task: B256::ZERO, ..good.clone() },
    ] {
        assert_eq!(ask(&world, &other).await?, (false, 0, ether(128), 0));
    }
    let (alice, threshold) = (&world.cast.alice, 0);
    let call = verifyDataQuorumCall { threshold, ..good.clone() };
    world.refuse(alice, quorum, &call, &InvalidThreshold { threshold }).await?;
    let task_time = good.taskTime + 1;
    let early = verifyDataQuorumCall { taskTime: task_time, ..good.clone() };
    world.refuse(alice, quorum, &early, &TaskInFuture { taskTime: task_time }).await?;
    let short = verifyDataQuorumCall { signatures: good.signatures.slice(..64), ..good.clone() };
    world.refuse(alice, quorum, &short, &MalformedSignatures {}).await?;
    let askable_until = good.taskTime + 129_600;
    world.chain.travel_to(askable_until + 1).await?;
    world.refuse(alice, quorum, &good, &TaskTooOld { askableUntil: askable_until }).await
}

#[tokio::test]
async fn leaves_are_counted_once_and_only_those_that_the_signer_named() -> Result<()> {
    let world = serving().await?;
    let (first, second) = in_order(&world);
    let whole = question(&world, &[(first, 0..2), (second, 2..6)]).await?;
    assert_eq!(ask(&world, &whole).await?, (true, ether(128), ether(128), 6));
    let gap = question(&world, &[(first, 0..1), (second, 5..6)]).await?;
    assert_eq!(ask(&world, &gap).await?, (true, ether(128), ether(128), 2));
    // One leaf twice; in the wrong order; a leaf that the data does not have; none; more than there are numbers.
    for (kept, signer) in [
        ([(first, 0..3), (second, 2..6)], second),
        ([(first, 2..6), (second, 0..2)], second),
        ([(first, 0..2), (second, 2..7)], second),
        ([(first, 1..1), (second, 2..6)], first),
        ([(first, 0..2), (second, 6..6)], second),
    ] {
        let wrong = question(&world, &kept).await?;
        let refusal = InvalidLeaves { signer: signer.address };
        world.refuse(&world.cast.alice, world.suite.service.quorum, &wrong, &refusal).await?;
    }
    // What stands beside a signature is what was signed, or the signature is not theirs.
    let alone = question(&world, &[(first, 0..2)]).await?;
    assert_eq!(ask(&world, &alone).await?.3, 2);
    let mut changed = alone.signatures.to_vec();
    changed[79] = 6;
    let changed = verifyDataQuorumCall { signatures: changed.into(), ..alone };
    assert_eq!(ask(&world, &changed).await?, (false, 0, ether(128), 0));
    // Each counts once, in their order.
    for signatures in [[0..80, 0..80], [80..160, 0..80]] {
        let bytes = signatures.map(|part| whole.signatures.slice(part)).concat();
        let wrong = verifyDataQuorumCall { signatures: bytes.into(), ..whole.clone() };
        let refusal = UnsortedSigners { signer: first.address };
        world.refuse(&world.cast.alice, world.suite.service.quorum, &wrong, &refusal).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_can_be_slashed_for_is_not_kept() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    // A stranger's leaves, also the same ones, count nothing and hinder nobody.
    let stranger = question(&world, &[(&world.cast.bob, 0..6), (honest, 0..4)]).await?;
    assert_eq!(ask(&world, &stranger).await?, (true, ether(96), ether(128), 4));
    tick(&world).await?;
    world.act(honest, registry, &deregisterOperatorCall {}).await?;
    assert_eq!(ask(&world, &question(&world, &[(honest, 0..4)]).await?).await?, (false, 0, ether(32), 0));
    update(&world, world.cast.dishonest.address).await?;
    let left = question(&world, &[(honest, 0..4), (&world.cast.dishonest, 0..6)]).await?;
    assert_eq!(ask(&world, &left).await?, (true, ether(32), ether(32), 6));
    Ok(())
}

#[tokio::test]
async fn those_who_keep_data_are_named_with_the_stake_that_counts() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let asked = question(&world, &[(&world.cast.dishonest, 0..6), (&world.cast.bob, 1..2)]).await?;
    let verifyDataQuorumCall { task, taskTime, root, leafCount, signatures, .. } = asked;
    let call = dataSignersOfCall { task, taskTime, root, leafCount, signatures };
    let signers = world.chain.view(world.suite.service.quorum, &call).await?;
    assert_eq!((signers.operators, signers.stakes), (vec![world.dishonest()], vec![ether(32)]));
    Ok(())
}

#[tokio::test]
async fn an_answer_is_never_a_data_commitment() -> Result<()> {
    let world = serving().await?;
    let (honest, now) = (&world.cast.honest, world.chain.now().await?);
    let asked = question(&world, &[]).await?;
    // What the first release took for a commitment: an answer of the user's choice.
    let answer = keccak256((asked.root, asked.leafCount).abi_encode());
    let signed = world.domain().await?.attest(&honest.key, TASK, now, answer)?;
    let signatures: Bytes = [&signed.r[..], &signed.vs[..], &0u64.to_be_bytes(), &6u64.to_be_bytes()].concat().into();
    let asked = verifyDataQuorumCall { signatures, ..asked };
    assert_eq!(ask(&world, &asked).await?, (false, 0, ether(128), 0));
    Ok(())
}
