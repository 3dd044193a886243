//! R4: freezes hold stake for bounded times only, whatever storms of requests come. The operator is everything at once
//! here: it opens, vetoes and forgets requests of services of its own.

use super::services::{can_slash, cancel, freeze, freeze_own, grant, grant_shared};
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IGovernance::{pauseCall, unpauseCall};
use interfaces::ILens::operatorIsConsistentCall;
use interfaces::ISlasher::{checkReleaseCall, refuseQueueingCall};
use interfaces::IStrategyManager::OperatorIsFrozen;
use restake::chain::CallError;
use restake_tests::{Attack, World, ether};

/// One day in seconds.
const DAY: u64 = 86_400;

/// The crooked operator lets Bob's account slash everything; Alice has 10 tokens with it. Returns her shares.
async fn victim() -> Result<(World, u128)> {
    let world = World::new().await?;
    grant(&world, &world.cast.dishonest, &world.cast.bob, ONE).await?;
    let shares = world.stake(&world.cast.alice, ether(10), world.dishonest()).await?;
    Ok((world, shares))
}

/// Bob's account asks for the smallest part that there is, and can veto it.
async fn small(world: &World) -> Result<Attack> {
    freeze_own(world, &world.cast.bob, &world.cast.dishonest, 1).await
}

async fn veto_it(world: &World, attack: &Attack) -> Result<()> {
    world.act(&world.cast.bob, world.suite.slasher, &attack.veto()).await?;
    Ok(())
}

/// Whether Alice could queue a little now.
async fn can_queue(world: &World) -> Result<bool> {
    let call = world.queue_call(world.dishonest(), ether(1));
    let frozen = OperatorIsFrozen { operator: world.dishonest() };
    match world.chain.simulate(world.cast.alice.address, world.suite.token_pool, &call, Default::default()).await {
        Ok(_) => Ok(true),
        Err(CallError::Refused(refusal)) if refusal.decode::<OperatorIsFrozen>() == Some(frozen) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether Alice could complete her withdrawal of `release_epoch` now.
async fn can_complete(world: &World, release_epoch: u64) -> Result<bool> {
    let call = world.complete_call(world.dishonest(), release_epoch, world.cast.alice.address);
    match world.chain.simulate(world.cast.alice.address, world.suite.token_pool, &call, Default::default()).await {
        Ok(_) => Ok(true),
        Err(CallError::Refused(refusal)) if refusal.decode::<OperatorIsFrozen>().is_some() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[tokio::test]
async fn queueing_is_refused_for_nine_days_in_a_row_at_most() -> Result<()> {
    let (world, shares) = victim().await?;
    let start = world.chain.now().await?;
    // A request a day, none of them closed for two weeks.
    let mut requests = Vec::new();
    for day in 0..9 {
        world.chain.travel_to(start + day * DAY).await?;
        requests.push(small(&world).await?);
        assert!(!can_queue(&world).await?, "day {day}");
    }
    world.chain.travel_to(start + 777_600 - 1).await?;
    let frozen = OperatorIsFrozen { operator: world.dishonest() };
    let queue = world.queue_call(world.dishonest(), shares);
    world.refuse(&world.cast.alice, world.suite.token_pool, &queue, &frozen).await?;
    world.chain.travel_to(start + 777_600).await?;
    assert!(can_queue(&world).await?);
    // New requests do not close it again while the freeze goes on.
    for day in [10, 12, 14] {
        world.chain.travel_to(start + day * DAY).await?;
        small(&world).await?;
        assert!(can_queue(&world).await?, "day {day}");
    }
    world.act(&world.cast.alice, world.suite.token_pool, &queue).await?;
    Ok(())
}

#[tokio::test]
async fn queueing_is_open_for_a_day_after_a_release_whatever_freezes_come() -> Result<()> {
    let (world, _) = victim().await?;
    let start = world.chain.now().await?;
    let first = small(&world).await?;
    world.chain.travel_to(start + DAY).await?;
    veto_it(&world, &first).await?;
    let released = world.chain.now().await?;
    // In the second of the release, and every hour after that, there is another one.
    let second = small(&world).await?;
    assert!(can_queue(&world).await?);
    world.chain.travel_to(released + 3_600).await?;
    small(&world).await?;
    veto_it(&world, &second).await?;
    world.chain.travel_to(released + 86_400 - 1).await?;
    small(&world).await?;
    assert!(can_queue(&world).await?, "the last second of the day");
    world.chain.travel_to(released + 86_400).await?;
    assert!(!can_queue(&world).await?);
    // Nine days count from the freeze, not from the end of the open day.
    world.chain.travel_to(released + 777_600 - 1).await?;
    assert!(!can_queue(&world).await?);
    world.chain.travel_to(released + 777_600).await?;
    assert!(can_queue(&world).await?);
    Ok(())
}

#[tokio::test]
async fn queueing_is_open_for_a_day_after_a_pause_of_queueing_whatever_freezes_come() -> Result<()> {
    let (world, _) = victim().await?;
    let start = world.chain.now().await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: 4 }).await?;
    world.chain.travel_to(start + 5 * DAY).await?;
    small(&world).await?;
    // The pause ends by itself, the operator is frozen since two days.
    world.chain.travel_to(start + 604_800).await?;
    assert!(can_queue(&world).await?);
    world.chain.travel_to(start + 604_800 + 86_400 - 1).await?;
    assert!(can_queue(&world).await?);
    world.chain.travel_to(start + 604_800 + 86_400).await?;
    assert!(!can_queue(&world).await?);
    Ok(())
}

#[tokio::test]
async fn queueing_is_open_for_a_day_after_a_pause_that_was_ended_early() -> Result<()> {
    let (world, _) = victim().await?;
    let start = world.chain.now().await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: 4 }).await?;
    small(&world).await?;
    world.chain.travel_to(start + DAY).await?;
    world.act(&world.cast.owner, world.suite.governance, &unpauseCall {}).await?;
    assert!(can_queue(&world).await?);
    world.chain.travel_to(start + 2 * DAY - 1).await?;
    assert!(can_queue(&world).await?);
    world.chain.travel_to(start + 2 * DAY).await?;
    assert!(!can_queue(&world).await?);
    Ok(())
}

