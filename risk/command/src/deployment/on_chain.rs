//! The views of risk on a chain say what the simulator says of the network on it.

use super::*;
use alloy::primitives::U256;
use eyre::OptionExt;
use fastrand::Rng;
use interfaces::IRegistry::{registerOperatorCall, updateStakesCall};
use interfaces::IRisk::{claimOfCall, exposureOfCall, lookThroughCall, networkUtilisationCall, utilisationOfCall};
use interfaces::ISlasher::{activateGrantCall, optIntoSlashingCall};
use interfaces::{ILiquidRestakingToken, ILiquidStakingToken, IRestakingWeights, IRisk};
use restake::actors::Actor;
use restake::attestation::Domain;
use restake::chain::event;
use restake::suite::{Parameters, Service as Deployed, for_services};
use restake_simulator::exposure::{of_operators, of_stakers};
use restake_simulator::{Allocations, Bounds};
use restake_tests::programs::for_services;
use restake_tests::{World, ether};

/// The part of a service's stake that corrupts it.
const THRESHOLD: u64 = ONE / 3 * 2;

/// A world with services, what operators let them take, and their stake, all at random.
async fn random(rng: &mut Rng) -> Result<(World, Vec<Deployed>)> {
    let world = World::new().await?;
    let mut services = vec![];
    for _ in 0..3 {
        let profit_from_corruption = ether(u128::from(rng.u8(0..50)));
        let wads = [ONE / 10 * rng.u64(1..=10), 0, 0, 0];
        let changed =
            Parameters { profit_from_corruption, wads, accepts_shared: true, minimum_stake: 0, ..world.parameters };
        services.push(Deployed::deploy(&world.chain, &world.suite, &world.cast.owner, &changed).await?);
    }
    for operator in operators(&world) {
        let stake = ether(20 * u128::from(rng.u8(1..10)));
        world.stake(operator, stake, operator.address).await?;
        let (mut exclusive, mut committed) = (0, 0);
        for service in &services {
            let (budget, is_exclusive) = (ONE / 20 * rng.u64(0..=20), rng.bool());
            let taken = if is_exclusive { budget } else { 0 };
            if budget == 0 || exclusive + taken > ONE || committed + budget > 2 * ONE {
                continue;
            }
            (exclusive, committed) = (exclusive + taken, committed + budget);
            grant(&world, operator, service.service_manager, budget, is_exclusive).await?;
        }
    }
    for service in &services {
        for operator in operators(&world) {
            join(&world, operator, service).await?;
        }
        let operators = operators(&world).map(|operator| operator.address).to_vec();
        world.act(&world.cast.alice, service.registry, &updateStakesCall { operators }).await?;
    }
    Ok((world, services))
}

fn operators(world: &World) -> [&Actor; 3] {
    [&world.cast.honest, &world.cast.dishonest, &world.cast.accuser]
}

/// At once, or after the notice, for which it waits.
async fn grant(world: &World, operator: &Actor, service: Address, budget: u64, exclusive: bool) -> Result<()> {
    let opt_in = optIntoSlashingCall { serviceManager: service, budget, exclusive };
    let receipt = world.act(operator, world.suite.slasher, &opt_in).await?;
    if let Some(announced) = event::<GrantAnnounced>(&receipt, world.suite.slasher) {
        world.chain.travel_to(announced.effectiveAt).await?;
        let activate = activateGrantCall { operator: operator.address, serviceManager: service };
        world.act(operator, world.suite.slasher, &activate).await?;
    }
    Ok(())
}

/// An operator that let the service take something serves it.
async fn join(world: &World, operator: &Actor, service: &Deployed) -> Result<()> {
    let grant = ILens::grantCall { operator: operator.address, serviceManager: service.service_manager };
    if world.chain.view(world.suite.lens, &grant).await?.budget == 0 {
        return Ok(());
    }
    let proof =
        Domain::new(world.chain.id().await?, service.service_manager).bind_key(&operator.key, operator.address)?;
    let call = registerOperatorCall { signingKey: operator.address, r: proof.r, vs: proof.vs };
    world.act(operator, service.registry, &call).await?;
    Ok(())
}

