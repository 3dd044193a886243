//! What was announced and is not in force: what happens to it meanwhile.

use super::services::{activate, can_slash, freeze, grant, grant_of, opt_in, pending, raise, request, status_of};
use arithmetic::epoch;
use arithmetic::wad::{MAX_COMMITMENT, ONE};
use eyre::{OptionExt, Result};
use interfaces::ISlasher::{
    CommitmentTooHigh, GrantCancelled, GrantPending, OptedIntoSlashing, SlashRequested, cancelPendingGrantCall,
    freezeOperatorCall, recordLastStakeUpdateAndRevokeSlashingAbilityCall, vetoSlashCall,
};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

/// The honest operator lets the owner's account slash half; Alice stakes with it; it announces a raise to everything. Returns the end of the notice.
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
    let opted = OptedIntoSlashing { operator: operator.address, serviceManager: service.address, maxSlash: ONE };
    assert_eq!(event::<OptedIntoSlashing>(&receipt, slasher), Some(opted));
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    assert_eq!(pending(&world, operator, service).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_request_during_the_notice_takes_no_more_than_the_old_budget_and_the_raise_adds_to_what_is_left() -> Result<()>
{
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let receipt = world.act(service, slasher, &request(&world, operator, ONE)).await?;
    let requested = event::<SlashRequested>(&receipt, slasher).ok_or_eyre("no SlashRequested event")?;
    assert_eq!(requested.wad, ONE / 2);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 2, "the raise still counts");
    world.chain.travel_to(requested.executableAt).await?;
    world.execute_now(&Attack { request_id: 0, executable_at: requested.executableAt }).await?;
    world.chain.travel_to(epoch::notice_ends(requested.executableAt)).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 2, "the raise and nothing else");
    Ok(())
}

#[tokio::test]
async fn a_freeze_after_the_notice_and_a_veto_make_it_begin_again_too() -> Result<()> {
    let (world, effective_at) = raised().await?;
    let (operator, service, bob, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    world.chain.travel_to(effective_at).await?;
    let call = freezeOperatorCall { resolver: bob.address, ..request(&world, operator, ONE / 4) };
    world.act(service, slasher, &call).await?;
    world.act(bob, slasher, &vetoSlashCall { requestId: 0 }).await?;
    let again = epoch::notice_ends(effective_at);
    let early = GrantPending { effectiveAt: again };
    world.refuse(service, slasher, &activate(operator, service), &early).await?;
    world.chain.travel_to(again - 1).await?;
    world.refuse(service, slasher, &activate(operator, service), &early).await?;
    world.chain.travel_to(again).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE, "the veto gave back, the raise added");
    Ok(())
}

#[tokio::test]
async fn a_freeze_before_the_announcement_does_not_make_the_notice_longer() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.execute(&freeze(&world, service, operator, ONE / 4).await?).await?;
    world.act(operator, slasher, &raise(service, ONE)).await?;
    let (raise, effective_at) = pending(&world, operator, service).await?;
    assert_eq!(raise, ONE - ONE / 4);
    assert_eq!(effective_at, epoch::notice_ends(world.chain.now().await?));
    world.chain.travel_to(effective_at).await?;
    world.act(service, slasher, &activate(operator, service)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    Ok(())
}

#[tokio::test]
async fn withdrawing_a_raise_keeps_the_budget() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let cancel = cancelPendingGrantCall { serviceManager: service.address };
    world.act(operator, slasher, &cancel).await?;
    assert_eq!(pending(&world, operator, service).await?, (0, 0));
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 2);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 2);
    assert!(can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn who_is_frozen_can_withdraw_what_it_announced() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    freeze(&world, service, operator, ONE / 4).await?;
    world.act(operator, slasher, &cancelPendingGrantCall { serviceManager: service.address }).await?;
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 4);
    Ok(())
}

#[tokio::test]
async fn the_last_record_of_a_service_withdraws_a_raise() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let until = world.chain.now().await?;
    let last = recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: operator.address, serveUntil: until };
    let receipt = world.act(service, slasher, &last).await?;
    let cancelled = GrantCancelled { operator: operator.address, serviceManager: service.address, raise: ONE / 2 };
    assert_eq!(event::<GrantCancelled>(&receipt, slasher), Some(cancelled));
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, until);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 2);
    Ok(())
}

#[tokio::test]
async fn what_is_announced_counts_against_the_limit_of_the_commitment() -> Result<()> {
    let (world, _) = raised().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    grant(&world, operator, &world.cast.bob, ONE).await?;
    assert_eq!(status_of(&world, operator).await?.commitment, MAX_COMMITMENT);
    let too_high = CommitmentTooHigh { commitment: MAX_COMMITMENT + 1, limit: MAX_COMMITMENT };
    world.refuse(operator, slasher, &opt_in(&world.cast.accuser, 1), &too_high).await
}
