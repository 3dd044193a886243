//! Nobody is slashed by a rule that they could not leave: what an operator announces while others have stake with it
//! waits for a full notice.

use super::services::{
    activate, budget_of, can_slash, cancel, clear, commitment_of, freeze, grant, opt_in, opt_in_shared, opt_out,
    pending, pending_of, raise, request,
};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::Paused;
use interfaces::IGovernance::{pauseCall, unpauseCall};
use interfaces::ILens::pendingGrantCall;
use interfaces::ISlasher::{
    AlreadyOptedIn, CannotSlash, CommitmentTooHigh, GrantAnnounced, GrantCancelled, GrantHasLapsed, GrantNotLapsed,
    GrantPending, InvalidWad, NotOptedIn, NothingPending, OptedIntoSlashing, activateGrantCall,
    recordFirstStakeUpdateCall,
};
use interfaces::IStrategyManager::{OperatorIsFrozen, hasForeignStakeCall};
use restake::chain::event;
use restake_tests::{World, ether};

/// One day in seconds.
const DAY: u64 = 86_400;

/// The notice of a grant or a raise: 28 days.
const NOTICE: u64 = 2_419_200;

/// The action of queueing, as pauses number it.
const QUEUE: u8 = 4;

async fn has_foreign_stake(world: &World, operator: Address) -> Result<bool> {
    Ok(world.chain.view(world.suite.strategy_manager, &hasForeignStakeCall { operator }).await?)
}

/// Alice has stake with the honest operator, which announces a grant of everything to the owner's account. Returns the
/// end of the notice.
async fn announced() -> Result<(World, u64)> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let (_, effective_at) = pending(&world, operator, service).await?;
    Ok((world, effective_at))
}

#[tokio::test]
async fn a_grant_is_in_force_at_once_where_nobody_else_has_stake() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    let shares = world.stake(operator, ether(5), operator.address).await?;
    world.queue(operator, operator.address, shares).await?;
    assert!(!has_foreign_stake(&world, operator.address).await?);
    let receipt = world.act(operator, world.suite.slasher, &opt_in(service, ONE)).await?;
    let opted =
        OptedIntoSlashing { operator: operator.address, serviceManager: service.address, budget: ONE, exclusive: true };
    assert_eq!(event::<OptedIntoSlashing>(&receipt, world.suite.slasher), Some(opted));
    assert!(can_slash(&world, operator, service).await?);
    assert_eq!(pending(&world, operator, service).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_grant_waits_for_its_notice_where_others_have_stake() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.stake(&world.cast.alice, 1, operator.address).await?;
    assert!(has_foreign_stake(&world, operator.address).await?);
    let receipt = world.act(operator, slasher, &opt_in(service, ONE)).await?;

    let effective_at = world.chain.now().await? + NOTICE;
    let announced = GrantAnnounced {
        operator: operator.address,
        serviceManager: service.address,
        raise: ONE,
        exclusive: true,
        effectiveAt: effective_at,
    };
    assert_eq!(event::<GrantAnnounced>(&receipt, slasher), Some(announced));
    assert_eq!(pending(&world, operator, service).await?, (ONE, effective_at));
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE), "it counts from its announcement");
    assert!(!can_slash(&world, operator, service).await?);
    let refusal = CannotSlash { operator: operator.address, canSlashUntil: 0 };
    world.refuse(service, slasher, &request(&world, operator, ONE), &refusal).await?;
    let serve = recordFirstStakeUpdateCall { operator: operator.address };
    world.refuse(service, slasher, &serve, &GrantPending { effectiveAt: effective_at }).await
}

#[tokio::test]
async fn a_pending_grant_is_activated_by_anyone_when_its_notice_ends_and_not_one_second_before() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.chain.travel_to(effective_at - 1).await?;
    let call = activate(operator, service);
    world.refuse(&world.cast.bob, slasher, &call, &GrantPending { effectiveAt: effective_at }).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(&world.cast.bob, slasher, &call).await?;
    assert!(can_slash(&world, operator, service).await?);
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    assert_eq!(commitment_of(&world, operator).await?.0, ONE);
    world.refuse(&world.cast.bob, slasher, &call, &NothingPending {}).await
}

