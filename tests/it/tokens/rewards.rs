//! The rate of the token of development chains, and the rewards that raise it.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolValue;
use arithmetic::time::REWARD_STREAM_SECONDS;
use eyre::{Result, bail};
use interfaces::IAccess::{Unauthorized, ZeroAddress};
use interfaces::IERC20::totalSupplyCall;
use interfaces::ILiquidStakingToken::{
    NoSupply, RewardsReported, ZeroAmount, depositCall, rateCall, redeemCall, reportRewardsCall, totalAssetsCall,
};
use interfaces::IOwnable::ownerCall;
use restake::actors::Actor;
use restake::chain::{CallError, event};
use restake_tests::programs::construction;
use restake_tests::{World, ether};

const ONE: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

async fn deposit(world: &World, who: &Actor, amount: U256) -> Result<()> {
    world.chain.send(who.address, world.token(), &depositCall {}, amount).await?;
    Ok(())
}

/// The owner adds rewards. Returns when they are streamed.
async fn report(world: &World, amount: U256) -> Result<u64> {
    let (owner, token) = (world.cast.owner.address, world.token());
    let receipt = world.chain.send(owner, token, &reportRewardsCall {}, amount).await?;
    let Some(reported) = event::<RewardsReported>(&receipt, token) else { bail!("no RewardsReported event") };
    assert_eq!(reported.amount, amount);
    assert_eq!(reported.streamedAt, world.chain.now().await? + REWARD_STREAM_SECONDS);
    Ok(reported.streamedAt)
}

async fn rate(world: &World) -> Result<U256> {
    Ok(world.chain.view(world.token(), &rateCall {}).await?)
}

async fn assets(world: &World) -> Result<U256> {
    Ok(world.chain.view(world.token(), &totalAssetsCall {}).await?)
}

/// What redeeming all of `who`'s tokens pays.
async fn redeemed(world: &World, who: &Actor) -> Result<U256> {
    let amount = world.held(who.address).await?;
    let before = world.chain.balance(who.address).await?;
    let receipt = world.act(who, world.token(), &redeemCall { amount }).await?;
    let fee = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
    Ok(world.chain.balance(who.address).await? + fee - before)
}

#[tokio::test]
async fn the_rate_starts_at_one() -> Result<()> {
    let world = World::new().await?;
    assert_eq!((rate(&world).await?, assets(&world).await?), (ONE, U256::ZERO));
    deposit(&world, &world.cast.alice, U256::from(7)).await?;
    assert_eq!((rate(&world).await?, assets(&world).await?), (ONE, U256::from(7)));
    Ok(())
}

#[tokio::test]
async fn rewards_raise_the_rate_evenly_over_one_day() -> Result<()> {
    let world = World::new().await?;
    let (ten, five) = (U256::from(ether(10)), U256::from(ether(5)));
    deposit(&world, &world.cast.alice, ten).await?;
    let streamed_at = report(&world, five).await?;
    assert_eq!((rate(&world).await?, assets(&world).await?), (ONE, ten), "nothing at once");
    world.chain.travel_to(streamed_at - REWARD_STREAM_SECONDS / 5 * 4).await?;
    assert_eq!(assets(&world).await?, U256::from(ether(11)));
    world.chain.travel_to(streamed_at - 1).await?;
    assert!(assets(&world).await? < ten + five, "one second before the end");
    world.chain.travel_to(streamed_at).await?;
    assert_eq!(assets(&world).await?, ten + five);
    // The virtual base units keep their part: one in 10^13.
    let expected = ONE * U256::from(3) / U256::from(2);
    assert!(rate(&world).await? < expected && rate(&world).await? > expected - U256::from(100_000));
    world.chain.travel_to(streamed_at + 1).await?;
    assert_eq!(assets(&world).await?, ten + five, "and nothing after");
    Ok(())
}

#[tokio::test]
async fn what_is_not_streamed_yet_is_streamed_with_new_rewards() -> Result<()> {
    let world = World::new().await?;
    let ten = U256::from(ether(10));
    deposit(&world, &world.cast.alice, ten).await?;
    let streamed_at = report(&world, ten).await?;
    world.chain.travel_to(streamed_at - REWARD_STREAM_SECONDS / 2).await?;
    let streamed_at = report(&world, ten).await?;
    let half = U256::from(ether(15));
    assert!(assets(&world).await? >= half && assets(&world).await? < half + U256::from(ether(1)), "no step");
    world.chain.travel_to(streamed_at).await?;
    assert_eq!(assets(&world).await?, U256::from(ether(30)));
    Ok(())
}

#[tokio::test]
async fn holders_share_rewards_by_what_they_hold() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    deposit(&world, alice, U256::from(ether(3))).await?;
    deposit(&world, bob, U256::from(ether(1))).await?;
    let streamed_at = report(&world, U256::from(ether(4))).await?;
    world.chain.travel_to(streamed_at).await?;
    let dust = U256::from(10_000_000);
    let (paid, expected) = (redeemed(&world, alice).await?, U256::from(ether(6)));
    assert!(paid <= expected && paid + dust > expected, "{paid}");
    let (paid, expected) = (redeemed(&world, bob).await?, U256::from(ether(2)));
    assert!(paid <= expected && paid + dust > expected, "{paid}");
    Ok(())
}

