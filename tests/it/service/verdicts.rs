//! Challenges that are judged and do not hold.

use super::leaves::{ask, commit, leaves};
use alloy::primitives::{B256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{
    ChallengeRejected, ChallengeUpheld, NotSigned, SignedAttestation, Unavailability, bondOfCall, challengeCall,
    isJudgedCall,
};
use interfaces::IRegistry::rotateKeyCall;
use restake::attestation::{CompactSignature, Domain};
use restake::availability::SignedCommitment;
use restake::chain::event;
use restake::judgements::equivocation_id;
use restake::merkle::MerkleTree;
use restake_tests::{TASK, World};

/// A world with an operator that serves and is accused.
async fn accused() -> Result<World> {
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    Ok(world)
}

/// The accusation is false: the operator gets the bond, and nothing else happens to it.
async fn reject(world: &World, first: SignedAttestation, second: SignedAttestation) -> Result<()> {
    let (operator, disputes, bond) = (world.honest(), world.suite.service.dispute_resolution, world.parameters.bond);
    let accuser = &world.cast.accuser;
    let time = first.taskTime;
    let call = World::challenge_call(operator, first, second);
    assert!(!world.chain.simulate(accuser.address, disputes, &call, bond).await?, "the answer is the verdict");

    let receipt = world.challenge(accuser, &call).await?;

    let evidence = equivocation_id(operator, TASK, time);
    let rejected = ChallengeRejected { operator, challenger: accuser.address, evidence, bond };
    assert_eq!(event::<ChallengeRejected>(&receipt, disputes), Some(rejected));
    assert_eq!(receipt.logs().len(), 1, "and no other event");
    assert!(!world.chain.view(disputes, &isJudgedCall { evidence }).await?, "it can be proven yet");
    assert_eq!(world.chain.view(disputes, &bondOfCall { account: operator }).await?, bond);
    assert_eq!(world.chain.view(disputes, &bondOfCall { account: accuser.address }).await?.to::<u64>(), 0);
    assert!(!world.is_frozen(operator).await?);
    Ok(())
}

#[tokio::test]
async fn answers_signed_by_somebody_else_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let stranger = &world.cast.accuser;
    reject(&world, world.attest(stranger, 1).await?, world.attest(stranger, 2).await?).await
}

#[tokio::test]
async fn answers_signed_by_another_operator_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let other = &world.cast.dishonest;
    world.join(other, ONE).await?;
    reject(&world, world.attest(other, 1).await?, world.attest(other, 2).await?).await
}

