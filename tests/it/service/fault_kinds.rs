//! What each kind of fault asks for, and at which time's terms. A contract that passes every call on stands in for the
//! DisputeResolution, so that faults can be named at will.

use super::custom::schedule;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, hex};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolValue;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::Unauthorized;
use interfaces::IServiceManager::{
    FaultInFuture, FaultKindIsOff, TermsPending, connectCall, freezeOperatorCall, scheduleTermsCall,
};
use interfaces::ISlasher::SlashRequest;
use restake_tests::programs::construction;
use restake_tests::{Attack, World};

/// A service whose DisputeResolution anyone can speak for.
struct Service {
    manager: Address,
    disputes: Address,
}

/// Half for an equivocation, an eighth for data that was not available.
const WADS: [u64; 4] = [ONE / 2, ONE / 8, 0, 0];

/// The honest operator lets such a service slash everything.
async fn served() -> Result<(World, Service)> {
    let world = World::new().await?;
    let (owner, operator) = (&world.cast.owner, &world.cast.honest);
    let manager = world.copy_of(world.suite.service.service_manager).await?;
    let disputes = passing_on_to(&world, manager).await?;
    let (registry, fund) = (world.suite.service.registry, world.cast.fund.address);
    let arguments =
        ((owner.address, owner.address, world.suite.slasher), (WADS, 0u64, 0u64, 0u128), (fund, Address::ZERO));
    world.chain.transact(construction(owner.address, manager, &arguments.abi_encode_params())).await?;
    world.act(owner, manager, &connectCall { registry, disputeResolution: disputes }).await?;
    world.act(operator, world.suite.slasher, &World::grant_call(manager, ONE)).await?;
    Ok((world, Service { manager, disputes }))
}

/// A contract that passes calls on to `target`, and its answers back.
async fn passing_on_to(world: &World, target: Address) -> Result<Address> {
    let runtime = [
        // CALLDATACOPY(0, 0, CALLDATASIZE), CALL(GAS, target, 0, 0, CALLDATASIZE, 0, 0).
        &hex!("365f5f375f5f365f5f73")[..],
        target.as_slice(),
        // RETURNDATACOPY(0, 0, RETURNDATASIZE); REVERT or RETURN with it.
        &hex!("5af13d5f5f3e602a573d5ffd5b3d5ff3"),
    ]
    .concat();
    let length = u8::try_from(runtime.len())?;
    // CODECOPY(0, 9, length), RETURN(0, length); the runtime code follows these 9 bytes.
    let init_code = [&[0x60, length, 0x80, 0x60, 0x09, 0x3d, 0x39, 0x3d, 0xf3], runtime.as_slice()].concat();
    let create = TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init_code);
    world.chain.transact(create).await?.contract_address.ok_or_eyre("a creation without an address")
}

/// A fault of the honest operator.
fn fault(world: &World, kind: u8, fault_time: u64) -> freezeOperatorCall {
    freezeOperatorCall {
        operator: world.honest(),
        challenger: world.cast.challenger.address,
        kind,
        faultTime: fault_time,
    }
}

/// What the Slasher is asked for when the fault is proven.
async fn asked(world: &World, service: &Service, kind: u8, fault_time: u64) -> Result<SlashRequest> {
    let call = fault(world, kind, fault_time);
    let receipt = world.act(&world.cast.challenger, service.disputes, &call).await?;
    let request = Attack::of(&receipt, world.suite.slasher)?.request;
    assert_eq!(request.serviceManager, service.manager);
    Ok(request)
}

/// The owner announces other wads, and Bob for recipient and resolver. Returns from when they hold.
async fn announce(world: &World, service: &Service, wads: [u64; 4]) -> Result<u64> {
    let call = scheduleTermsCall {
        wads,
        challengerShare: ONE / 50,
        rewardRate: 0,
        profitFromCorruption: 0,
        recipient: world.cast.bob.address,
        resolver: world.cast.bob.address,
    };
    schedule(world, service.manager, &call).await
}

#[tokio::test]
async fn each_kind_of_fault_asks_for_its_own_part_of_what_is_left() -> Result<()> {
    let (world, service) = served().await?;
    let now = world.chain.now().await?;
    assert_eq!(asked(&world, &service, 0, now).await?.wad, ONE / 2);
    assert_eq!(asked(&world, &service, 1, now).await?.wad, ONE / 2 / 8);
    assert!(world.is_frozen(world.honest()).await?);
    Ok(())
}

