//! The token of development chains.

use alloy::primitives::{Address, U256};
use eyre::Result;
use interfaces::IERC20::{
    Approval, ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver, Transfer, allowanceCall,
    approveCall, decimalsCall, nameCall, symbolCall, totalSupplyCall, transferCall, transferFromCall,
};
use interfaces::ILiquidStakingToken::{ZeroAmount, depositCall, redeemCall};
use restake::chain::event;
use restake_tests::{World, ether};

const FOUR: U256 = U256::from_limbs([4_000_000_000_000_000_000, 0, 0, 0]);

/// Alice has deposited 4 ETH.
async fn deposited() -> Result<World> {
    let world = World::new().await?;
    world.chain.send(world.cast.alice.address, world.token(), &depositCall {}, FOUR).await?;
    Ok(world)
}

async fn supply(world: &World) -> Result<U256> {
    Ok(world.chain.view(world.token(), &totalSupplyCall {}).await?)
}

#[tokio::test]
async fn the_token_says_what_it_is() -> Result<()> {
    let world = World::new().await?;
    let (chain, token) = (&world.chain, world.token());
    assert_eq!(chain.view(token, &nameCall {}).await?, "Liquid Staked Ether");
    assert_eq!(chain.view(token, &symbolCall {}).await?, "lsETH");
    assert_eq!(chain.view(token, &decimalsCall {}).await?, 18);
    Ok(())
}

#[tokio::test]
async fn a_deposit_mints_as_many_tokens_as_eth() -> Result<()> {
    let world = World::new().await?;
    let (alice, token) = (world.cast.alice.address, world.token());
    let receipt = world.chain.send(alice, token, &depositCall {}, FOUR).await?;
    let minted = Transfer { from: Address::ZERO, to: alice, value: FOUR };
    assert_eq!(event::<Transfer>(&receipt, token), Some(minted));
    assert_eq!((world.held(alice).await?, supply(&world).await?), (FOUR, FOUR));
    assert_eq!(world.chain.balance(token).await?, FOUR);
    Ok(())
}

#[tokio::test]
async fn a_deposit_of_nothing_is_refused() -> Result<()> {
    let world = World::new().await?;
    world.refuse(&world.cast.alice, world.token(), &depositCall {}, &ZeroAmount {}).await
}

#[tokio::test]
async fn redeeming_burns_tokens_and_pays_eth() -> Result<()> {
    let world = deposited().await?;
    let (alice, token, one) = (world.cast.alice.address, world.token(), U256::from(ether(1)));
    let before = world.chain.balance(alice).await?;
    let receipt = world.act(&world.cast.alice, token, &redeemCall { amount: one }).await?;
    let burnt = Transfer { from: alice, to: Address::ZERO, value: one };
    assert_eq!(event::<Transfer>(&receipt, token), Some(burnt));
    assert_eq!((world.held(alice).await?, supply(&world).await?), (FOUR - one, FOUR - one));
    assert_eq!(world.chain.balance(token).await?, FOUR - one);
    let fee = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
    assert_eq!(world.chain.balance(alice).await?, before + one - fee);
    Ok(())
}

#[tokio::test]
async fn redeeming_nothing_is_refused() -> Result<()> {
    let world = deposited().await?;
    world.refuse(&world.cast.alice, world.token(), &redeemCall { amount: U256::ZERO }, &ZeroAmount {}).await
}

#[tokio::test]
async fn redeeming_more_than_held_is_refused() -> Result<()> {
    let world = deposited().await?;
    let bob = &world.cast.bob;
    world.chain.send(bob.address, world.token(), &depositCall {}, U256::from(1)).await?;
    let expected = ERC20InsufficientBalance { sender: bob.address, balance: U256::from(1), needed: U256::from(2) };
    world.refuse(bob, world.token(), &redeemCall { amount: U256::from(2) }, &expected).await
}

