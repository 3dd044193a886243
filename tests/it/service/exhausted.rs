//! Faults while the service has nothing left to take: no budget that comes back finds them used up.

use super::custom::with;
use super::leaves::{bond_of, challenge, challenge_by, commit, leaves, resolve, run_out};
use alloy::primitives::{B256, U256};
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{AlreadyJudged, NoOpenChallenge, isJudgedCall};
use interfaces::ISlasher::{SlashBudgetExhausted, optOutOfSlashingCall};
use restake::availability::SignedCommitment;
use restake::judgements::{equivocation_id, unavailability_id};
use restake::merkle::MerkleTree;
use restake_tests::{Attack, TASK, World};

const DAY: u64 = 86_400;

/// A service that takes the whole budget for each fault, and whose resolver is Bob. The crooked operator serves.
async fn strict() -> Result<World> {
    let world = with(|world, parameters| {
        parameters.wads = [ONE, ONE, 0, 0];
        parameters.resolver = world.cast.bob.address;
    })
    .await?;
    world.join(&world.cast.dishonest, ONE).await?;
    Ok(world)
}

/// The crooked operator commits to the only leaf of a tree, and is asked for it; meanwhile an equivocation takes the
/// whole budget. Returns the commitment, the challenge and its deadline, and the request.
async fn asked_and_exhausted(world: &World) -> Result<(SignedCommitment, u64, u64, u64)> {
    let operator = &world.cast.dishonest;
    let commitment = commit(world, operator, &MerkleTree::new(&leaves(1))).await?;
    // A friend asks, to use the leaf up.
    let (id, deadline) = challenge_by(world, &world.cast.accuser, operator.address, &commitment.leaf(0)).await?;
    world.chain.travel_to(deadline).await?;
    let request = world.freeze(operator).await?.request_id;
    world.chain.travel_to(deadline + 1).await?;
    Ok((commitment, id, deadline, request))
}

/// Whether the fault of not opening what was committed to is used up.
async fn is_used_up(world: &World, commitment: &SignedCommitment) -> Result<bool> {
    let hash = world.domain().await?.data_commitment_hash(&commitment.commitment);
    let call = isJudgedCall { evidence: unavailability_id(world.dishonest(), hash) };
    Ok(world.chain.view(world.suite.service.dispute_resolution, &call).await?)
}

/// Guards against: the only leaf of a tree is asked for while the budget is in an open request, and is used up.
#[tokio::test]
async fn the_only_leaf_of_a_tree_is_not_used_up_while_the_budget_is_in_an_open_request() -> Result<()> {
    let world = strict().await?;
    let (operator, disputes) = (world.dishonest(), world.suite.service.dispute_resolution);
    let (commitment, id, _, request) = asked_and_exhausted(&world).await?;
    let exhausted = SlashBudgetExhausted { operator };
    world.refuse(&world.cast.alice, disputes, &resolve(id), &exhausted).await?;
    assert!(!is_used_up(&world, &commitment).await?);
    assert_eq!(bond_of(&world, &world.cast.accuser).await?, U256::ZERO);

    world.act(&world.cast.bob, world.suite.slasher, &world.attack(request).await?.veto()).await?;
    let ran_out = run_out(&world, id).await?;
    assert!(ran_out.frozen && is_used_up(&world, &commitment).await?);
    assert_eq!(world.attack(ran_out.requestId).await?.request.wad, ONE, "all that the terms ask for");
    Ok(())
}

#[tokio::test]
async fn a_budget_that_comes_back_from_an_expired_request_is_taken_for_the_next_fault() -> Result<()> {
    let world = strict().await?;
    let (operator, disputes) = (world.dishonest(), world.suite.service.dispute_resolution);
    let (_, id, deadline, request) = asked_and_exhausted(&world).await?;
    // Two days of challenge and seven to execute.
    world.chain.travel_to(deadline + 9 * DAY - 1).await?;
    world.refuse(&world.cast.alice, disputes, &resolve(id), &SlashBudgetExhausted { operator }).await?;
    world.chain.travel_to(deadline + 9 * DAY).await?;
    world.act(&world.cast.alice, world.suite.slasher, &world.attack(request).await?.expiry()).await?;
    assert!(run_out(&world, id).await?.frozen);
    Ok(())
}

#[tokio::test]
async fn a_challenge_closes_without_a_freeze_at_the_start_of_the_third_epoch_after_the_task() -> Result<()> {
    let world = strict().await?;
    let (operator, disputes) = (world.dishonest(), world.suite.service.dispute_resolution);
    let (commitment, id, _, request) = asked_and_exhausted(&world).await?;
    let over = (commitment.commitment.taskTime / 604_800 + 3) * 604_800;
    assert_eq!(over, epoch::disputes_over(commitment.commitment.taskTime));
    world.execute(&world.attack(request).await?).await?;
    world.chain.travel_to(over - 1).await?;
    world.refuse(&world.cast.alice, disputes, &resolve(id), &SlashBudgetExhausted { operator }).await?;
    world.chain.travel_to(over).await?;
    let ran_out = run_out(&world, id).await?;
    assert!(!ran_out.frozen && !world.is_frozen(operator).await?);
    assert!(!is_used_up(&world, &commitment).await?);
    assert_eq!(bond_of(&world, &world.cast.accuser).await?, world.parameters.bond);
    world.refuse(&world.cast.alice, disputes, &resolve(id), &NoOpenChallenge { challengeId: id }).await
}