#[tokio::test]
async fn a_fault_of_no_known_kind_freezes_nobody() -> Result<()> {
    let (world, service) = served().await?;
    let now = world.chain.now().await?;
    // The DisputeResolution decides the first two kinds alone.
    let not_its_own = Unauthorized { caller: service.disputes };
    for kind in [2, 3, 4, u8::MAX] {
        world.refuse(&world.cast.challenger, service.disputes, &fault(&world, kind, now), &not_its_own).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_fault_of_a_time_to_come_is_none() -> Result<()> {
    let (world, service) = served().await?;
    let now = world.chain.now().await?;
    for fault_time in [now + 1, u64::MAX] {
        let future = FaultInFuture { faultTime: fault_time };
        world.refuse(&world.cast.challenger, service.disputes, &fault(&world, 0, fault_time), &future).await?;
    }
    Ok(())
}

#[tokio::test]
async fn milder_terms_hold_for_faults_of_their_time_only() -> Result<()> {
    let (world, service) = served().await?;
    let effective_at = announce(&world, &service, [ONE / 2, ONE / 16, 0, 0]).await?;
    world.chain.travel_to(effective_at).await?;
    assert_eq!(asked(&world, &service, 1, effective_at - 1).await?.wad, ONE / 8, "the last second of the old terms");
    assert_eq!(asked(&world, &service, 1, effective_at).await?.wad, (ONE - ONE / 8) / 16, "the first of the new ones");
    Ok(())
}

/// Guards against: a task that is dated back picks milder terms.
#[tokio::test]
async fn a_task_that_is_dated_back_never_costs_less_than_now() -> Result<()> {
    let (world, service) = served().await?;
    let effective_at = announce(&world, &service, [ONE / 2, ONE / 4, 0, 0]).await?;
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(asked(&world, &service, 1, effective_at - 1).await?.wad, ONE / 8);
    world.chain.travel_to(effective_at).await?;
    let before = asked(&world, &service, 1, effective_at - 1).await?;
    assert_eq!(before.wad, (ONE - ONE / 8) / 4, "as it costs now");
    assert_eq!(before.resolver, Address::ZERO, "and yet nobody may veto it who was not named then");
    Ok(())
}

#[tokio::test]
async fn a_kind_that_was_off_is_no_fault_and_one_that_is_off_now_is() -> Result<()> {
    let (world, service) = served().await?;
    let first = announce(&world, &service, [ONE / 2, 0, 0, 0]).await?;
    world.chain.travel_to(first).await?;
    assert_eq!(asked(&world, &service, 1, first - 1).await?.wad, ONE / 8, "on when it happened");
    let off = FaultKindIsOff { kind: 1 };
    world.refuse(&world.cast.challenger, service.disputes, &fault(&world, 1, first), &off).await?;

    world.chain.travel_to(first + 2 * 604_800).await?;
    let second = announce(&world, &service, WADS).await?;
    world.chain.travel_to(second).await?;
    world.refuse(&world.cast.challenger, service.disputes, &fault(&world, 1, second - 1), &off).await?;
    asked(&world, &service, 1, second).await?;
    Ok(())
}

#[tokio::test]
async fn share_recipient_and_resolver_are_those_of_the_fault() -> Result<()> {
    let (world, service) = served().await?;
    let effective_at = announce(&world, &service, WADS).await?;
    world.chain.travel_to(effective_at).await?;
    let bob = world.cast.bob.address;
    let expected =
        [(effective_at - 1, (0, world.cast.fund.address, Address::ZERO)), (effective_at, (ONE / 50, bob, bob))];
    for (time, terms) in expected {
        let request = asked(&world, &service, 0, time).await?;
        assert_eq!((request.challengerShare, request.recipient, request.resolver), terms);
    }
    Ok(())
}

/// What is judged late, because the budget was in open requests, is judged by the same terms: they are not overwritten.
#[tokio::test]
async fn terms_of_a_fault_are_known_as_long_as_it_can_be_judged() -> Result<()> {
    let (world, service) = served().await?;
    let effective_at = announce(&world, &service, [ONE / 2, 0, 0, 0]).await?;
    world.chain.travel_to(effective_at + 2 * 604_800 - 1).await?;
    let call = scheduleTermsCall {
        wads: WADS,
        challengerShare: 0,
        rewardRate: 0,
        profitFromCorruption: 0,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    };
    let pending = TermsPending { allowedAt: effective_at + 2 * 604_800 };
    world.refuse(&world.cast.owner, service.manager, &call, &pending).await?;
    assert_eq!(asked(&world, &service, 1, effective_at - 1).await?.wad, ONE / 8);
    Ok(())
}
