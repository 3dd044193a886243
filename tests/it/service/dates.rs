//! When evidence is good: not before its task, and for three days, to the second.

use super::leaves::{ask, challenge, commit, leaves};
use alloy::primitives::B256;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{
    EvidenceExpired, EvidenceFromFuture, answerWindowCall, challengeCall, evidenceWindowCall, isJudgedCall,
};
use interfaces::ISlasher::raiseBudgetCall;
use interfaces::IStrategyManager::OperatorIsFrozen;
use restake::judgements::equivocation_id;
use restake::merkle::MerkleTree;
use restake_tests::{Attack, TASK, World};

const DAY: u64 = 86_400;

/// The crooked operator's two answers to [`TASK`], set at `time`, as a challenge.
async fn proof(world: &World, time: u64) -> Result<challengeCall> {
    let (operator, domain) = (&world.cast.dishonest, world.domain().await?);
    let first = domain.attest(&operator.key, TASK, time, B256::with_last_byte(1))?;
    let second = domain.attest(&operator.key, TASK, time, B256::with_last_byte(2))?;
    Ok(World::challenge_call(operator.address, first, second))
}

/// A world in which the crooked operator serves with the given budget, and as much more stake as it is smaller than
/// one.
async fn served(budget: u64) -> Result<World> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.stake(operator, world.parameters.minimum_stake * u128::from(ONE / budget), operator.address).await?;
    world.opt_in(operator, budget).await?;
    world.register(operator).await?;
    Ok(world)
}

#[tokio::test]
async fn the_windows_are_three_days_and_one() -> Result<()> {
    let world = World::new().await?;
    let disputes = world.suite.service.dispute_resolution;
    assert_eq!(world.chain.view(disputes, &evidenceWindowCall {}).await?, 259_200);
    assert_eq!(world.chain.view(disputes, &answerWindowCall {}).await?, 86_400);
    Ok(())
}

#[tokio::test]
async fn there_is_no_evidence_about_the_future() -> Result<()> {
    let world = served(ONE).await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    let (now, bond) = (world.chain.now().await?, world.parameters.bond);
    let tree = MerkleTree::new(&leaves(3));
    for time in [now + 1, now + 20 * DAY, u64::MAX] {
        let future = EvidenceFromFuture { taskTime: time };
        world.refuse_paying(who, disputes, &proof(&world, time).await?, bond, &future).await?;
        let commitment = world.domain().await?.commit(&operator.key, TASK, time, &tree)?;
        world.refuse_paying(who, disputes, &ask(operator.address, &commitment.leaf(0)), bond, &future).await?;
    }
    // The second of the task itself is none.
    challenge(&world, operator.address, &commit(&world, operator, &tree).await?.leaf(0)).await?;
    world.challenge(who, &proof(&world, now).await?).await?;
    Ok(())
}

/// Guards against: an operator with a small budget proves its own fault of a task to come, and raises the budget.
#[tokio::test]
async fn a_fault_cannot_be_paid_in_advance() -> Result<()> {
    let world = served(ONE / 100).await?;
    let (operator, disputes, slasher) =
        (&world.cast.dishonest, world.suite.service.dispute_resolution, world.suite.slasher);
    let time = world.chain.now().await? + 20 * DAY;
    let call = proof(&world, time).await?;
    let future = EvidenceFromFuture { taskTime: time };
    world.refuse_paying(&world.cast.accuser, disputes, &call, world.parameters.bond, &future).await?;
    let fault = equivocation_id(operator.address, TASK, time);
    assert!(!world.chain.view(disputes, &isJudgedCall { evidence: fault }).await?);

    let raise = raiseBudgetCall { serviceManager: world.suite.service.service_manager, budget: ONE };
    world.act(operator, slasher, &raise).await?;
    world.chain.travel_to(time).await?;
    let receipt = world.challenge(&world.cast.challenger, &call).await?;
    assert_eq!(Attack::of(&receipt, slasher)?.request.wad, ONE / 2, "half of the raised budget");
    Ok(())
}

/// Two answers proven by a friend at the task's own second leave no time to grow behind them: frozen, nothing is
/// raised.
#[tokio::test]
async fn a_fault_that_is_proven_at_its_own_second_is_paid_by_the_budget_of_that_second() -> Result<()> {
    let world = served(ONE / 100).await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.challenge(&world.cast.accuser, &proof(&world, world.chain.now().await?).await?).await?;
    let raise = raiseBudgetCall { serviceManager: service.service_manager, budget: ONE };
    let frozen = OperatorIsFrozen { operator: operator.address };
    world.refuse(operator, world.suite.slasher, &raise, &frozen).await
}

#[tokio::test]
async fn evidence_of_an_equivocation_is_good_for_three_days_to_the_second() -> Result<()> {
    let world = served(ONE).await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let time = world.chain.now().await?;
    let (early, late) = (proof(&world, time).await?, proof(&world, time - 1).await?);
    world.chain.travel_to(time + 3 * DAY).await?;
    let expired = EvidenceExpired { deadline: time - 1 + 3 * DAY };
    world.refuse_paying(&world.cast.challenger, disputes, &late, bond, &expired).await?;
    world.challenge(&world.cast.challenger, &early).await?;
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn a_leaf_is_asked_for_until_one_answer_window_before_the_end_to_the_second() -> Result<()> {
    let world = served(ONE).await?;
    let (operator, disputes, bond) =
        (&world.cast.dishonest, world.suite.service.dispute_resolution, world.parameters.bond);
    let commitment = commit(&world, operator, &MerkleTree::new(&leaves(3))).await?;
    let last = commitment.commitment.taskTime + 2 * DAY;
    world.chain.travel_to(last).await?;
    let (_, deadline) = challenge(&world, operator.address, &commitment.leaf(0)).await?;
    assert_eq!(deadline, commitment.commitment.taskTime + 3 * DAY);
    world.chain.travel_to(last + 1).await?;
    let expired = EvidenceExpired { deadline: last };
    world
        .refuse_paying(&world.cast.challenger, disputes, &ask(operator.address, &commitment.leaf(1)), bond, &expired)
        .await
}
