//! Asking for leaves: what the tests of availability share.

use alloy::primitives::{Address, Bytes, U256};
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::{
    AvailabilityChallenged, ChallengeRanOut, Unavailability, answerChallengeCall, bondOfCall,
    challengeAvailabilityCall, resolveChallengeCall,
};
use restake::actors::Actor;
use restake::availability::{SignedCommitment, unavailability};
use restake::chain::event;
use restake::merkle::MerkleTree;
use restake_tests::{TASK, World};

/// `count` different leaves.
pub(super) fn leaves(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|index| vec![index; usize::from(index) + 1]).collect()
}

/// `operator`'s signed commitment to the tree, for [`TASK`], set now.
pub(super) async fn commit(world: &World, operator: &Actor, tree: &MerkleTree) -> Result<SignedCommitment> {
    world.domain().await?.commit(&operator.key, TASK, world.chain.now().await?, tree)
}

/// The call that asks `operator` for a leaf.
pub(super) fn ask(operator: Address, evidence: &Unavailability) -> challengeAvailabilityCall {
    challengeAvailabilityCall { operator, evidence: unavailability(evidence) }
}

/// The challenger asks with the bond. Returns the challenge's number and its deadline (Unix seconds).
pub(super) async fn challenge(world: &World, operator: Address, evidence: &Unavailability) -> Result<(u64, u64)> {
    challenge_by(world, &world.cast.challenger, operator, evidence).await
}

/// `who` asks with the bond. Returns the challenge's number and its deadline (Unix seconds).
pub(super) async fn challenge_by(
    world: &World,
    who: &Actor,
    operator: Address,
    evidence: &Unavailability,
) -> Result<(u64, u64)> {
    let disputes = world.suite.service.dispute_resolution;
    let receipt = world.chain.send(who.address, disputes, &ask(operator, evidence), world.parameters.bond).await?;
    let opened = event::<AvailabilityChallenged>(&receipt, disputes).ok_or_eyre("no AvailabilityChallenged event")?;
    assert_eq!(opened.deadline, world.chain.now().await? + world.parameters.answer_window);
    Ok((opened.challengeId, opened.deadline))
}

/// The call that opens a leaf.
pub(super) fn answer(challenge_id: u64, leaf: &[u8], proof: Bytes) -> answerChallengeCall {
    answerChallengeCall { challengeId: challenge_id, leaf: Bytes::copy_from_slice(leaf), proof }
}

/// The call that closes a challenge that ran out.
pub(super) fn resolve(challenge_id: u64) -> resolveChallengeCall {
    resolveChallengeCall { challengeId: challenge_id }
}

/// Alice, who has nothing to do with it, closes a challenge that ran out.
pub(super) async fn run_out(world: &World, challenge_id: u64) -> Result<ChallengeRanOut> {
    let disputes = world.suite.service.dispute_resolution;
    let receipt = world.act(&world.cast.alice, disputes, &resolve(challenge_id)).await?;
    event::<ChallengeRanOut>(&receipt, disputes).ok_or_eyre("no ChallengeRanOut event")
}

/// What `who` can withdraw of bonds (wei).
pub(super) async fn bond_of(world: &World, who: &Actor) -> Result<U256> {
    let call = bondOfCall { account: who.address };
    Ok(world.chain.view(world.suite.service.dispute_resolution, &call).await?)
}
