//! What the holders of receipts do.

use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::ILiquidRestakingToken::{
    Deposited, RedemptionClaimed, RedemptionRequested, claimRedemptionCall, depositCall, rateCall,
    requestRedemptionCall, stakeIdleCall,
};
use interfaces::IRestakingVault::{collectCall, operatorAtCall, releasesAtCall, scheduleWeightCall, totalAssetsCall};
use interfaces::{IERC20, ILiquidStakingToken, ISlasher};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World};

/// The owner gives these weights (wad) at once, because the vault is empty.
pub(super) async fn weighted(weights: &[(&str, u64)]) -> Result<World> {
    let world = World::new().await?;
    for (name, weight) in weights {
        let operator = world.cast.all().into_iter().find(|actor| actor.name == *name).ok_or_eyre("no such operator")?;
        let call = scheduleWeightCall { operator: operator.address, weight: *weight, maxCommitment: ONE };
        world.act(&world.cast.owner, world.suite.restaking_vault, &call).await?;
    }
    Ok(world)
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

/// The crooked operator lets the owner's account slash everything.
pub(super) async fn grant_the_owner(world: &World) -> Result<()> {
    let grant = World::grant_call(world.cast.owner.address, ONE);
    world.act(&world.cast.dishonest, world.suite.slasher, &grant).await?;
    Ok(())
}

async fn share(world: &World, each: u128) -> Result<()> {
    deposit(world, &world.cast.alice, each).await?;
    deposit(world, &world.cast.bob, each).await?;
    world.act(&world.cast.accuser, world.suite.restaking_token, &stakeIdleCall {}).await?;
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
    let (receipt, call) = (world.suite.restaking_token, depositCall { amount, recipient: who.address });
    let mined = world.act(who, receipt, &call).await?;
    let deposited = event::<Deposited>(&mined, receipt).ok_or_eyre("no Deposited event")?;
    assert_eq!((deposited.sender, deposited.recipient, deposited.amount), (who.address, who.address, amount));
    Ok(deposited.shares)
}

/// `who` gives `shares` to be redeemed.
pub(super) async fn request(world: &World, who: &Actor, shares: u128) -> Result<RedemptionRequested> {
    let receipt = world.suite.restaking_token;
    let mined = world.act(who, receipt, &requestRedemptionCall { shares }).await?;
    event::<RedemptionRequested>(&mined, receipt).ok_or_eyre("no RedemptionRequested event")
}

/// `who` claims a redemption. Returns what was paid: as the event says, and as its balance shows.
pub(super) async fn claim(world: &World, who: &Actor, id: u64) -> Result<u128> {
    let (receipt, before) = (world.suite.restaking_token, world.held(who.address).await?);
    let mined = world.act(who, receipt, &claimRedemptionCall { id }).await?;
    let claimed = event::<RedemptionClaimed>(&mined, receipt).ok_or_eyre("no RedemptionClaimed event")?;
    assert_eq!((claimed.id, claimed.account), (id, who.address));
    assert_eq!(world.held(who.address).await?, before + U256::from(claimed.amount));
    Ok(claimed.amount)
}

/// Anyone completes every withdrawal on its way that is released by `epoch`.
pub(super) async fn collect_until(world: &World, epoch: u64) -> Result<()> {
    let vault = world.suite.restaking_vault;
    for index in 0..8 {
        let operator = world.chain.view(vault, &operatorAtCall { index }).await?.operator;
        let releases = world.chain.view(vault, &releasesAtCall { index }).await?;
        for release_epoch in [releases.first, releases.second, releases.third, releases.fourth] {
            if release_epoch != 0 && release_epoch <= epoch {
                let call = collectCall { operator, releaseEpoch: release_epoch };
                world.act(&world.cast.accuser, vault, &call).await?;
            }
        }
    }
    Ok(())
}

/// Lets `time` come and collects what has matured.
pub(super) async fn wait(world: &World, time: u64) -> Result<()> {
    world.chain.travel_to(time).await?;
    collect_until(world, arithmetic::epoch::at(time)).await
}

/// A service that is the owner's account asks for `wad` of what is left of its budget with the crooked operator.
pub(super) async fn accuse(world: &World, wad: u64) -> Result<Attack> {
    let call = ISlasher::freezeOperatorCall {
        operator: world.dishonest(),
        wad,
        challenger: world.cast.challenger.address,
        challengerShare: 0,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    };
    let mined = world.act(&world.cast.owner, world.suite.slasher, &call).await?;
    let requested = event::<ISlasher::SlashRequested>(&mined, world.suite.slasher);
    let requested = requested.ok_or_eyre("no SlashRequested event")?;
    Ok(Attack { request_id: requested.requestId, executable_at: requested.executableAt })
}

/// What everything is worth, what pending slashes may take of it, and what is idle.
pub(super) async fn assets(world: &World) -> Result<(u128, u128, u128)> {
    let total = world.chain.view(world.suite.restaking_vault, &totalAssetsCall {}).await?;
    Ok((total.assets, total.pendingSlashes, total.idle))
}

/// What a receipt is redeemed for (wad).
pub(super) async fn rate(world: &World) -> Result<u128> {
    Ok(world.chain.view(world.suite.restaking_token, &rateCall {}).await?)
}

/// The receipts that `who` holds.
pub(super) async fn receipts(world: &World, who: &Actor) -> Result<U256> {
    Ok(world.chain.view(world.suite.restaking_token, &IERC20::balanceOfCall { account: who.address }).await?)
}

/// What the vault has at stake with `operator`.
pub(super) async fn staked(world: &World, operator: &Actor) -> Result<u128> {
    Ok(world.position(world.suite.restaking_vault, operator.address).await?.1)
}
