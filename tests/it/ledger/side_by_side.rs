//! Several withdrawals of one staker from one operator at a time: the first shares the word of its position, later ones
//! have words of their own, and each is paid what was queued.

use alloy::primitives::U256;
use eyre::Result;
use interfaces::ILens::withdrawalsCall;
use interfaces::IStrategyManager::NoWithdrawal;
use restake_tests::{World, ether};

#[tokio::test]
async fn withdrawals_of_two_releases_are_paid_each_for_itself() -> Result<()> {
    let world = World::new().await?;
    let (alice, honest) = (&world.cast.alice, world.honest());
    let tenth = world.stake(alice, ether(10), honest).await? / 10;
    let first = world.queue(alice, honest, tenth).await?;
    world.enter_epoch(first - 1).await?;
    let second = world.queue(alice, honest, 2 * tenth).await?;
    assert_eq!(second, first + 1);
    let waiting = |release| world.withdrawal(alice.address, honest, release);
    assert_eq!((waiting(first).await?.1, waiting(second).await?.1), (ether(1), ether(2)));
    assert_eq!(world.position(alice.address, honest).await?, (7 * tenth, ether(7)));
    // The later one first: what is queued now has a third release.
    world.enter_epoch(second).await?;
    let pool = world.suite.token_pool;
    world.act(alice, pool, &world.complete_call(honest, second, alice.address)).await?;
    let third = world.queue(alice, honest, 3 * tenth).await?;
    assert_eq!((waiting(first).await?.1, waiting(third).await?.1), (ether(1), ether(3)));
    world.act(alice, pool, &world.complete_call(honest, first, alice.address)).await?;
    let again = world.complete_call(honest, first, alice.address);
    world.refuse(alice, pool, &again, &NoWithdrawal {}).await?;
    assert_eq!(waiting(third).await?.1, ether(3));
    Ok(())
}

#[tokio::test]
async fn what_joins_a_withdrawal_beside_another_is_paid_with_it_when_that_is_gone() -> Result<()> {
    let world = World::new().await?;
    let (alice, honest, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    let tenth = world.stake(alice, ether(10), honest).await? / 10;
    let first = world.queue(alice, honest, tenth).await?;
    world.enter_epoch(first).await?;
    let second = world.queue(alice, honest, tenth).await?;
    // The place in the word is free again in the epoch in which the second was queued without it.
    world.act(alice, pool, &world.complete_call(honest, first, alice.address)).await?;
    assert_eq!(world.queue(alice, honest, 2 * tenth).await?, second);
    assert_eq!(world.withdrawal(alice.address, honest, second).await?.1, ether(3));
    let epochs = withdrawalsCall {
        staker: alice.address,
        operator: honest,
        token: world.token(),
        fromEpoch: first - 2,
        toEpoch: second - 2,
    };
    let listed = world.chain.view(world.suite.lens, &epochs).await?;
    assert_eq!((listed.releaseEpochs, listed.assets), (vec![second], vec![ether(3)]));
    world.enter_epoch(second).await?;
    let before = world.held(alice.address).await?;
    world.act(alice, pool, &world.complete_call(honest, second, alice.address)).await?;
    assert_eq!(world.held(alice.address).await? - before, U256::from(ether(3)));
    world.refuse(alice, pool, &world.complete_call(honest, second, alice.address), &NoWithdrawal {}).await
}
