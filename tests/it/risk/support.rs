//! Services with claims, what operators let them take, and the contracts that look at it.

use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IRegistry::{
    AdmissionScheduled, OperatorRefused, registerOperatorCall, scheduleAdmissionCall, totalStakeAtCall,
    updateStakesCall,
};
use interfaces::IRisk::{claimOfCall, claimOfReturn, networkUtilisationCall, utilisationOfCall};
use interfaces::ISlasher::{GrantAnnounced, activateGrantCall, freezeOperatorCall, optIntoSlashingCall};
use interfaces::{IRiskAdmission, IServiceManager};
use restake::actors::Actor;
use restake::attestation::Domain;
use restake::chain::event;
use restake::suite::for_services::{self, AdmissionRule};
use restake::suite::{Parameters, Service};
use restake_tests::programs::for_services;
use restake_tests::{Attack, World};

/// One epoch, in seconds.
pub(super) const EPOCH: u64 = 604_800;
/// The notice of a grant, in seconds: 28 days.
pub(super) const GRANT_NOTICE: u64 = 2_419_200;
/// Where no bound holds.
pub(super) const UNBOUNDED: u128 = u128::MAX;
/// A part, as ratios are told.
pub(super) const fn percent(of_one: u128) -> u128 {
    of_one * 10_000_000_000_000_000
}

/// The views of risk for the protocol of a world.
pub(super) async fn views(world: &World) -> Result<Address> {
    for_services::risk(&world.chain, world.cast.owner.address, for_services().await?, world.suite.slasher).await
}

/// A RiskAdmission with this rule for the service of a world.
pub(super) async fn admission(world: &World, rule: AdmissionRule) -> Result<Address> {
    let (owner, service) = (world.cast.owner.address, world.suite.service.service_manager);
    for_services::risk_admission(&world.chain, owner, for_services().await?, service, rule).await
}

/// Another service of the world's protocol, which counts shared stake: `change` changes its
/// parameters.
pub(super) async fn service(world: &World, change: impl FnOnce(&mut Parameters)) -> Result<Service> {
    let mut parameters = Parameters { accepts_shared: true, minimum_stake: 1, ..world.parameters };
    change(&mut parameters);
    Service::deploy(&world.chain, &world.suite, &world.cast.owner, &parameters).await
}

/// `operator` lets `service` take up to `budget` (wad) in a tier, at once or after the notice, for which it waits.
pub(super) async fn grant(
    world: &World,
    operator: &Actor,
    service: Address,
    budget: u64,
    exclusive: bool,
) -> Result<()> {
    let opt_in = optIntoSlashingCall { serviceManager: service, budget, exclusive };
    let receipt = world.act(operator, world.suite.slasher, &opt_in).await?;
    if event::<GrantAnnounced>(&receipt, world.suite.slasher).is_some() {
        world.chain.travel_to(world.chain.now().await? + GRANT_NOTICE).await?;
        let activate = activateGrantCall { operator: operator.address, serviceManager: service };
        world.act(operator, world.suite.slasher, &activate).await?;
    }
    Ok(())
}

/// The call with which `operator` serves another service with its own key.
pub(super) async fn join_call(world: &World, operator: &Actor, service: &Service) -> Result<registerOperatorCall> {
    let domain = Domain::new(world.chain.id().await?, service.service_manager);
    let proof = domain.bind_key(&operator.key, operator.address)?;
    Ok(registerOperatorCall { signingKey: operator.address, r: proof.r, vs: proof.vs })
}

/// `operator` serves another service with its own key.
pub(super) async fn join(world: &World, operator: &Actor, service: &Service) -> Result<()> {
    let call = join_call(world, operator, service).await?;
    world.act(operator, service.registry, &call).await?;
    Ok(())
}

/// Anyone weighs `operator` again. Returns from when it leaves the total, if it was refused.
pub(super) async fn update(world: &World, service: &Service, operator: &Actor) -> Result<Option<u64>> {
    let call = updateStakesCall { operators: vec![operator.address] };
    let receipt = world.act(&world.cast.accuser, service.registry, &call).await?;
    Ok(event::<OperatorRefused>(&receipt, service.registry).map(|refused| refused.effectiveAt))
}

