//! R1: what a service of the exclusive tier counts, it can take, whatever comes between the count and the slash.

use super::services::{
    commitment_of, end_grant, freeze, freeze_own, grant, grant_shared, guarantee_of, opt_in, raise, release,
};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IGovernance::pauseCall;
use interfaces::ISlasher::{ExclusiveTierFull, MagnitudeReset};
use interfaces::IStrategyManager::PoolSlashed;
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World, ether};

/// One day in seconds.
const DAY: u64 = 86_400;

/// What `service` can take of `operator`'s active stake now, by its count: stake x guaranteed / magnitude, rounded
/// down.
async fn counted(world: &World, operator: &Actor, service: &Actor) -> Result<u128> {
    let (guaranteed, _, magnitude, _) = guarantee_of(world, operator, service).await?;
    let stake = world.pool(operator.address).await?.0;
    arithmetic::wide::mul_div_down(stake, guaranteed.into(), magnitude.into()).ok_or_eyre("too large")
}

/// Executes a request at the present time. Returns what it set aside in all.
async fn takes(world: &World, attack: &Attack) -> Result<u128> {
    let receipt = world.execute_now(attack).await?;
    let slashed = event::<PoolSlashed>(&receipt, world.suite.strategy_manager);
    Ok(slashed.map_or(0, |slashed| slashed.fromPool + slashed.fromBuckets))
}