#[tokio::test]
async fn once_the_grant_has_ended_the_challenger_gets_its_bond_back_at_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let commitment = commit(&world, operator, &MerkleTree::new(&leaves(1))).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    let (id, _) = challenge(&world, operator.address, &commitment.leaf(0)).await?;
    // The service can slash until the last second of the epoch after the one in which the grant ended.
    let ends = epoch::start(epoch::at(world.chain.now().await?) + 2);
    world.chain.travel_to(ends).await?;
    let ran_out = run_out(&world, id).await?;
    assert!(!ran_out.frozen && !world.is_frozen(operator.address).await?);
    assert!(!is_used_up(&world, &commitment).await?);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond);
    Ok(())
}

#[tokio::test]
async fn a_challenge_can_be_resolved_until_the_last_second_of_the_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let commitment = commit(&world, operator, &MerkleTree::new(&leaves(1))).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    let (id, _) = challenge(&world, operator.address, &commitment.leaf(0)).await?;
    let ends = epoch::start(epoch::at(world.chain.now().await?) + 2);
    world.chain.travel_to(ends - 1).await?;
    assert!(run_out(&world, id).await?.frozen);
    Ok(())
}

/// An operator that leaves at the task's time, or in front of the question, is within reach for more than the game
/// takes.
#[tokio::test]
async fn leaving_never_makes_a_challenge_in_its_window_run_out_unpunished() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    // The first second of an epoch: the grant ends at the end of the next one, as soon as it ever can.
    let start = epoch::start(epoch::at(world.chain.now().await?) + 1);
    world.chain.travel_to(start - 1).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    // The stake of its checkpoint signs until three days into the next epoch.
    world.chain.travel_to(start + 3 * DAY - 1).await?;
    let commitment = commit(&world, operator, &MerkleTree::new(&leaves(1))).await?;
    world.chain.travel_to(start + 5 * DAY - 1).await?;
    let (id, deadline) = challenge(&world, operator.address, &commitment.leaf(0)).await?;
    assert_eq!(deadline, start + 6 * DAY - 1);
    // A whole day is left to resolve it.
    world.chain.travel_to(start + EPOCH_SECONDS - 1).await?;
    assert!(run_out(&world, id).await?.frozen);
    Ok(())
}

#[tokio::test]
async fn an_equivocation_is_not_used_up_while_the_budget_is_in_an_open_request() -> Result<()> {
    let world = strict().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    let request = world.freeze(operator).await?.request_id;
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let time = world.chain.now().await?;
    let proof =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let (bond, fault) = (world.parameters.bond, equivocation_id(operator.address, TASK, time));
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse_paying(&world.cast.challenger, disputes, &proof, bond, &exhausted).await?;
    assert!(!world.chain.view(disputes, &isJudgedCall { evidence: fault }).await?);
    world.act(&world.cast.bob, world.suite.slasher, &world.attack(request).await?.veto()).await?;
    world.challenge(&world.cast.challenger, &proof).await?;
    // Proven, it is used up, also when its request is vetoed.
    world.act(&world.cast.bob, world.suite.slasher, &world.attack(request + 1).await?.veto()).await?;
    let known = AlreadyJudged { evidence: fault };
    world.refuse_paying(&world.cast.challenger, disputes, &proof, bond, &known).await
}

/// A part of a hundredth less than everything leaves a hundredth, which the next fault takes, and then nothing is left.
#[tokio::test]
async fn the_last_hundredth_of_a_budget_is_taken_and_then_nothing_is_left() -> Result<()> {
    let world = with(|_, parameters| parameters.wads = [ONE / 100 * 99, ONE / 10, 0, 0]).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let mut taken = Vec::new();
    for answer in [1, 2] {
        let time = world.chain.now().await?;
        let domain = world.domain().await?;
        let first = domain.attest(&operator.key, TASK, time, B256::with_last_byte(answer))?;
        let second = domain.attest(&operator.key, TASK, time, B256::with_last_byte(answer + 1))?;
        let call = World::challenge_call(operator.address, first, second);
        let receipt = world.challenge(&world.cast.challenger, &call).await?;
        taken.push(Attack::of(&receipt, world.suite.slasher)?.request.wad);
        world.chain.travel_to(time + 1).await?;
    }
    assert_eq!(taken, [ONE / 100 * 99, ONE / 100]);
    let proof =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse_paying(&world.cast.challenger, disputes, &proof, world.parameters.bond, &exhausted).await
}
