//! Limits of tokens change a full notice after they were announced.

use arithmetic::epoch;
use arithmetic::time::LAPSE_SECONDS;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::IGovernance::{
    LimitsCancelled, LimitsHaveLapsed, LimitsScheduled, NothingScheduled, NoticeNotEnded, applyLimitsCall,
    cancelLimitsCall, closeStrategyCall, contractsCall, scheduleLimitsCall, scheduledLimitsCall,
};
use interfaces::ILens::strategyCall;
use interfaces::ITokenPool::{InvalidLimits, setPauseCall, setStrategyCall};
use restake::chain::event;
use restake_tests::{World, ether};

fn schedule(world: &World, cap: u128) -> scheduleLimitsCall {
    scheduleLimitsCall { token: world.token(), cap, depositPercent: 50, outflowPercent: 25 }
}

#[tokio::test]
async fn limits_are_applied_by_anyone_when_their_notice_ends_and_not_one_second_before() -> Result<()> {
    let world = World::new().await?;
    let (owner, governance, token) = (&world.cast.owner, world.suite.governance, world.token());
    let receipt = world.act(owner, governance, &schedule(&world, ether(8))).await?;
    let effective_at = epoch::notice_ends(world.chain.now().await?);
    let scheduled =
        LimitsScheduled { token, cap: ether(8), depositPercent: 50, outflowPercent: 25, effectiveAt: effective_at };
    assert_eq!(event::<LimitsScheduled>(&receipt, governance), Some(scheduled));
    let stored = world.chain.view(governance, &scheduledLimitsCall { token }).await?;
    let stored = (stored.cap, stored.depositPercent, stored.outflowPercent, stored.effectiveAt);
    assert_eq!(stored, (ether(8), 50, 25, effective_at));

    let apply = applyLimitsCall { token };
    world.chain.travel_to(effective_at - 1).await?;
    world.refuse(&world.cast.bob, governance, &apply, &NoticeNotEnded { effectiveAt: effective_at }).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(&world.cast.bob, governance, &apply).await?;
    let now = world.chain.view(world.suite.lens, &strategyCall { token }).await?;
    assert_eq!((now.open, now.cap, now.depositPercent, now.outflowPercent), (true, ether(8), 50, 25));
    world.refuse(&world.cast.bob, governance, &apply, &NothingScheduled { token }).await
}

#[tokio::test]
async fn scheduled_limits_lapse_one_epoch_after_their_notice() -> Result<()> {
    let world = World::new().await?;
    let (owner, bob, governance, token) = (&world.cast.owner, &world.cast.bob, world.suite.governance, world.token());
    world.act(owner, governance, &schedule(&world, ether(8))).await?;
    let lapsed_at = epoch::notice_ends(world.chain.now().await?) + LAPSE_SECONDS;
    let apply = applyLimitsCall { token };
    world.chain.travel_to(lapsed_at - 1).await?;
    world.chain.simulate(bob.address, governance, &apply, Default::default()).await?;
    world.chain.travel_to(lapsed_at).await?;
    world.refuse(bob, governance, &apply, &LimitsHaveLapsed { lapsedAt: lapsed_at }).await?;
    world.refuse(owner, governance, &apply, &LimitsHaveLapsed { lapsedAt: lapsed_at }).await?;
    // They can be scheduled again, with a notice of their own.
    world.act(owner, governance, &schedule(&world, ether(8))).await?;
    let effective_at = epoch::notice_ends(world.chain.now().await?);
    world.refuse(bob, governance, &apply, &NoticeNotEnded { effectiveAt: effective_at }).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(bob, governance, &apply).await?;
    Ok(())
}

