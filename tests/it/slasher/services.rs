//! Services as plain accounts: to the Slasher, a service is whoever calls as one.

use alloy::primitives::{Address, B256};
use arithmetic::wad::MAX_CHALLENGER_SHARE;
use eyre::{Result, eyre};
use interfaces::ILens::{
    commitmentOfCall, grantCall, grantReturn, operatorStatusCall, operatorStatusReturn, pendingGrantCall,
    pendingGrantReturn,
};
use interfaces::ISlasher;
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World};

/// The call that lets `service` slash the caller up to `budget` (wad), in the exclusive tier.
pub(super) fn opt_in(service: &Actor, budget: u64) -> ISlasher::optIntoSlashingCall {
    World::grant_call(service.address, budget)
}

/// The same in the shared tier.
pub(super) fn opt_in_shared(service: &Actor, budget: u64) -> ISlasher::optIntoSlashingCall {
    ISlasher::optIntoSlashingCall { exclusive: false, ..opt_in(service, budget) }
}

/// The call that ends the caller's grant to `service`.
pub(super) fn opt_out(service: &Actor) -> ISlasher::optOutOfSlashingCall {
    ISlasher::optOutOfSlashingCall { serviceManager: service.address }
}

/// The call that takes what is left of an ended grant out of the commitment.
pub(super) fn release(operator: &Actor, service: &Actor) -> ISlasher::releaseCommitmentCall {
    ISlasher::releaseCommitmentCall { operator: operator.address, serviceManager: service.address }
}

/// The call of a service that asks for `part` (wad) of what is left of its budget, a tenth of it for the challenger.
pub(super) fn request(world: &World, operator: &Actor, part: u64) -> ISlasher::freezeOperatorCall {
    ISlasher::freezeOperatorCall {
        operator: operator.address,
        wad: part,
        challenger: world.cast.challenger.address,
        challengerShare: MAX_CHALLENGER_SHARE,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    }
}

/// The call that puts what `operator` announced to `service` into force.
pub(super) fn activate(operator: &Actor, service: &Actor) -> ISlasher::activateGrantCall {
    ISlasher::activateGrantCall { operator: operator.address, serviceManager: service.address }
}

/// The call that clears what `operator` announced to `service` and nobody activated.
pub(super) fn clear(operator: &Actor, service: &Actor) -> ISlasher::clearLapsedGrantCall {
    ISlasher::clearLapsedGrantCall { operator: operator.address, serviceManager: service.address }
}

/// The call that withdraws what the caller announced to `service`.
pub(super) fn cancel(service: &Actor) -> ISlasher::cancelPendingGrantCall {
    ISlasher::cancelPendingGrantCall { serviceManager: service.address }
}

/// The call that raises what is left of the caller's budget of `service` to `budget` (wad).
pub(super) fn raise(service: &Actor, budget: u64) -> ISlasher::raiseBudgetCall {
    ISlasher::raiseBudgetCall { serviceManager: service.address, budget }
}

/// What `operator` announced to `service`: the raise (wad), its tier, the end of its notice, and when it lapses.
pub(super) async fn pending_of(world: &World, operator: &Actor, service: &Actor) -> Result<pendingGrantReturn> {
    let call = pendingGrantCall { operator: operator.address, serviceManager: service.address };
    Ok(world.chain.view(world.suite.lens, &call).await?)
}

/// The raise (wad) that `operator` announced to `service`, and the end of its notice.
pub(super) async fn pending(world: &World, operator: &Actor, service: &Actor) -> Result<(u64, u64)> {
    let pending = pending_of(world, operator, service).await?;
    Ok((pending.raise, pending.effectiveAt))
}

/// The part (wad) of what `operator` has at stake that its open requests take.
pub(super) async fn pending_slash(world: &World, operator: &Actor) -> Result<u64> {
    let call = ISlasher::pendingSlashCall { operator: operator.address };
    Ok(world.chain.view(world.suite.slasher, &call).await?.wad)
}

/// `operator` lets `service` slash up to `budget` (wad), in the exclusive tier.
pub(super) async fn grant(world: &World, operator: &Actor, service: &Actor, budget: u64) -> Result<()> {
    world.act(operator, world.suite.slasher, &opt_in(service, budget)).await?;
    Ok(())
}

