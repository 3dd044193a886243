//! `updateStakes`, `stakeAt`, `totalStakeAt`: the stake that counts for a service, now and at any past time.

use super::support::{
    DAY, EPOCH, freeze_by_another, join_another, next_epoch, serving, signed_at, stake_at, tick, total_at, update,
    update_all,
};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRegistry::{StakeUpdated, deregisterOperatorCall, stakeAtCall};
use interfaces::ISlasher::optOutOfSlashingCall;
use restake::chain::event;
use restake::suite::Service;
use restake_tests::{World, ether};

#[tokio::test]
async fn stake_counts_from_the_second_of_the_registration() -> Result<()> {
    let world = World::new().await?;
    let joined = tick(&world).await?;
    world.join(&world.cast.honest, ONE).await?;
    assert_eq!(stake_at(&world, world.honest(), joined - 1).await?, 0);
    assert_eq!(stake_at(&world, world.honest(), joined).await?, ether(32));
    assert_eq!(total_at(&world, joined).await?, ether(32));
    let later = tick(&world).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    assert_eq!(total_at(&world, later - 1).await?, ether(32));
    assert_eq!(total_at(&world, later).await?, ether(64));
    Ok(())
}

#[tokio::test]
async fn every_past_stake_can_be_asked_for() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let mut expected = Vec::new();
    for step in 1..=9u128 {
        let time = tick(&world).await?;
        world.stake(&world.cast.alice, ether(step), operator).await?;
        update(&world, operator).await?;
        expected.push((time, ether(32) + ether(step * (step + 1) / 2)));
    }
    for (time, stake) in expected {
        assert_eq!(stake_at(&world, operator, time).await?, stake, "at {time}");
        assert_eq!(total_at(&world, time).await?, stake);
    }
    assert_eq!(total_at(&world, u64::MAX).await?, ether(77));
    assert_eq!(stake_at(&world, operator, u64::MAX).await?, 0, "no checkpoint lasts so long");
    Ok(())
}

#[tokio::test]
async fn changes_of_one_second_are_one_checkpoint() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let now = world.chain.now().await?;
    world.stake(&world.cast.alice, ether(1), operator).await?;
    let updated = update(&world, operator).await?;
    assert_eq!(world.chain.now().await?, now, "time stands still");
    assert_eq!(updated, Some(StakeUpdated { operator, stake: ether(33), signs: true }));
    assert_eq!(stake_at(&world, operator, now).await?, ether(33));
    assert_eq!(stake_at(&world, operator, now - 1).await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_did_not_change_is_written_once_an_epoch() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let next = next_epoch(&world).await?;
    for still in [world.chain.now().await? + 1, next - 1] {
        world.chain.travel_to(still).await?;
        assert_eq!(update(&world, operator).await?, None);
    }
    world.chain.travel_to(next).await?;
    let renewed = StakeUpdated { operator, stake: ether(32), signs: true };
    assert_eq!(update(&world, operator).await?, Some(renewed));
    world.chain.travel_to(next + 1).await?;
    assert_eq!(update(&world, operator).await?, None);
    Ok(())
}

