//! The Slasher keeps what a request hashes to: whoever closes it gives it again as its event published it, and nothing
//! else.

use super::services::{ask, freeze_own, grant, kept, request};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{NoOpenRequest, SlashRequest, WrongRequest, freezeOperatorCall};
use restake_tests::{Attack, World, ether};

/// The honest operator, with 10 tokens of its own at stake, has granted everything to the owner's account, which asked
/// for half. Bob may veto it.
async fn accused() -> Result<(World, Attack)> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE).await?;
    let call = freezeOperatorCall { resolver: world.cast.bob.address, ..request(&world, operator, ONE / 2) };
    let attack = ask(&world, service, &call).await?;
    Ok((world, attack))
}

/// Bob, who gains by it, gives another request than the one that is open: nothing is executed, vetoed or closed.
async fn refuse(world: &World, attack: &Attack, request: SlashRequest) -> Result<()> {
    let (bob, slasher, wrong) = (&world.cast.bob, world.suite.slasher, WrongRequest { requestId: attack.request_id });
    let other = Attack { request, ..attack.clone() };
    world.refuse(bob, slasher, &other.execution(), &wrong).await?;
    world.refuse(bob, slasher, &other.veto(), &wrong).await?;
    world.refuse(bob, slasher, &other.expiry(), &wrong).await
}

#[tokio::test]
async fn whoever_closes_a_request_changes_nothing_that_was_asked_for() -> Result<()> {
    let (world, attack) = accused().await?;
    let (bob, request) = (world.cast.bob.address, attack.request.clone());
    world.chain.travel_to(attack.executable_at).await?;
    let others = [
        SlashRequest { operator: world.dishonest(), ..request.clone() },
        SlashRequest { serviceManager: bob, ..request.clone() },
        SlashRequest { wad: request.wad - 1, ..request.clone() },
        SlashRequest { wad: ONE, ..request.clone() },
        SlashRequest { exclusive: false, ..request.clone() },
        SlashRequest { challenger: bob, ..request.clone() },
        SlashRequest { challengerShare: 0, ..request.clone() },
        SlashRequest { recipient: bob, ..request.clone() },
        SlashRequest { resolver: Address::ZERO, ..request.clone() },
        SlashRequest { executableAt: request.executableAt - 1, ..request.clone() },
        SlashRequest { pausedBefore: 1, ..request.clone() },
        SlashRequest::default(),
    ];
    for other in others {
        refuse(&world, &attack, other).await?;
    }
    world.execute(&attack).await?;
    assert_eq!(world.pool(world.honest()).await?.0, ether(5));
    Ok(())
}

#[tokio::test]
async fn a_request_is_not_closed_as_another_one_that_is_open() -> Result<()> {
    let (world, first) = accused().await?;
    let second = freeze_own(&world, &world.cast.owner, &world.cast.honest, ONE / 2).await?;
    world.chain.travel_to(second.executable_at).await?;
    refuse(&world, &first, second.request.clone()).await?;
    refuse(&world, &second, first.request).await
}

/// Two requests for the same at the same second are the same but for their numbers: each is executed once.
#[tokio::test]
async fn requests_that_say_the_same_are_closed_one_by_one() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    // The smallest part is a hundredth of the budget.
    let first = ask(&world, service, &request(&world, operator, 1)).await?;
    let second = ask(&world, service, &request(&world, operator, 1)).await?;
    assert_eq!(first.request, second.request);
    assert_eq!(kept(&world, first.request_id).await?, kept(&world, second.request_id).await?);
    world.execute(&first).await?;
    assert!(world.is_frozen(operator.address).await?);
    let closed = NoOpenRequest { requestId: first.request_id };
    world.refuse(service, world.suite.slasher, &first.execution(), &closed).await?;
    world.execute_now(&second).await?;
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}

/// All that is needed is on the chain: who comes later finds it by the number.
#[tokio::test]
async fn a_request_is_found_by_its_number() -> Result<()> {
    let (world, attack) = accused().await?;
    let found = world.attack(attack.request_id).await?;
    assert_eq!((found.request_id, &found.request), (attack.request_id, &attack.request));
    world.execute(&found).await?;
    assert!(kept(&world, attack.request_id).await?.is_zero(), "nothing is left of it");
    Ok(())
}
