//! Nobody is slashed by a rule that they could not leave: what an operator announces while others have stake with it waits for a full notice.

use super::services::{
    activate, can_slash, freeze, grant, grant_of, opt_in, opt_out, pending, raise, request, status_of,
};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::ISlasher::{AlreadyOptedIn, NotOptedIn};
use interfaces::ISlasher::{
    CannotSlash, CommitmentTooHigh, GrantAnnounced, GrantCancelled, GrantPending, InvalidWad, NothingPending,
    OptedIntoSlashing, activateGrantCall, cancelPendingGrantCall, pendingGrantCall, recordFirstStakeUpdateCall,
};
use interfaces::IStrategyManager::{OperatorIsFrozen, hasForeignStakeCall};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

fn cancel(service: &Actor) -> cancelPendingGrantCall {
    cancelPendingGrantCall { serviceManager: service.address }
}

async fn has_foreign_stake(world: &World, operator: Address) -> Result<bool> {
    Ok(world.chain.view(world.suite.strategy_manager, &hasForeignStakeCall { operator }).await?)
}

/// Alice has stake with the honest operator, which announces a grant of everything to the owner's account. Returns the end of the notice.
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
    let opted = OptedIntoSlashing { operator: operator.address, serviceManager: service.address, maxSlash: ONE };
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

    let effective_at = epoch::notice_ends(world.chain.now().await?);
    let announced = GrantAnnounced {
        operator: operator.address,
        serviceManager: service.address,
        raise: ONE,
        effectiveAt: effective_at,
    };
    assert_eq!(event::<GrantAnnounced>(&receipt, slasher), Some(announced));
    assert_eq!(pending(&world, operator, service).await?, (ONE, effective_at));
    assert_eq!(status_of(&world, operator).await?.commitment, ONE, "it counts from its announcement");
    assert!(!can_slash(&world, operator, service).await?);
    let refusal = CannotSlash { operator: operator.address, canSlashUntil: 0 };
    world.refuse(service, slasher, &request(&world, operator, ONE), &refusal).await?;
    let serve = recordFirstStakeUpdateCall { operator: operator.address, serveUntil: 0 };
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
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE);
    world.refuse(&world.cast.bob, slasher, &call, &NothingPending {}).await
}

#[tokio::test]
async fn who_leaves_at_a_notice_is_out_of_reach_when_it_ends() -> Result<()> {
    let (world, effective_at) = announced().await?;
    let (alice, operator, service) = (&world.cast.alice, &world.cast.honest, &world.cast.owner);
    // Two epochs to react, less one second.
    world.chain.travel_to(effective_at - 2 * arithmetic::time::EPOCH_SECONDS - 1).await?;
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

#[tokio::test]
async fn a_freeze_during_the_notice_makes_it_begin_again() -> Result<()> {
    let world = World::new().await?;
    let (operator, first, second) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, first, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    grant(&world, operator, second, ONE).await?;
    let (_, announced) = pending(&world, operator, second).await?;
    let attack = freeze(&world, first, operator, ONE / 2).await?;
    world.chain.travel_to(attack.executable_at).await?;
    let call = activate(operator, second);
    let slasher = world.suite.slasher;
    world.refuse(first, slasher, &call, &OperatorIsFrozen { operator: operator.address }).await?;
    world.chain.travel_to(attack.executable_at + 6 * 24 * 60 * 60).await?;
    world.execute_now(&attack).await?;
    let effective_at = epoch::notice_ends(world.chain.now().await?);
    assert!(effective_at > announced);
    world.chain.travel_to(effective_at - 1).await?;
    world.refuse(first, slasher, &call, &GrantPending { effectiveAt: effective_at }).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(first, slasher, &call).await?;
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
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE);
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
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 4, "the old budget is in force meanwhile");
    let again = GrantPending { effectiveAt: effective_at };
    world.refuse(operator, slasher, &raise(service, ONE), &again).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(&world.cast.bob, slasher, &activate(operator, service)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    Ok(())
}

#[tokio::test]
async fn only_an_operator_raises_its_own_budgets_within_its_commitment() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, &world.cast.bob, ONE).await?;
    grant(&world, operator, &world.cast.fund, ONE / 2).await?;
    let other = &world.cast.dishonest;
    let refusal = NotOptedIn { operator: other.address, serviceManager: service.address };
    world.refuse(other, slasher, &raise(service, ONE), &refusal).await?;
    let too_high = CommitmentTooHigh { commitment: 2 * ONE + 1, limit: 2 * ONE };
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
    assert_eq!(status_of(&world, operator).await?.commitment, 0);
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
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 4);
    Ok(())
}

#[tokio::test]
async fn who_is_frozen_neither_opts_in_nor_raises() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    freeze(&world, service, operator, ONE / 4).await?;
    let frozen = OperatorIsFrozen { operator: operator.address };
    world.refuse(operator, slasher, &opt_in(&world.cast.bob, ONE), &frozen).await?;
    world.refuse(operator, slasher, &raise(service, ONE), &frozen).await
}

#[tokio::test]
async fn a_service_registers_an_operator_once_its_grant_is_in_force() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(&world.cast.alice, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let manager = world.suite.service.service_manager;
    let call = pendingGrantCall { operator: operator.address, serviceManager: manager };
    let effective_at = world.chain.view(world.suite.slasher, &call).await?.effectiveAt;
    let register = world.register_call(operator, operator).await?;
    let registry = world.suite.service.registry;
    world.refuse(operator, registry, &register, &GrantPending { effectiveAt: effective_at }).await?;
    world.chain.travel_to(effective_at).await?;
    let activate = activateGrantCall { operator: operator.address, serviceManager: manager };
    let receipt = world.act(operator, world.suite.slasher, &activate).await?;
    event::<OptedIntoSlashing>(&receipt, world.suite.slasher).ok_or_eyre("no OptedIntoSlashing event")?;
    world.act(operator, registry, &register).await?;
    Ok(())
}
