//! Executing slash requests.

use super::services::{end_grant, freeze, grant, request_of, status_of};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{
    self, FrozenStatusReset, NoOpenRequest, SlashExecuted, SlashNotExecutable, executeSlashCall, grantReturn,
    operatorStatusReturn, slashRequestReturn,
};
use restake::chain::event;
use restake_tests::{World, ether};

fn execution(request_id: u64) -> executeSlashCall {
    executeSlashCall { requestId: request_id }
}

#[tokio::test]
async fn a_slash_is_not_executed_one_second_early() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(attack.executable_at - 1).await?;
    let refusal = SlashNotExecutable { executableAt: attack.executable_at };
    world.refuse(service, world.suite.slasher, &execution(attack.request_id), &refusal).await
}

#[tokio::test]
async fn anyone_executes_a_slash_when_its_challenge_period_ends() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.chain.travel_to(attack.executable_at).await?;

    let receipt = world.act(&world.cast.alice, slasher, &execution(attack.request_id)).await?;

    let (executor, operator_address) = (world.cast.alice.address, operator.address);
    let executed = SlashExecuted { requestId: attack.request_id, operator: operator_address, executor };
    assert_eq!(event::<SlashExecuted>(&receipt, slasher), Some(executed));
    let released = FrozenStatusReset { operator: operator_address };
    assert_eq!(event::<FrozenStatusReset>(&receipt, slasher), Some(released));
    assert!(!request_of(&world, attack.request_id).await?.open);
    let status = status_of(&world, operator).await?;
    assert_eq!((status.openRequests, status.frozenSince), (0, 0));
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
    world.refuse(service, world.suite.slasher, &execution(attack.request_id), &refusal).await
}

#[tokio::test]
async fn a_request_that_was_never_opened_is_not_executed() -> Result<()> {
    let world = World::new().await?;
    grant(&world, &world.cast.honest, &world.cast.owner, ONE).await?;
    let attack = freeze(&world, &world.cast.owner, &world.cast.honest, ONE).await?;
    world.chain.travel_to(attack.executable_at).await?;
    let unopened = attack.request_id + 1;
    let refusal = NoOpenRequest { requestId: unopened };
    world.refuse(&world.cast.alice, world.suite.slasher, &execution(unopened), &refusal).await
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
    let (slasher, operator, nobody) = (world.suite.slasher, world.honest(), Address::repeat_byte(0x99));
    let grant = world.chain.view(slasher, &ISlasher::grantCall { operator, serviceManager: nobody }).await?;
    assert_eq!(grant, grantReturn { maxSlash: 0, canSlashUntil: 0, serveUntil: 0, lastUpdate: 0 });
    let status = world.chain.view(slasher, &ISlasher::operatorStatusCall { operator }).await?;
    assert_eq!(status, operatorStatusReturn { commitment: 0, openRequests: 0, frozenSince: 0 });
    let request = world.chain.view(slasher, &ISlasher::slashRequestCall { requestId: 0 }).await?;
    let unopened = slashRequestReturn {
        operator: Address::ZERO,
        serviceManager: Address::ZERO,
        wad: 0,
        challenger: Address::ZERO,
        challengerShare: 0,
        recipient: Address::ZERO,
        captureEpoch: 0,
        executableAt: 0,
        open: false,
        resolver: Address::ZERO,
    };
    assert_eq!(request, unopened);
    assert_eq!(world.chain.view(slasher, &ISlasher::requestCountCall {}).await?, 0);
    assert!(!world.is_frozen(operator).await?);
    assert!(!world.chain.view(slasher, &ISlasher::canSlashCall { operator, serviceManager: nobody }).await?);
    let ledger = world.chain.view(slasher, &ISlasher::strategyManagerCall {}).await?;
    assert_eq!(ledger, world.suite.strategy_manager);
    Ok(())
}