#[tokio::test]
async fn who_leaves_at_a_notice_is_out_of_reach_when_it_ends() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (alice, operator, service) = (&world.cast.alice, &world.cast.honest, &world.cast.owner);
    // Two weeks to react.
    world.chain.travel_to(effective_at - 14 * DAY).await?;
    let shares = world.position(alice.address, operator.address).await?.0;
    let release_epoch = world.queue(alice, operator.address, shares).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(&world.cast.bob, world.suite.slasher, &activate(operator, service)).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.execute(&attack).await?;
    assert_eq!(world.withdrawal(alice.address, operator.address, release_epoch).await?.1, ether(10));
    Ok(())
}

#[tokio::test]
async fn stake_of_others_in_a_bucket_that_can_be_slashed_makes_a_grant_wait() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, service) = (&world.cast.alice, &world.cast.honest, &world.cast.owner);
    let shares = world.stake(alice, ether(10), operator.address).await?;
    let release_epoch = world.queue(alice, operator.address, shares).await?;
    assert_eq!(world.pool(operator.address).await?.0, 0);
    world.chain.travel_to(epoch::start(release_epoch) - 1).await?;
    assert!(has_foreign_stake(&world, operator.address).await?, "until the last second before it matures");
    world.chain.travel_to(epoch::start(release_epoch)).await?;
    assert!(!has_foreign_stake(&world, operator.address).await?);
    grant(&world, operator, service, ONE).await?;
    assert!(can_slash(&world, operator, service).await?);
    Ok(())
}

/// The honest operator lets the owner's account slash half; Alice stakes with it; it announces the other half to Bob's.
/// Returns when it did.
async fn half_announced() -> Result<(World, u64)> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, &world.cast.owner, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    let announced_at = world.chain.now().await?;
    Ok((world, announced_at))
}

/// What was announced to Bob's account is in force from `effective_at`, not one second before.
async fn comes_into_force_at(world: &World, effective_at: u64) -> Result<()> {
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.bob, world.suite.slasher);
    world.chain.travel_to(effective_at - 1).await?;
    let early = GrantPending { effectiveAt: effective_at };
    world.refuse(&world.cast.accuser, slasher, &activate(operator, service), &early).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(&world.cast.accuser, slasher, &activate(operator, service)).await?;
    assert!(can_slash(world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn a_notice_does_not_run_while_a_freeze_refuses_queueing_to_the_second() -> Result<()> {
    let (world, announced_at) = half_announced().await?;
    let (operator, first, second) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.chain.travel_to(announced_at + DAY).await?;
    let attack = freeze(&world, first, operator, ONE / 2).await?;
    let frozen = OperatorIsFrozen { operator: operator.address };
    world.refuse(second, world.suite.slasher, &activate(operator, second), &frozen).await?;
    world.chain.travel_to(attack.executable_at + 12_345).await?;
    assert_eq!(pending(&world, operator, second).await?.1, announced_at + NOTICE + 2 * DAY + 12_345, "so far");
    world.execute_now(&attack).await?;
    comes_into_force_at(&world, announced_at + NOTICE + 2 * DAY + 12_345).await
}

#[tokio::test]
async fn a_notice_runs_while_a_long_freeze_lets_queueing_through() -> Result<()> {
    let (world, announced_at) = half_announced().await?;
    let (operator, first) = (&world.cast.honest, &world.cast.owner);
    // Nobody closes the request for twenty days: queueing is refused for nine.
    let attack = freeze(&world, first, operator, ONE / 2).await?;
    world.chain.travel_to(announced_at + 20 * DAY).await?;
    world.act(&world.cast.accuser, world.suite.slasher, &attack.expiry()).await?;
    comes_into_force_at(&world, announced_at + NOTICE + 9 * DAY).await
}

#[tokio::test]
async fn a_notice_does_not_run_while_queueing_is_paused_to_the_second() -> Result<()> {
    let (world, announced_at) = half_announced().await?;
    world.chain.travel_to(announced_at + DAY).await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: QUEUE }).await?;
    world.chain.travel_to(announced_at + 4 * DAY + 7).await?;
    world.act(&world.cast.owner, world.suite.governance, &unpauseCall {}).await?;
    comes_into_force_at(&world, announced_at + NOTICE + 3 * DAY + 7).await
}

#[tokio::test]
async fn a_notice_that_begins_in_a_pause_of_queueing_runs_from_its_end() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    let paused_at = world.chain.now().await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: QUEUE }).await?;
    world.chain.travel_to(paused_at + 2 * DAY).await?;
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    // The pause ends by itself after seven days.
    comes_into_force_at(&world, paused_at + 7 * DAY + NOTICE).await
}

