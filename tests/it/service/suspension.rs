//! `suspendOperator`: a proven fault takes the weight from an operator's signatures, until an update finds no open
//! request.

use super::support::{
    EPOCH, ask, freeze_by_another, is_suspended, join_another, next_epoch, question, rotate, service_with, serving,
    serving_with, signed_at, stake_at, tick, total_at, update,
};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::IRegistry::{
    OperatorSuspended, StakeUpdated, deregisterOperatorCall, suspendAccusedCall, suspendOperatorCall,
};
use interfaces::ISlasher::releaseCommitmentCall;
use restake::chain::event;
use restake::suite::Service;
use restake_tests::{World, ether};

#[tokio::test]
async fn a_proven_fault_takes_the_weight_from_every_signature_at_once() -> Result<()> {
    let world = serving().await?;
    let honest = &world.cast.honest;
    let before = question(&world, &[honest], 1).await?;
    let fault = tick(&world).await?;
    assert_eq!(ask(&world, &before).await?, (true, ether(96), ether(128)));

    let (first, second) = (world.attest(honest, 1).await?, world.attest(honest, 2).await?);
    let challenge = World::challenge_call(honest.address, first, second);
    let receipt = world.challenge(&world.cast.challenger, &challenge).await?;

    let suspended = OperatorSuspended { operator: honest.address };
    assert_eq!(event::<OperatorSuspended>(&receipt, world.suite.service.registry), Some(suspended));
    assert!(is_suspended(&world, honest.address).await?);
    assert_eq!(ask(&world, &question(&world, &[honest], 1).await?).await?, (false, 0, ether(128)));
    assert_eq!(ask(&world, &before).await?, (false, 0, ether(128)), "of a task before the fault, too");
    assert_eq!(stake_at(&world, honest.address, fault - 1).await?, ether(96), "the history stays");
    assert_eq!(stake_at(&world, honest.address, fault).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_suspended_operator_stays_in_the_total() -> Result<()> {
    let world = serving().await?;
    let operator = world.honest();
    world.freeze(&world.cast.honest).await?;
    let now = tick(&world).await?;
    // Also what the request asks for, which a veto would give back.
    let updated = StakeUpdated { operator, stake: ether(96), signs: false };
    assert_eq!(update(&world, operator).await?, Some(updated));
    assert!(is_suspended(&world, operator).await?);
    assert_eq!(total_at(&world, now).await?, ether(128));
    assert_eq!(signed_at(&world, &[operator], now).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_suspension_ends_with_the_first_update_after_the_last_request() -> Result<()> {
    let world = serving().await?;
    let operator = world.honest();
    let fault = tick(&world).await?;
    let attack = world.freeze(&world.cast.honest).await?;
    world.execute(&attack).await?;
    assert!(is_suspended(&world, operator).await?, "not before an update");
    let lifted = tick(&world).await?;
    let updated = StakeUpdated { operator, stake: ether(48), signs: true };
    assert_eq!(update(&world, operator).await?, Some(updated), "half of it was taken");
    assert!(!is_suspended(&world, operator).await?);
    assert_eq!(signed_at(&world, &[operator], lifted).await?, ether(48));
    // Nothing of the time between comes back.
    for time in [fault, fault + 1, attack.executable_at, lifted - 1] {
        assert_eq!(stake_at(&world, operator, time).await?, 0, "at {time}");
        assert_eq!(signed_at(&world, &[operator], time).await?, 0, "at {time}");
    }
    assert_eq!(signed_at(&world, &[operator], fault - 1).await?, ether(96));
    Ok(())
}

#[tokio::test]
async fn updates_during_a_suspension_give_nothing_of_it_back() -> Result<()> {
    let world = serving().await?;
    let operator = world.honest();
    let fault = tick(&world).await?;
    let attack = world.freeze(&world.cast.honest).await?;
    let mut times = vec![fault];
    for _ in 0..3 {
        times.push(tick(&world).await?);
        world.stake(&world.cast.alice, 1, Address::ZERO).await?;
        update(&world, operator).await?;
    }
    let next = next_epoch(&world).await?;
    world.execute(&attack).await?;
    world.chain.travel_to(next).await?;
    times.extend([attack.executable_at, next - 1]);
    update(&world, operator).await?;
    for time in times {
        assert_eq!(signed_at(&world, &[operator], time).await?, 0, "at {time}");
    }
    assert_eq!(signed_at(&world, &[operator], fault - 1).await?, ether(96));
    assert_eq!(signed_at(&world, &[operator], next).await?, ether(48));
    Ok(())
}

#[tokio::test]
async fn an_update_in_the_second_of_the_fault_does_not_give_that_second_back() -> Result<()> {
    let world = serving().await?;
    let operator = world.honest();
    let fault = tick(&world).await?;
    world.stake(&world.cast.alice, ether(1), operator).await?;
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, fault).await?, ether(97));
    let attack = world.freeze(&world.cast.honest).await?;
    update(&world, operator).await?;
    assert_eq!(world.chain.now().await?, fault, "time stands still");
    world.execute(&attack).await?;
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, fault).await?, 0);
    assert_eq!(stake_at(&world, operator, fault - 1).await?, ether(96));
    Ok(())
}

#[tokio::test]
async fn a_vetoed_fault_suspends_until_the_next_update() -> Result<()> {
    let world = World::new().await?;
    let resolver = world.cast.fund.address;
    let world = serving_with(|parameters| parameters.resolver = resolver).await?;
    let operator = world.honest();
    let attack = world.freeze(&world.cast.honest).await?;
    tick(&world).await?;
    world.act(&world.cast.fund, world.suite.slasher, &attack.veto()).await?;
    assert_eq!(signed_at(&world, &[operator], world.chain.now().await?).await?, 0);
    let lifted = tick(&world).await?;
    let updated = StakeUpdated { operator, stake: ether(96), signs: true };
    assert_eq!(update(&world, operator).await?, Some(updated), "the budget is whole again");
    assert_eq!(signed_at(&world, &[operator], lifted).await?, ether(96));
    assert_eq!(signed_at(&world, &[operator], lifted - 1).await?, 0);
    Ok(())
}

