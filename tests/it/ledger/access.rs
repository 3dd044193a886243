//! Who may write the ledger: the TokenPool and the Slasher, each for its own part only.

use alloy::primitives::{Bytes, U256};
use alloy::sol_types::SolCall;
use eyre::{Result, ensure};
use interfaces::IAccess::Unauthorized;
use interfaces::IStrategyManager;
use restake::actors::{Actor, Cast};
use restake::refusal::Refusal;
use restake_tests::{World, ether};

/// The ledger refuses `call` by somebody.
async fn refuses<C: SolCall>(somebody: fn(&Cast) -> &Actor, call: impl FnOnce(&World) -> C) -> Result<()> {
    let world = World::new().await?;
    let actor = somebody(&world.cast);
    let call = call(&world);
    world.refuse(actor, world.suite.strategy_manager, &call, &Unauthorized { caller: actor.address }).await
}

fn owner(cast: &Cast) -> &Actor {
    &cast.owner
}

#[tokio::test]
async fn not_even_the_owner_credits_stake() -> Result<()> {
    refuses(owner, |world| IStrategyManager::creditStakeCall {
        staker: world.cast.owner.address,
        token: world.token(),
        operator: world.honest(),
        amount: ether(1),
        maxCommitment: u64::MAX,
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_delegates_for_others() -> Result<()> {
    refuses(owner, |world| IStrategyManager::delegateCall {
        staker: world.cast.alice.address,
        token: world.token(),
        operator: world.honest(),
        shares: 1,
        maxCommitment: u64::MAX,
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_queues_withdrawals_for_others() -> Result<()> {
    refuses(owner, |world| IStrategyManager::queueWithdrawalsCall {
        staker: world.cast.alice.address,
        token: world.token(),
        operators: [world.honest(); 8],
        shares: [1; 8],
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_completes_withdrawals_for_others() -> Result<()> {
    refuses(owner, |world| IStrategyManager::completeWithdrawalCall {
        staker: world.cast.alice.address,
        token: world.token(),
        operator: world.honest(),
        releaseEpoch: 0,
        recipient: world.cast.owner.address,
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_completes_withdrawals_as_shares_for_others() -> Result<()> {
    refuses(owner, |world| IStrategyManager::completeWithdrawalAsSharesCall {
        staker: world.cast.alice.address,
        token: world.token(),
        operator: world.honest(),
        releaseEpoch: 0,
        newOperator: world.dishonest(),
        maxCommitment: u64::MAX,
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_takes_slashed_funds_off_the_books() -> Result<()> {
    refuses(owner, |world| IStrategyManager::claimFundsCall {
        claimant: world.cast.owner.address,
        token: world.token(),
        releaseEpoch: 0,
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_slashes() -> Result<()> {
    refuses(owner, |world| IStrategyManager::slashCall {
        operator: world.honest(),
        taken: 1,
        magnitude: 1,
        captureEpoch: 0,
        later: [0; 4],
        challenger: world.cast.owner.address,
        challengerShare: 0,
        recipient: world.cast.owner.address,
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_lists_tokens_in_the_ledger() -> Result<()> {
    refuses(owner, |world| IStrategyManager::addStrategyCall { token: world.suite.slasher }).await
}

#[tokio::test]
async fn not_even_the_owner_adds_rewards() -> Result<()> {
    refuses(owner, |world| IStrategyManager::addRewardCall {
        operator: world.honest(),
        token: world.token(),
        amount: 1,
        commission: 0,
    })
    .await
}

#[tokio::test]
async fn a_function_that_takes_no_eth_refuses_it() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.fund(alice, ether(1)).await?;
    let stake = world.stake_call(ether(1), world.honest());
    let refusal = world.refusal(alice, world.suite.token_pool, &stake, U256::from(1)).await?;
    ensure!(refusal == Refusal { data: Bytes::new() }, "refused with {refusal}");
    Ok(())
}