#[tokio::test]
async fn an_update_passes_over_operators_that_do_not_serve() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (world.honest(), world.suite.service.registry);
    world.act(&world.cast.dishonest, registry, &deregisterOperatorCall {}).await?;
    world.stake(&world.cast.alice, ether(1), honest).await?;
    tick(&world).await?;
    // One that left, one that never came, nobody, and one twice.
    let all = vec![world.dishonest(), world.cast.bob.address, Address::ZERO, honest, honest];
    let receipt = update_all(&world, all).await?;
    let updated = StakeUpdated { operator: honest, stake: ether(97), signs: true };
    assert_eq!(event::<StakeUpdated>(&receipt, registry), Some(updated));
    assert_eq!(receipt.logs().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_checkpoint_signs_until_three_days_into_the_next_epoch() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let expires = next_epoch(&world).await? + 3 * DAY;
    assert_eq!(stake_at(&world, operator, expires - 1).await?, ether(32));
    assert_eq!(stake_at(&world, operator, expires).await?, 0);
    // Made in the last second of the epoch, it lasts no longer.
    world.chain.travel_to(next_epoch(&world).await? - 1).await?;
    world.stake(&world.cast.alice, 1, operator).await?;
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, expires - 1).await?, ether(32) + 1);
    assert_eq!(stake_at(&world, operator, expires).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_renewal_a_second_later_is_of_the_next_epoch() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let next = next_epoch(&world).await?;
    world.chain.travel_to(next).await?;
    update(&world, operator).await?;
    let expires = next + EPOCH + 3 * DAY;
    assert_eq!(stake_at(&world, operator, expires - 1).await?, ether(32));
    assert_eq!(stake_at(&world, operator, expires).await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_was_not_renewed_in_time_stays_lost_for_the_time_between() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let expired = next_epoch(&world).await? + 3 * DAY;
    world.chain.travel_to(expired + 10).await?;
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, expired - 1).await?, ether(32));
    assert_eq!(stake_at(&world, operator, expired + 9).await?, 0);
    assert_eq!(stake_at(&world, operator, expired + 10).await?, ether(32));
    Ok(())
}

#[tokio::test]
async fn an_expired_checkpoint_signs_nothing_and_stays_in_the_total() -> Result<()> {
    let world = serving().await?;
    let keys = [world.honest(), world.dishonest()];
    let expired = next_epoch(&world).await? + 3 * DAY;
    // Only the minority renews.
    world.chain.travel_to(expired - DAY).await?;
    update(&world, world.dishonest()).await?;
    assert_eq!(signed_at(&world, &keys, expired - 1).await?, ether(128));
    world.chain.travel_to(expired).await?;
    assert_eq!(signed_at(&world, &keys, expired).await?, ether(32));
    assert_eq!(total_at(&world, expired).await?, ether(128), "a minority does not become the whole");
    Ok(())
}

#[tokio::test]
async fn weight_that_nobody_renews_signs_nothing_300_days_after_it_left() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    let shares = world.position(operator.address, operator.address).await?.0;
    world.queue(operator, operator.address, shares).await?;
    let later = world.chain.now().await? + 300 * DAY;
    world.chain.travel_to(later).await?;
    assert_eq!(stake_at(&world, operator.address, later).await?, 0);
    assert_eq!(total_at(&world, later).await?, ether(32));
    update(&world, operator.address).await?;
    assert_eq!(total_at(&world, later).await?, 0);
    Ok(())
}

#[tokio::test]
async fn queued_stake_counts_until_an_update_and_never_after_it_could_leave() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    // The longest that stake counts after it asked to leave: weighed and queued in the last second of an epoch.
    let last = next_epoch(&world).await? - 1;
    world.chain.travel_to(last).await?;
    world.stake(&world.cast.alice, ether(1), operator.address).await?;
    update(&world, operator.address).await?;
    let shares = world.position(operator.address, operator.address).await?.0;
    let release = world.queue(operator, operator.address, shares).await? * EPOCH;
    let counts_until = last + 1 + 3 * DAY;
    assert_eq!(stake_at(&world, operator.address, counts_until - 1).await?, ether(33));
    assert_eq!(stake_at(&world, operator.address, counts_until).await?, 0);
    // Three days of dispute and one to act are left.
    assert_eq!(release, counts_until + 4 * DAY);
    tick(&world).await?;
    update(&world, operator.address).await?;
    assert_eq!(total_at(&world, u64::MAX).await?, 0, "below the minimum");
    Ok(())
}

#[tokio::test]
async fn what_other_services_freeze_and_slash_changes_no_weight() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let other = Service::deploy(&world.chain, &world.suite, &world.cast.owner, &world.parameters).await?;
    world.stake(operator, ether(80), operator.address).await?;
    world.opt_in(operator, ONE / 2).await?;
    world.register(operator).await?;
    join_another(&world, operator, &other, ONE / 2).await?;
    assert_eq!(stake_at(&world, operator.address, world.chain.now().await?).await?, ether(40));

    let (request_id, executable_at) = freeze_by_another(&world, operator, &other).await?;
    assert!(world.is_frozen(operator.address).await?);
    tick(&world).await?;
    assert_eq!(update(&world, operator.address).await?, None, "frozen by another service");
    world.chain.travel_to(executable_at).await?;
    let execute = world.attack(request_id).await?.execution();
    world.act(&world.cast.accuser, world.suite.slasher, &execute).await?;
    assert_eq!(world.pool(operator.address).await?.0, ether(60), "half of half was taken");
    update(&world, operator.address).await?;
    assert_eq!(stake_at(&world, operator.address, world.chain.now().await?).await?, ether(40), "and not from here");
    Ok(())
}

