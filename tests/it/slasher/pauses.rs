//! Pauses of the Slasher: executions wait, and nothing else does. Verdicts, captures, vetoes and leaving go on. Who may
//! pause is tested with the governance.

use super::services::{
    activate, budget_of, cancel, end_grant, freeze, freeze_own, grant, opt_in, opt_out, pending, raise, release,
    request,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::{Paused, Unauthorized};
use interfaces::IGovernance::{pauseCall, unpauseCall};
use interfaces::ISlasher::{
    PauseSet, SlashExpired, SlashNotExpired, SlashRequestExpired, VetoWindowEnded, recordFirstStakeUpdateCall,
    recordLastStakeUpdateAndRevokeSlashingAbilityCall, setPauseCall,
};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

const EXECUTE: u8 = 16;
const OPT_IN: u8 = 32;

/// One day in seconds.
const DAY: u64 = 86_400;

async fn pause(world: &World, flags: u8) -> Result<()> {
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags }).await?;
    Ok(())
}

async fn unpause(world: &World) -> Result<()> {
    world.act(&world.cast.owner, world.suite.governance, &unpauseCall {}).await?;
    Ok(())
}

/// The honest operator, with 10 tokens at stake, let Bob's account slash everything, which asks for half and can veto
/// it.
async fn asked_for_half() -> Result<(World, Attack)> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.bob);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let attack = freeze_own(&world, service, operator, ONE / 2).await?;
    Ok((world, attack))
}

#[tokio::test]
async fn a_pause_of_executing_ends_by_itself_after_seven_days() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    let suite = world.suite;
    let paused_at = attack.executable_at - DAY;
    world.chain.travel_to(paused_at).await?;
    let receipt = world.act(&world.cast.owner, suite.governance, &pauseCall { flags: EXECUTE }).await?;
    let until = paused_at + 604_800;
    assert_eq!(event::<PauseSet>(&receipt, suite.slasher), Some(PauseSet { flags: EXECUTE, until }));
    for now in [attack.executable_at, until - 1] {
        world.chain.travel_to(now).await?;
        let paused = Paused { action: EXECUTE };
        world.refuse(&world.cast.alice, suite.slasher, &attack.execution(), &paused).await?;
    }
    world.chain.travel_to(until).await?;
    world.act(&world.cast.alice, suite.slasher, &attack.execution()).await?;
    assert_eq!(world.pool(world.honest()).await?.0, ether(5));
    Ok(())
}

#[tokio::test]
async fn verdicts_and_captures_are_not_paused() -> Result<()> {
    let world = World::new().await?;
    let crooked = &world.cast.dishonest;
    world.join(crooked, ONE).await?;
    pause(&world, 63).await?;
    let attack = world.freeze(crooked).await?;
    assert!(world.is_frozen(crooked.address).await?);
    assert_eq!(attack.executable_at, world.chain.now().await? + 172_800, "the challenge period runs");
    Ok(())
}

#[tokio::test]
async fn a_pause_of_executing_moves_the_expiry_by_the_overlap_to_the_second() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    let (alice, slasher) = (&world.cast.alice, world.suite.slasher);
    // Paused from the sixth day of its window for three days and seven seconds.
    world.chain.travel_to(attack.executable_at + 5 * DAY).await?;
    pause(&world, EXECUTE).await?;
    world.chain.travel_to(attack.executable_at + 8 * DAY + 7).await?;
    unpause(&world).await?;
    let expires_at = attack.executable_at + 10 * DAY + 7;
    world.chain.travel_to(expires_at - 1).await?;
    let open = SlashNotExpired { expiresAt: expires_at };
    world.refuse(alice, slasher, &attack.expiry(), &open).await?;
    world.chain.simulate(alice.address, slasher, &attack.execution(), Default::default()).await?;
    world.chain.travel_to(expires_at).await?;
    let expired = SlashRequestExpired { expiredAt: expires_at };
    world.refuse(alice, slasher, &attack.execution(), &expired).await?;
    let receipt = world.act(alice, slasher, &attack.expiry()).await?;
    assert!(event::<SlashExpired>(&receipt, slasher).is_some());
    Ok(())
}

#[tokio::test]
async fn pauses_before_the_capture_and_after_the_expiry_do_not_move_it() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.bob, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let start = world.chain.now().await?;
    pause(&world, EXECUTE).await?;
    // Captured in the fourth day of the pause: three days of it count.
    world.chain.travel_to(start + 4 * DAY).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    let expires_at = attack.executable_at + 7 * DAY + 3 * DAY;
    world.chain.travel_to(expires_at - 1).await?;
    let open = SlashNotExpired { expiresAt: expires_at };
    world.refuse(service, slasher, &attack.expiry(), &open).await?;
    world.chain.travel_to(expires_at).await?;
    world.act(service, slasher, &attack.expiry()).await?;
    Ok(())
}

#[tokio::test]
async fn a_veto_comes_until_a_request_can_first_be_executed_pause_or_not() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    let (resolver, slasher) = (&world.cast.bob, world.suite.slasher);
    world.chain.travel_to(attack.executable_at).await?;
    // In the very second in which it could be executed.
    pause(&world, EXECUTE).await?;
    let until = attack.executable_at + 7 * DAY;
    for now in [attack.executable_at, until - 1] {
        world.chain.travel_to(now).await?;
        world.chain.simulate(resolver.address, slasher, &attack.veto(), Default::default()).await?;
    }
    world.chain.travel_to(until).await?;
    let ended = VetoWindowEnded { endedAt: attack.executable_at };
    world.refuse(resolver, slasher, &attack.veto(), &ended).await?;
    world.execute_now(&attack).await?;
    Ok(())
}

