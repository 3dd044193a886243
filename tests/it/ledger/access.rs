//! Who may write the ledger: the TokenPool, the Slasher, the owner; each for its own part only.

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

fn alice(cast: &Cast) -> &Actor {
    &cast.alice
}

#[tokio::test]
async fn not_even_the_owner_credits_stake() -> Result<()> {
    refuses(owner, |world| IStrategyManager::creditStakeCall {
        staker: world.cast.owner.address,
        token: world.token(),
        operator: world.honest(),
        amount: ether(1),
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
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_queues_withdrawals_for_others() -> Result<()> {
    refuses(owner, |world| IStrategyManager::queueWithdrawalCall {
        staker: world.cast.alice.address,
        token: world.token(),
        operator: world.honest(),
        shares: 1,
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
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_takes_slashed_funds_off_the_books() -> Result<()> {
    refuses(owner, |world| IStrategyManager::claimSlashedCall {
        claimant: world.cast.owner.address,
        token: world.token(),
    })
    .await
}

#[tokio::test]
async fn not_even_the_owner_slashes() -> Result<()> {
    refuses(owner, |world| IStrategyManager::slashCall {
        operator: world.honest(),
        wad: 1,
        captureEpoch: 0,
        challenger: world.cast.owner.address,
        challengerShare: 0,
        recipient: world.cast.owner.address,
    })
    .await
}

#[tokio::test]
async fn only_the_owner_lists_tokens() -> Result<()> {
    refuses(alice, |world| IStrategyManager::addStrategyCall { token: world.suite.slasher, cap: ether(1) }).await
}

#[tokio::test]
async fn only_the_owner_sets_caps() -> Result<()> {
    refuses(alice, |world| IStrategyManager::setStrategyCapCall { token: world.token(), cap: 0 }).await
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
