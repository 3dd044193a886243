//! Opening and ending grants.

use super::services::{
    activate, can_slash, commitment_of, end_grant, freeze, grant, grant_of, grant_shared, opt_in, opt_out, release,
};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::ILens::grantReturn;
use interfaces::ISlasher::{
    self, AlreadyOptedIn, BudgetTooSmall, InvalidWad, NotOptedIn, NothingPending, OptedIntoSlashing,
    SlashingAbilityRevoked,
};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn opting_in_opens_a_grant_without_end() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);

    let receipt = world.act(operator, world.suite.slasher, &opt_in(service, ONE / 2)).await?;

    let opened = OptedIntoSlashing {
        operator: operator.address,
        serviceManager: service.address,
        budget: ONE / 2,
        exclusive: true,
    };
    assert_eq!(event::<OptedIntoSlashing>(&receipt, world.suite.slasher), Some(opened));
    let expected =
        grantReturn { budget: ONE / 2, fullBudget: ONE / 2, exclusive: true, canSlashUntil: u64::MAX, pending: 0 };
    assert_eq!(grant_of(&world, operator, service).await?, expected);
    assert_eq!(commitment_of(&world, operator).await?, (ONE / 2, ONE));
    assert!(can_slash(&world, operator, service).await?);
    assert!(!can_slash(&world, operator, &world.cast.bob).await?, "another service");
    assert!(!can_slash(&world, &world.cast.dishonest, service).await?, "another operator");
    Ok(())
}

#[tokio::test]
async fn opting_in_twice_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 4).await?;
    world.refuse(operator, world.suite.slasher, &opt_in(service, ONE / 2), &AlreadyOptedIn {}).await
}

#[tokio::test]
async fn opting_in_to_nobody_is_refused() -> Result<()> {
    let world = World::new().await?;
    let call = ISlasher::optIntoSlashingCall { serviceManager: Address::ZERO, budget: ONE, exclusive: true };
    world.refuse(&world.cast.honest, world.suite.slasher, &call, &ZeroAddress {}).await
}

#[tokio::test]
async fn a_budget_is_a_hundredth_of_the_magnitude_at_least_and_everything_at_most() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.refuse(operator, slasher, &opt_in(service, ONE + 1), &InvalidWad { wad: ONE + 1 }).await?;
    for budget in [0, 9_999_999_999_999_999] {
        let small = BudgetTooSmall { budget, minimum: 10_000_000_000_000_000 };
        world.refuse(operator, slasher, &opt_in(service, budget), &small).await?;
    }
    grant(&world, operator, service, 10_000_000_000_000_000).await?;
    drop(world);
    let world = World::new().await?;
    grant(&world, &world.cast.honest, &world.cast.owner, ONE).await
}

#[tokio::test]
async fn the_smallest_budget_shrinks_with_the_magnitude() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    // A half is taken, three tenths are left.
    grant(&world, operator, service, ONE / 10 * 8).await?;
    world.execute(&freeze(&world, service, operator, ONE / 1_000 * 625).await?).await?;
    let small = BudgetTooSmall { budget: ONE / 200 - 1, minimum: 5_000_000_000_000_000 };
    world.refuse(operator, slasher, &opt_in(&world.cast.bob, ONE / 200 - 1), &small).await?;
    grant(&world, operator, &world.cast.bob, ONE / 200).await
}

#[tokio::test]
async fn opting_out_ends_the_grant_with_the_next_epoch() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;

    let receipt = world.act(operator, world.suite.slasher, &opt_out(service)).await?;

    // Chains of tests begin in epoch 2,900.
    let until = 2_902 * 604_800 - 1;
    let revoked =
        SlashingAbilityRevoked { operator: operator.address, serviceManager: service.address, canSlashUntil: until };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, world.suite.slasher), Some(revoked));
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, until);
    world.chain.travel_to(until).await?;
    assert!(can_slash(&world, operator, service).await?, "the last second");
    world.chain.travel_to(until + 1).await?;
    assert!(!can_slash(&world, operator, service).await?, "one second later");
    Ok(())
}

#[tokio::test]
async fn opting_out_in_the_last_second_of_an_epoch_leaves_a_whole_epoch() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    world.chain.travel_to(2_901 * 604_800 - 1).await?;
    assert_eq!(end_grant(&world, operator, service).await?, 2_902 * 604_800 - 1);
    Ok(())
}

#[tokio::test]
async fn opting_out_without_a_grant_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, &world.cast.bob, ONE).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, world.suite.slasher, &opt_out(service), &expected).await
}

#[tokio::test]
async fn opting_out_twice_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.chain.travel_to(until - 1).await?;
    world.refuse(operator, world.suite.slasher, &opt_out(service), &expected).await
}

#[tokio::test]
async fn one_service_has_one_grant_until_it_is_released() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE / 2).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    // Neither of its tier nor of the other: an own request of the old grant could be given back to the new one.
    world.refuse(operator, slasher, &opt_in(service, ONE / 4), &AlreadyOptedIn {}).await?;
    let shared = ISlasher::optIntoSlashingCall { exclusive: false, ..opt_in(service, ONE / 4) };
    world.refuse(operator, slasher, &shared, &AlreadyOptedIn {}).await?;
    world.act(&world.cast.alice, slasher, &release(operator, service)).await?;
    world.act(operator, slasher, &shared).await?;
    let expected =
        grantReturn { budget: ONE / 4, fullBudget: ONE / 4, exclusive: false, canSlashUntil: u64::MAX, pending: 0 };
    assert_eq!(grant_of(&world, operator, service).await?, expected);
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 4, "the old half is not counted any more");
    Ok(())
}

#[tokio::test]
async fn a_grant_that_is_in_force_has_nothing_to_activate() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    world.refuse(service, world.suite.slasher, &activate(operator, service), &NothingPending {}).await
}

#[tokio::test]
async fn the_first_shared_grant_is_in_force_at_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    world.stake(operator, ether(1), operator.address).await?;
    grant_shared(&world, operator, service, ONE).await?;
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.budget, noted.exclusive, noted.canSlashUntil), (ONE, false, u64::MAX));
    Ok(())
}
