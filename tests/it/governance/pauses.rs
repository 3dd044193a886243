//! Pauses: who may, what each stops, and when exits and slashes go on by themselves.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use arithmetic::pause::{COMPLETE, DELEGATE, EXECUTE, OPT_IN, QUEUE, STAKE};
use arithmetic::time::{EPOCH_SECONDS, LONGEST_PAUSE_SECONDS, PAUSE_INTERVAL_SECONDS};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::{self, Unauthorized};
use interfaces::IGovernance::{
    InvalidFlags, Paused, PausedTooSoon, Unpaused, pauseAllowedAtCall, pauseCall, pausedCall, setRolesCall, unpauseCall,
};
use interfaces::{IRewards, ISlasher};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

async fn pause(world: &World, flags: u8) -> Result<()> {
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags }).await?;
    Ok(())
}

async fn unpause(world: &World) -> Result<()> {
    world.act(&world.cast.owner, world.suite.governance, &unpauseCall {}).await?;
    Ok(())
}

/// `call` is refused while `action` is paused, and not before or after.
async fn stops<C: SolCall>(world: &World, action: u8, who: &Actor, to: Address, call: &C) -> Result<()> {
    world.chain.simulate(who.address, to, call, Default::default()).await?;
    pause(world, action).await?;
    world.refuse(who, to, call, &IAccess::Paused { action }).await?;
    unpause(world).await?;
    world.chain.simulate(who.address, to, call, Default::default()).await?;
    Ok(())
}

#[tokio::test]
async fn staking_can_be_paused() -> Result<()> {
    let world = World::new().await?;
    world.fund(&world.cast.alice, 1).await?;
    let stake = world.stake_call(1, world.honest());
    stops(&world, STAKE, &world.cast.alice, world.suite.token_pool, &stake).await
}

#[tokio::test]
async fn delegating_can_be_paused() -> Result<()> {
    let world = World::new().await?;
    let idle = world.stake(&world.cast.alice, 1, Address::ZERO).await?;
    let delegate = world.delegate_call(world.honest(), idle);
    stops(&world, DELEGATE, &world.cast.alice, world.suite.token_pool, &delegate).await
}

#[tokio::test]
async fn queueing_can_be_paused() -> Result<()> {
    let world = World::new().await?;
    let shares = world.stake(&world.cast.alice, 1, world.honest()).await?;
    let queue = world.queue_call(world.honest(), shares);
    stops(&world, QUEUE, &world.cast.alice, world.suite.token_pool, &queue).await
}

#[tokio::test]
async fn completing_can_be_paused_either_way() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    let shares = world.stake(alice, 1, world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares).await?;
    world.enter_epoch(release_epoch).await?;
    pause(&world, COMPLETE).await?;
    let refusal = IAccess::Paused { action: COMPLETE };
    let complete = world.complete_call(world.honest(), release_epoch, alice.address);
    world.refuse(alice, pool, &complete, &refusal).await?;
    let restake = world.restake_call(world.honest(), release_epoch, Address::ZERO);
    world.refuse(alice, pool, &restake, &refusal).await?;
    unpause(&world).await?;
    world.act(alice, pool, &complete).await?;
    Ok(())
}

#[tokio::test]
async fn staking_again_with_an_operator_is_delegating_and_staking_it_idle_is_not() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    let shares = world.stake(alice, ether(2), world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares / 2).await?;
    world.enter_epoch(release_epoch).await?;
    for operator in [world.honest(), world.dishonest()] {
        let restake = world.restake_call(world.honest(), release_epoch, operator);
        stops(&world, DELEGATE, alice, pool, &restake).await?;
    }
    pause(&world, STAKE | DELEGATE | OPT_IN).await?;
    world.act(alice, pool, &world.restake_call(world.honest(), release_epoch, Address::ZERO)).await?;
    assert_eq!(world.position(alice.address, Address::ZERO).await?.1, ether(1));
    Ok(())
}

#[tokio::test]
async fn rewards_stop_with_staking_and_what_streams_goes_on() -> Result<()> {
    let world = World::new().await?;
    let (alice, fund, suite) = (&world.cast.alice, &world.cast.fund, world.suite);
    world.stake(alice, ether(100), world.honest()).await?;
    world.fund(fund, ether(9)).await?;
    let call = IRewards::payRewardCall { operator: world.honest(), token: world.token(), amount: ether(4) };
    world.act(fund, suite.rewards, &call).await?;
    stops(&world, STAKE, fund, suite.rewards, &call).await?;
    pause(&world, STAKE).await?;
    world.chain.travel_to(world.chain.now().await? + EPOCH_SECONDS).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(104));
    Ok(())
}

#[tokio::test]
async fn executing_can_be_paused_and_freezing_cannot() -> Result<()> {
    let world = World::new().await?;
    let (operator, owner, slasher) = (&world.cast.dishonest, &world.cast.owner, world.suite.slasher);
    world.act(operator, slasher, &World::grant_call(owner.address, ONE)).await?;
    let freeze = ISlasher::freezeOperatorCall {
        operator: operator.address,
        wad: ONE / 4,
        challenger: world.cast.challenger.address,
        challengerShare: 0,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    };
    world.act(owner, slasher, &freeze).await?;
    pause(&world, EXECUTE).await?;
    world.act(owner, slasher, &freeze).await?;
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    let execute = world.attack(0).await?.execution();
    world.refuse(owner, slasher, &execute, &IAccess::Paused { action: EXECUTE }).await?;
    unpause(&world).await?;
    world.act(owner, slasher, &execute).await?;
    Ok(())
}

