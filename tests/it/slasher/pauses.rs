//! Pauses of the Slasher: what they stop, what they do not, and when freezing goes on by itself. Who may pause is tested with the governance.

use super::services::{activate, freeze, grant, grant_of, opt_in, opt_out, pending, raise, release, request};
use arithmetic::time::{EXECUTION_WINDOW_SECONDS, LONGEST_PAUSE_SECONDS};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::{Paused, Unauthorized};
use interfaces::IGovernance::pauseCall;
use interfaces::ISlasher::{
    PauseSet, cancelPendingGrantCall, closeExpiredRequestCall, freezeOperatorCall, recordStakeUpdateCall, setPauseCall,
    vetoSlashCall,
};
use restake::chain::event;
use restake_tests::{World, ether};

const FREEZE: u8 = 16;
const OPT_IN: u8 = 32;

#[tokio::test]
async fn a_pause_of_freezing_ends_by_itself() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    grant(&world, operator, service, ONE).await?;
    let receipt = world.act(&world.cast.owner, suite.governance, &pauseCall { flags: FREEZE }).await?;
    let until = world.chain.now().await? + LONGEST_PAUSE_SECONDS;
    assert_eq!(event::<PauseSet>(&receipt, suite.slasher), Some(PauseSet { flags: FREEZE, until }));
    world.chain.travel_to(until - 1).await?;
    let call = request(&world, operator, ONE / 4);
    world.refuse(service, suite.slasher, &call, &Paused { action: FREEZE }).await?;
    world.chain.travel_to(until).await?;
    world.act(service, suite.slasher, &call).await?;
    Ok(())
}

#[tokio::test]
async fn a_pause_of_opting_in_lasts_until_it_is_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    grant(&world, operator, service, ONE / 2).await?;
    world.act(&world.cast.owner, suite.governance, &pauseCall { flags: OPT_IN }).await?;
    world.chain.travel_to(world.chain.now().await? + 10 * LONGEST_PAUSE_SECONDS).await?;
    let paused = Paused { action: OPT_IN };
    world.refuse(operator, suite.slasher, &opt_in(&world.cast.bob, ONE), &paused).await?;
    world.refuse(operator, suite.slasher, &raise(service, ONE), &paused).await
}

#[tokio::test]
async fn neither_pause_stops_the_other_action() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    world.act(&world.cast.owner, suite.governance, &pauseCall { flags: FREEZE }).await?;
    grant(&world, operator, service, ONE).await?;
    drop(world);
    let other = World::new().await?;
    let (operator, service, suite) = (&other.cast.honest, &other.cast.owner, other.suite);
    grant(&other, operator, service, ONE).await?;
    other.act(&other.cast.owner, suite.governance, &pauseCall { flags: OPT_IN }).await?;
    freeze(&other, service, operator, ONE).await?;
    Ok(())
}

#[tokio::test]
async fn vetoes_expiries_records_and_leaving_go_on_while_everything_is_paused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    let (bob, slasher) = (&world.cast.bob, suite.slasher);
    grant(&world, operator, service, ONE).await?;
    grant(&world, operator, bob, ONE / 4).await?;
    let named = freezeOperatorCall { resolver: bob.address, ..request(&world, operator, ONE / 4) };
    world.act(service, slasher, &named).await?;
    let forgotten = freeze(&world, service, operator, ONE / 4).await?;
    world.act(&world.cast.owner, suite.governance, &pauseCall { flags: FREEZE | OPT_IN }).await?;

    world.act(bob, slasher, &vetoSlashCall { requestId: 0 }).await?;
    let now = world.chain.now().await?;
    let record = recordStakeUpdateCall { operator: operator.address, serveUntil: now };
    world.act(service, slasher, &record).await?;
    world.act(operator, slasher, &opt_out(bob)).await?;
    let until = grant_of(&world, operator, bob).await?.canSlashUntil;
    world.chain.travel_to(until + 1).await?;
    world.act(bob, slasher, &release(operator, bob)).await?;
    world.chain.travel_to(forgotten.executable_at + EXECUTION_WINDOW_SECONDS).await?;
    world.act(bob, slasher, &closeExpiredRequestCall { requestId: forgotten.request_id }).await?;
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn what_was_announced_comes_into_force_or_is_withdrawn_while_opting_in_is_paused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, &world.cast.bob, ONE).await?;
    world.act(&world.cast.owner, suite.governance, &pauseCall { flags: OPT_IN }).await?;
    let (_, effective_at) = pending(&world, operator, service).await?;
    world.chain.travel_to(effective_at).await?;
    world.act(service, suite.slasher, &activate(operator, service)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, ONE / 2);
    let cancel = cancelPendingGrantCall { serviceManager: world.cast.bob.address };
    world.act(operator, suite.slasher, &cancel).await?;
    Ok(())
}

#[tokio::test]
async fn only_the_governance_pauses() -> Result<()> {
    let world = World::new().await?;
    let call = setPauseCall { flags: FREEZE | OPT_IN, until: u64::MAX };
    for who in [&world.cast.owner, &world.cast.honest] {
        world.refuse(who, world.suite.slasher, &call, &Unauthorized { caller: who.address }).await?;
    }
    Ok(())
}