#[tokio::test]
async fn a_storm_of_vetoed_freezes_closes_queueing_for_one_day_in_two() -> Result<()> {
    let (world, _) = victim().await?;
    let mut attack = small(&world).await?;
    for round in 0..5 {
        // The last second of its veto, in which the next one begins.
        let now = attack.executable_at - 1;
        assert!(!can_queue(&world).await?);
        world.chain.travel_to(now).await?;
        veto_it(&world, &attack).await?;
        attack = small(&world).await?;
        for (later, open) in [(0, true), (86_399, true), (86_400, false)] {
            world.chain.travel_to(now + later).await?;
            assert_eq!(can_queue(&world).await?, open, "round {round}, {later} seconds later");
        }
    }
    Ok(())
}

/// The next of a series of numbers without a pattern.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Fifty days in steps of up to six hours: requests are opened, vetoed, executed and closed as it comes. Alice queues a
/// little whenever she can, once an epoch.
async fn random_storm(seed: u64) -> Result<()> {
    let (world, _) = victim().await?;
    let (alice, bob, operator, suite) = (&world.cast.alice, &world.cast.bob, world.dishonest(), world.suite);
    let start = world.chain.now().await?;
    let (mut now, mut state, mut open) = (start, seed, Vec::<Attack>::new());
    let (mut closed_since, mut released_at) = (None, None::<u64>);
    let mut queued: Vec<u64> = Vec::new();
    while now < start + 50 * DAY {
        now += 1 + next(&mut state) % (6 * 3_600);
        world.chain.travel_to(now).await?;
        if next(&mut state).is_multiple_of(3) && !open.is_empty() {
            let attack = open.swap_remove(usize::try_from(next(&mut state))? % open.len());
            if now < attack.executable_at {
                world.act(bob, suite.slasher, &attack.veto()).await?;
            } else if now >= attack.executable_at + 604_800 {
                world.act(bob, suite.slasher, &attack.expiry()).await?;
            } else {
                world.execute_now(&attack).await?;
            }
            if open.is_empty() {
                released_at = Some(now);
            }
        }
        // The budget lasts: a slash takes a hundredth of it.
        if next(&mut state).is_multiple_of(4) && open.len() < 6 {
            open.push(small(&world).await?);
        }
        assert_eq!(world.is_frozen(operator).await?, !open.is_empty(), "seed {seed}");
        assert!(world.chain.view(suite.lens, &operatorIsConsistentCall { operator }).await?, "seed {seed}");
        if can_queue(&world).await? {
            closed_since = None;
            if !queued.contains(&(epoch::at(now) + 2)) {
                queued.push(world.queue(alice, operator, ether(1)).await?);
            }
        } else {
            let since: u64 = *closed_since.get_or_insert(now);
            assert!(now - since < 777_600, "closed for nine days, seed {seed}, second {}", now - start);
            let released = released_at.unwrap_or(0);
            assert!(now >= released + 86_400, "closed in the day after a release, seed {seed}, second {}", now - start);
        }
        for release_epoch in queued.clone() {
            let release = epoch::start(release_epoch);
            if now >= release + 777_600 {
                let complete = world.complete_call(operator, release_epoch, alice.address);
                world.act(alice, suite.token_pool, &complete).await?;
                queued.retain(|other| *other != release_epoch);
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_random_storm_exceeds_what_is_published() -> Result<()> {
    for seed in 1..=4 {
        random_storm(seed).await?;
    }
    Ok(())
}

#[tokio::test]
async fn anyone_can_ask_whether_stake_may_leave() -> Result<()> {
    let (world, _) = victim().await?;
    let (operator, slasher) = (world.dishonest(), world.suite.slasher);
    // Idle stake, which has the zero address for an operator, is held by nobody.
    let mut operators = [Address::ZERO; 8];
    (operators[1], operators[2]) = (operator, world.honest());
    let (queue, release) = (refuseQueueingCall { operators }, checkReleaseCall { operator, releaseEpoch: 2_901 });
    assert_eq!(world.chain.view(slasher, &queue).await?, [false; 8]);
    world.chain.view(slasher, &release).await?;
    small(&world).await?;
    let frozen = OperatorIsFrozen { operator };
    let refused = [false, true, false, false, false, false, false, false];
    assert_eq!(world.chain.view(slasher, &queue).await?, refused);
    // Captured in 2,900: it reaches what is released in the three epochs after that.
    for release_epoch in 2_901..=2_903 {
        let release = checkReleaseCall { operator, releaseEpoch: release_epoch };
        world.refuse(&world.cast.alice, slasher, &release, &frozen).await?;
    }
    for release_epoch in [2_899, 2_900, 2_904] {
        let release = checkReleaseCall { operator, releaseEpoch: release_epoch };
        world.chain.view(slasher, &release).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_storm_that_is_released_once_its_nine_days_are_over_opens_a_day_before_it_closes_again() -> Result<()> {
    let (world, _) = victim().await?;
    let start = world.chain.now().await?;
    // Requests overlap, so that the freeze goes on; in the second in which queueing would open all are closed and a new
    // freeze begins. That very second is the first of an open day.
    let first = freeze(&world, &world.cast.bob, &world.cast.dishonest, 1).await?;
    world.chain.travel_to(start + 9 * DAY).await?;
    world.act(&world.cast.bob, world.suite.slasher, &first.expiry()).await?;
    small(&world).await?;
    for (now, open) in [
        (start + 9 * DAY, true),
        (start + 10 * DAY - 1, true),
        (start + 10 * DAY, false),
        (start + 18 * DAY - 1, false),
        (start + 18 * DAY, true),
    ] {
        world.chain.travel_to(now).await?;
        assert_eq!(can_queue(&world).await?, open, "{}", now - start);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_queued_in_a_freeze_is_reached_by_every_open_request() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let start = world.chain.now().await?;
    let first = freeze(&world, &world.cast.bob, &world.cast.dishonest, ONE / 2).await?;
    world.chain.travel_to(start + 8 * DAY).await?;
    let second = freeze(&world, &world.cast.bob, &world.cast.dishonest, ONE / 2).await?;
    world.execute_now(&first).await?;
    world.chain.travel_to(start + 9 * DAY).await?;
    let release_epoch = world.queue(alice, operator, shares).await?;
    world.execute(&second).await?;
    // A half, and a half of what the budget had left.
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, ether(10) / 4);
    Ok(())
}

#[tokio::test]
async fn matured_money_leaves_while_its_operator_is_frozen_either_way() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let release_epoch = world.queue(alice, operator, shares / 2).await?;
    world.enter_epoch(release_epoch - 1).await?;
    let later = world.queue(alice, operator, shares / 2).await?;
    // Frozen in the first second in which it is released, and ever since.
    world.enter_epoch(release_epoch).await?;
    freeze(&world, &world.cast.bob, &world.cast.dishonest, ONE).await?;
    world.act(alice, pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(5)));
    // What is not released before the capture waits.
    world.enter_epoch(later).await?;
    let frozen = OperatorIsFrozen { operator };
    world.refuse(alice, pool, &world.complete_call(operator, later, alice.address), &frozen).await?;
    drop(world);

    let (world, shares) = victim().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let release_epoch = world.queue(alice, operator, shares).await?;
    world.chain.travel_to(epoch::start(release_epoch) + 200 * DAY).await?;
    freeze(&world, &world.cast.bob, &world.cast.dishonest, ONE).await?;
    world.act(alice, pool, &world.restake_call(operator, release_epoch, world.honest())).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(10));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_grants_itself_everything_once_all_have_left_holds_nobody() -> Result<()> {
    let world = World::new().await?;
    let (crooked, own, alice) = (&world.cast.dishonest, &world.cast.bob, &world.cast.alice);
    let (operator, pool) = (crooked.address, world.suite.token_pool);
    let shares = world.stake(alice, ether(10), operator).await?;
    let release_epoch = world.queue(alice, operator, shares).await?;
    world.chain.travel_to(epoch::start(release_epoch) - 1).await?;
    grant(&world, crooked, own, ONE).await?;
    assert!(!can_slash(&world, crooked, own).await?, "announced: Alice could still be slashed");
    world.act(crooked, world.suite.slasher, &cancel(own)).await?;
    // In the first second in which nobody's stake can be slashed its grant is in force at once, and it freezes itself.
    world.enter_epoch(release_epoch).await?;
    grant(&world, crooked, own, ONE).await?;
    small(&world).await?;
    assert!(world.is_frozen(operator).await?);
    world.act(alice, pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(10)));
    Ok(())
}

#[tokio::test]
async fn a_storm_holds_a_withdrawal_nine_days_beyond_its_release_at_most_and_loses_nothing_of_it() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let release_epoch = world.queue(alice, operator, shares).await?;
    let release = epoch::start(release_epoch);
    // A request a day from before the release to long after it; nobody closes any of them.
    let mut day = release - 3 * DAY;
    while day < release {
        world.chain.travel_to(day).await?;
        small(&world).await?;
        day += DAY;
    }
    world.chain.travel_to(release - 1).await?;
    small(&world).await?;
    let complete = world.complete_call(operator, release_epoch, alice.address);
    let frozen = OperatorIsFrozen { operator };
    for now in [release, release + 777_600 - 2] {
        world.chain.travel_to(now).await?;
        small(&world).await?;
        assert!(!can_complete(&world, release_epoch).await?);
    }
    world.chain.travel_to(release + 777_600 - 1).await?;
    world.refuse(alice, pool, &complete, &frozen).await?;
    world.chain.travel_to(release + 777_600).await?;
    assert!(world.is_frozen(operator).await?, "with requests that nobody closed, and new ones");
    world.act(alice, pool, &complete).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(10)));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_waits_for_no_request_that_was_captured_at_or_after_its_release() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let release_epoch = world.queue(alice, operator, shares).await?;
    let release = epoch::start(release_epoch);
    world.chain.travel_to(release - 1).await?;
    let before = small(&world).await?;
    world.chain.travel_to(release).await?;
    small(&world).await?;
    assert!(!can_complete(&world, release_epoch).await?);
    // With the one that reaches it closed, the later one holds nothing.
    veto_it(&world, &before).await?;
    assert!(world.is_frozen(operator).await?);
    assert!(can_complete(&world, release_epoch).await?);
    assert!(world.withdrawal(alice.address, operator, release_epoch).await?.1 == ether(10));
    Ok(())
}

