//! R3: nobody stakes with an operator that is committed to more than the staker accepts, whatever is put in front of the stake.

use super::services::{commitment_of, end_grant, freeze, grant, grant_shared, pending, raise, release};
use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IBatch::{stakeSplitCall, stakeWithPermitCall};
use interfaces::ISlasher::{CommitmentAboveMax, checkStakeCall};
use interfaces::ITokenPool::{completeQueuedWithdrawalAsSharesCall, delegateToCall, stakeCall, stakeForCall};
use interfaces::{IERC20, IERC20Permit};
use restake_tests::{World, ether};

/// The operator is committed to `commitment` (wad) when the stake arrives, more than is `accepted`.
fn above(commitment: u64, accepted: u64) -> CommitmentAboveMax {
    CommitmentAboveMax { commitment, maxCommitment: accepted }
}

#[tokio::test]
async fn a_grant_in_front_of_a_stake_makes_it_revert() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, &world.cast.honest, world.suite.token_pool);
    world.fund(alice, ether(10)).await?;
    let stake = stakeCall { maxCommitment: 0, ..world.stake_call(ether(10), operator.address) };
    world.chain.simulate(alice.address, pool, &stake, U256::ZERO).await?;
    // Nobody has stake with it, so this is in force at once.
    grant(&world, operator, &world.cast.owner, ONE).await?;
    world.refuse(alice, pool, &stake, &above(ONE, 0)).await?;
    let almost = stakeCall { maxCommitment: ONE - 1, ..stake.clone() };
    world.refuse(alice, pool, &almost, &above(ONE, ONE - 1)).await?;
    world.act(alice, pool, &stakeCall { maxCommitment: ONE, ..stake }).await?;
    Ok(())
}

#[tokio::test]
async fn a_grant_in_front_of_a_stake_for_somebody_else_makes_it_revert() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, &world.cast.honest, world.suite.token_pool);
    world.fund(alice, ether(10)).await?;
    let stake = stakeForCall {
        token: world.token(),
        amount: ether(10),
        operator: operator.address,
        staker: world.cast.bob.address,
        maxCommitment: ONE / 2,
    };
    grant(&world, operator, &world.cast.owner, ONE / 2 + 1).await?;
    world.refuse(alice, pool, &stake, &above(ONE / 2 + 1, ONE / 2)).await
}

#[tokio::test]
async fn a_grant_in_front_of_a_delegation_makes_it_revert() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, &world.cast.honest, world.suite.token_pool);
    let idle = world.stake(alice, ether(10), Address::ZERO).await?;
    grant(&world, operator, &world.cast.owner, ONE / 100).await?;
    let delegate = delegateToCall { maxCommitment: 0, ..world.delegate_call(operator.address, idle) };
    world.refuse(alice, pool, &delegate, &above(ONE / 100, 0)).await
}

#[tokio::test]
async fn a_grant_in_front_of_a_withdrawal_that_is_staked_again_makes_it_revert() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, pool) = (&world.cast.alice, &world.cast.honest, world.suite.token_pool);
    let shares = world.stake(alice, ether(10), world.dishonest()).await?;
    let release_epoch = world.queue(alice, world.dishonest(), shares).await?;
    world.enter_epoch(release_epoch).await?;
    grant(&world, operator, &world.cast.owner, ONE).await?;
    let restake = completeQueuedWithdrawalAsSharesCall {
        maxCommitment: 0,
        ..world.restake_call(world.dishonest(), release_epoch, operator.address)
    };
    world.refuse(alice, pool, &restake, &above(ONE, 0)).await?;
    // Idle stake is nobody's to slash: any limit will do.
    world.act(alice, pool, &completeQueuedWithdrawalAsSharesCall { newOperator: Address::ZERO, ..restake }).await?;
    Ok(())
}

#[tokio::test]
async fn a_grant_in_front_of_a_batch_makes_all_of_it_revert() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, batch) = (&world.cast.alice, &world.cast.honest, world.suite.batch);
    world.fund(alice, ether(10)).await?;
    grant(&world, operator, &world.cast.owner, ONE / 2).await?;
    let split = stakeSplitCall {
        token: world.token(),
        operators: vec![world.dishonest(), operator.address],
        amounts: vec![ether(5), ether(5)],
        maxCommitments: vec![0, 0],
    };
    world.refuse(alice, batch, &split, &above(ONE / 2, 0)).await?;
    // Each operator has a limit of its own.
    let swapped = stakeSplitCall { maxCommitments: vec![ONE, 0], ..split.clone() };
    world.refuse(alice, batch, &swapped, &above(ONE / 2, 0)).await?;
    world.act(alice, batch, &stakeSplitCall { maxCommitments: vec![0, ONE / 2], ..split }).await?;
    Ok(())
}

#[tokio::test]
async fn a_grant_in_front_of_a_stake_with_a_permit_makes_it_revert() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, batch) = (&world.cast.alice, &world.cast.honest, world.suite.batch);
    world.fund(alice, ether(10)).await?;
    grant(&world, operator, &world.cast.owner, ONE / 2).await?;
    // A permit that was used already is no failure: the allowance is there.
    let stake = stakeWithPermitCall {
        token: world.token(),
        amount: ether(10),
        operator: operator.address,
        maxCommitment: ONE / 4,
        deadline: U256::MAX,
        v: 27,
        r: Default::default(),
        s: Default::default(),
    };
    world.refuse(alice, batch, &stake, &above(ONE / 2, ONE / 4)).await?;
    world.act(alice, batch, &stakeWithPermitCall { maxCommitment: ONE / 2, ..stake }).await?;
    let used: U256 = world.chain.view(world.token(), &IERC20Permit::noncesCall { owner: alice.address }).await?;
    assert_eq!(used, U256::ZERO);
    assert_eq!(world.chain.view(world.token(), &IERC20::balanceOfCall { account: alice.address }).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn an_announced_raise_counts_in_what_a_staker_accepts() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, service, pool) =
        (&world.cast.alice, &world.cast.honest, &world.cast.owner, world.suite.token_pool);
    grant(&world, operator, service, ONE / 4).await?;
    world.stake(&world.cast.bob, 1, operator.address).await?;
    world.act(operator, world.suite.slasher, &raise(service, ONE / 2)).await?;
    assert_eq!(pending(&world, operator, service).await?.0, ONE / 4);
    world.fund(alice, ether(10)).await?;
    let stake = stakeCall { maxCommitment: ONE / 2 - 1, ..world.stake_call(ether(10), operator.address) };
    world.refuse(alice, pool, &stake, &above(ONE / 2, ONE / 2 - 1)).await?;
    world.act(alice, pool, &stakeCall { maxCommitment: ONE / 2, ..stake }).await?;
    Ok(())
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
    world.act(alice, world.suite.slasher, &super::services::clear(operator, service)).await?;
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
