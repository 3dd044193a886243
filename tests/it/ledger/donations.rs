//! Tokens sent to the TokenPool without staking them belong to nobody and change nobody's price.

use alloy::primitives::U256;
use eyre::Result;
use interfaces::IERC20::{ERC20InsufficientBalance, transferCall};
use restake_tests::{World, ether};

/// Alice has 10 tokens with the honest operator; Bob has sent 5 to the vault.
async fn donated() -> Result<World> {
    let world = World::new().await?;
    world.stake(&world.cast.alice, ether(10), world.honest()).await?;
    world.fund(&world.cast.bob, ether(5)).await?;
    let donation = transferCall { to: world.suite.token_pool, value: U256::from(ether(5)) };
    world.act(&world.cast.bob, world.token(), &donation).await?;
    Ok(world)
}

#[tokio::test]
async fn a_donation_changes_no_position_and_no_debt() -> Result<()> {
    let world = donated().await?;
    assert_eq!(world.held(world.suite.token_pool).await?, U256::from(ether(15)));
    assert_eq!(world.position(world.cast.alice.address, world.honest()).await?.1, ether(10));
    assert_eq!(world.position(world.cast.bob.address, world.honest()).await?, (0, 0));
    assert_eq!(world.owed().await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_donation_does_not_change_the_price_of_shares() -> Result<()> {
    let world = donated().await?;
    let (alices, _) = world.position(world.cast.alice.address, world.honest()).await?;
    let owners = world.stake(&world.cast.owner, ether(10), world.honest()).await?;
    assert_eq!(owners, alices);
    Ok(())
}

#[tokio::test]
async fn a_donation_is_not_paid_to_who_leaves() -> Result<()> {
    let world = donated().await?;
    let (alice, operator) = (&world.cast.alice, world.honest());
    let (shares, _) = world.position(alice.address, operator).await?;
    let release_epoch = world.queue(alice, operator, shares).await?;
    world.enter_epoch(release_epoch).await?;
    world.act(alice, world.suite.token_pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(10)));
    assert_eq!(world.held(world.suite.token_pool).await?, U256::from(ether(5)));
    Ok(())
}

#[tokio::test]
async fn a_donation_does_not_pay_for_stake() -> Result<()> {
    let world = donated().await?;
    let pool = world.suite.token_pool;
    let expected =
        ERC20InsufficientBalance { sender: world.cast.bob.address, balance: U256::ZERO, needed: U256::from(ether(5)) };
    world.refuse(&world.cast.bob, pool, &world.stake_call(ether(5), world.honest()), &expected).await
}