#[tokio::test]
async fn a_transfer_moves_tokens() -> Result<()> {
    let world = deposited().await?;
    let (alice, bob, one) = (world.cast.alice.address, world.cast.bob.address, U256::from(ether(1)));
    let receipt = world.act(&world.cast.alice, world.token(), &transferCall { to: bob, value: one }).await?;
    let moved = Transfer { from: alice, to: bob, value: one };
    assert_eq!(event::<Transfer>(&receipt, world.token()), Some(moved));
    assert_eq!((world.held(alice).await?, world.held(bob).await?), (FOUR - one, one));
    assert_eq!(supply(&world).await?, FOUR);
    Ok(())
}

#[tokio::test]
async fn a_transfer_to_oneself_changes_nothing() -> Result<()> {
    let world = deposited().await?;
    let alice = world.cast.alice.address;
    world.act(&world.cast.alice, world.token(), &transferCall { to: alice, value: FOUR }).await?;
    assert_eq!(world.held(alice).await?, FOUR);
    Ok(())
}

#[tokio::test]
async fn a_transfer_of_more_than_held_is_refused() -> Result<()> {
    let world = deposited().await?;
    let (alice, needed) = (&world.cast.alice, FOUR + U256::from(1));
    let call = transferCall { to: world.cast.bob.address, value: needed };
    let expected = ERC20InsufficientBalance { sender: alice.address, balance: FOUR, needed };
    world.refuse(alice, world.token(), &call, &expected).await
}

#[tokio::test]
async fn a_transfer_to_the_zero_address_is_refused() -> Result<()> {
    let world = deposited().await?;
    let call = transferCall { to: Address::ZERO, value: U256::from(1) };
    let expected = ERC20InvalidReceiver { receiver: Address::ZERO };
    world.refuse(&world.cast.alice, world.token(), &call, &expected).await
}

/// Bob moves `value` base units of Alice's tokens to himself.
fn take(world: &World, value: U256) -> transferFromCall {
    transferFromCall { from: world.cast.alice.address, to: world.cast.bob.address, value }
}

/// Alice has 4 tokens and lets Bob move `value` base units. Returns what is left of that after he has moved one token.
async fn allowance_after_one(value: U256) -> Result<U256> {
    let world = deposited().await?;
    let (owner, spender) = (world.cast.alice.address, world.cast.bob.address);
    let receipt = world.act(&world.cast.alice, world.token(), &approveCall { spender, value }).await?;
    assert_eq!(event::<Approval>(&receipt, world.token()), Some(Approval { owner, spender, value }));
    world.act(&world.cast.bob, world.token(), &take(&world, U256::from(ether(1)))).await?;
    assert_eq!(world.held(spender).await?, U256::from(ether(1)));
    assert_eq!(world.held(owner).await?, U256::from(ether(3)));
    Ok(world.chain.view(world.token(), &allowanceCall { owner, spender }).await?)
}

#[tokio::test]
async fn an_allowance_is_used_up() -> Result<()> {
    assert_eq!(allowance_after_one(FOUR).await?, U256::from(ether(3)));
    Ok(())
}

#[tokio::test]
async fn the_maximum_allowance_is_never_used_up() -> Result<()> {
    assert_eq!(allowance_after_one(U256::MAX).await?, U256::MAX);
    Ok(())
}

#[tokio::test]
async fn moving_more_than_allowed_is_refused() -> Result<()> {
    let world = deposited().await?;
    let (bob, one) = (&world.cast.bob, U256::from(1));
    world.act(&world.cast.alice, world.token(), &approveCall { spender: bob.address, value: one }).await?;
    let needed = U256::from(2);
    let expected = ERC20InsufficientAllowance { spender: bob.address, allowance: one, needed };
    world.refuse(bob, world.token(), &take(&world, needed), &expected).await
}

#[tokio::test]
async fn moving_more_than_its_owner_holds_is_refused() -> Result<()> {
    let world = deposited().await?;
    let (alice, bob, needed) = (world.cast.alice.address, &world.cast.bob, FOUR + U256::from(1));
    world.act(&world.cast.alice, world.token(), &approveCall { spender: bob.address, value: U256::MAX }).await?;
    let expected = ERC20InsufficientBalance { sender: alice, balance: FOUR, needed };
    world.refuse(bob, world.token(), &take(&world, needed), &expected).await
}
