//! What was announced and is not in force: what happens to it meanwhile.

use super::services::{
    activate, budget_of, can_slash, cancel, commitment_of, freeze, freeze_own, grant, grant_of, grant_shared,
    opt_in_shared, pending, raise, request,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{
    CommitmentTooHigh, GrantCancelled, GrantPending, OptedIntoSlashing,
    recordLastStakeUpdateAndRevokeSlashingAbilityCall,
};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

/// The notice of a raise: 28 days.
const NOTICE: u64 = 2_419_200;

/// The honest operator lets the owner's account slash half; Alice stakes with it; it announces a raise to everything.
/// Returns the end of the notice.
async fn raised() -> Result<(World, u64)> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.act(operator, world.suite.slasher, &raise(service, ONE)).await?;
    let (_, effective_at) = pending(&world, operator, service).await?;
    Ok((world, effective_at))
}

#[tokio::test]
async fn a_raise_is_activated_when_its_notice_ends_and_not_one_second_before() -> Result<()> {
    let (world, effective_at) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let call = activate(operator, service);
    world.chain.travel_to(effective_at - 1).await?;
    let early = GrantPending { effectiveAt: effective_at };
    world.refuse(&world.cast.bob, slasher, &call, &early).await?;
    world.chain.travel_to(effective_at).await?;
    let receipt = world.act(&world.cast.bob, slasher, &call).await?;
    let opted =
        OptedIntoSlashing { operator: operator.address, serviceManager: service.address, budget: ONE, exclusive: true };
    assert_eq!(event::<OptedIntoSlashing>(&receipt, slasher), Some(opted));
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.budget, noted.fullBudget), (ONE, ONE));
    assert_eq!(pending(&world, operator, service).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_request_during_the_notice_takes_the_old_budget_at_most_and_the_raise_adds_to_the_rest() -> Result<()> {
    let (world, effective_at) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let receipt = world.act(service, slasher, &request(&world, operator, ONE)).await?;
    let attack = Attack::of(&receipt, slasher)?;
    assert_eq!(attack.request.wad, ONE / 2);
    assert_eq!(commitment_of(&world, operator).await?.0, ONE, "the request, and the raise");
    world.execute(&attack).await?;
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE / 2), "the raise is all that is left of the stake");
    // Two days of the notice did not run.
    world.chain.travel_to(effective_at + 172_800).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE / 2, "the raise and nothing else");
    Ok(())
}

#[tokio::test]
async fn a_freeze_and_its_veto_in_one_second_keep_nobody_from_leaving_and_move_no_notice() -> Result<()> {
    let (world, effective_at) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.chain.travel_to(effective_at).await?;
    let attack = freeze_own(&world, service, operator, ONE / 2).await?;
    world.act(service, slasher, &attack.veto()).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE, "the veto gave back, the raise added");
    Ok(())
}

#[tokio::test]
async fn a_vetoed_freeze_of_a_day_moves_a_notice_by_a_day() -> Result<()> {
    let (world, effective_at) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.chain.travel_to(effective_at - 1).await?;
    let attack = freeze_own(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(effective_at + 86_399).await?;
    world.act(service, slasher, &attack.veto()).await?;
    let early = GrantPending { effectiveAt: effective_at + 86_400 };
    world.refuse(service, slasher, &activate(operator, service), &early).await?;
    world.chain.travel_to(effective_at + 86_400).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    Ok(())
}

#[tokio::test]
async fn a_freeze_before_the_announcement_does_not_make_the_notice_longer() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.execute(&freeze(&world, service, operator, ONE / 2).await?).await?;
    // Three quarters are left, and a quarter of them granted.
    world.act(operator, slasher, &raise(service, ONE / 4 * 3)).await?;
    let (raise, effective_at) = pending(&world, operator, service).await?;
    assert_eq!(raise, ONE / 2);
    assert_eq!(effective_at, world.chain.now().await? + NOTICE);
    world.chain.travel_to(effective_at).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE / 4 * 3);
    Ok(())
}

#[tokio::test]
async fn withdrawing_a_raise_keeps_the_budget() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.act(operator, slasher, &cancel(service)).await?;
    assert_eq!(pending(&world, operator, service).await?, (0, 0));
    assert_eq!(budget_of(&world, operator, service).await?, ONE / 2);
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 2);
    assert!(can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn who_is_frozen_can_withdraw_what_it_announced() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    freeze(&world, service, operator, ONE / 2).await?;
    world.act(operator, slasher, &cancel(service)).await?;
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 2);
    Ok(())
}

#[tokio::test]
async fn the_last_record_of_a_service_withdraws_a_raise() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let last = recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: operator.address };
    let receipt = world.act(service, slasher, &last).await?;
    let cancelled = GrantCancelled { operator: operator.address, serviceManager: service.address, raise: ONE / 2 };
    assert_eq!(event::<GrantCancelled>(&receipt, slasher), Some(cancelled));
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, 2_902 * 604_800 - 1);
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 2);
    Ok(())
}

#[tokio::test]
async fn what_is_announced_counts_against_the_limit_of_the_commitment() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    grant_shared(&world, operator, &world.cast.bob, ONE - ONE / 100).await?;
    let too_high = CommitmentTooHigh { commitment: 2 * ONE + 1, limit: 2_000_000_000_000_000_000 };
    world.refuse(operator, slasher, &opt_in_shared(&world.cast.accuser, ONE / 100 + 1), &too_high).await?;
    grant_shared(&world, operator, &world.cast.accuser, ONE / 100).await?;
    assert_eq!(commitment_of(&world, operator).await?.0, 2 * ONE);
    Ok(())
}
