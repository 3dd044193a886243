use super::*;
use restake_simulator::exposure::of_operators;
use restake_simulator::{Allocations, Bounds};
use restake_tests::{World, ether};

fn reader(world: &World) -> Reader {
    let people = People::of(&world.suite).with_development_accounts(&world.cast);
    let on = Chained { chain: world.chain.clone(), suite: world.suite, people, since: 0 };
    Reader { on, threshold: ONE / 2, penalty: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_read_with_who_has_what_and_who_can_take_it() -> Result<()> {
    let world = World::new().await?;
    let (honest, dishonest) = (world.cast.honest.clone(), world.cast.dishonest.clone());
    world.stake(&honest, ether(32), honest.address).await?;
    world.opt_in(&honest, ONE / 2).await?;
    world.stake(&world.cast.alice, ether(68), honest.address).await?;
    world.opt_in_shared(&dishonest, ONE / 4).await?;
    world.stake(&world.cast.bob, ether(10), Address::ZERO).await?;
    let network = reader(&world).network().await?;

    assert_eq!(network.tokens.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["lsETH"]);
    let service = &network.services[0];
    assert_eq!((service.name.as_str(), service.profit), ("service-manager", world.parameters.profit_from_corruption));
    assert_eq!((service.threshold, service.penalty), (ONE / 2, ONE / 10), "unavailability is the mildest");
    let of = |address: Address| {
        let name = reader(&world).on.people.name(address);
        network.operators.iter().position(|operator| operator.name == name)
    };
    let (honest, dishonest) = (of(honest.address).unwrap(), of(dishonest.address).unwrap());
    assert_eq!(network.operators[honest].stakes, [ether(100)]);
    assert_eq!(network.operators[honest].grants, [Grant { service: 0, budget: ONE / 2, tier: Tier::Exclusive }]);
    assert_eq!(network.operators[dishonest].grants, [Grant { service: 0, budget: ONE / 4, tier: Tier::Shared }]);
    let mut staked: Vec<u128> = network.positions.iter().map(|position| position.amount).collect();
    staked.sort_unstable();
    assert_eq!(staked, [ether(32), ether(68)], "idle stake is with nobody");

    let allocations = Allocations::of(&network);
    assert_eq!(of_operators(&network, &allocations)[honest].guaranteed, ether(5));
    // Half of five for sixteen.
    assert_eq!(Bounds::of(&allocations).utilisation, u128::from(ONE) * 64 / 10);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_open_requests_hold_is_not_there_for_shared_grants() -> Result<()> {
    let world = World::new().await?;
    let dishonest = world.cast.dishonest.clone();
    world.join(&dishonest, ONE).await?;
    world.freeze(&dishonest).await?;
    let network = reader(&world).network().await?;
    let operator = &network.operators[0];
    // The service can take half more, and half is asked for.
    let grant = |service, budget| Grant { service, budget, tier: Tier::Exclusive };
    assert_eq!(operator.grants, [grant(0, ONE / 2), grant(1, ONE / 2)]);
    assert_eq!(operator.shared_room(), 0);
    Ok(())
}