#[tokio::test]
async fn a_minority_is_no_quorum_whatever_it_freezes_and_updates() -> Result<()> {
    let world = World::new().await?;
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    world.join(dishonest, ONE).await?;
    world.stake(honest, ether(9_600), honest.address).await?;
    world.opt_in(honest, ONE / 100 * 99).await?;
    world.register(honest).await?;
    // The majority lets a service of the minority slash a hundredth.
    let own = Service::deploy(&world.chain, &world.suite, dishonest, &world.parameters).await?;
    join_another(&world, honest, &own, ONE / 100).await?;
    let majority = ether(9_600) / 100 * 99;
    freeze_by_another(&world, honest, &own).await?;
    let now = tick(&world).await?;
    let receipt = update_all(&world, vec![honest.address, dishonest.address]).await?;
    assert!(receipt.logs().is_empty(), "nothing changed");
    assert_eq!(signed_at(&world, &[dishonest.address], now).await?, ether(32));
    assert_eq!(signed_at(&world, &[honest.address], now).await?, majority);
    assert_eq!(total_at(&world, now).await?, majority + ether(32));
    Ok(())
}

#[tokio::test]
async fn below_the_minimum_an_operator_counts_nothing_until_it_has_it_again() -> Result<()> {
    let world = World::new().await?;
    let (operator, alice) = (&world.cast.honest, &world.cast.alice);
    world.join(operator, ONE).await?;
    let shares = world.position(operator.address, operator.address).await?.0;
    // Worth one base unit, of the 32 whole tokens that are the minimum.
    world.queue(operator, operator.address, shares / ether(32)).await?;
    let below = tick(&world).await?;
    update(&world, operator.address).await?;
    assert_eq!(stake_at(&world, operator.address, below).await?, 0, "one base unit is missing");
    assert_eq!(total_at(&world, below).await?, 0);
    world.stake(alice, 1, operator.address).await?;
    let again = tick(&world).await?;
    update(&world, operator.address).await?;
    assert_eq!(stake_at(&world, operator.address, again).await?, ether(32));
    assert_eq!(total_at(&world, again).await?, ether(32));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_opted_out_directly_counts_nothing_and_can_still_deregister() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    let leave = optOutOfSlashingCall { serviceManager: world.suite.service.service_manager };
    world.act(operator, world.suite.slasher, &leave).await?;
    tick(&world).await?;
    update(&world, operator.address).await?;
    assert_eq!(total_at(&world, u64::MAX).await?, 0);
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    Ok(())
}

#[tokio::test]
async fn who_left_counts_until_the_second_before() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    let left = tick(&world).await?;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    assert_eq!(stake_at(&world, operator.address, left - 1).await?, ether(32));
    assert_eq!(stake_at(&world, operator.address, left).await?, 0);
    assert_eq!(total_at(&world, left).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_question_about_now_costs_the_same_after_200_checkpoints() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    world.fund(&world.cast.alice, ether(1)).await?;
    let gas = || async {
        let call = stakeAtCall { operator, time: world.chain.now().await? };
        let request = TransactionRequest::default()
            .with_from(world.cast.accuser.address)
            .with_to(world.suite.service.registry)
            .with_input(call.abi_encode());
        Ok::<_, eyre::Report>(world.chain.provider().estimate_gas(request).await?)
    };
    let short = gas().await?;
    for _ in 0..200 {
        tick(&world).await?;
        world.act(&world.cast.alice, world.suite.token_pool, &world.stake_call(1, operator)).await?;
        update(&world, operator).await?;
    }
    let long = gas().await?;
    assert!(long < short + short / 10, "{short} and {long}");
    Ok(())
}