/// All that a service counts now.
pub(super) async fn total(world: &World, service: &Service) -> Result<u128> {
    let time = world.chain.now().await?;
    Ok(world.chain.view(service.registry, &totalStakeAtCall { time }).await?)
}

/// The owner names the admission contract. Returns from when it holds (Unix seconds).
pub(super) async fn name(world: &World, service: &Service, admission: Address) -> Result<u64> {
    let call = scheduleAdmissionCall { admission };
    let receipt = world.act(&world.cast.owner, service.registry, &call).await?;
    Ok(event::<AdmissionScheduled>(&receipt, service.registry).ok_or_eyre("no AdmissionScheduled event")?.effectiveAt)
}

/// The owner claims another profit for a service, and changes nothing else of its terms. Returns from when it holds.
pub(super) async fn claim(world: &World, service: Address, profit: u128) -> Result<u64> {
    let call = claim_call(world, service, profit).await?;
    let receipt = world.act(&world.cast.owner, service, &call).await?;
    let scheduled = event::<IServiceManager::TermsScheduled>(&receipt, service);
    Ok(scheduled.ok_or_eyre("no TermsScheduled event")?.effectiveAt)
}

/// The call that does it.
pub(super) async fn claim_call(
    world: &World,
    service: Address,
    profit: u128,
) -> Result<IServiceManager::scheduleTermsCall> {
    let terms = world.chain.view(service, &IServiceManager::termsCall {}).await?;
    Ok(IServiceManager::scheduleTermsCall {
        wads: terms.wads,
        challengerShare: terms.challengerShare,
        rewardRate: terms.rewardRate,
        profitFromCorruption: profit,
        recipient: terms.recipient,
        resolver: terms.resolver,
    })
}

/// The claim of a service, corrupted by `threshold` (wad).
pub(super) async fn claim_of(world: &World, risk: Address, service: Address, threshold: u64) -> Result<claimOfReturn> {
    Ok(world.chain.view(risk, &claimOfCall { serviceManager: service, threshold }).await?)
}

/// The utilisation of an operator by `services`, corrupted by all of their stake, and how much of its budgets is of
/// others.
pub(super) async fn utilisation(
    world: &World,
    risk: Address,
    operator: &Actor,
    services: &[Address],
) -> Result<(u128, u64)> {
    let call = utilisationOfCall { operator: operator.address, services: sorted(services), threshold: ONE };
    let found = world.chain.view(risk, &call).await?;
    Ok((found.utilisation, found.unlisted))
}

/// The same of a page of the network, and whether it is complete.
pub(super) async fn network(
    world: &World,
    risk: Address,
    operators: &[&Actor],
    services: &[Address],
) -> Result<(u128, bool)> {
    let operators = operators.iter().map(|operator| operator.address).collect();
    let call = networkUtilisationCall { operators, services: sorted(services), threshold: ONE };
    let found = world.chain.view(risk, &call).await?;
    Ok((found.utilisation, found.complete))
}

/// In ascending order.
pub(super) fn sorted(services: &[Address]) -> Vec<Address> {
    let mut services = services.to_vec();
    services.sort_unstable();
    services
}

/// What a RiskAdmission compares with its cap.
pub(super) async fn bound(world: &World, admission: Address, operator: &Actor) -> Result<u128> {
    Ok(world.chain.view(admission, &IRiskAdmission::boundOfCall { operator: operator.address }).await?)
}

/// `service`, an account, asks for `part` (wad) of what is left of its budget.
pub(super) async fn freeze(world: &World, service: &Actor, operator: &Actor, part: u64) -> Result<Attack> {
    let call = freezeOperatorCall {
        operator: operator.address,
        wad: part,
        challenger: world.cast.challenger.address,
        challengerShare: 0,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    };
    let receipt = world.act(service, world.suite.slasher, &call).await?;
    Attack::of(&receipt, world.suite.slasher)
}
