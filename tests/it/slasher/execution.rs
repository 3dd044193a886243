//! Executing slash requests.

use super::services::{end_grant, freeze, grant, kept, status_of};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILens::{
    commitmentOfCall, commitmentOfReturn, grantCall, grantReturn, operatorStatusCall, operatorStatusReturn,
    pendingGrantCall, pendingGrantReturn,
};
use interfaces::ISlasher::{self, FrozenStatusReset, NoOpenRequest, SlashExecuted, SlashNotExecutable};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

#[tokio::test]
async fn a_slash_is_not_executed_one_second_early() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(attack.executable_at - 1).await?;
    let refusal = SlashNotExecutable { executableAt: attack.executable_at };
    world.refuse(service, world.suite.slasher, &attack.execution(), &refusal).await
}

#[tokio::test]
async fn anyone_executes_a_slash_when_its_challenge_period_ends() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(attack.executable_at).await?;

    let receipt = world.act(&world.cast.alice, slasher, &attack.execution()).await?;

    let (executor, operator_address) = (world.cast.alice.address, operator.address);
    let executed = SlashExecuted {
        requestId: attack.request_id,
        operator: operator_address,
        executor,
        taken: ONE / 2,
        magnitude: ONE,
    };
    assert_eq!(event::<SlashExecuted>(&receipt, slasher), Some(executed));
    let released = FrozenStatusReset { operator: operator_address };
    assert_eq!(event::<FrozenStatusReset>(&receipt, slasher), Some(released));
    assert!(kept(&world, attack.request_id).await?.is_zero());
    let status = status_of(&world, operator).await?;
    assert_eq!((status.openRequests, status.frozenSince, status.releasedAt), (0, 0, attack.executable_at));
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(world.position(operator.address, operator.address).await?.1, ether(5), "half of ten");
    Ok(())
}

#[tokio::test]
async fn a_slash_takes_nothing_from_another_operator() -> Result<()> {
    let world = World::new().await?;
    let (operator, other, service) = (&world.cast.dishonest, &world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    world.stake(other, ether(10), other.address).await?;
    grant(&world, operator, service, ONE).await?;
    grant(&world, other, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.execute(&attack).await?;
    assert_eq!(world.position(other.address, other.address).await?.1, ether(10));
    assert_eq!(world.position(operator.address, operator.address).await?.1, 0);
    Ok(())
}

#[tokio::test]
async fn a_slash_is_executed_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.execute(&attack).await?;
    let refusal = NoOpenRequest { requestId: attack.request_id };
    world.refuse(service, world.suite.slasher, &attack.execution(), &refusal).await
}

#[tokio::test]
async fn a_request_that_was_never_opened_is_not_executed() -> Result<()> {
    let world = World::new().await?;
    grant(&world, &world.cast.honest, &world.cast.owner, ONE).await?;
    let attack = freeze(&world, &world.cast.owner, &world.cast.honest, ONE).await?;
    world.chain.travel_to(attack.executable_at).await?;
    let unopened = Attack { request_id: attack.request_id + 1, ..attack };
    let refusal = NoOpenRequest { requestId: unopened.request_id };
    world.refuse(&world.cast.alice, world.suite.slasher, &unopened.execution(), &refusal).await
}

#[tokio::test]
async fn a_slash_of_an_operator_without_stake_releases_it_all_the_same() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.execute(&attack).await?;
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn a_slash_is_executed_after_the_grant_has_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.execute(&attack).await?;
    assert_eq!(world.position(operator.address, operator.address).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn views_of_what_never_was_are_zero() -> Result<()> {
    let world = World::new().await?;
    let (slasher, lens, operator) = (world.suite.slasher, world.suite.lens, world.honest());
    let service_manager = Address::repeat_byte(0x99);
    let grant = world.chain.view(lens, &grantCall { operator, serviceManager: service_manager }).await?;
    let none = grantReturn { budget: 0, fullBudget: 0, exclusive: false, canSlashUntil: 0, pending: 0 };
    assert_eq!(grant, none);
    let pending = world.chain.view(lens, &pendingGrantCall { operator, serviceManager: service_manager }).await?;
    assert_eq!(pending, pendingGrantReturn { raise: 0, exclusive: false, effectiveAt: 0, lapsesAt: 0 });
    let status = world.chain.view(lens, &operatorStatusCall { operator }).await?;
    let free = operatorStatusReturn { openRequests: 0, frozenSince: 0, releasedAt: 0, refusedSeconds: 0 };
    assert_eq!(status, free);
    let commitment = world.chain.view(lens, &commitmentOfCall { operator }).await?;
    let whole = commitmentOfReturn { exclusive: 0, shared: 0, announced: 0, magnitude: ONE, commitment: 0 };
    assert_eq!(commitment, whole);
    assert!(kept(&world, 0).await?.is_zero());
    assert_eq!(world.chain.view(slasher, &ISlasher::requestCountCall {}).await?, 0);
    assert!(!world.is_frozen(operator).await?);
    let counted = ISlasher::guaranteeOfCall { operator, serviceManager: service_manager };
    let counted = world.chain.view(slasher, &counted).await?;
    assert_eq!((counted.guaranteed, counted.shared, counted.magnitude, counted.pending), (0, 0, ONE, 0));
    let pending = world.chain.view(slasher, &ISlasher::pendingSlashCall { operator }).await?;
    assert_eq!((pending.wad, pending.frozenSince), (0, 0));
    assert!(!world.chain.view(slasher, &ISlasher::canSlashCall { operator, serviceManager: service_manager }).await?);
    let ledger = world.chain.view(slasher, &ISlasher::strategyManagerCall {}).await?;
    assert_eq!(ledger, world.suite.strategy_manager);
    Ok(())
}
