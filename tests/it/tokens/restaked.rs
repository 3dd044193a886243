//! What the holders of receipts do.

use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::ILiquidRestakingToken::{Deposit, depositCall, exitRateCall, rateCall, requestRedemptionCall};
use interfaces::IRedemptionDesk::{
    RedemptionClaimed, RedemptionOpened, claimRedemptionCall, partOfCall, partOfReturn, queueWaitingCall,
    redemptionCall, redemptionReturn,
};
use interfaces::IRestakingVault::{assetsAtRiskCall, totalAssetsCall};
use interfaces::IRestakingWeights::{rebalanceCall, scheduleWeightCall, stakeIdleCall};
use interfaces::{IERC20, ILiquidStakingToken, ISlasher};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World};

/// The owner gives these weights (wad) at once, because the vault is empty.
pub(super) async fn weighted(weights: &[(&str, u64)]) -> Result<World> {
    let world = World::new().await?;
    for (name, weight) in weights {
        let operator = world.cast.all().into_iter().find(|actor| actor.name == *name).ok_or_eyre("no such operator")?;
        schedule(&world, operator.address, *weight).await?;
    }
    Ok(world)
}

/// The owner schedules a weight, for any commitment up to one.
pub(super) async fn schedule(world: &World, operator: Address, weight: u64) -> Result<()> {
    let call = scheduleWeightCall { operator, weight, maxCommitment: ONE };
    world.act(&world.cast.owner, world.suite.restaking_weights, &call).await?;
    Ok(())
}

/// Both operators have half of the weight; the crooked one has joined the service with all of its magnitude.
pub(super) async fn half_and_half() -> Result<World> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 2)]).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    Ok(world)
}

/// The same, and Alice and Bob have deposited `each` and it is staked.
pub(super) async fn shared(each: u128) -> Result<World> {
    let world = half_and_half().await?;
    share(&world, each).await?;
    Ok(world)
}

/// The same, but the service is the owner's account, to which the crooked operator has granted everything.
pub(super) async fn shared_with_an_account(each: u128) -> Result<World> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 2)]).await?;
    grant_the_owner(&world).await?;
    share(&world, each).await?;
    Ok(world)
}

/// The crooked operator, to which the owner's account is a service with everything granted, has half of the weight and
/// nobody the rest; Alice and Bob have deposited `each`. So half of it is idle.
pub(super) async fn half_idle(each: u128) -> Result<World> {
    let world = weighted(&[("Crooked Op", ONE / 2)]).await?;
    grant_the_owner(&world).await?;
    share(&world, each).await?;
    Ok(world)
}

/// The crooked operator lets the owner's account slash everything.
pub(super) async fn grant_the_owner(world: &World) -> Result<()> {
    let grant = World::grant_call(world.cast.owner.address, ONE);
    world.act(&world.cast.dishonest, world.suite.slasher, &grant).await?;
    Ok(())
}

async fn share(world: &World, each: u128) -> Result<()> {
    deposit(world, &world.cast.alice, each).await?;
    deposit(world, &world.cast.bob, each).await?;
    stake_idle(world).await
}

/// Anyone has idle tokens staked.
pub(super) async fn stake_idle(world: &World) -> Result<()> {
    world.act(&world.cast.accuser, world.suite.restaking_weights, &stakeIdleCall {}).await?;
    Ok(())
}

/// Anyone has what is above the weights queued.
pub(super) async fn rebalance(world: &World) -> Result<()> {
    world.act(&world.cast.accuser, world.suite.restaking_weights, &rebalanceCall {}).await?;
    Ok(())
}

/// `who` gets `amount` of the token and lets the vault take it.
pub(super) async fn fund(world: &World, who: &Actor, amount: u128) -> Result<()> {
    let deposit = ILiquidStakingToken::depositCall {};
    world.chain.send(who.address, world.token(), &deposit, U256::from(amount)).await?;
    let approve = IERC20::approveCall { spender: world.suite.restaking_vault, value: U256::MAX };
    world.act(who, world.token(), &approve).await?;
    Ok(())
}

/// `who` deposits `amount`, which it gets for that. Returns the receipts.
pub(super) async fn deposit(world: &World, who: &Actor, amount: u128) -> Result<u128> {
    fund(world, who, amount).await?;
    let (receipt, call) = (world.suite.restaking_token, depositCall { amount, recipient: who.address, minShares: 0 });
    let mined = world.act(who, receipt, &call).await?;
    let deposited = event::<Deposit>(&mined, receipt).ok_or_eyre("no Deposit event")?;
    assert_eq!((deposited.sender, deposited.owner), (who.address, who.address));
    assert_eq!(deposited.assets, U256::from(amount));
    Ok(deposited.shares.to())
}

/// The call that redeems `shares`, whatever they are worth.
pub(super) fn request_call(shares: u128) -> requestRedemptionCall {
    requestRedemptionCall { shares, minAssets: 0 }
}