/// The same in the shared tier.
pub(super) async fn grant_shared(world: &World, operator: &Actor, service: &Actor, budget: u64) -> Result<()> {
    world.act(operator, world.suite.slasher, &opt_in_shared(service, budget)).await?;
    Ok(())
}

/// `operator` ends its grant to `service`. Returns the last second (Unix) of it.
pub(super) async fn end_grant(world: &World, operator: &Actor, service: &Actor) -> Result<u64> {
    world.act(operator, world.suite.slasher, &opt_out(service)).await?;
    Ok(grant_of(world, operator, service).await?.canSlashUntil)
}

/// `service` opens a request to slash `operator` by `part` (wad) of what is left of its budget.
pub(super) async fn freeze(world: &World, service: &Actor, operator: &Actor, part: u64) -> Result<Attack> {
    ask(world, service, &request(world, operator, part)).await
}

/// The same for a request that `service` can veto itself.
pub(super) async fn freeze_own(world: &World, service: &Actor, operator: &Actor, part: u64) -> Result<Attack> {
    let call = ISlasher::freezeOperatorCall { resolver: service.address, ..request(world, operator, part) };
    ask(world, service, &call).await
}

/// `service` opens a request.
pub(super) async fn ask(world: &World, service: &Actor, call: &ISlasher::freezeOperatorCall) -> Result<Attack> {
    let receipt = world.act(service, world.suite.slasher, call).await?;
    Attack::of(&receipt, world.suite.slasher)
}

/// Executes a request at the present time. Returns what it took of the magnitude, and that before.
pub(super) async fn execute_now(world: &World, attack: &Attack) -> Result<(u64, u64)> {
    let receipt = world.execute_now(attack).await?;
    let executed = event::<ISlasher::SlashExecuted>(&receipt, world.suite.slasher);
    let executed = executed.ok_or_else(|| eyre!("no SlashExecuted event"))?;
    Ok((executed.taken, executed.magnitude))
}

/// The grant of `operator` to `service`.
pub(super) async fn grant_of(world: &World, operator: &Actor, service: &Actor) -> Result<grantReturn> {
    let call = grantCall { operator: operator.address, serviceManager: service.address };
    Ok(world.chain.view(world.suite.lens, &call).await?)
}

/// What is left of the budget (wad) that `operator` granted `service`.
pub(super) async fn budget_of(world: &World, operator: &Actor, service: &Actor) -> Result<u64> {
    Ok(grant_of(world, operator, service).await?.budget)
}

/// The state of `operator`.
pub(super) async fn status_of(world: &World, operator: &Actor) -> Result<operatorStatusReturn> {
    let call = operatorStatusCall { operator: operator.address };
    Ok(world.chain.view(world.suite.lens, &call).await?)
}

/// The commitment of `operator` (wad), and the magnitude that it is a part of.
pub(super) async fn commitment_of(world: &World, operator: &Actor) -> Result<(u64, u64)> {
    let call = commitmentOfCall { operator: operator.address };
    let commitment = world.chain.view(world.suite.lens, &call).await?;
    Ok((commitment.commitment, commitment.magnitude))
}

/// What was opened under a number.
pub(super) async fn request_of(world: &World, request_id: u64) -> Result<ISlasher::SlashRequest> {
    Ok(world.attack(request_id).await?.request)
}

/// What the Slasher keeps of a request: what it hashes to while it is open, and nothing afterwards.
pub(super) async fn kept(world: &World, request_id: u64) -> Result<B256> {
    let call = ISlasher::requestHashCall { requestId: request_id };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}

/// What `service` can count of the stake of `operator`: guaranteed, shared, magnitude, and its open requests.
pub(super) async fn guarantee_of(world: &World, operator: &Actor, service: &Actor) -> Result<(u64, u64, u64, u64)> {
    let call = ISlasher::guaranteeOfCall { operator: operator.address, serviceManager: service.address };
    let counted = world.chain.view(world.suite.slasher, &call).await?;
    Ok((counted.guaranteed, counted.shared, counted.magnitude, counted.pending))
}

/// Whether `service` may slash `operator` now.
pub(super) async fn can_slash(world: &World, operator: &Actor, service: &Actor) -> Result<bool> {
    let call = ISlasher::canSlashCall { operator: operator.address, serviceManager: service.address };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}