#[tokio::test]
async fn opting_in_can_be_paused_and_leaving_cannot() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    world.opt_in(operator, ONE / 2).await?;
    pause(&world, OPT_IN).await?;
    let refusal = IAccess::Paused { action: OPT_IN };
    let manager = world.suite.service.service_manager;
    let raise = ISlasher::raiseBudgetCall { serviceManager: manager, budget: ONE };
    world.refuse(operator, slasher, &raise, &refusal).await?;
    let opt_in = World::grant_call(world.cast.bob.address, ONE / 2);
    world.refuse(operator, slasher, &opt_in, &refusal).await?;
    let leave = ISlasher::optOutOfSlashingCall { serviceManager: manager };
    world.act(operator, slasher, &leave).await?;
    unpause(&world).await?;
    world.act(operator, slasher, &opt_in).await?;
    Ok(())
}

#[tokio::test]
async fn matured_money_is_held_up_for_seven_days_at_most_and_not_again_for_four_weeks() -> Result<()> {
    let world = World::new().await?;
    let (alice, owner, suite) = (&world.cast.alice, &world.cast.owner, world.suite);
    let shares = world.stake(alice, ether(1), world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares).await?;
    world.enter_epoch(release_epoch).await?;
    let receipt = world.act(owner, suite.governance, &pauseCall { flags: QUEUE | COMPLETE | EXECUTE }).await?;
    let until = world.chain.now().await? + LONGEST_PAUSE_SECONDS;
    let paused = Paused { account: owner.address, flags: QUEUE | COMPLETE | EXECUTE, until };
    assert_eq!(event::<Paused>(&receipt, suite.governance), Some(paused));

    // Neither while it lasts nor after can it be made longer.
    let allowed_at = until + PAUSE_INTERVAL_SECONDS;
    assert_eq!(world.chain.view(suite.governance, &pauseAllowedAtCall {}).await?, allowed_at);
    let complete = world.complete_call(world.honest(), release_epoch, alice.address);
    world.chain.travel_to(until - 1).await?;
    world.refuse(alice, suite.token_pool, &complete, &IAccess::Paused { action: COMPLETE }).await?;
    world.act(owner, suite.governance, &pauseCall { flags: QUEUE }).await?;
    world.chain.travel_to(until).await?;
    world.act(alice, suite.token_pool, &complete).await?;
    assert_eq!(world.chain.view(suite.governance, &pausedCall {}).await?.flags, 0);
    for flags in [QUEUE, COMPLETE, EXECUTE] {
        let too_soon = PausedTooSoon { allowedAt: allowed_at };
        world.refuse(owner, suite.governance, &pauseCall { flags }, &too_soon).await?;
    }
    world.chain.travel_to(allowed_at - 1).await?;
    let too_soon = PausedTooSoon { allowedAt: allowed_at };
    world.refuse(owner, suite.governance, &pauseCall { flags: COMPLETE }, &too_soon).await?;
    world.chain.travel_to(allowed_at).await?;
    world.act(owner, suite.governance, &pauseCall { flags: COMPLETE }).await?;
    Ok(())
}

#[tokio::test]
async fn a_later_pause_of_staking_does_not_bring_an_ended_pause_of_exits_back() -> Result<()> {
    let world = World::new().await?;
    let (alice, suite) = (&world.cast.alice, world.suite);
    let shares = world.stake(alice, ether(1), world.honest()).await?;
    pause(&world, QUEUE).await?;
    world.chain.travel_to(world.chain.now().await? + LONGEST_PAUSE_SECONDS).await?;
    pause(&world, STAKE).await?;
    assert_eq!(world.chain.view(suite.governance, &pausedCall {}).await?.flags, STAKE);
    world.queue(alice, world.honest(), shares).await?;
    Ok(())
}

#[tokio::test]
async fn a_pause_of_staking_lasts_until_it_is_ended() -> Result<()> {
    let world = World::new().await?;
    let (alice, suite) = (&world.cast.alice, world.suite);
    world.fund(alice, 1).await?;
    pause(&world, STAKE).await?;
    world.chain.travel_to(world.chain.now().await? + 10 * LONGEST_PAUSE_SECONDS).await?;
    let stake = world.stake_call(1, world.honest());
    world.refuse(alice, suite.token_pool, &stake, &IAccess::Paused { action: STAKE }).await
}

#[tokio::test]
async fn one_hand_pauses_and_another_unpauses() -> Result<()> {
    let world = World::new().await?;
    let (owner, alice, bob, governance) =
        (&world.cast.owner, &world.cast.alice, &world.cast.bob, world.suite.governance);
    let roles = setRolesCall { pauser: alice.address, unpauser: bob.address };
    world.act(owner, governance, &roles).await?;
    for who in [owner, bob] {
        let refusal = Unauthorized { caller: who.address };
        world.refuse(who, governance, &pauseCall { flags: STAKE }, &refusal).await?;
    }
    world.act(alice, governance, &pauseCall { flags: STAKE }).await?;
    for who in [owner, alice] {
        world.refuse(who, governance, &unpauseCall {}, &Unauthorized { caller: who.address }).await?;
    }
    let receipt = world.act(bob, governance, &unpauseCall {}).await?;
    assert_eq!(event::<Unpaused>(&receipt, governance), Some(Unpaused { account: bob.address }));
    Ok(())
}

#[tokio::test]
async fn only_what_exists_can_be_paused() -> Result<()> {
    let world = World::new().await?;
    for flags in [0, 64, 128, 255] {
        let call = pauseCall { flags };
        world.refuse(&world.cast.owner, world.suite.governance, &call, &InvalidFlags { flags }).await?;
    }
    Ok(())
}