/// `who` redeems `shares`. What is paid at once is what its balance shows.
pub(super) async fn request(world: &World, who: &Actor, shares: u128) -> Result<RedemptionOpened> {
    let before = world.held(who.address).await?;
    let mined = world.act(who, world.suite.restaking_token, &request_call(shares)).await?;
    let opened = event::<RedemptionOpened>(&mined, world.suite.redemption_desk);
    let opened = opened.ok_or_eyre("no RedemptionOpened event")?;
    assert_eq!((opened.account, opened.shares), (who.address, shares));
    assert_eq!(world.held(who.address).await?, before + U256::from(opened.paid));
    Ok(opened)
}

/// Anyone claims a redemption. Returns what was paid to its account.
pub(super) async fn claim(world: &World, id: u64) -> Result<u128> {
    let (desk, account) = (world.suite.redemption_desk, redemption(world, id).await?.account);
    let before = world.held(account).await?;
    let mined = world.act(&world.cast.accuser, desk, &claimRedemptionCall { id }).await?;
    let claimed = event::<RedemptionClaimed>(&mined, desk).ok_or_eyre("no RedemptionClaimed event")?;
    assert_eq!((claimed.id, claimed.account), (id, account));
    assert_eq!(claimed.left, redemption(world, id).await?.parts);
    assert_eq!(world.held(account).await?, before + U256::from(claimed.amount));
    Ok(claimed.amount)
}

/// Lets the epoch come in which what was queued with the redemption is released, and claims it.
pub(super) async fn wait_and_claim(world: &World, opened: &RedemptionOpened) -> Result<u128> {
    world.chain.travel_to(epoch::start(opened.releaseEpoch).max(world.chain.now().await?)).await?;
    claim(world, opened.id).await
}

/// Anyone queues what waits with the crooked operator since `period`. Returns when it is released.
pub(super) async fn queue_waiting(world: &World, period: u64) -> Result<u64> {
    let call = queueWaitingCall { operator: world.dishonest(), period };
    let desk = world.suite.redemption_desk;
    let released = world.chain.simulate(world.cast.accuser.address, desk, &call, U256::ZERO).await?;
    world.act(&world.cast.accuser, desk, &call).await?;
    Ok(released)
}

/// What is left of a redemption.
pub(super) async fn redemption(world: &World, id: u64) -> Result<redemptionReturn> {
    Ok(world.chain.view(world.suite.redemption_desk, &redemptionCall { id }).await?)
}

/// A part of it.
pub(super) async fn part(world: &World, id: u64, index: u64) -> Result<partOfReturn> {
    Ok(world.chain.view(world.suite.redemption_desk, &partOfCall { id, index }).await?)
}

/// A service that is the owner's account asks for `wad` of what is left of its budget with the crooked operator. The
/// fund may veto it.
pub(super) async fn accuse(world: &World, wad: u64) -> Result<Attack> {
    let call = ISlasher::freezeOperatorCall {
        operator: world.dishonest(),
        wad,
        challenger: world.cast.challenger.address,
        challengerShare: 0,
        recipient: world.cast.fund.address,
        resolver: world.cast.fund.address,
    };
    let mined = world.act(&world.cast.owner, world.suite.slasher, &call).await?;
    Attack::of(&mined, world.suite.slasher)
}

/// The fund vetoes what the service asked for.
pub(super) async fn veto(world: &World, attack: &Attack) -> Result<()> {
    world.act(&world.cast.fund, world.suite.slasher, &attack.veto()).await?;
    Ok(())
}

/// What everything of the holders is worth, what pending slashes may take of it, and what is idle.
pub(super) async fn assets(world: &World) -> Result<(u128, u128, u128)> {
    let total = world.chain.view(world.suite.restaking_vault, &totalAssetsCall {}).await?;
    let risk = world.chain.view(world.suite.restaking_vault, &assetsAtRiskCall {}).await?;
    assert_eq!(risk.assets, total.assets);
    Ok((total.assets, risk.pendingSlashes, total.idle))
}

/// What a receipt is worth without pending slashes (wad).
pub(super) async fn rate(world: &World) -> Result<u128> {
    Ok(world.chain.view(world.suite.restaking_token, &rateCall {}).await?)
}

/// The same with pending slashes.
pub(super) async fn exit_rate(world: &World) -> Result<u128> {
    Ok(world.chain.view(world.suite.restaking_token, &exitRateCall {}).await?)
}

/// The receipts that `who` holds.
pub(super) async fn receipts(world: &World, who: &Actor) -> Result<U256> {
    Ok(world.chain.view(world.suite.restaking_token, &IERC20::balanceOfCall { account: who.address }).await?)
}

/// What the vault has at stake with `operator`, for holders and redemptions.
pub(super) async fn staked(world: &World, operator: &Actor) -> Result<u128> {
    Ok(world.position(world.suite.restaking_vault, operator.address).await?.1)
}

/// `amount`, or less by as many base units as there were operations that round.
pub(super) fn nearly(amount: u128, expected: u128) -> bool {
    amount <= expected && expected - amount <= 5
}