#[tokio::test]
async fn a_deposit_after_rewards_gets_fewer_tokens_and_no_share_of_them() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, ten) = (&world.cast.alice, &world.cast.bob, U256::from(ether(10)));
    deposit(&world, alice, ten).await?;
    let streamed_at = report(&world, ten).await?;
    world.chain.travel_to(streamed_at).await?;
    deposit(&world, bob, ten).await?;
    let minted = world.held(bob.address).await?;
    assert!(minted >= ten / U256::from(2) && minted < ten / U256::from(2) + U256::from(10_000_000), "{minted}");
    let before = rate(&world).await?;
    assert!(redeemed(&world, bob).await? <= ten);
    assert!(rate(&world).await? >= before, "the others do not pay for it");
    Ok(())
}

#[tokio::test]
async fn holding_tokens_for_a_moment_earns_nothing() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    deposit(&world, alice, U256::from(ether(1))).await?;
    deposit(&world, bob, U256::from(ether(100))).await?;
    report(&world, U256::from(ether(1))).await?;
    // The node's next block may be a second later.
    assert!(redeemed(&world, bob).await? <= U256::from(ether(100)) + U256::from(ether(1) / 10_000));
    Ok(())
}

#[tokio::test]
async fn a_round_trip_at_any_rate_pays_no_more_than_was_put_in() -> Result<()> {
    let world = World::new().await?;
    deposit(&world, &world.cast.alice, U256::from(ether(1))).await?;
    let streamed_at = report(&world, U256::from(ether(1) / 3)).await?;
    world.chain.travel_to(streamed_at).await?;
    for amount in [2, 3, 1_000_003] {
        let (bob, amount) = (&world.cast.bob, U256::from(amount));
        deposit(&world, bob, amount).await?;
        assert!(redeemed(&world, bob).await? <= amount);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_worth_less_than_one_base_unit_is_refused() -> Result<()> {
    let world = World::new().await?;
    deposit(&world, &world.cast.alice, U256::from(ether(1))).await?;
    let streamed_at = report(&world, U256::from(ether(1))).await?;
    world.chain.travel_to(streamed_at).await?;
    let (bob, token, wei) = (&world.cast.bob, world.token(), U256::ONE);
    world.refuse_paying(bob, token, &depositCall {}, wei, &ZeroAmount {}).await
}

#[tokio::test]
async fn a_first_depositor_cannot_raise_the_rate_against_the_next() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    deposit(&world, alice, U256::ONE).await?;
    // Not even with the help of the owner: ETH that comes without a report does not count.
    let gift = U256::from(ether(100));
    let streamed_at = report(&world, gift).await?;
    world.chain.travel_to(streamed_at).await?;
    deposit(&world, bob, ONE).await?;
    assert!(redeemed(&world, alice).await? < gift / U256::from(100_000), "the one token has nearly none of the gift");
    let paid = redeemed(&world, bob).await?;
    assert!(paid > ONE - ONE / U256::from(1_000), "{paid}");
    Ok(())
}

#[tokio::test]
async fn all_tokens_can_be_redeemed() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    deposit(&world, alice, U256::from(ether(1))).await?;
    let streamed_at = report(&world, U256::from(ether(1))).await?;
    world.chain.travel_to(streamed_at).await?;
    redeemed(&world, alice).await?;
    let supply: U256 = world.chain.view(world.token(), &totalSupplyCall {}).await?;
    assert_eq!(supply, U256::ZERO);
    assert_eq!(world.chain.balance(world.token()).await?, assets(&world).await?);
    Ok(())
}

#[tokio::test]
async fn only_the_owner_reports_rewards() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    deposit(&world, alice, ONE).await?;
    let expected = Unauthorized { caller: alice.address };
    world.refuse_paying(alice, world.token(), &reportRewardsCall {}, ONE, &expected).await?;
    assert_eq!(world.chain.view(world.token(), &ownerCall {}).await?, world.cast.owner.address);
    Ok(())
}

#[tokio::test]
async fn rewards_of_nothing_and_for_nobody_are_refused() -> Result<()> {
    let world = World::new().await?;
    let (owner, token) = (&world.cast.owner, world.token());
    world.refuse_paying(owner, token, &reportRewardsCall {}, ONE, &NoSupply {}).await?;
    deposit(&world, &world.cast.alice, ONE).await?;
    world.refuse(owner, token, &reportRewardsCall {}, &ZeroAmount {}).await
}

#[tokio::test]
async fn the_token_is_not_owned_by_nobody_and_not_constructed_twice() -> Result<()> {
    let world = World::new().await?;
    let owner = world.cast.owner.address;
    let copy = world.copy_of(world.token()).await?;
    let nobody = construction(owner, copy, &(Address::ZERO,).abi_encode_params());
    match world.chain.transact(nobody).await {
        Err(CallError::Refused(refusal)) => assert_eq!(refusal.decode(), Some(ZeroAddress {})),
        other => bail!("{other:?}"),
    }
    let again = construction(owner, world.token(), &(owner,).abi_encode_params());
    match world.chain.transact(again).await {
        Err(CallError::Refused(refusal)) => assert!(refusal.data.is_empty(), "{refusal}"),
        other => bail!("{other:?}"),
    }
    Ok(())
}