/// The receipt has tokens with two operators, and some idle.
async fn restake(world: &World) -> Result<()> {
    let (alice, suite) = (&world.cast.alice, &world.suite);
    for operator in [world.honest(), world.dishonest()] {
        let call = IRestakingWeights::scheduleWeightCall { operator, weight: ONE / 5 * 2, maxCommitment: 2 * ONE };
        world.act(&world.cast.owner, suite.restaking_weights, &call).await?;
    }
    world.chain.send(alice.address, suite.token, &ILiquidStakingToken::depositCall {}, U256::from(ether(50))).await?;
    world.act(alice, suite.token, &IERC20::approveCall { spender: suite.restaking_vault, value: U256::MAX }).await?;
    let deposit = ILiquidRestakingToken::depositCall { amount: ether(50), recipient: alice.address, minShares: 0 };
    world.act(alice, suite.restaking_token, &deposit).await?;
    world.act(alice, suite.restaking_weights, &IRestakingWeights::stakeIdleCall {}).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_views_say_of_random_networks_is_what_the_simulator_says() -> Result<()> {
    let (mut shared, mut profitable) = (0, 0);
    for seed in 0..4 {
        let (world, services) = random(&mut Rng::with_seed(seed)).await?;
        restake(&world).await?;
        // What the vault brought counts from the next update on.
        for service in &services {
            let operators = operators(&world).map(|operator| operator.address).to_vec();
            world.act(&world.cast.alice, service.registry, &updateStakesCall { operators }).await?;
        }
        let owner = world.cast.owner.address;
        let risk = for_services::risk(&world.chain, owner, for_services().await?, world.suite.slasher).await?;
        let people = People::of(&world.suite).with_development_accounts(&world.cast);
        let on = Chained { chain: world.chain.clone(), suite: world.suite, people, since: 0 };
        let (operators, managers) = (on.operators().await?, on.services().await?);
        let network = Reader { on, threshold: THRESHOLD, penalty: None }.network().await?;
        let allocations = Allocations::of(&network);
        let (bounds, exposures) = (Bounds::of(&allocations), of_operators(&network, &allocations));

        for (service, ratio) in managers.iter().zip(&bounds.ratios) {
            let call = claimOfCall { serviceManager: *service, threshold: THRESHOLD };
            let claim = world.chain.view(risk, &call).await?;
            assert_eq!(claim.ratio, *ratio, "{seed}: service {service}: {claim:?}");
            profitable += usize::from(*ratio > 0);
        }
        for (index, operator) in operators.iter().enumerate() {
            let call = utilisationOfCall { operator: *operator, services: managers.clone(), threshold: THRESHOLD };
            let found = world.chain.view(risk, &call).await?;
            assert_eq!((found.utilisation, found.unlisted), (bounds.utilisations[index], 0), "{seed}: {operator}");
            let (found, exposure) =
                (world.chain.view(risk, &exposureOfCall { operator: *operator }).await?, &exposures[index]);
            let shown = (u128::from(found.degree), u128::from(found.worstLoss));
            assert_eq!(shown, (exposure.degree, exposure.worst_loss), "{seed}: {operator}");
            shared += usize::from(found.shared > 0 && bounds.utilisations[index] > 0);
        }
        let call = networkUtilisationCall { operators, services: managers, threshold: THRESHOLD };
        let found = world.chain.view(risk, &call).await?;
        assert_eq!((found.utilisation, found.complete), (bounds.utilisation, true), "{seed}");

        let (receipt, supply) = (world.suite.restaking_token, ether(50));
        let behind = world.chain.view(risk, &lookThroughCall { receipt, shares: supply }).await?;
        let vault = network.stakers.iter().position(|name| name == "restaking-vault").ok_or_eyre("no vault")?;
        let row = &of_stakers(&network, &allocations)[vault];
        let staked: u128 = behind.stakes.iter().sum();
        assert_eq!((staked, behind.worstLoss, behind.degree), (row.value, row.worst_loss, row.degree), "{seed}");
        assert_eq!(world.chain.view(risk, &IRisk::slasherCall {}).await?, world.suite.slasher);
    }
    assert!(shared > 2 && profitable > 6, "{shared} operators share, {profitable} services can be corrupted");
    Ok(())
}