#[tokio::test]
async fn one_answer_of_the_operator_and_one_of_somebody_else_prove_nothing() -> Result<()> {
    for (first, second) in [(1, 2), (2, 1)] {
        let world = accused().await?;
        let (honest, stranger) =
            (world.attest(&world.cast.honest, first).await?, world.attest(&world.cast.accuser, second).await?);
        if first < second { reject(&world, honest, stranger).await? } else { reject(&world, stranger, honest).await? }
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_without_a_signature_proves_nothing() -> Result<()> {
    let world = accused().await?;
    let signed = world.attest(&world.cast.honest, 1).await?;
    let unsigned =
        SignedAttestation { answer: B256::with_last_byte(2), r: B256::ZERO, vs: B256::ZERO, ..signed.clone() };
    reject(&world, signed, unsigned).await
}

#[tokio::test]
async fn a_signature_of_another_answer_proves_nothing() -> Result<()> {
    let world = accused().await?;
    let signed = world.attest(&world.cast.honest, 1).await?;
    let forged = SignedAttestation { answer: B256::with_last_byte(2), ..signed.clone() };
    reject(&world, signed, forged).await
}

#[tokio::test]
async fn the_same_answer_twice_proves_nothing() -> Result<()> {
    let world = accused().await?;
    let signed = world.attest(&world.cast.honest, 1).await?;
    reject(&world, signed.clone(), signed).await
}

#[tokio::test]
async fn answers_to_two_tasks_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let (key, now) = (&world.cast.honest.key, world.chain.now().await?);
    let first = world.attest(&world.cast.honest, 1).await?;
    let other_task = keccak256(TASK);
    let second = world.domain().await?.attest(key, other_task, now, B256::with_last_byte(2))?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn answers_to_a_task_set_at_two_times_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let first = world.attest(&world.cast.honest, 1).await?;
    world.chain.travel_to(first.taskTime + 1).await?;
    let second = world.attest(&world.cast.honest, 2).await?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn answers_for_another_service_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let chain_id = world.chain.provider().get_chain_id().await?;
    let elsewhere = Domain::new(chain_id, world.suite.service.dispute_resolution);
    let (key, now) = (&world.cast.honest.key, world.chain.now().await?);
    let first = elsewhere.attest(key, TASK, now, B256::with_last_byte(1))?;
    let second = elsewhere.attest(key, TASK, now, B256::with_last_byte(2))?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn answers_for_another_chain_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let chain_id = world.chain.provider().get_chain_id().await?;
    let elsewhere = Domain::new(chain_id + 1, world.suite.service.service_manager);
    let (key, now) = (&world.cast.honest.key, world.chain.now().await?);
    let first = elsewhere.attest(key, TASK, now, B256::with_last_byte(1))?;
    let second = elsewhere.attest(key, TASK, now, B256::with_last_byte(2))?;
    reject(&world, first, second).await
}

/// Guards against: an answer is taken for a commitment, or a commitment for an answer. What proves one kind of fault is
/// never signed as another kind.
#[tokio::test]
async fn commitments_to_different_data_are_no_equivocation() -> Result<()> {
    let world = accused().await?;
    let (operator, now) = (&world.cast.honest, world.chain.now().await?);
    let as_an_answer = async |count: u8| -> Result<SignedAttestation> {
        let tree = MerkleTree::new(&leaves(count));
        let SignedCommitment { signature: CompactSignature { r, vs }, .. } = commit(&world, operator, &tree).await?;
        Ok(SignedAttestation { task: TASK, taskTime: now, answer: tree.root(), r, vs })
    };
    reject(&world, as_an_answer(2).await?, as_an_answer(3).await?).await
}

#[tokio::test]
async fn an_answer_is_never_taken_for_a_commitment() -> Result<()> {
    let world = accused().await?;
    let (operator, disputes) = (&world.cast.honest, world.suite.service.dispute_resolution);
    let (tree, now) = (MerkleTree::new(&leaves(3)), world.chain.now().await?);
    // A user gets the root, or what used to be signed for a commitment, answered.
    let committed = keccak256((tree.root(), tree.leaf_count()).abi_encode());
    for answer in [tree.root(), committed] {
        let SignedAttestation { r, vs, .. } = world.domain().await?.attest(&operator.key, TASK, now, answer)?;
        let leaf = commit(&world, operator, &tree).await?.leaf(0);
        let call = ask(operator.address, &Unavailability { r, vs, ..leaf });
        let not_signed = NotSigned { operator: operator.address };
        world.refuse_paying(&world.cast.challenger, disputes, &call, world.parameters.bond, &not_signed).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_operator_cannot_have_its_own_fault_rejected_in_advance() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let (first, second) = (world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let spoilt: [challengeCall; 3] = [
        World::challenge_call(operator.address, first.clone(), first.clone()),
        World::challenge_call(operator.address, SignedAttestation { r: B256::ZERO, ..first.clone() }, second.clone()),
        World::challenge_call(operator.address, first.clone(), SignedAttestation { r: B256::ZERO, ..second.clone() }),
    ];
    for call in spoilt {
        let receipt = world.challenge(operator, &call).await?;
        assert!(event::<ChallengeRejected>(&receipt, disputes).is_some());
    }
    let proof = World::challenge_call(operator.address, first, second);
    let receipt = world.challenge(&world.cast.challenger, &proof).await?;
    assert!(event::<ChallengeUpheld>(&receipt, disputes).is_some());
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}

/// Guards against: evidence that is rejected before a key is registered is remembered, and then the key is registered.
#[tokio::test]
async fn evidence_that_was_rejected_before_the_key_was_registered_holds_afterwards() -> Result<()> {
    for swapped in [false, true] {
        let world = accused().await?;
        let (operator, key, service) = (&world.cast.honest, &world.cast.bob, world.suite.service);
        let (first, second) = (world.attest(key, 1).await?, world.attest(key, 2).await?);
        for (first, second) in [(first.clone(), second.clone()), (second.clone(), first.clone())] {
            let call = World::challenge_call(operator.address, first, second);
            let receipt = world.challenge(operator, &call).await?;
            assert!(event::<ChallengeRejected>(&receipt, service.dispute_resolution).is_some());
        }
        let proof = world.domain().await?.bind_key(&key.key, operator.address)?;
        let rotate = rotateKeyCall { signingKey: key.address, r: proof.r, vs: proof.vs };
        world.act(operator, service.registry, &rotate).await?;
        let (first, second) = if swapped { (second, first) } else { (first, second) };
        world.challenge(&world.cast.challenger, &World::challenge_call(operator.address, first, second)).await?;
        assert!(world.is_frozen(operator.address).await?);
    }
    Ok(())
}