#[tokio::test]
async fn pauses_and_freezes_before_the_announcement_do_not_make_a_notice_longer() -> Result<()> {
    let world = World::new().await?;
    let (operator, first) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, first, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: QUEUE }).await?;
    world.execute(&freeze(&world, first, operator, ONE / 2).await?).await?;
    world.act(&world.cast.owner, world.suite.governance, &unpauseCall {}).await?;
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    let announced_at = world.chain.now().await?;
    comes_into_force_at(&world, announced_at + NOTICE).await
}

#[tokio::test]
async fn what_was_announced_is_activated_until_one_epoch_after_its_notice() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let lapses_at = effective_at + 604_800;
    assert_eq!(pending_of(&world, operator, service).await?.lapsesAt, lapses_at);
    world.chain.travel_to(lapses_at - 1).await?;
    let kept = GrantNotLapsed { lapsesAt: lapses_at };
    world.refuse(&world.cast.bob, slasher, &clear(operator, service), &kept).await?;
    world.act(&world.cast.bob, slasher, &activate(operator, service)).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_announced_long_ago_is_not_activated_and_cleared_by_anyone() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let lapsed_at = effective_at + 604_800;
    for now in [lapsed_at, effective_at + 300 * DAY] {
        world.chain.travel_to(now).await?;
        let lapsed = GrantHasLapsed { lapsedAt: lapsed_at };
        world.refuse(operator, slasher, &activate(operator, service), &lapsed).await?;
    }
    // It counts until it is cleared: whoever stakes sees it.
    assert_eq!(commitment_of(&world, operator).await?.0, ONE);
    let receipt = world.act(&world.cast.bob, slasher, &clear(operator, service)).await?;
    let cancelled = GrantCancelled { operator: operator.address, serviceManager: service.address, raise: ONE };
    assert_eq!(event::<GrantCancelled>(&receipt, slasher), Some(cancelled));
    assert_eq!(commitment_of(&world, operator).await?.0, 0);
    world.refuse(&world.cast.bob, slasher, &clear(operator, service), &NothingPending {}).await?;
    // Announced anew it has a full notice again.
    grant(&world, operator, service, ONE).await?;
    assert_eq!(pending(&world, operator, service).await?.1, effective_at + 300 * DAY + NOTICE);
    Ok(())
}

#[tokio::test]
async fn a_lapsed_grant_that_nobody_cleared_is_in_the_way_of_another() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.chain.travel_to(effective_at + 604_800).await?;
    world.refuse(operator, slasher, &opt_in(service, ONE), &AlreadyOptedIn {}).await?;
    world.act(operator, slasher, &cancel(service)).await?;
    grant(&world, operator, service, ONE).await
}

#[tokio::test]
async fn a_freeze_after_the_notice_moves_its_end_and_its_lapse() -> Result<()> {
    let (world, announced_at) = half_announced().await?;
    let (operator, first, second) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.chain.travel_to(announced_at + NOTICE).await?;
    let attack = freeze(&world, first, operator, ONE / 2).await?;
    world.execute(&attack).await?;
    let noted = pending_of(&world, operator, second).await?;
    let effective_at = announced_at + NOTICE + 2 * DAY;
    assert_eq!((noted.effectiveAt, noted.lapsesAt), (effective_at, effective_at + 604_800));
    world.chain.travel_to(effective_at + 604_800 - 1).await?;
    world.act(second, world.suite.slasher, &activate(operator, second)).await?;
    Ok(())
}

#[tokio::test]
async fn nothing_that_was_announced_is_activated_while_opting_in_is_paused() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    world.act(&world.cast.owner, suite.governance, &pauseCall { flags: 32 }).await?;
    world.chain.travel_to(effective_at).await?;
    world.refuse(service, suite.slasher, &activate(operator, service), &Paused { action: 32 }).await?;
    // It can be withdrawn meanwhile, and cleared.
    world.chain.travel_to(effective_at + 604_800).await?;
    world.act(&world.cast.bob, suite.slasher, &clear(operator, service)).await?;
    Ok(())
}

