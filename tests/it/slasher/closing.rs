//! Requests that take nothing: vetoed by the resolver that was named before the fault, or expired because nobody executed them.

use super::services::{can_slash, end_grant, grant, grant_of, pending_slash, request, status_of};
use arithmetic::time::EXECUTION_WINDOW_SECONDS;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::Unauthorized;
use interfaces::ISlasher::{
    FrozenStatusReset, NoOpenRequest, SlashBudgetExhausted, SlashExpired, SlashNotExpired, SlashRequestExpired,
    SlashRequested, SlashVetoed, VetoWindowEnded, closeExpiredRequestCall, executeSlashCall, freezeOperatorCall,
    vetoSlashCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World, ether};

fn veto(attack: &Attack) -> vetoSlashCall {
    vetoSlashCall { requestId: attack.request_id }
}

fn close_expired(attack: &Attack) -> closeExpiredRequestCall {
    closeExpiredRequestCall { requestId: attack.request_id }
}

/// The service asks for `wad` of the operator's stake, and names Bob as resolver.
async fn freeze(world: &World, service: &Actor, operator: &Actor, wad: u64) -> Result<Attack> {
    let call = freezeOperatorCall { resolver: world.cast.bob.address, ..request(world, operator, wad) };
    let receipt = world.act(service, world.suite.slasher, &call).await?;
    let requested = event::<SlashRequested>(&receipt, world.suite.slasher).ok_or_eyre("no SlashRequested event")?;
    assert_eq!(requested.resolver, world.cast.bob.address);
    Ok(Attack { request_id: requested.requestId, executable_at: requested.executableAt })
}

/// The honest operator, with 10 tokens of its own at stake, has granted everything to the owner's account, which asks for half.
async fn accused() -> Result<(World, Attack)> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    Ok((world, attack))
}

#[tokio::test]
async fn a_veto_takes_nothing_gives_the_budget_back_and_releases_the_operator() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    assert_eq!(pending_slash(&world, &world.cast.honest).await?, ONE / 2);
    let receipt = world.act(&world.cast.bob, slasher, &veto(&attack)).await?;
    let vetoed = SlashVetoed { requestId: 0, operator: operator.address, resolver: world.cast.bob.address };
    assert_eq!(event::<SlashVetoed>(&receipt, slasher), Some(vetoed));
    let reset = FrozenStatusReset { operator: operator.address };
    assert_eq!(event::<FrozenStatusReset>(&receipt, slasher), Some(reset));
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE);
    assert_eq!(pending_slash(&world, &world.cast.honest).await?, 0);
    assert_eq!(world.pool(operator.address).await?.0, ether(10));
    world.chain.travel_to(attack.executable_at).await?;
    let closed = NoOpenRequest { requestId: attack.request_id };
    world.refuse(service, slasher, &executeSlashCall { requestId: attack.request_id }, &closed).await?;
    world.refuse(&world.cast.bob, slasher, &veto(&attack), &closed).await?;
    world.refuse(service, slasher, &close_expired(&attack), &closed).await
}

