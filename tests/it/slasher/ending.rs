//! How grants end: the operator ends them, or its service does when it leaves; the service can slash until the end of
//! the next epoch, and nobody can keep an operator.

use super::services::{
    can_slash, commitment_of, end_grant, freeze, grant, grant_of, opt_out, release, request, request_of,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRegistry::{deregisterOperatorCall, isRegisteredCall};
use interfaces::ISlasher::{
    CannotSlash, CommitmentReleased, GrantCancelled, GrantHasOpenRequests, GrantPending, NotOptedIn, ServiceJoined,
    SlashingAbilityRevoked, recordFirstStakeUpdateCall, recordLastStakeUpdateAndRevokeSlashingAbilityCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

/// The last second of the epoch after the one in which the chains of tests begin.
const UNTIL: u64 = 2_902 * 604_800 - 1;

fn first(operator: &Actor) -> recordFirstStakeUpdateCall {
    recordFirstStakeUpdateCall { operator: operator.address }
}

fn last(operator: &Actor) -> recordLastStakeUpdateAndRevokeSlashingAbilityCall {
    recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: operator.address }
}

#[tokio::test]
async fn a_service_records_who_joins_it_if_there_is_a_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    let refusal = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(service, slasher, &first(operator), &refusal).await?;
    grant(&world, operator, service, ONE / 2).await?;
    let receipt = world.act(service, slasher, &first(operator)).await?;
    let joined = ServiceJoined { operator: operator.address, serviceManager: service.address };
    assert_eq!(event::<ServiceJoined>(&receipt, slasher), Some(joined));
    end_grant(&world, operator, service).await?;
    world.refuse(service, slasher, &first(operator), &refusal).await
}

#[tokio::test]
async fn nobody_joins_by_what_is_announced() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let pending = GrantPending { effectiveAt: world.chain.now().await? + 2_419_200 };
    world.refuse(service, world.suite.slasher, &first(operator), &pending).await
}

#[tokio::test]
async fn the_last_record_ends_a_grant_as_its_operator_would() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let receipt = world.act(service, slasher, &last(operator)).await?;
    let revoked =
        SlashingAbilityRevoked { operator: operator.address, serviceManager: service.address, canSlashUntil: UNTIL };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, slasher), Some(revoked));
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, UNTIL);
    Ok(())
}

#[tokio::test]
async fn the_last_record_neither_extends_nor_shortens_what_the_operator_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    assert_eq!(end_grant(&world, operator, service).await?, UNTIL);
    world.chain.travel_to(UNTIL).await?;
    let receipt = world.act(service, slasher, &last(operator)).await?;
    assert!(receipt.logs().is_empty());
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, UNTIL);
    Ok(())
}

#[tokio::test]
async fn the_last_record_never_reverts() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    // Never granted, announced, ended, ended and released.
    let receipt = world.act(service, slasher, &last(operator)).await?;
    assert!(receipt.logs().is_empty());
    let shares = world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let receipt = world.act(service, slasher, &last(operator)).await?;
    let cancelled = GrantCancelled { operator: operator.address, serviceManager: service.address, raise: ONE };
    assert_eq!(event::<GrantCancelled>(&receipt, slasher), Some(cancelled));
    assert_eq!(receipt.logs().len(), 1, "there was no grant to end");
    let release_epoch = world.queue(&world.cast.alice, operator.address, shares).await?;
    world.enter_epoch(release_epoch).await?;
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(service, slasher, &last(operator)).await?;
    world.act(operator, slasher, &release(operator, service)).await?;
    world.act(service, slasher, &last(operator)).await?;
    assert_eq!(commitment_of(&world, operator).await?, (0, ONE));
    Ok(())
}

#[tokio::test]
async fn a_service_ends_its_own_grants_only() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, other, ONE / 2).await?;
    let before = grant_of(&world, operator, other).await?;
    world.act(service, world.suite.slasher, &last(operator)).await?;
    assert_eq!(grant_of(&world, operator, other).await?, before);
    Ok(())
}

#[tokio::test]
async fn deregistration_is_never_blocked() -> Result<()> {
    let world = World::new().await?;
    let (crooked, registry) = (&world.cast.dishonest, world.suite.service.registry);
    world.join(crooked, ONE).await?;
    // Frozen by a proven fault, everything paused, its grant ended by itself.
    world.freeze(crooked).await?;
    world.act(&world.cast.owner, world.suite.governance, &interfaces::IGovernance::pauseCall { flags: 63 }).await?;
    let manager = world.suite.service.service_manager;
    let opt_out = interfaces::ISlasher::optOutOfSlashingCall { serviceManager: manager };
    world.act(crooked, world.suite.slasher, &opt_out).await?;
    world.act(crooked, registry, &deregisterOperatorCall {}).await?;
    assert!(!world.chain.view(registry, &isRegisteredCall { operator: crooked.address }).await?);
    Ok(())
}

#[tokio::test]
async fn a_grant_that_ended_is_used_until_its_last_second() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    end_grant(&world, operator, service).await?;
    world.chain.travel_to(UNTIL).await?;
    assert!(can_slash(&world, operator, service).await?);
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    assert_eq!(request_of(&world, attack.request_id).await?.wad, ONE / 2);
    world.chain.travel_to(UNTIL + 1).await?;
    let ended = CannotSlash { operator: operator.address, canSlashUntil: UNTIL };
    world.refuse(service, slasher, &request(&world, operator, ONE), &ended).await
}

#[tokio::test]
async fn an_operator_that_left_after_its_fault_is_slashed_in_full() -> Result<()> {
    // A fault of the last second of an epoch, left in the same second: evidence is good for three days, and then some.
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    let shares = world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let fault = 2_901 * 604_800 - 1;
    world.chain.travel_to(fault).await?;
    end_grant(&world, operator, service).await?;
    let release_epoch = world.queue(operator, operator.address, shares).await?;
    world.chain.travel_to(fault + 4 * 86_400).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.execute(&attack).await?;
    assert_eq!(world.withdrawal(operator.address, operator.address, release_epoch).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn a_grant_with_open_requests_is_not_released() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    end_grant(&world, operator, service).await?;
    world.chain.travel_to(UNTIL).await?;
    let attack = freeze(&world, service, operator, ONE / 4).await?;
    world.chain.travel_to(UNTIL + 1).await?;
    let open = GrantHasOpenRequests { pending: ONE / 4 };
    world.refuse(operator, slasher, &release(operator, service), &open).await?;
    world.execute(&attack).await?;
    let receipt = world.act(operator, slasher, &release(operator, service)).await?;
    let released =
        CommitmentReleased { operator: operator.address, serviceManager: service.address, budget: ONE / 4 * 3 };
    assert_eq!(event::<CommitmentReleased>(&receipt, slasher), Some(released));
    Ok(())
}

#[tokio::test]
async fn what_is_announced_is_withdrawn_and_not_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let pending = GrantPending { effectiveAt: world.chain.now().await? + 2_419_200 };
    world.refuse(operator, slasher, &opt_out(service), &pending).await
}
