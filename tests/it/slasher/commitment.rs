//! The commitment: everything that an operator granted or announced, as a part of its magnitude; at most two.

use super::services::{
    can_slash, commitment_of, end_grant, freeze, grant, grant_of, grant_shared, opt_in, opt_in_shared, release,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILens::{commitmentOfCall, commitmentOfReturn, grantReturn};
use interfaces::ISlasher::{AlreadyOptedIn, CommitmentReleased, CommitmentTooHigh, GrantNotEnded, NotOptedIn};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

async fn parts_of(world: &World, operator: &Actor) -> Result<commitmentOfReturn> {
    let call = commitmentOfCall { operator: operator.address };
    Ok(world.chain.view(world.suite.lens, &call).await?)
}

#[tokio::test]
async fn the_commitment_reaches_twice_the_magnitude_and_no_more() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, &world.cast.owner, ONE).await?;
    grant_shared(&world, operator, &world.cast.bob, ONE - ONE / 100).await?;
    let (last, slasher) = (&world.cast.accuser, world.suite.slasher);
    let too_high = CommitmentTooHigh { commitment: 2_000_000_000_000_000_001, limit: 2_000_000_000_000_000_000 };
    world.refuse(operator, slasher, &opt_in_shared(last, ONE / 100 + 1), &too_high).await?;
    // Announced, because there is a shared budget; what is announced counts.
    grant_shared(&world, operator, last, ONE / 100).await?;
    assert_eq!(commitment_of(&world, operator).await?, (2_000_000_000_000_000_000, ONE));
    Ok(())
}

#[tokio::test]
async fn the_parts_of_a_commitment_are_shown_apart() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(1), operator.address).await?;
    grant(&world, operator, &world.cast.owner, ONE / 4).await?;
    grant_shared(&world, operator, &world.cast.bob, ONE / 2).await?;
    grant(&world, operator, &world.cast.accuser, ONE / 8).await?;
    let expected = commitmentOfReturn {
        exclusive: ONE / 4,
        shared: ONE / 2,
        announced: ONE / 8,
        magnitude: ONE,
        commitment: ONE / 4 + ONE / 2 + ONE / 8,
    };
    assert_eq!(parts_of(&world, operator).await?, expected);
    // Requests are part of both sums while they are open.
    let (exclusive, shared) = (
        freeze(&world, &world.cast.owner, operator, ONE / 2).await?,
        freeze(&world, &world.cast.bob, operator, ONE / 2).await?,
    );
    assert_eq!(parts_of(&world, operator).await?, expected);
    world.execute(&exclusive).await?;
    world.execute(&shared).await?;
    // An eighth and a quarter were taken; five eighths are left, of which a half is committed.
    let expected = commitmentOfReturn {
        exclusive: ONE / 8,
        shared: ONE / 4,
        announced: ONE / 8,
        magnitude: ONE / 8 * 5,
        commitment: ONE / 10 * 8,
    };
    assert_eq!(parts_of(&world, operator).await?, expected);
    Ok(())
}

#[tokio::test]
async fn a_commitment_is_rounded_up() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    world.execute(&freeze(&world, service, operator, ONE / 5).await?).await?;
    // Four tenths of nine tenths: 0.444...
    assert_eq!(commitment_of(&world, operator).await?, (444_444_444_444_444_445, ONE / 10 * 9));
    Ok(())
}

#[tokio::test]
async fn commitments_of_different_operators_are_counted_apart() -> Result<()> {
    let world = World::new().await?;
    for operator in [&world.cast.honest, &world.cast.dishonest] {
        grant(&world, operator, &world.cast.owner, ONE).await?;
        grant_shared(&world, operator, &world.cast.bob, ONE).await?;
        assert_eq!(commitment_of(&world, operator).await?.0, 2 * ONE);
    }
    Ok(())
}

#[tokio::test]
async fn an_ended_grant_counts_until_it_is_released_and_so_long_there_is_no_other() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    assert_eq!(commitment_of(&world, operator).await?.0, ONE);
    world.refuse(operator, slasher, &opt_in(service, ONE / 2), &AlreadyOptedIn {}).await?;
    world.act(operator, slasher, &release(operator, service)).await?;
    grant(&world, operator, service, ONE / 2).await?;
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 2);
    assert!(can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn anyone_releases_the_commitment_of_an_ended_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, &world.cast.bob, ONE / 8).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;

    let receipt = world.act(&world.cast.alice, world.suite.slasher, &release(operator, service)).await?;

    let released = CommitmentReleased { operator: operator.address, serviceManager: service.address, budget: ONE / 2 };
    assert_eq!(event::<CommitmentReleased>(&receipt, world.suite.slasher), Some(released));
    assert_eq!(commitment_of(&world, operator).await?.0, ONE / 8, "the other service's budget stays");
    let none = grantReturn { budget: 0, fullBudget: 0, exclusive: false, canSlashUntil: 0, pending: 0 };
    assert_eq!(grant_of(&world, operator, service).await?, none);
    Ok(())
}

#[tokio::test]
async fn the_commitment_of_a_grant_is_kept_until_its_last_second() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let running = GrantNotEnded { canSlashUntil: u64::MAX };
    world.refuse(operator, slasher, &release(operator, service), &running).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    world.refuse(operator, slasher, &release(operator, service), &GrantNotEnded { canSlashUntil: until }).await
}

#[tokio::test]
async fn a_commitment_is_released_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(operator, slasher, &release(operator, service)).await?;
    let nothing = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, slasher, &release(operator, service), &nothing).await
}

#[tokio::test]
async fn a_commitment_that_was_never_made_is_not_released() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    let nothing = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, world.suite.slasher, &release(operator, service), &nothing).await
}