#[tokio::test]
async fn a_pause_of_executing_holds_a_withdrawal_longer_by_the_overlap_and_no_more() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    let release_epoch = world.queue(alice, operator, shares).await?;
    let release = epoch::start(release_epoch);
    world.chain.travel_to(release - 1).await?;
    small(&world).await?;
    world.chain.travel_to(release + DAY).await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: 16 }).await?;
    world.chain.travel_to(release + 16 * DAY - 1).await?;
    assert!(!can_complete(&world, release_epoch).await?);
    world.chain.travel_to(release + 16 * DAY).await?;
    assert!(can_complete(&world, release_epoch).await?);
    Ok(())
}

#[tokio::test]
async fn a_frozen_operator_takes_no_stake_in_any_way() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    let idle = world.stake(alice, ether(1), Address::ZERO).await?;
    let here = world.queue(alice, operator, shares / 2).await?;
    let elsewhere = world.stake(alice, ether(1), world.honest()).await?;
    world.queue(alice, world.honest(), elsewhere).await?;
    world.fund(alice, ether(1)).await?;
    world.enter_epoch(here).await?;
    small(&world).await?;
    let frozen = OperatorIsFrozen { operator };
    world.refuse(alice, pool, &world.stake_call(ether(1), operator), &frozen).await?;
    let gift = interfaces::ITokenPool::stakeForCall {
        token: world.token(),
        amount: ether(1),
        operator,
        staker: world.honest(),
        maxCommitment: u64::MAX,
    };
    world.refuse(alice, pool, &gift, &frozen).await?;
    world.refuse(alice, pool, &world.delegate_call(operator, idle), &frozen).await?;
    // Not even what has just left it, although that may leave.
    world.refuse(alice, pool, &world.restake_call(operator, here, operator), &frozen).await?;
    world.refuse(alice, pool, &world.restake_call(world.honest(), here, operator), &frozen).await?;
    world.act(alice, pool, &world.restake_call(operator, here, world.honest())).await?;
    Ok(())
}

