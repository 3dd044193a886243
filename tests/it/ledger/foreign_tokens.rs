//! Tokens that do not behave like the suite's.

use super::other_tokens::{answers, hand_written_token, held};
use alloy::primitives::{Address, U256};
use arithmetic::pool::SHARES_PER_ASSET;
use eyre::Result;
use interfaces::IERC20::transferCall;
use interfaces::ILens::strategyCall;
use interfaces::ITokenPool::{
    TransferFailed, TransferShortfall, completeQueuedWithdrawalCall, queueWithdrawalCall, stakeCall,
};
use restake_tests::World;

/// Alice's stake of 1,000 base units in a token with the honest operator.
fn stake(world: &World, token: Address) -> stakeCall {
    stakeCall { token, ..world.stake_call(1_000, world.honest()) }
}

/// A stake in a token that answers its transfers with `answer` is refused.
async fn stake_fails(answer: &[u8]) -> Result<()> {
    let world = World::new().await?;
    let token = hand_written_token(&world, 0, answer).await?;
    world.refuse(&world.cast.alice, world.suite.token_pool, &stake(&world, token), &TransferFailed { token }).await
}

#[tokio::test]
async fn a_token_that_answers_false_is_not_staked() -> Result<()> {
    stake_fails(answers::FALSE).await
}

#[tokio::test]
async fn a_token_that_answers_with_a_number_is_not_staked() -> Result<()> {
    stake_fails(answers::TWO).await
}

#[tokio::test]
async fn a_token_that_answers_with_more_than_a_boolean_is_not_staked() -> Result<()> {
    stake_fails(answers::TRUE_AND_MORE).await
}

#[tokio::test]
async fn a_token_that_answers_with_two_words_is_not_staked() -> Result<()> {
    stake_fails(answers::TWO_WORDS).await
}

#[tokio::test]
async fn a_token_that_keeps_a_fee_is_not_staked() -> Result<()> {
    let world = World::new().await?;
    let token = hand_written_token(&world, 1, answers::TRUE).await?;
    let expected = TransferShortfall { received: U256::from(999), expected: U256::from(1_000) };
    world.refuse(&world.cast.alice, world.suite.token_pool, &stake(&world, token), &expected).await?;
    assert_eq!(held(&world, token, world.suite.token_pool).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_fee_can_be_paid_out_of_a_gift_and_never_out_of_what_others_staked() -> Result<()> {
    let world = World::new().await?;
    let (pool, token) = (world.suite.token_pool, hand_written_token(&world, 1, answers::TRUE).await?);
    // One base unit of the gift arrives, and makes up for what is missing of Bob's stake.
    world.act(&world.cast.bob, token, &transferCall { to: pool, value: U256::from(2) }).await?;
    world.act(&world.cast.bob, pool, &stake(&world, token)).await?;
    assert_eq!(held(&world, token, pool).await?, U256::from(1_000));
    let expected = TransferShortfall { received: U256::from(999), expected: U256::from(1_000) };
    world.refuse(&world.cast.alice, pool, &stake(&world, token), &expected).await?;
    assert_eq!(world.chain.view(world.suite.lens, &strategyCall { token }).await?.owed, 1_000);
    Ok(())
}

/// Stakes 1,000 base units and queues all of them. Returns the release epoch, which has come.
async fn staked_and_released(world: &World, token: Address) -> Result<u64> {
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    world.act(alice, pool, &stake(world, token)).await?;
    let queue = queueWithdrawalCall { token, operator: world.honest(), shares: 1_000 * SHARES_PER_ASSET };
    world.act(alice, pool, &queue).await?;
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch).await?;
    Ok(release_epoch)
}

#[tokio::test]
async fn a_token_that_answers_nothing_is_staked_and_paid() -> Result<()> {
    let world = World::new().await?;
    let token = hand_written_token(&world, 0, answers::NOTHING).await?;
    let release_epoch = staked_and_released(&world, token).await?;
    assert_eq!(held(&world, token, world.suite.token_pool).await?, U256::from(1_000));
    let (alice, recipient) = (&world.cast.alice, world.cast.bob.address);
    let complete =
        completeQueuedWithdrawalCall { token, operator: world.honest(), releaseEpoch: release_epoch, recipient };
    world.act(alice, world.suite.token_pool, &complete).await?;
    assert_eq!(held(&world, token, recipient).await?, U256::from(1_000));
    assert_eq!(held(&world, token, world.suite.token_pool).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_stays_until_its_token_pays() -> Result<()> {
    let world = World::new().await?;
    let token = hand_written_token(&world, 0, answers::FALSE_WHEN_PAYING_OUT).await?;
    let release_epoch = staked_and_released(&world, token).await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let complete =
        completeQueuedWithdrawalCall { token, operator, releaseEpoch: release_epoch, recipient: alice.address };
    world.refuse(alice, world.suite.token_pool, &complete, &TransferFailed { token }).await?;
    let strategy = world.chain.view(world.suite.lens, &strategyCall { token }).await?;
    assert_eq!(strategy.owed, 1_000);
    Ok(())
}

#[tokio::test]
async fn a_token_that_calls_back_finds_the_door_closed() -> Result<()> {
    let world = World::new().await?;
    let token = hand_written_token(&world, 0, &answers::whether_calling_back_is_refused()).await?;
    // Called by an account, which refuses nothing, it answers false.
    let alice = world.cast.alice.address;
    let anything = transferCall { to: world.honest(), value: U256::ZERO };
    assert!(!world.chain.simulate(alice, token, &anything, U256::ZERO).await?);
    // The token answers true if the TokenPool refused to be entered again, and the stake would fail otherwise.
    world.act(&world.cast.alice, world.suite.token_pool, &stake(&world, token)).await?;
    assert_eq!(held(&world, token, world.suite.token_pool).await?, U256::from(1_000));
    Ok(())
}