#[tokio::test]
async fn nobody_gets_a_budget_for_itself_beside_a_service_that_counts_everything() -> Result<()> {
    let world = World::new().await?;
    let (crooked, own) = (&world.cast.dishonest, &world.cast.accuser);
    world.join(crooked, ONE).await?;
    for budget in [ONE, ONE / 100] {
        let full = ExclusiveTierFull { size: ONE + budget, magnitude: ONE };
        world.refuse(crooked, world.suite.slasher, &opt_in(own, budget), &full).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_self_slash_in_front_of_the_real_slash_takes_nothing_at_full_budgets() -> Result<()> {
    let world = World::new().await?;
    let (crooked, own) = (&world.cast.dishonest, &world.cast.accuser);
    world.join(crooked, ONE).await?;
    // All that it can grant itself beside the service is a shared budget.
    grant_shared(&world, crooked, own, ONE).await?;
    let saved = freeze_own(&world, own, crooked, ONE).await?;
    // A minute later its fault is proven, and after two days it executes its own request first.
    world.chain.travel_to(world.chain.now().await? + 60).await?;
    let real = world.freeze(crooked).await?;
    world.chain.travel_to(real.executable_at).await?;
    assert_eq!(takes(&world, &saved).await?, 0);
    assert_eq!(takes(&world, &real).await?, ether(16), "half of 32, as the terms say");
    let release_epoch = world.release_epoch().await?;
    assert_eq!(world.slashed_funds(world.cast.fund.address, release_epoch).await?, ether(16) / 10 * 9);
    assert_eq!(world.slashed_funds(world.cast.challenger.address, release_epoch).await?, ether(16) / 10);
    Ok(())
}

/// The crooked operator, with 100 tokens at stake, lets the suite's service slash half of it, and an account of its own
/// the other half, which asks for all of that before the real fault is proven. What both take, the real one first in
/// the pair.
async fn real_and_own_slash(own_first: bool) -> Result<(u128, u128)> {
    let world = World::new().await?;
    let (crooked, own) = (&world.cast.dishonest, &world.cast.accuser);
    world.stake(crooked, ether(64), crooked.address).await?;
    world.opt_in(crooked, ONE / 2).await?;
    grant(&world, crooked, own, ONE / 2).await?;
    world.register(crooked).await?;
    world.stake(&world.cast.alice, ether(36), crooked.address).await?;
    let saved = freeze_own(&world, own, crooked, ONE).await?;
    let real = world.freeze(crooked).await?;
    world.chain.travel_to(real.executable_at).await?;
    if own_first {
        let own_takes = takes(&world, &saved).await?;
        Ok((takes(&world, &real).await?, own_takes))
    } else {
        Ok((takes(&world, &real).await?, takes(&world, &saved).await?))
    }
}

#[tokio::test]
async fn a_self_slash_of_a_partial_budget_takes_nothing_from_the_real_slash_in_either_order() -> Result<()> {
    // Half of the half that the service counts, and the other half.
    assert_eq!(real_and_own_slash(true).await?, (ether(25), ether(50)));
    assert_eq!(real_and_own_slash(false).await?, (ether(25), ether(50)));
    Ok(())
}

/// Two honest services count 30 % and 70 % of an odd stake, and ask for all of it. What they counted, and what they
/// took.
async fn two_services(first_first: bool) -> Result<[(u128, u128); 2]> {
    let world = World::new().await?;
    let (operator, first, second) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, first, ONE / 10 * 3).await?;
    grant(&world, operator, second, ONE / 10 * 7).await?;
    world.stake(&world.cast.alice, ether(10) + 7, operator.address).await?;
    let counts = [counted(&world, operator, first).await?, counted(&world, operator, second).await?];
    let requests = [freeze(&world, first, operator, ONE).await?, freeze(&world, second, operator, ONE).await?];
    world.chain.travel_to(requests[0].executable_at).await?;
    let taken = if first_first {
        [takes(&world, &requests[0]).await?, takes(&world, &requests[1]).await?]
    } else {
        let second = takes(&world, &requests[1]).await?;
        [takes(&world, &requests[0]).await?, second]
    };
    assert_eq!(world.pool(operator.address).await?.0, 0);
    Ok([(counts[0], taken[0]), (counts[1], taken[1])])
}

#[tokio::test]
async fn two_honest_services_both_get_their_part_in_both_orders() -> Result<()> {
    for first_first in [true, false] {
        for (counted, taken) in two_services(first_first).await? {
            assert!(counted.abs_diff(taken) <= 1, "{taken} of {counted}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn rounding_costs_a_service_one_base_unit_a_slash_at_most() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, own) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, service, ONE / 10 * 9).await?;
    grant(&world, operator, own, ONE / 10).await?;
    world.stake(&world.cast.alice, 1_000_003, operator.address).await?;
    let count = counted(&world, operator, service).await?;
    let mut storm = Vec::new();
    for _ in 0..20 {
        storm.push(freeze_own(&world, own, operator, 1).await?);
    }
    let real = freeze(&world, service, operator, ONE).await?;
    world.chain.travel_to(real.executable_at).await?;
    for attack in &storm {
        // A thousandth of what was there, rounded up.
        let taken = takes(&world, attack).await?;
        assert!((1_000..=1_001).contains(&taken), "{taken}");
    }
    let taken = takes(&world, &real).await?;
    assert!(taken + 21 >= count, "{taken} of {count}");
    Ok(())
}

/// All six orders of three requests.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[tokio::test]
async fn a_bucket_that_was_released_in_between_gives_the_same_part_in_every_order() -> Result<()> {
    for order in ORDERS {
        let world = World::new().await?;
        let (operator, alice) = (&world.cast.honest, &world.cast.alice);
        let services = [&world.cast.owner, &world.cast.bob, &world.cast.accuser];
        for (service, budget) in services.into_iter().zip([ONE / 10 * 2, ONE / 10 * 3, ONE / 10 * 5]) {
            grant(&world, operator, service, budget).await?;
        }
        // Forty are released in 2,902, forty in 2,903, a hundred stay.
        let shares = world.stake(alice, ether(180), operator.address).await?;
        world.queue(alice, operator.address, shares / 9 * 2).await?;
        world.enter_epoch(2_901).await?;
        world.queue(alice, operator.address, shares / 9 * 2).await?;
        // Faults are captured in 2,901, 2,902 and 2,903; a pause keeps the first request until all can be executed.
        let mut requests = Vec::new();
        world.chain.travel_to(epoch::start(2_902) - 3_600).await?;
        requests.push(freeze(&world, services[0], operator, ONE).await?);
        world.enter_epoch(2_902).await?;
        requests.push(freeze(&world, services[1], operator, ONE).await?);
        world.chain.travel_to(epoch::start(2_902) + DAY).await?;
        world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: 16 }).await?;
        world.enter_epoch(2_903).await?;
        requests.push(freeze(&world, services[2], operator, ONE).await?);
        world.chain.travel_to(requests[2].executable_at).await?;
        for index in order {
            world.execute_now(&requests[index]).await?;
        }
        // What was released in 2,902 is reached by the first fault, in 2,903 by two of them, the rest by all.
        let left = [
            world.withdrawal(alice.address, operator.address, 2_902).await?.1,
            world.withdrawal(alice.address, operator.address, 2_903).await?.1,
            world.pool(operator.address).await?.0,
        ];
        assert_eq!(left, [ether(32), ether(20), 0], "{order:?}");
        assert_eq!(world.slashed_funds(world.cast.fund.address, 2_906).await? % 9, 0);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_queued_after_the_capture_is_still_reached() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, own) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, own, ONE / 2).await?;
    let shares = world.stake(operator, ether(10), operator.address).await?;
    // A freeze and its veto open queueing for a day: the fault is captured, and everything is queued behind it.
    let opener = freeze_own(&world, own, operator, ONE).await?;
    world.act(own, world.suite.slasher, &opener.veto()).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    let release_epoch = world.queue(operator, operator.address, shares).await?;
    world.execute(&attack).await?;
    assert_eq!(world.withdrawal(operator.address, operator.address, release_epoch).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn what_is_queued_three_epochs_after_the_capture_is_still_reached() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let shares = world.stake(operator, ether(10), operator.address).await?;
    // Captured in the last second of an epoch; executing is paused for the seven days after that.
    let captured = epoch::start(2_901) - 1;
    world.chain.travel_to(captured).await?;
    let attack = freeze(&world, service, operator, ONE / 2).await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: 16 }).await?;
    // Queueing is open again since the ninth day; the request expires on the sixteenth.
    world.chain.travel_to(captured + 15 * DAY).await?;
    assert_eq!(world.queue(operator, operator.address, shares).await?, 2_905);
    world.chain.travel_to(captured + 16 * DAY - 1).await?;
    world.execute_now(&attack).await?;
    assert_eq!(world.withdrawal(operator.address, operator.address, 2_905).await?.1, ether(5));
    Ok(())
}

