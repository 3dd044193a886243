//! A service that admits nobody whose stake is promised too often: joining, staying counted, and leaving.

use super::rule::{RULE, admits, manager, ruled};
use super::support::{
    EPOCH, UNBOUNDED, admission, bound, claim, freeze, grant, join, join_call, name, service, total, update,
    utilisation, views,
};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAdmission::isAdmittedCall;
use interfaces::IRegistry::{NotAdmitted, deregisterOperatorCall, stakeAtCall};
use interfaces::ISlasher::optOutOfSlashingCall;
use restake::suite::for_services::AdmissionRule;
use restake_tests::{World, ether};

/// The rule is in force, and the honest operator serves with 96 tokens: half a budget in the shared tier, beside which
/// Bob's account shares three quarters.
async fn serving() -> Result<(World, Address)> {
    let (world, admission) = ruled().await?;
    name(&world, &world.suite.service, admission).await?;
    let operator = &world.cast.honest;
    grant(&world, operator, manager(&world), ONE / 2, false).await?;
    grant(&world, operator, world.cast.bob.address, ONE / 4 * 3, false).await?;
    world.stake(operator, ether(96), operator.address).await?;
    join(&world, operator, &world.suite.service).await?;
    Ok((world, admission))
}

/// What the signatures of the honest operator carry now.
async fn signs(world: &World) -> Result<u128> {
    let call = stakeAtCall { operator: world.honest(), time: world.chain.now().await? };
    Ok(world.chain.view(world.suite.service.registry, &call).await?)
}

#[tokio::test]
async fn nobody_joins_whose_utilisation_may_pass_the_cap() -> Result<()> {
    let (world, admission) = serving().await?;
    let (operator, registry) = (&world.cast.dishonest, world.suite.service.registry);
    grant(&world, operator, world.cast.bob.address, ONE, false).await?;
    grant(&world, operator, world.cast.fund.address, ONE / 2, false).await?;
    grant(&world, operator, manager(&world), ONE / 2, false).await?;
    world.stake(operator, ether(32), operator.address).await?;
    assert!(admits(&world, admission, operator).await?);
    join(&world, operator, &world.suite.service).await?;
    assert_eq!(total(&world, &world.suite.service).await?, ether(64));

    // Of another, less is left for the same promises.
    let third = &world.cast.accuser;
    grant(&world, third, world.cast.alice.address, ONE / 2, true).await?;
    grant(&world, third, world.cast.bob.address, ONE, false).await?;
    grant(&world, third, manager(&world), ONE / 2, false).await?;
    world.stake(third, ether(32), third.address).await?;
    let join = join_call(&world, third, &world.suite.service).await?;
    world.refuse(third, registry, &join, &NotAdmitted { operator: third.address }).await
}

#[tokio::test]
async fn who_shares_more_after_it_joined_signs_nothing_and_leaves_the_total_after_its_notice() -> Result<()> {
    let (world, _) = serving().await?;
    let (operator, service) = (&world.cast.honest, world.suite.service);
    assert_eq!(signs(&world).await?, ether(48));
    grant(&world, operator, world.cast.fund.address, ONE / 2, true).await?;
    assert_eq!(update(&world, &service, operator).await?, None, "at the cap");
    assert_eq!(signs(&world).await?, ether(48));
    grant(&world, operator, world.cast.alice.address, ONE / 4, false).await?;
    let leaves_at = update(&world, &service, operator).await?;
    assert_eq!(leaves_at, Some((world.chain.now().await? / EPOCH + 4) * EPOCH));
    assert_eq!((signs(&world).await?, total(&world, &service).await?), (0, ether(48)));
    world.chain.travel_to(leaves_at.unwrap_or_default()).await?;
    update(&world, &service, operator).await?;
    assert_eq!(total(&world, &service).await?, 0);
    // Nothing hinders leaving.
    world.act(operator, service.registry, &deregisterOperatorCall {}).await?;
    Ok(())
}

#[tokio::test]
async fn a_hostile_claim_of_another_service_removes_nobody() -> Result<()> {
    let (world, admission) = serving().await?;
    let (operator, own) = (&world.cast.honest, world.suite.service);
    let hostile = service(&world, |_| ()).await?;
    grant(&world, operator, hostile.service_manager, ONE / 4, false).await?;
    join(&world, operator, &hostile).await?;
    update(&world, &own, operator).await?;
    let (before, bound_before) = (signs(&world).await?, bound(&world, admission, operator).await?);
    assert_eq!(before, ether(48));

    let effective_at = claim(&world, hostile.service_manager, u128::MAX).await?;
    world.chain.travel_to(effective_at).await?;
    let services = [own.service_manager, hostile.service_manager, world.cast.bob.address];
    let risk = views(&world).await?;
    let (seen, unlisted) = utilisation(&world, risk, operator, &services).await?;
    assert!(seen > UNBOUNDED / 3 && unlisted == 0, "everybody sees it: {seen}");
    assert_eq!(update(&world, &own, operator).await?, None);
    assert_eq!((signs(&world).await?, bound(&world, admission, operator).await?), (before, bound_before));
    Ok(())
}

