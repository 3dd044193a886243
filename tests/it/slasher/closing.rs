//! Requests that take nothing: vetoed by the resolver that was named before the fault, or expired because nobody
//! executed them.

use super::services::{
    ask, budget_of, can_slash, commitment_of, end_grant, freeze, grant, pending_slash, release, request,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::ISlasher::{
    FrozenStatusReset, GrantHasOpenRequests, NoOpenRequest, SlashBudgetExhausted, SlashExpired, SlashNotExpired,
    SlashRequestExpired, SlashVetoed, VetoWindowEnded, freezeOperatorCall, vetoSlashCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World, ether};

/// The time for which a request can be executed: seven days.
const WINDOW: u64 = 604_800;

/// The service asks for `part` (wad) of its budget, and names Bob as resolver.
async fn freeze_vetoable(world: &World, service: &Actor, operator: &Actor, part: u64) -> Result<Attack> {
    ask(world, service, &freezeOperatorCall { resolver: world.cast.bob.address, ..request(world, operator, part) })
        .await
}

/// The honest operator, with 10 tokens of its own at stake, has granted everything to the owner's account, which asks
/// for half.
async fn accused() -> Result<(World, Attack)> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze_vetoable(&world, service, operator, ONE / 2).await?;
    Ok((world, attack))
}

#[tokio::test]
async fn a_veto_takes_nothing_gives_the_budget_back_and_releases_the_operator() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    assert_eq!(pending_slash(&world, &world.cast.honest).await?, ONE / 2);
    let receipt = world.act(&world.cast.bob, slasher, &attack.veto()).await?;
    let vetoed = SlashVetoed { requestId: 0, operator: operator.address, resolver: world.cast.bob.address };
    assert_eq!(event::<SlashVetoed>(&receipt, slasher), Some(vetoed));
    let reset = FrozenStatusReset { operator: operator.address };
    assert_eq!(event::<FrozenStatusReset>(&receipt, slasher), Some(reset));
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE));
    assert_eq!(pending_slash(&world, &world.cast.honest).await?, 0);
    assert_eq!(world.pool(operator.address).await?.0, ether(10));
    world.chain.travel_to(attack.executable_at).await?;
    let closed = NoOpenRequest { requestId: attack.request_id };
    world.refuse(service, slasher, &attack.execution(), &closed).await?;
    world.refuse(&world.cast.bob, slasher, &attack.veto(), &closed).await?;
    world.refuse(service, slasher, &attack.expiry(), &closed).await
}