#[tokio::test]
async fn stake_that_joins_after_the_fault_pays_its_part_and_takes_nothing_off_the_count() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, own) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(operator, ether(10), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, own, ONE / 2).await?;
    let count = counted(&world, operator, service).await?;
    world.execute(&freeze_own(&world, own, operator, ONE).await?).await?;
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!((count, takes(&world, &attack).await?), (ether(5), ether(15)), "everything that is left");
    Ok(())
}

#[tokio::test]
async fn a_raise_of_ones_own_between_fault_and_proof_takes_nothing_off_the_count() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, own, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, own, ONE / 4).await?;
    let count = counted(&world, operator, service).await?;
    // The fault happens here. It takes all that it can for itself, twice.
    world.act(operator, slasher, &raise(own, ONE / 2)).await?;
    let full = ExclusiveTierFull { size: ONE + 1, magnitude: ONE };
    world.refuse(operator, slasher, &raise(own, ONE / 2 + 1), &full).await?;
    world.execute(&freeze_own(&world, own, operator, ONE).await?).await?;
    let full = ExclusiveTierFull { size: ONE / 2 + ONE / 100, magnitude: ONE / 2 };
    world.refuse(operator, slasher, &raise(own, ONE / 100), &full).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!((count, takes(&world, &attack).await?), (ether(50), ether(50)));
    Ok(())
}

#[tokio::test]
async fn the_magnitude_is_not_set_back_under_a_service_that_counts() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, own, slasher) =
        (&world.cast.honest, &world.cast.owner, &world.cast.bob, world.suite.slasher);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, own, ONE / 2).await?;
    let count = counted(&world, operator, service).await?;
    world.execute(&freeze_own(&world, own, operator, ONE).await?).await?;
    let until = end_grant(&world, operator, own).await?;
    end_grant(&world, operator, service).await?;
    // In the last second of both grants the fault is captured; everything else of the operator is over.
    world.chain.travel_to(until).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.chain.travel_to(until + 1).await?;
    let receipt = world.act(operator, slasher, &release(operator, own)).await?;
    assert_eq!(event::<MagnitudeReset>(&receipt, slasher), None);
    assert_eq!(commitment_of(&world, operator).await?, (ONE, ONE / 2));
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!((count, takes(&world, &attack).await?), (ether(50), ether(50)));
    assert_eq!(commitment_of(&world, operator).await?, (0, ONE), "nothing is granted any more");
    Ok(())
}

#[tokio::test]
async fn requests_that_were_vetoed_or_expired_take_nothing_off_the_count_of_others() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, own) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    world.stake(operator, ether(100), operator.address).await?;
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, own, ONE / 2).await?;
    for _ in 0..3 {
        let attack = freeze_own(&world, own, operator, ONE).await?;
        assert_eq!(counted(&world, operator, service).await?, ether(50));
        world.act(own, world.suite.slasher, &attack.veto()).await?;
    }
    let forgotten = freeze_own(&world, own, operator, ONE).await?;
    world.chain.travel_to(forgotten.executable_at + 7 * DAY).await?;
    let attack = freeze(&world, service, operator, ONE).await?;
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!(takes(&world, &attack).await?, ether(50));
    Ok(())
}
