//! What the ratios of services make of an operator, and what an attack costs at least by that.

use super::support::{UNBOUNDED, claim, grant, join, network, percent, service, sorted, utilisation, views};
use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRisk::{
    InvalidThreshold, NotAscending, ifAllStakeWereLostCall, leastCostCall, networkUtilisationCall, utilisationOfCall,
};
use restake::suite::Parameters;
use restake_tests::{World, ether};

/// A service of which corrupting brings `profit`, and whose faults take everything.
fn worth(profit: u128) -> impl FnOnce(&mut Parameters) {
    move |parameters| {
        parameters.profit_from_corruption = profit;
        parameters.wads = [ONE, 0, 0, 0];
    }
}

/// An operator with 100 tokens lets one service without profit take half of them for itself, and two with a profit of
/// 40 share the other half. Returns the three.
async fn crowded() -> Result<(World, Address, [Address; 3])> {
    let world = World::new().await?;
    let (operator, risk) = (&world.cast.honest, views(&world).await?);
    world.stake(operator, ether(100), operator.address).await?;
    let mut services = [Address::ZERO; 3];
    let plan = [(ether(0), true), (ether(40), false), (ether(40), false)];
    for ((profit, exclusive), place) in plan.into_iter().zip(&mut services) {
        let deployed = service(&world, worth(profit)).await?;
        grant(&world, operator, deployed.service_manager, ONE / 2, exclusive).await?;
        join(&world, operator, &deployed).await?;
        *place = deployed.service_manager;
    }
    Ok((world, risk, services))
}

#[tokio::test]
async fn shared_grants_add_up_by_the_room_that_exclusive_ones_leave() -> Result<()> {
    let (world, risk, services) = crowded().await?;
    let operator = &world.cast.honest;
    // 40 for 50 each; both fall together for the same 50. By all stake it would be 0.8.
    assert_eq!(utilisation(&world, risk, operator, &services).await?, (percent(160), 0));
    assert_eq!(network(&world, risk, &[operator], &services).await?, (percent(160), true));
    let cost = leastCostCall { profit: ether(80), utilisation: percent(160) };
    assert_eq!(world.chain.view(risk, &cost).await?, ether(50));
    Ok(())
}

#[tokio::test]
async fn a_service_that_is_not_listed_is_missed_by_its_budget() -> Result<()> {
    let (world, risk, [alone, one, other]) = crowded().await?;
    let operator = &world.cast.honest;
    assert_eq!(utilisation(&world, risk, operator, &[alone, one]).await?, (percent(80), ONE / 2));
    assert_eq!(utilisation(&world, risk, operator, &[]).await?, (0, ONE + ONE / 2));
    assert_eq!(network(&world, risk, &[operator], &[one, other]).await?, (percent(160), false));
    Ok(())
}

#[tokio::test]
async fn pages_that_are_complete_compose_to_the_whole() -> Result<()> {
    let (world, risk, services) = crowded().await?;
    let (operator, second) = (&world.cast.honest, &world.cast.dishonest);
    let more = service(&world, worth(ether(9))).await?;
    world.stake(second, ether(10), second.address).await?;
    grant(&world, second, more.service_manager, ONE, true).await?;
    join(&world, second, &more).await?;
    let all = [&services[..], &[more.service_manager]].concat();
    let (first_page, complete) = network(&world, risk, &[operator], &services).await?;
    assert!(complete);
    assert_eq!(network(&world, risk, &[second], &[more.service_manager]).await?, (percent(90), true));
    assert_eq!(network(&world, risk, &[operator, second], &all).await?, (first_page.max(percent(90)), true));
    assert_eq!(network(&world, risk, &[], &[]).await?, (0, true), "nothing");
    // A ratio counts where no operator on the page has granted anything to the service.
    assert_eq!(network(&world, risk, &[], &[more.service_manager]).await?, (percent(90), true));
    Ok(())
}

#[tokio::test]
async fn a_service_says_nothing_about_operators_that_granted_it_nothing() -> Result<()> {
    let (world, risk, services) = crowded().await?;
    let hostile = service(&world, worth(ether(1))).await?;
    world.stake(&world.cast.dishonest, ether(1), world.dishonest()).await?;
    grant(&world, &world.cast.dishonest, hostile.service_manager, ONE, true).await?;
    join(&world, &world.cast.dishonest, &hostile).await?;
    let effective_at = claim(&world, hostile.service_manager, u128::MAX).await?;
    world.chain.travel_to(effective_at).await?;
    let all = [&services[..], &[hostile.service_manager]].concat();
    assert_eq!(utilisation(&world, risk, &world.cast.dishonest, &all).await?, (UNBOUNDED, 0));
    assert_eq!(utilisation(&world, risk, &world.cast.honest, &all).await?, (percent(160), 0));
    Ok(())
}

#[tokio::test]
async fn services_are_listed_in_ascending_order_and_thresholds_are_parts() -> Result<()> {
    let (world, risk, services) = crowded().await?;
    let (caller, operator) = (&world.cast.alice, world.honest());
    let ascending = sorted(&services);
    let twice = vec![ascending[0], ascending[0]];
    let backwards = ascending.iter().rev().copied().collect::<Vec<_>>();
    for services in [twice, backwards] {
        let call = utilisationOfCall { operator, services: services.clone(), threshold: ONE };
        world.refuse(caller, risk, &call, &NotAscending {}).await?;
        let call = networkUtilisationCall { operators: vec![operator], services, threshold: ONE };
        world.refuse(caller, risk, &call, &NotAscending {}).await?;
    }
    for threshold in [0, ONE + 1] {
        let call = utilisationOfCall { operator, services: ascending.clone(), threshold };
        world.refuse(caller, risk, &call, &InvalidThreshold { threshold }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_bound_for_all_stake_has_its_name_and_no_more_than_that() -> Result<()> {
    let world = World::new().await?;
    let risk = views(&world).await?;
    for (lost, utilisation, bounded, most) in [
        // A hundredth of the stake, with a tenth of slack: a tenth.
        (ONE / 100, percent(90), true, ONE / 10),
        (ONE / 2, percent(90), true, ONE),
        (0, 0, true, 0),
        (ONE / 100, percent(100), false, 0),
        (1, UNBOUNDED, false, 0),
    ] {
        let found = world.chain.view(risk, &ifAllStakeWereLostCall { lost, utilisation }).await?;
        assert_eq!((found.bounded, found.most), (bounded, most), "{lost} {utilisation}");
    }
    for (profit, utilisation, cost) in [(7, 0, u128::MAX), (7, UNBOUNDED, 0), (10, 3 * percent(100), 3)] {
        let found = world.chain.view(risk, &leastCostCall { profit, utilisation }).await?;
        assert_eq!(U256::from(found), U256::from(cost), "{profit} {utilisation}");
    }
    Ok(())
}