#[tokio::test]
async fn each_open_request_keeps_the_suspension() -> Result<()> {
    let world = serving().await?;
    let (honest, operator) = (&world.cast.honest, world.honest());
    let first = world.freeze(honest).await?;
    tick(&world).await?;
    let second = world.freeze(honest).await?;
    world.execute(&first).await?;
    update(&world, operator).await?;
    assert!(is_suspended(&world, operator).await?, "one is open");
    world.execute(&second).await?;
    update(&world, operator).await?;
    assert!(!is_suspended(&world, operator).await?);
    Ok(())
}

#[tokio::test]
async fn a_request_of_another_service_does_not_keep_the_suspension() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(80), operator.address).await?;
    world.opt_in(operator, ONE / 2).await?;
    world.register(operator).await?;
    let other = Service::deploy(&world.chain, &world.suite, &world.cast.owner, &world.parameters).await?;
    join_another(&world, operator, &other, ONE / 2).await?;
    let attack = world.freeze(operator).await?;
    world.chain.travel_to(attack.executable_at - 1).await?;
    freeze_by_another(&world, operator, &other).await?;
    world.execute(&attack).await?;
    assert!(world.is_frozen(operator.address).await?);
    update(&world, operator.address).await?;
    assert!(!is_suspended(&world, operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn leaving_and_coming_back_gives_nothing_of_a_suspension_back() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    let service = world.suite.service.service_manager;
    let fault = tick(&world).await?;
    let attack = world.freeze(honest).await?;
    tick(&world).await?;
    let left = world.chain.now().await?;
    world.act(honest, registry, &deregisterOperatorCall {}).await?;
    assert!(is_suspended(&world, honest.address).await?);
    assert_eq!(total_at(&world, left).await?, ether(32), "who leaves, leaves the total");
    assert_eq!(update(&world, honest.address).await?, None, "it does not serve");
    world.execute(&attack).await?;
    // Its grant is over at the start of the epoch after the next, and it comes back with another key.
    world.chain.travel_to(next_epoch(&world).await? + EPOCH).await?;
    let release = releaseCommitmentCall { operator: honest.address, serviceManager: service };
    world.act(honest, world.suite.slasher, &release).await?;
    world.opt_in(honest, ONE).await?;
    assert!(is_suspended(&world, honest.address).await?);
    let back = world.chain.now().await?;
    world.act(honest, registry, &world.register_call(honest, &world.cast.bob).await?).await?;
    assert!(!is_suspended(&world, honest.address).await?, "no request is open");
    let keys = [honest.address, world.cast.bob.address];
    for time in [fault, left - 1, left, back - 1] {
        assert_eq!(signed_at(&world, &keys, time).await?, 0, "at {time}");
    }
    assert_eq!(signed_at(&world, &keys, fault - 1).await?, ether(96));
    assert_eq!(signed_at(&world, &keys, back).await?, ether(48));
    Ok(())
}

#[tokio::test]
async fn a_fault_that_is_proven_after_the_operator_left_takes_the_weight_of_its_signatures() -> Result<()> {
    let world = serving().await?;
    let honest = &world.cast.honest;
    let signed = question(&world, &[honest], 1).await?;
    let (first, second) = (world.attest(honest, 1).await?, world.attest(honest, 2).await?);
    tick(&world).await?;
    world.act(honest, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    assert_eq!(ask(&world, &signed).await?, (true, ether(96), ether(128)));
    let challenge = World::challenge_call(honest.address, first, second);
    world.challenge(&world.cast.challenger, &challenge).await?;
    assert_eq!(ask(&world, &signed).await?, (false, 0, ether(128)));
    Ok(())
}

#[tokio::test]
async fn a_new_key_does_not_lift_a_suspension() -> Result<()> {
    let world = serving().await?;
    let (honest, bob) = (&world.cast.honest, &world.cast.bob);
    world.freeze(honest).await?;
    tick(&world).await?;
    rotate(&world, honest, bob).await?;
    let now = tick(&world).await?;
    assert_eq!(signed_at(&world, &[honest.address, bob.address], now).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_used_up_budget_counts_nothing_when_the_suspension_ends() -> Result<()> {
    let world = service_with(|parameters| parameters.wads[0] = ONE).await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(64), operator.address).await?;
    world.opt_in(operator, ONE / 2).await?;
    world.register(operator).await?;
    let attack = world.freeze(operator).await?;
    world.execute(&attack).await?;
    let updated = StakeUpdated { operator: operator.address, stake: 0, signs: true };
    assert_eq!(update(&world, operator.address).await?, Some(updated));
    assert_eq!(total_at(&world, u64::MAX).await?, 0);
    Ok(())
}

#[tokio::test]
async fn only_the_dispute_resolution_suspends() -> Result<()> {
    let world = serving().await?;
    let call = suspendOperatorCall { operator: world.honest() };
    let task_time = world.chain.now().await?;
    let (operator, signing_key) = (world.honest(), world.honest());
    let accused = suspendAccusedCall { signingKey: signing_key, operator, taskTime: task_time };
    for caller in [&world.cast.owner, &world.cast.honest, &world.cast.dishonest, &world.cast.challenger] {
        let refusal = Unauthorized { caller: caller.address };
        world.refuse(caller, world.suite.service.registry, &call, &refusal).await?;
        world.refuse(caller, world.suite.service.registry, &accused, &refusal).await?;
    }
    Ok(())
}