#[tokio::test]
async fn a_closed_token_is_not_reopened_by_limits_that_were_scheduled_before() -> Result<()> {
    let world = World::new().await?;
    let (owner, bob, governance, token) = (&world.cast.owner, &world.cast.bob, world.suite.governance, world.token());
    world.act(owner, governance, &schedule(&world, ether(8))).await?;
    let effective_at = epoch::notice_ends(world.chain.now().await?);
    let receipt = world.act(owner, governance, &closeStrategyCall { token }).await?;
    assert_eq!(event::<LimitsCancelled>(&receipt, governance), Some(LimitsCancelled { token }));
    assert_eq!(world.chain.view(governance, &scheduledLimitsCall { token }).await?.effectiveAt, 0);
    world.chain.travel_to(effective_at).await?;
    world.refuse(bob, governance, &applyLimitsCall { token }, &NothingScheduled { token }).await?;
    // Closing it once more withdraws nothing.
    let receipt = world.act(owner, governance, &closeStrategyCall { token }).await?;
    assert_eq!(event::<LimitsCancelled>(&receipt, governance), None);
    assert!(!world.chain.view(world.suite.lens, &strategyCall { token }).await?.open);
    Ok(())
}

#[tokio::test]
async fn scheduled_limits_can_be_cancelled() -> Result<()> {
    let world = World::new().await?;
    let (owner, governance, token) = (&world.cast.owner, world.suite.governance, world.token());
    let cancel = cancelLimitsCall { token };
    world.refuse(owner, governance, &cancel, &NothingScheduled { token }).await?;
    world.act(owner, governance, &schedule(&world, 1)).await?;
    let receipt = world.act(owner, governance, &cancel).await?;
    assert_eq!(event::<LimitsCancelled>(&receipt, governance), Some(LimitsCancelled { token }));
    world.chain.travel_to(epoch::notice_ends(world.chain.now().await?)).await?;
    world.refuse(owner, governance, &applyLimitsCall { token }, &NothingScheduled { token }).await
}

#[tokio::test]
async fn limits_out_of_bounds_are_not_even_scheduled() -> Result<()> {
    let world = World::new().await?;
    for (deposit, outflow) in [(0, 0), (101, 0), (50, 9), (50, 101)] {
        let call = scheduleLimitsCall { depositPercent: deposit, outflowPercent: outflow, ..schedule(&world, 1) };
        world.refuse(&world.cast.owner, world.suite.governance, &call, &InvalidLimits {}).await?;
    }
    Ok(())
}

#[tokio::test]
async fn only_the_owner_lists_closes_schedules_and_cancels() -> Result<()> {
    let world = World::new().await?;
    let (alice, governance, token) = (&world.cast.alice, world.suite.governance, world.token());
    let refusal = Unauthorized { caller: alice.address };
    world.refuse(alice, governance, &World::list_call(world.suite.slasher, 1), &refusal).await?;
    world.refuse(alice, governance, &closeStrategyCall { token }, &refusal).await?;
    world.refuse(alice, governance, &schedule(&world, 1), &refusal).await?;
    world.refuse(alice, governance, &cancelLimitsCall { token }, &refusal).await
}

#[tokio::test]
async fn not_even_the_owner_sets_anything_in_the_vault_or_the_slasher_itself() -> Result<()> {
    let world = World::new().await?;
    let (owner, suite) = (&world.cast.owner, world.suite);
    let refusal = Unauthorized { caller: owner.address };
    let set = setStrategyCall { token: suite.token, open: true, cap: 1, depositPercent: 1, outflowPercent: 0 };
    world.refuse(owner, suite.token_pool, &set, &refusal).await?;
    world.refuse(owner, suite.token_pool, &setPauseCall { flags: 1, until: 0 }, &refusal).await?;
    let pause = interfaces::ISlasher::setPauseCall { flags: 32, until: 0 };
    world.refuse(owner, suite.slasher, &pause, &refusal).await
}

#[tokio::test]
async fn governance_names_what_it_governs() -> Result<()> {
    let world = World::new().await?;
    let governed = world.chain.view(world.suite.governance, &contractsCall {}).await?;
    assert_eq!((governed.tokenPool, governed.slasher), (world.suite.token_pool, world.suite.slasher));
    Ok(())
}