#[tokio::test]
async fn an_expired_request_freezes_until_anyone_closes_it() -> Result<()> {
    let (world, _) = victim().await?;
    let operator = world.dishonest();
    let attack = small(&world).await?;
    world.chain.travel_to(attack.executable_at + 100 * DAY).await?;
    assert!(world.is_frozen(operator).await?);
    world.act(&world.cast.alice, world.suite.slasher, &attack.expiry()).await?;
    assert!(!world.is_frozen(operator).await?);
    Ok(())
}

#[tokio::test]
async fn a_request_that_can_take_nothing_holds_no_longer_than_any_other() -> Result<()> {
    let world = World::new().await?;
    let (crooked, alice) = (&world.cast.dishonest, &world.cast.alice);
    grant(&world, crooked, &world.cast.owner, ONE).await?;
    grant_shared(&world, crooked, &world.cast.bob, ONE).await?;
    let shares = world.stake(alice, ether(10), crooked.address).await?;
    let start = world.chain.now().await?;
    small(&world).await?;
    world.chain.travel_to(start + 777_600 - 1).await?;
    assert!(!can_queue(&world).await?);
    world.chain.travel_to(start + 777_600).await?;
    world.queue(alice, crooked.address, shares).await?;
    Ok(())
}

#[tokio::test]
async fn the_longest_way_out_is_nine_days_to_queue_two_weeks_and_nine_days_more() -> Result<()> {
    let (world, shares) = victim().await?;
    let (alice, operator, pool) = (&world.cast.alice, world.dishonest(), world.suite.token_pool);
    // So that the ninth day is the first second of an epoch: the longest wait for a release.
    world.chain.travel_to(epoch::start(2_903) - 9 * DAY).await?;
    let start = world.chain.now().await?;
    let mut day = start;
    while day < epoch::start(2_903) {
        world.chain.travel_to(day).await?;
        small(&world).await?;
        assert!(!can_queue(&world).await?);
        day += 2 * DAY;
    }
    world.enter_epoch(2_903).await?;
    let release_epoch = world.queue(alice, operator, shares).await?;
    assert_eq!(release_epoch, 2_905);
    for day in 9..32 {
        world.chain.travel_to(start + day * DAY).await?;
        if day % 2 == 0 {
            small(&world).await?;
        }
        if day == 22 {
            world.chain.travel_to(epoch::start(2_905) - 1).await?;
            small(&world).await?;
        }
    }
    world.chain.travel_to(start + 32 * DAY - 1).await?;
    assert!(!can_complete(&world, release_epoch).await?);
    world.chain.travel_to(start + 32 * DAY).await?;
    world.act(alice, pool, &world.complete_call(operator, release_epoch, alice.address)).await?;
    Ok(())
}
