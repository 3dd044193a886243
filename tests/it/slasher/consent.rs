//! R3: what counts in the commitment that a staker accepts, whatever is put in front of its stake. That each way of
//! staking asks for it is tested with the ledger.

use super::services::{clear, commitment_of, end_grant, freeze, grant, grant_shared, release};
use alloy::primitives::U256;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{CommitmentAboveMax, checkStakeCall};
use interfaces::ITokenPool::stakeCall;
use restake_tests::{World, ether};

/// The operator is committed to `commitment` (wad) when the stake arrives, more than is `accepted`.
fn above(commitment: u64, accepted: u64) -> CommitmentAboveMax {
    CommitmentAboveMax { commitment, maxCommitment: accepted }
}

#[tokio::test]
async fn an_announced_grant_counts_and_so_does_one_that_lapsed_until_it_is_cleared() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, service, pool) =
        (&world.cast.alice, &world.cast.honest, &world.cast.owner, world.suite.token_pool);
    world.stake(&world.cast.bob, 1, operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    world.fund(alice, ether(10)).await?;
    let stake = stakeCall { maxCommitment: ONE - 1, ..world.stake_call(ether(10), operator.address) };
    world.refuse(alice, pool, &stake, &above(ONE, ONE - 1)).await?;
    world.chain.travel_to(world.chain.now().await? + 2_419_200 + 604_800).await?;
    world.refuse(alice, pool, &stake, &above(ONE, ONE - 1)).await?;
    // The staker clears it itself.
    world.act(alice, world.suite.slasher, &clear(operator, service)).await?;
    world.act(alice, pool, &stakeCall { maxCommitment: 0, ..stake }).await?;
    Ok(())
}

#[tokio::test]
async fn a_commitment_above_one_counts_as_such() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, &world.cast.honest, world.suite.token_pool);
    grant(&world, operator, &world.cast.owner, ONE).await?;
    grant_shared(&world, operator, &world.cast.bob, ONE / 2).await?;
    world.fund(alice, ether(10)).await?;
    let stake = stakeCall { maxCommitment: ONE, ..world.stake_call(ether(10), operator.address) };
    world.refuse(alice, pool, &stake, &above(ONE / 2 * 3, ONE)).await
}

#[tokio::test]
async fn what_is_left_after_a_slash_counts_as_a_part_of_what_is_left() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, service, pool) =
        (&world.cast.alice, &world.cast.honest, &world.cast.owner, world.suite.token_pool);
    grant(&world, operator, service, ONE / 2).await?;
    world.execute(&freeze(&world, service, operator, ONE / 5).await?).await?;
    world.fund(alice, ether(10)).await?;
    // Four tenths of nine tenths, rounded up against the operator.
    let stake = stakeCall { maxCommitment: 444_444_444_444_444_444, ..world.stake_call(ether(10), operator.address) };
    let refusal = above(444_444_444_444_444_445, 444_444_444_444_444_444);
    world.refuse(alice, pool, &stake, &refusal).await?;
    world.act(alice, pool, &stakeCall { maxCommitment: 444_444_444_444_444_445, ..stake }).await?;
    Ok(())
}

#[tokio::test]
async fn a_grant_that_ended_counts_until_it_is_released() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, service, pool) =
        (&world.cast.alice, &world.cast.honest, &world.cast.owner, world.suite.token_pool);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.fund(alice, ether(10)).await?;
    let stake = stakeCall { maxCommitment: 0, ..world.stake_call(ether(10), operator.address) };
    world.refuse(alice, pool, &stake, &above(ONE, 0)).await?;
    world.chain.travel_to(until + 1).await?;
    world.refuse(alice, pool, &stake, &above(ONE, 0)).await?;
    world.act(alice, world.suite.slasher, &release(operator, service)).await?;
    world.act(alice, pool, &stake).await?;
    Ok(())
}

#[tokio::test]
async fn sweeping_away_the_stake_that_forces_a_notice_changes_nothing_for_who_stakes_next() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, own, pool) =
        (&world.cast.alice, &world.cast.honest, &world.cast.owner, world.suite.token_pool);
    // A budget of a hundredth, in force before anybody came; one base unit of Bob's makes everything else wait.
    grant(&world, operator, own, ONE / 100).await?;
    world.stake(&world.cast.bob, 1, operator.address).await?;
    world.execute(&freeze(&world, own, operator, 1).await?).await?;
    assert_eq!(world.pool(operator.address).await?.0, 0, "rounded up, the smallest slash takes it");
    world.fund(alice, ether(10)).await?;
    let (commitment, _) = commitment_of(&world, operator).await?;
    let stake = stakeCall { maxCommitment: commitment, ..world.stake_call(ether(10), operator.address) };
    world.chain.simulate(alice.address, pool, &stake, U256::ZERO).await?;
    // Now it grants at once, in front of the stake, which reverts.
    grant(&world, operator, &world.cast.accuser, ONE / 2).await?;
    let (now, _) = commitment_of(&world, operator).await?;
    world.refuse(alice, pool, &stake, &above(now, commitment)).await
}

#[tokio::test]
async fn anyone_can_ask_whether_a_stake_would_be_taken() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, &world.cast.owner, ONE).await?;
    let check = checkStakeCall { operator: operator.address, maxCommitment: ONE };
    world.chain.view(world.suite.slasher, &check).await?;
    let check = checkStakeCall { maxCommitment: ONE - 1, ..check };
    world.refuse(&world.cast.alice, world.suite.slasher, &check, &above(ONE, ONE - 1)).await
}