#[tokio::test]
async fn a_pause_after_a_request_could_be_executed_brings_no_veto_back() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    world.chain.travel_to(attack.executable_at + 1).await?;
    pause(&world, EXECUTE).await?;
    let ended = VetoWindowEnded { endedAt: attack.executable_at };
    world.refuse(&world.cast.bob, world.suite.slasher, &attack.veto(), &ended).await
}

#[tokio::test]
async fn a_pause_that_ended_before_a_request_could_be_executed_leaves_its_veto_as_it_is() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    let (resolver, slasher) = (&world.cast.bob, world.suite.slasher);
    pause(&world, EXECUTE).await?;
    world.chain.travel_to(attack.executable_at - 1).await?;
    unpause(&world).await?;
    world.chain.simulate(resolver.address, slasher, &attack.veto(), Default::default()).await?;
    world.chain.travel_to(attack.executable_at).await?;
    let ended = VetoWindowEnded { endedAt: attack.executable_at };
    world.refuse(resolver, slasher, &attack.veto(), &ended).await?;
    world.execute_now(&attack).await?;
    Ok(())
}

#[tokio::test]
async fn a_pause_of_opting_in_lasts_until_it_is_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    grant(&world, operator, service, ONE / 2).await?;
    pause(&world, OPT_IN).await?;
    world.chain.travel_to(world.chain.now().await? + 100 * DAY).await?;
    let paused = Paused { action: OPT_IN };
    world.refuse(operator, suite.slasher, &opt_in(&world.cast.bob, ONE / 2), &paused).await?;
    world.refuse(operator, suite.slasher, &raise(service, ONE), &paused).await?;
    unpause(&world).await?;
    world.act(operator, suite.slasher, &raise(service, ONE)).await?;
    Ok(())
}

#[tokio::test]
async fn neither_pause_stops_the_other_action() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    world.chain.travel_to(attack.executable_at).await?;
    pause(&world, OPT_IN).await?;
    world.execute_now(&attack).await?;
    drop(world);
    let world = World::new().await?;
    pause(&world, EXECUTE).await?;
    grant(&world, &world.cast.honest, &world.cast.owner, ONE).await
}

#[tokio::test]
async fn vetoes_expiries_records_and_leaving_go_on_while_everything_is_paused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, bob, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    world.stake(&world.cast.alice, ether(1), world.dishonest()).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, bob, ONE / 4).await?;
    let vetoed = freeze_own(&world, service, operator, ONE / 2).await?;
    let forgotten = freeze(&world, service, operator, ONE / 2).await?;
    // Somebody announced something, too.
    grant(&world, &world.cast.dishonest, service, ONE).await?;
    pause(&world, 63).await?;

    world.act(service, slasher, &vetoed.veto()).await?;
    world.act(service, slasher, &recordFirstStakeUpdateCall { operator: operator.address }).await?;
    world.act(&world.cast.dishonest, slasher, &cancel(service)).await?;
    world.act(operator, slasher, &opt_out(bob)).await?;
    let last = recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: operator.address };
    world.act(service, slasher, &last).await?;
    world.chain.travel_to(2_902 * 604_800).await?;
    world.act(bob, slasher, &release(operator, bob)).await?;
    world.chain.travel_to(forgotten.executable_at + 14 * DAY).await?;
    world.act(bob, slasher, &forgotten.expiry()).await?;
    assert!(!world.is_frozen(operator.address).await?);
    world.act(bob, slasher, &release(operator, service)).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_announced_can_be_withdrawn_while_opting_in_is_paused_and_activated_afterwards() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite) = (&world.cast.honest, &world.cast.owner, world.suite);
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    pause(&world, OPT_IN).await?;
    let (_, effective_at) = pending(&world, operator, service).await?;
    world.chain.travel_to(effective_at).await?;
    world.refuse(service, suite.slasher, &activate(operator, service), &Paused { action: OPT_IN }).await?;
    world.act(operator, suite.slasher, &cancel(&world.cast.bob)).await?;
    unpause(&world).await?;
    world.act(service, suite.slasher, &activate(operator, service)).await?;
    assert_eq!(budget_of(&world, operator, service).await?, ONE / 2);
    Ok(())
}

#[tokio::test]
async fn a_pause_of_queueing_and_completing_stops_no_slash() -> Result<()> {
    let (world, attack) = asked_for_half().await?;
    pause(&world, 4 | 8).await?;
    world.execute(&attack).await?;
    assert_eq!(world.pool(world.honest()).await?.0, ether(5));
    let until = end_grant(&world, &world.cast.honest, &world.cast.bob).await?;
    world.chain.travel_to(until).await?;
    world.act(&world.cast.bob, world.suite.slasher, &request(&world, &world.cast.honest, ONE)).await?;
    Ok(())
}

#[tokio::test]
async fn only_the_governance_pauses() -> Result<()> {
    let world = World::new().await?;
    let call = setPauseCall { flags: EXECUTE | OPT_IN, until: u64::MAX };
    for who in [&world.cast.owner, &world.cast.honest] {
        world.refuse(who, world.suite.slasher, &call, &Unauthorized { caller: who.address }).await?;
    }
    Ok(())
}