#[tokio::test]
async fn nobody_but_the_resolver_vetoes() -> Result<()> {
    let (world, attack) = accused().await?;
    let call: vetoSlashCall = attack.veto();
    for who in [&world.cast.owner, &world.cast.honest, &world.cast.accuser] {
        world.refuse(who, world.suite.slasher, &call, &Unauthorized { caller: who.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn where_no_resolver_was_named_nobody_vetoes() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    for who in [service, operator, &world.cast.bob] {
        world.refuse(who, world.suite.slasher, &attack.veto(), &Unauthorized { caller: who.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_veto_comes_until_one_second_before_the_slash_can_be_executed() -> Result<()> {
    let (world, attack) = accused().await?;
    let ended = VetoWindowEnded { endedAt: attack.executable_at };
    world.chain.travel_to(attack.executable_at - 1).await?;
    world.chain.simulate(world.cast.bob.address, world.suite.slasher, &attack.veto(), Default::default()).await?;
    world.chain.travel_to(attack.executable_at).await?;
    world.refuse(&world.cast.bob, world.suite.slasher, &attack.veto(), &ended).await
}

#[tokio::test]
async fn a_veto_of_one_request_leaves_the_others_open() -> Result<()> {
    let (world, first) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    // Half of the half that is left.
    let second = freeze_vetoable(&world, service, operator, ONE / 2).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE / 2 + ONE / 4);
    world.act(&world.cast.bob, slasher, &first.veto()).await?;
    assert!(world.is_frozen(operator.address).await?);
    assert_eq!(pending_slash(&world, operator).await?, ONE / 4);
    world.execute(&second).await?;
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(world.pool(operator.address).await?.0, ether(10) / 4 * 3);
    Ok(())
}

#[tokio::test]
async fn a_veto_after_the_grant_has_ended_gives_the_budget_back_until_its_release() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    let attack = freeze_vetoable(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(until + 1).await?;
    let open = GrantHasOpenRequests { pending: ONE / 2 };
    world.refuse(operator, slasher, &release(operator, service), &open).await?;
    world.act(&world.cast.bob, slasher, &attack.veto()).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE));
    assert!(!can_slash(&world, operator, service).await?);
    assert!(!world.is_frozen(operator.address).await?);
    world.act(operator, slasher, &release(operator, service)).await?;
    assert_eq!(commitment_of(&world, operator).await?, (0, ONE));
    Ok(())
}

#[tokio::test]
async fn a_request_is_executed_until_the_last_second_of_its_window() -> Result<()> {
    let (world, attack) = accused().await?;
    let execute = attack.execution();
    let expires_at = attack.executable_at + WINDOW;
    world.chain.travel_to(expires_at - 1).await?;
    let early = SlashNotExpired { expiresAt: expires_at };
    world.refuse(&world.cast.alice, world.suite.slasher, &attack.expiry(), &early).await?;
    world.act(&world.cast.alice, world.suite.slasher, &execute).await?;
    assert_eq!(world.pool(world.honest()).await?.0, ether(5));
    Ok(())
}

#[tokio::test]
async fn an_expired_request_is_not_executed_and_closed_by_anyone() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    let expires_at = attack.executable_at + WINDOW;
    world.chain.travel_to(expires_at).await?;
    let execute = attack.execution();
    world.refuse(service, slasher, &execute, &SlashRequestExpired { expiredAt: expires_at }).await?;
    let receipt = world.act(&world.cast.alice, slasher, &attack.expiry()).await?;
    let expired = SlashExpired { requestId: attack.request_id, operator: operator.address };
    assert_eq!(event::<SlashExpired>(&receipt, slasher), Some(expired));
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    assert_eq!(world.pool(operator.address).await?.0, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_never_opened_is_neither_vetoed_nor_expired() -> Result<()> {
    let (world, attack) = accused().await?;
    let unopened = Attack { request_id: 7, ..attack };
    let closed = NoOpenRequest { requestId: 7 };
    world.refuse(&world.cast.bob, world.suite.slasher, &unopened.veto(), &closed).await?;
    world.refuse(&world.cast.bob, world.suite.slasher, &unopened.expiry(), &closed).await
}

#[tokio::test]
async fn an_expired_request_of_an_ended_grant_gives_the_budget_back_until_its_release() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    // Day one of an epoch: the grant ends with the next, thirteen days later.
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    let open = GrantHasOpenRequests { pending: ONE / 2 };
    world.refuse(operator, slasher, &release(operator, service), &open).await?;
    world.act(&world.cast.alice, slasher, &attack.expiry()).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE);
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE));
    assert!(!world.is_frozen(operator.address).await?);
    world.act(operator, slasher, &release(operator, service)).await?;
    Ok(())
}

#[tokio::test]
async fn a_vetoed_freeze_gives_its_budget_back_in_the_same_second() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE / 10).await?;
    // Thirty freezes and vetoes: nothing is taken, and nothing of the budget is missing.
    for _ in 0..30 {
        let attack = freeze_vetoable(&world, service, operator, ONE).await?;
        world.act(&world.cast.bob, world.suite.slasher, &attack.veto()).await?;
        assert_eq!(budget_of(&world, operator, service).await?, ONE / 10);
    }
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(world.pool(operator.address).await?.0, ether(10));
    Ok(())
}

#[tokio::test]
async fn what_a_veto_gave_back_can_be_asked_for_again_and_no_more() -> Result<()> {
    let (world, attack) = accused().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.act(&world.cast.bob, slasher, &attack.veto()).await?;
    let again = freeze_vetoable(&world, service, operator, ONE).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE);
    assert_eq!(budget_of(&world, operator, service).await?, 0);
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
        grant(&world, operator, service, ONE / 2).await?;
    }
    let executed = freeze_vetoable(&world, first, operator, ONE / 2).await?;
    let expired = freeze_vetoable(&world, second, operator, ONE).await?;
    let vetoed = freeze_vetoable(&world, first, operator, ONE / 2).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE / 4 + ONE / 2 + ONE / 8);
    assert_eq!(pending_slash(&world, &world.cast.dishonest).await?, 0);
    world.act(&world.cast.bob, slasher, &vetoed.veto()).await?;
    assert_eq!(pending_slash(&world, operator).await?, ONE / 4 + ONE / 2);
    world.execute(&executed).await?;
    // A half of the three quarters that are left, rounded up.
    assert_eq!(pending_slash(&world, operator).await?, 666_666_666_666_666_667);
    world.chain.travel_to(expired.executable_at + WINDOW).await?;
    world.act(&world.cast.alice, slasher, &expired.expiry()).await?;
    assert_eq!(pending_slash(&world, operator).await?, 0);
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}