#[tokio::test]
async fn a_budget_is_raised_at_once_where_nobody_else_has_stake() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 4).await?;
    for wad in [ONE / 4, ONE + 1] {
        world.refuse(operator, slasher, &raise(service, wad), &InvalidWad { wad }).await?;
    }
    world.act(operator, slasher, &raise(service, ONE)).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    assert_eq!(commitment_of(&world, operator).await?.0, ONE);
    Ok(())
}

#[tokio::test]
async fn a_raise_waits_for_its_notice_where_others_have_stake() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 4).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.act(operator, slasher, &raise(service, ONE)).await?;
    let (raised, effective_at) = pending(&world, operator, service).await?;
    assert_eq!(raised, ONE - ONE / 4);
    assert_eq!(budget_of(&world, operator, service).await?, ONE / 4, "the old budget is in force meanwhile");
    let again = GrantPending { effectiveAt: effective_at };
    world.refuse(operator, slasher, &raise(service, ONE), &again).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(&world.cast.bob, slasher, &activate(operator, service)).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    Ok(())
}

#[tokio::test]
async fn only_an_operator_raises_its_own_budgets_within_its_commitment() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, &world.cast.bob, ONE).await?;
    let other = &world.cast.dishonest;
    let refusal = NotOptedIn { operator: other.address, serviceManager: service.address };
    world.refuse(other, slasher, &raise(service, ONE), &refusal).await?;
    let shared = opt_in_shared(service, ONE / 2);
    world.act(operator, slasher, &shared).await?;
    let last = opt_in_shared(&world.cast.fund, ONE / 2);
    world.act(operator, slasher, &last).await?;
    let too_high = CommitmentTooHigh { commitment: 2 * ONE + 1, limit: 2_000_000_000_000_000_000 };
    world.refuse(operator, slasher, &raise(service, ONE / 2 + 1), &too_high).await
}

#[tokio::test]
async fn what_was_announced_can_be_withdrawn_by_its_operator() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.refuse(operator, slasher, &opt_in(service, ONE), &AlreadyOptedIn {}).await?;
    world.refuse(&world.cast.dishonest, slasher, &cancel(service), &NothingPending {}).await?;
    let receipt = world.act(operator, slasher, &cancel(service)).await?;
    let cancelled = GrantCancelled { operator: operator.address, serviceManager: service.address, raise: ONE };
    assert_eq!(event::<GrantCancelled>(&receipt, slasher), Some(cancelled));
    assert_eq!(commitment_of(&world, operator).await?.0, 0);
    world.chain.travel_to(effective_at).await?;
    world.refuse(service, slasher, &activate(operator, service), &NothingPending {}).await
}

#[tokio::test]
async fn opting_out_withdraws_a_pending_raise() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 4).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    world.act(operator, slasher, &raise(service, ONE)).await?;
    world.act(operator, slasher, &opt_out(service)).await?;
    assert_eq!(pending(&world, operator, service).await?, (0, 0));
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 4);
    Ok(())
}

#[tokio::test]
async fn who_is_frozen_neither_opts_in_nor_raises_nor_activates() -> Result<()> {
    let (world, announced_at) = half_announced().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.chain.travel_to(announced_at + NOTICE).await?;
    freeze(&world, service, operator, ONE / 2).await?;
    let frozen = OperatorIsFrozen { operator: operator.address };
    world.refuse(operator, slasher, &opt_in(&world.cast.accuser, ONE), &frozen).await?;
    world.refuse(operator, slasher, &raise(service, ONE), &frozen).await?;
    world.refuse(operator, slasher, &activate(operator, &world.cast.bob), &frozen).await
}

#[tokio::test]
async fn a_service_registers_an_operator_once_its_grant_is_in_force() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(&world.cast.alice, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let manager = world.suite.service.service_manager;
    let call = pendingGrantCall { operator: operator.address, serviceManager: manager };
    let effective_at = world.chain.view(world.suite.lens, &call).await?.effectiveAt;
    let registry = world.suite.service.registry;
    let register = world.register_call(operator, operator).await?;
    world.refuse(operator, registry, &register, &GrantPending { effectiveAt: effective_at }).await?;
    world.chain.travel_to(effective_at).await?;
    let activate = activateGrantCall { operator: operator.address, serviceManager: manager };
    let receipt = world.act(operator, world.suite.slasher, &activate).await?;
    event::<OptedIntoSlashing>(&receipt, world.suite.slasher).ok_or_eyre("no OptedIntoSlashing event")?;
    world.act(operator, registry, &register).await?;
    Ok(())
}