#[tokio::test]
async fn nobody_but_the_resolver_vetoes() -> Result<()> {
    let (world, attack) = accused().await?;
    for who in [&world.cast.owner, &world.cast.honest, &world.cast.accuser] {
        world.refuse(who, world.suite.slasher, &veto(&attack), &Unauthorized { caller: who.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn where_no_resolver_was_named_nobody_vetoes() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let attack = super::services::freeze(&world, service, operator, ONE).await?;
    for who in [service, operator, &world.cast.bob] {
        world.refuse(who, world.suite.slasher, &veto(&attack), &Unauthorized { caller: who.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_veto_comes_until_one_second_before_the_slash_can_be_executed() -> Result<()> {
    let (world, attack) = accused().await?;
    let ended = VetoWindowEnded { endedAt: attack.executable_at };
    world.chain.travel_to(attack.executable_at - 1).await?;
    world.chain.simulate(world.cast.bob.address, world.suite.slasher, &veto(&attack), Default::default()).await?;
    world.chain.travel_to(attack.executable_at).await?;
    world.refuse(&world.cast.bob, world.suite.slasher, &veto(&attack), &ended).await
}

#[tokio::test]
async fn a_veto_of_one_request_leaves_the_others_open() -> Result<()> {
    let (world, first) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let second = freeze(&world, service, operator, ONE / 4).await?;
    assert_eq!(pending_slash(&world, &world.cast.honest).await?, ONE / 2 + ONE / 4);
    world.act(&world.cast.bob, slasher, &veto(&first)).await?;
    assert!(world.is_frozen(operator.address).await?);
    assert_eq!(pending_slash(&world, &world.cast.honest).await?, ONE / 4);
    world.execute(&second).await?;
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(world.pool(operator.address).await?.0, ether(10) / 4 * 3);
    Ok(())
}

#[tokio::test]
async fn a_veto_after_the_grant_has_ended_gives_nothing_back() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(&world.cast.bob, slasher, &veto(&attack)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 2);
    assert!(!can_slash(&world, operator, service).await?);
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn a_request_is_executed_until_the_last_second_of_its_window() -> Result<()> {
    let (world, attack) = accused().await?;
    let execute = executeSlashCall { requestId: attack.request_id };
    let expires_at = attack.executable_at + EXECUTION_WINDOW_SECONDS;
    world.chain.travel_to(expires_at - 1).await?;
    let early = SlashNotExpired { expiresAt: expires_at };
    world.refuse(&world.cast.alice, world.suite.slasher, &close_expired(&attack), &early).await?;
    world.act(&world.cast.alice, world.suite.slasher, &execute).await?;
    assert_eq!(world.pool(world.honest()).await?.0, ether(5));
    Ok(())
}

#[tokio::test]
async fn an_expired_request_is_not_executed_and_closed_by_anyone() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let expires_at = attack.executable_at + EXECUTION_WINDOW_SECONDS;
    world.chain.travel_to(expires_at).await?;
    let execute = executeSlashCall { requestId: attack.request_id };
    world.refuse(service, slasher, &execute, &SlashRequestExpired { expiredAt: expires_at }).await?;
    let receipt = world.act(&world.cast.alice, slasher, &close_expired(&attack)).await?;
    let expired = SlashExpired { requestId: attack.request_id, operator: operator.address };
    assert_eq!(event::<SlashExpired>(&receipt, slasher), Some(expired));
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE);
    assert_eq!(world.pool(operator.address).await?.0, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_never_opened_is_neither_vetoed_nor_expired() -> Result<()> {
    let world = World::new().await?;
    let closed = NoOpenRequest { requestId: 7 };
    world.refuse(&world.cast.bob, world.suite.slasher, &vetoSlashCall { requestId: 7 }, &closed).await?;
    let expire = closeExpiredRequestCall { requestId: 7 };
    world.refuse(&world.cast.bob, world.suite.slasher, &expire, &closed).await
}

#[tokio::test]
async fn an_expired_request_of_an_ended_grant_gives_nothing_back() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let until = end_grant(&world, operator, service).await?;
    let expires_at = attack.executable_at + EXECUTION_WINDOW_SECONDS;
    assert!(until < expires_at, "one week against nine days");
    world.chain.travel_to(expires_at).await?;
    world.act(&world.cast.alice, slasher, &close_expired(&attack)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 2);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 2);
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn a_veto_in_the_last_second_of_the_grant_gives_the_budget_back_and_one_second_later_nothing() -> Result<()> {
    for (late, kept) in [(0, ONE), (1, ONE / 2)] {
        let world = World::new().await?;
        let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
        grant(&world, operator, service, ONE).await?;
        let until = end_grant(&world, operator, service).await?;
        world.chain.travel_to(until - 60).await?;
        let attack = freeze(&world, service, operator, ONE / 2).await?;
        world.chain.travel_to(until + late).await?;
        world.act(&world.cast.bob, slasher, &veto(&attack)).await?;
        assert_eq!(grant_of(&world, operator, service).await?.maxSlash, kept);
        assert_eq!(status_of(&world, operator).await?.commitment, kept);
    }
    Ok(())
}

#[tokio::test]
async fn what_a_veto_gave_back_can_be_asked_for_again_and_no_more() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.act(&world.cast.bob, slasher, &veto(&attack)).await?;
    let again = freeze(&world, service, operator, ONE).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE);
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, 0);
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    world.refuse(service, slasher, &request(&world, operator, 1), &exhausted).await?;
    world.execute(&again).await?;
    assert_eq!(pending_slash(&world, operator).await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_open_requests_of_all_services_add_up_until_each_is_closed() -> Result<()> {
    let world = World::new().await?;
    let (operator, first, second, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.accuser, world.suite.slasher);
    for service in [first, second] {
        grant(&world, operator, service, ONE).await?;
    }
    let executed = freeze(&world, first, operator, ONE / 2).await?;
    freeze(&world, second, operator, ONE).await?;
    let vetoed = freeze(&world, first, operator, ONE / 4).await?;
    // Above everything: what they take in all is less, because each takes of what the one before left.
    assert_eq!(pending_slash(&world, operator).await?, ONE / 2 + ONE + ONE / 4);
    assert_eq!(pending_slash(&world, &world.cast.dishonest).await?, 0);
    world.act(&world.cast.bob, slasher, &veto(&vetoed)).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE / 2 + ONE);
    world.execute(&executed).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE);
    world.chain.travel_to(executed.executable_at + EXECUTION_WINDOW_SECONDS).await?;
    world.act(&world.cast.alice, slasher, &closeExpiredRequestCall { requestId: 1 }).await?;
    assert_eq!(pending_slash(&world, operator).await?, 0);
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}