#[tokio::test]
async fn whoever_leaves_or_joins_and_with_how_much_refuses_nobody_else() -> Result<()> {
    let (world, admission) = serving().await?;
    let (operator, whale, service) = (&world.cast.honest, &world.cast.dishonest, world.suite.service);
    grant(&world, whale, manager(&world), ONE, true).await?;
    world.stake(whale, ether(9_000), whale.address).await?;
    join(&world, whale, &service).await?;
    let with = bound(&world, admission, operator).await?;
    world.act(whale, service.registry, &deregisterOperatorCall {}).await?;
    assert_eq!(update(&world, &service, operator).await?, None);
    assert_eq!(bound(&world, admission, operator).await?, with);
    assert_eq!(signs(&world).await?, ether(48));
    Ok(())
}

#[tokio::test]
async fn a_raise_of_the_services_own_claim_refuses_from_the_end_of_its_notice_and_less_admits_again() -> Result<()> {
    let (world, _) = serving().await?;
    let (operator, service) = (&world.cast.honest, world.suite.service);
    let effective_at = claim(&world, manager(&world), ether(31)).await?;
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(update(&world, &service, operator).await?, None);
    assert_eq!(signs(&world).await?, ether(48));
    world.chain.travel_to(effective_at).await?;
    assert!(update(&world, &service, operator).await?.is_some());
    assert_eq!((signs(&world).await?, total(&world, &service).await?), (0, ether(48)));
    world.chain.travel_to(effective_at + 2 * EPOCH).await?;
    let lowered_at = claim(&world, manager(&world), ether(16)).await?;
    world.chain.travel_to(lowered_at).await?;
    update(&world, &service, operator).await?;
    assert_eq!(signs(&world).await?, ether(48));
    Ok(())
}

#[tokio::test]
async fn no_order_of_a_grant_and_a_join_lets_in_who_promises_too_much() -> Result<()> {
    let (world, _) = serving().await?;
    let (service, slasher) = (world.suite.service, world.suite.slasher);
    // The grant in front of the join: refused. Behind it: the next update, by anyone, refuses.
    for (operator, first) in [(&world.cast.dishonest, true), (&world.cast.accuser, false)] {
        grant(&world, operator, world.cast.alice.address, ONE / 2, true).await?;
        grant(&world, operator, manager(&world), ONE / 2, false).await?;
        world.stake(operator, ether(32), operator.address).await?;
        let call = join_call(&world, operator, &service).await?;
        if first {
            grant(&world, operator, world.cast.bob.address, ONE, false).await?;
            world.refuse(operator, service.registry, &call, &NotAdmitted { operator: operator.address }).await?;
        } else {
            world.act(operator, service.registry, &call).await?;
            grant(&world, operator, world.cast.bob.address, ONE, false).await?;
            assert!(update(&world, &service, operator).await?.is_some());
        }
        // What is withdrawn in front of an update is no promise any more once it cannot be slashed for.
        let end = optOutOfSlashingCall { serviceManager: world.cast.bob.address };
        world.act(operator, slasher, &end).await?;
        if !first {
            update(&world, &service, operator).await?;
            let call = stakeAtCall { operator: operator.address, time: world.chain.now().await? };
            assert_eq!(world.chain.view(service.registry, &call).await?, 0, "it can still be slashed for it");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_slash_by_another_service_that_leaves_room_for_every_promise_refuses_nobody() -> Result<()> {
    let (world, _) = serving().await?;
    let (operator, service) = (&world.cast.honest, world.suite.service);
    let attack = freeze(&world, &world.cast.bob, operator, ONE / 3).await?;
    assert_eq!(update(&world, &service, operator).await?, None);
    world.execute(&attack).await?;
    // A quarter is gone of both, the stake and what is promised to Bob.
    assert_eq!(update(&world, &service, operator).await?, None);
    assert_eq!(signs(&world).await?, ether(48));
    Ok(())
}

#[tokio::test]
async fn an_answer_costs_a_fraction_of_its_stipend_without_any_cache() -> Result<()> {
    let (world, admission) = serving().await?;
    let call = isAdmittedCall { operator: world.honest() };
    let request = TransactionRequest::default()
        .with_from(world.cast.alice.address)
        .with_to(admission)
        .with_input(call.abi_encode());
    let gas = world.chain.provider().estimate_gas(request).await?;
    // 21,000 and the calldata are the transaction's. What is left is less than three quarters of the stipend.
    assert!(gas - 21_000 < 150_000, "{gas}");
    Ok(())
}

#[tokio::test]
async fn a_rule_is_replaced_by_another_after_the_notice_of_the_registry() -> Result<()> {
    let (world, first) = serving().await?;
    let (operator, service) = (&world.cast.honest, world.suite.service);
    // Stricter: 0.45 for what Bob shares is above it.
    let strict = AdmissionRule { cap: ONE / 2, assumed_ratio: ONE / 2, ..RULE };
    let second = admission(&world, strict).await?;
    grant(&world, operator, world.cast.fund.address, ONE / 2, true).await?;
    let effective_at = name(&world, &service, second).await?;
    assert_eq!(effective_at, (world.chain.now().await? / EPOCH + 4) * EPOCH);
    assert!(admits(&world, first, operator).await? && !admits(&world, second, operator).await?);
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(update(&world, &service, operator).await?, None);
    world.chain.travel_to(effective_at).await?;
    assert!(update(&world, &service, operator).await?.is_some());
    Ok(())
}
