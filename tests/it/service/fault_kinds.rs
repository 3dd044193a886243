//! What each kind of fault asks for, and at which time's terms. A contract that passes every call on stands in for the DisputeResolution, so that faults can be named at will.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, hex};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolValue;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IServiceManager::{TermsScheduled, UnknownFaultKind, freezeOperatorCall, scheduleTermsCall};
use interfaces::ISlasher::{SlashRequested, optIntoSlashingCall};
use restake::chain::event;
use restake::suite::construction;
use restake_tests::World;

/// A service whose DisputeResolution anyone can speak for.
struct Service {
    manager: Address,
    disputes: Address,
}

/// Half for an equivocation, an eighth for an answer that was not available.
const TERMS: (u64, u64) = (ONE / 2, ONE / 8);

/// The honest operator lets such a service slash everything.
async fn served() -> Result<(World, Service)> {
    let world = World::new().await?;
    let (owner, operator) = (&world.cast.owner, &world.cast.honest);
    let manager = world.copy_of(world.suite.service.service_manager).await?;
    let disputes = passing_on_to(&world, manager).await?;
    let (registry, fund) = (world.suite.service.registry, world.cast.fund.address);
    let (equivocation_wad, availability_wad) = TERMS;
    let arguments = (
        owner.address,
        world.suite.slasher,
        registry,
        disputes,
        equivocation_wad,
        availability_wad,
        0u64,
        0u64,
        fund,
        Address::ZERO,
    );
    world.chain.transact(construction(owner.address, manager, &arguments.abi_encode_params())).await?;
    world.act(operator, world.suite.slasher, &optIntoSlashingCall { serviceManager: manager, maxSlash: ONE }).await?;
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

/// What the Slasher is asked for when the fault is proven (wad).
async fn asked(world: &World, service: &Service, kind: u8, fault_time: u64) -> Result<u64> {
    let call = fault(world, kind, fault_time);
    let receipt = world.act(&world.cast.challenger, service.disputes, &call).await?;
    let requested = event::<SlashRequested>(&receipt, world.suite.slasher).ok_or_eyre("no SlashRequested event")?;
    assert_eq!(requested.serviceManager, service.manager);
    Ok(requested.wad)
}

#[tokio::test]
async fn each_kind_of_fault_asks_for_its_own_part() -> Result<()> {
    let (world, service) = served().await?;
    let now = world.chain.now().await?;
    assert_eq!(asked(&world, &service, 0, now).await?, ONE / 2);
    assert_eq!(asked(&world, &service, 1, now).await?, ONE / 8);
    assert!(world.is_frozen(world.honest()).await?);
    Ok(())
}

#[tokio::test]
async fn a_fault_of_no_known_kind_freezes_nobody() -> Result<()> {
    let (world, service) = served().await?;
    let now = world.chain.now().await?;
    for kind in [2, u8::MAX] {
        let unknown = UnknownFaultKind { kind };
        world.refuse(&world.cast.challenger, service.disputes, &fault(&world, kind, now), &unknown).await?;
    }
    Ok(())
}

#[tokio::test]
async fn each_kind_of_fault_is_judged_by_the_terms_of_its_time() -> Result<()> {
    let (world, service) = served().await?;
    let effective_at = schedule(&world, &service).await?;
    world.chain.travel_to(effective_at).await?;
    assert_eq!(asked(&world, &service, 1, effective_at - 1).await?, ONE / 8, "the last second of the old terms");
    assert_eq!(asked(&world, &service, 1, effective_at).await?, ONE / 4, "the first second of the new ones");
    assert_eq!(asked(&world, &service, 0, effective_at - 1).await?, ONE / 2);
    Ok(())
}

#[tokio::test]
async fn a_fault_of_a_time_to_come_is_not_judged_by_terms_that_are_only_announced() -> Result<()> {
    let (world, service) = served().await?;
    let effective_at = schedule(&world, &service).await?;
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(asked(&world, &service, 1, effective_at).await?, ONE / 8);
    assert_eq!(asked(&world, &service, 1, u64::MAX).await?, ONE / 8);
    world.chain.travel_to(effective_at).await?;
    assert_eq!(asked(&world, &service, 1, u64::MAX).await?, ONE / 4);
    Ok(())
}

/// The owner announces a quarter for every fault. Returns from when it holds.
async fn schedule(world: &World, service: &Service) -> Result<u64> {
    let call = scheduleTermsCall {
        equivocationWad: ONE / 4,
        availabilityWad: ONE / 4,
        challengerShare: 0,
        rewardRate: 0,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    };
    let receipt = world.act(&world.cast.owner, service.manager, &call).await?;
    Ok(event::<TermsScheduled>(&receipt, service.manager).ok_or_eyre("no TermsScheduled event")?.effectiveAt)
}
