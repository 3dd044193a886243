//! Nobody's stake joins an operator that is committed to more than the staker accepts, announced raises included,
//! however the stake comes: nobody can put a grant in front of it.

use super::batches::{hold, permitted};
use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IBatch::{stakeSplitCall, stakeWithPermitCall};
use interfaces::ISlasher::{CommitmentAboveMax, raiseBudgetCall};
use interfaces::ITokenPool::{completeQueuedWithdrawalAsSharesCall, delegateToCall, stakeCall, stakeForCall};
use restake_tests::{World, ether};

const HALF: u64 = ONE / 2;

/// The honest operator grants half of its magnitude to Bob's account, which is its own service.
async fn granted() -> Result<World> {
    let world = World::new().await?;
    world.act(&world.cast.honest, world.suite.slasher, &World::grant_call(world.cast.bob.address, HALF)).await?;
    Ok(world)
}

/// The same; Bob has stake with it, so that its raise by one wad more is announced, for four weeks.
async fn announced() -> Result<World> {
    let world = granted().await?;
    world.stake(&world.cast.bob, 1, world.honest()).await?;
    let raise = raiseBudgetCall { serviceManager: world.cast.bob.address, budget: HALF + 1 };
    world.act(&world.cast.honest, world.suite.slasher, &raise).await?;
    Ok(world)
}

/// Alice's `call` is refused because of a commitment one wad above what she accepts.
async fn refused<C: SolCall>(world: &World, to: Address, call: &C) -> Result<()> {
    let expected = CommitmentAboveMax { commitment: HALF + 1, maxCommitment: HALF };
    world.refuse(&world.cast.alice, to, call, &expected).await
}

/// `call` with what Alice accepts is refused while a raise above that is announced, and not without.
async fn counts<C: SolCall>(to: fn(&World) -> Address, call: impl AsyncFn(&World, u64) -> Result<C>) -> Result<()> {
    let world = announced().await?;
    let exactly = call(&world, HALF + 1).await?;
    world.chain.simulate(world.cast.alice.address, to(&world), &exactly, Default::default()).await?;
    refused(&world, to(&world), &call(&world, HALF).await?).await?;
    let world = granted().await?;
    let call = call(&world, HALF).await?;
    world.act(&world.cast.alice, to(&world), &call).await?;
    Ok(())
}

fn pool(world: &World) -> Address {
    world.suite.token_pool
}

fn batch(world: &World) -> Address {
    world.suite.batch
}

#[tokio::test]
async fn stake_does_not_join_above_its_max_commitment() -> Result<()> {
    counts(pool, async |world, max| {
        world.fund(&world.cast.alice, ether(1)).await?;
        Ok(stakeCall { maxCommitment: max, ..world.stake_call(ether(1), world.honest()) })
    })
    .await
}

#[tokio::test]
async fn stake_for_another_does_not_join_above_its_max_commitment() -> Result<()> {
    counts(pool, async |world, max| {
        world.fund(&world.cast.alice, ether(1)).await?;
        let (token, operator, staker) = (world.token(), world.honest(), world.cast.owner.address);
        Ok(stakeForCall { token, amount: ether(1), operator, staker, maxCommitment: max })
    })
    .await
}

#[tokio::test]
async fn idle_stake_does_not_join_above_its_max_commitment() -> Result<()> {
    counts(pool, async |world, max| {
        let idle = world.stake(&world.cast.alice, ether(1), Address::ZERO).await?;
        Ok(delegateToCall { maxCommitment: max, ..world.delegate_call(world.honest(), idle) })
    })
    .await
}

/// Alice's withdrawal from `operator`, released, is staked again with the honest operator.
async fn restaked(world: &World, operator: Address, max: u64) -> Result<completeQueuedWithdrawalAsSharesCall> {
    let shares = world.stake(&world.cast.alice, ether(1), operator).await?;
    let release_epoch = world.queue(&world.cast.alice, operator, shares).await?;
    world.enter_epoch(release_epoch).await?;
    let call = world.restake_call(operator, release_epoch, world.honest());
    Ok(completeQueuedWithdrawalAsSharesCall { maxCommitment: max, ..call })
}

#[tokio::test]
async fn a_withdrawal_is_not_staked_again_above_its_max_commitment() -> Result<()> {
    counts(pool, async |world, max| restaked(world, world.dishonest(), max).await).await
}

#[tokio::test]
async fn a_withdrawal_does_not_return_to_the_operator_it_left_above_its_max_commitment() -> Result<()> {
    counts(pool, async |world, max| restaked(world, world.honest(), max).await).await
}

#[tokio::test]
async fn a_part_of_a_split_does_not_join_above_its_max_commitment() -> Result<()> {
    counts(batch, async |world, max| {
        world.fund(&world.cast.alice, ether(2)).await?;
        Ok(stakeSplitCall {
            token: world.token(),
            operators: vec![world.dishonest(), world.honest()],
            amounts: vec![ether(1); 2],
            maxCommitments: vec![0, max],
        })
    })
    .await
}

#[tokio::test]
async fn stake_with_a_permit_does_not_join_above_its_max_commitment() -> Result<()> {
    counts(batch, async |world, max| {
        hold(world, ether(1)).await?;
        Ok(stakeWithPermitCall { maxCommitment: max, ..permitted(world, ether(1)).await? })
    })
    .await
}

#[tokio::test]
async fn a_grant_in_front_of_a_stake_keeps_the_stake_out() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, &world.cast.dishonest);
    world.fund(alice, ether(10)).await?;
    // Alice looked: it is committed to nothing. Nobody has stake with it, so a grant is in force at once.
    let stake = stakeCall { maxCommitment: 0, ..world.stake_call(ether(10), operator.address) };
    world.chain.simulate(alice.address, world.suite.token_pool, &stake, Default::default()).await?;
    world.act(operator, world.suite.slasher, &World::grant_call(world.cast.bob.address, ONE)).await?;
    let expected = CommitmentAboveMax { commitment: ONE, maxCommitment: 0 };
    world.refuse(alice, world.suite.token_pool, &stake, &expected).await
}

#[tokio::test]
async fn a_slash_in_front_of_a_stake_raises_the_commitment_with_what_is_left() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, slasher) = (&world.cast.alice, &world.cast.dishonest, world.suite.slasher);
    // A half to the owner's account, which slashes all of that, and a quarter to Bob's.
    world.act(operator, slasher, &World::grant_call(world.cast.owner.address, HALF)).await?;
    world.act(operator, slasher, &World::grant_call(world.cast.bob.address, ONE / 4)).await?;
    world.fund(alice, ether(1)).await?;
    let stake = stakeCall { maxCommitment: HALF - 1, ..world.stake_call(ether(1), operator.address) };
    super::account_service::slash(&world, ONE).await?;
    // A quarter of the half that is left.
    let expected = CommitmentAboveMax { commitment: HALF, maxCommitment: HALF - 1 };
    world.refuse(alice, world.suite.token_pool, &stake, &expected).await?;
    let stake = stakeCall { maxCommitment: HALF, ..stake };
    world.act(alice, world.suite.token_pool, &stake).await?;
    Ok(())
}

#[tokio::test]
async fn idle_stake_asks_for_no_commitment() -> Result<()> {
    let world = granted().await?;
    world.fund(&world.cast.alice, ether(1)).await?;
    let stake = stakeCall { maxCommitment: 0, ..world.stake_call(ether(1), Address::ZERO) };
    world.act(&world.cast.alice, world.suite.token_pool, &stake).await?;
    Ok(())
}
