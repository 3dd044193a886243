//! Services as plain accounts: to the Slasher, a service is whoever calls as one.

use alloy::primitives::Address;
use arithmetic::wad::MAX_CHALLENGER_SHARE;
use eyre::{OptionExt, Result};
use interfaces::ISlasher::{self, grantReturn, operatorStatusReturn};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{Attack, World};

/// The call that lets `service` slash the caller up to `max_slash` (wad).
pub(super) fn opt_in(service: &Actor, max_slash: u64) -> ISlasher::optIntoSlashingCall {
    ISlasher::optIntoSlashingCall { serviceManager: service.address, maxSlash: max_slash }
}

/// The call that ends the caller's grant to `service`.
pub(super) fn opt_out(service: &Actor) -> ISlasher::optOutOfSlashingCall {
    ISlasher::optOutOfSlashingCall { serviceManager: service.address }
}

/// The call that returns the commitment of an ended grant.
pub(super) fn release(operator: &Actor, service: &Actor) -> ISlasher::releaseCommitmentCall {
    ISlasher::releaseCommitmentCall { operator: operator.address, serviceManager: service.address }
}

/// The call of a service that asks for `wad` of `operator`'s stake, a tenth of it for the challenger.
pub(super) fn request(world: &World, operator: &Actor, wad: u64) -> ISlasher::freezeOperatorCall {
    ISlasher::freezeOperatorCall {
        operator: operator.address,
        wad,
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

/// The call that raises the caller's budget of `service` to `max_slash` (wad).
pub(super) fn raise(service: &Actor, max_slash: u64) -> ISlasher::raiseBudgetCall {
    ISlasher::raiseBudgetCall { serviceManager: service.address, maxSlash: max_slash }
}

/// What `operator` announced to `service`: the raise (wad) and the end of its notice.
pub(super) async fn pending(world: &World, operator: &Actor, service: &Actor) -> Result<(u64, u64)> {
    let call = ISlasher::pendingGrantCall { operator: operator.address, serviceManager: service.address };
    let pending = world.chain.view(world.suite.slasher, &call).await?;
    Ok((pending.raise, pending.effectiveAt))
}

/// What the open requests of `operator` ask for in all (wad).
pub(super) async fn pending_slash(world: &World, operator: &Actor) -> Result<u64> {
    let call = ISlasher::pendingSlashCall { operator: operator.address };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}

/// `operator` lets `service` slash up to `max_slash` (wad).
pub(super) async fn grant(world: &World, operator: &Actor, service: &Actor, max_slash: u64) -> Result<()> {
    world.act(operator, world.suite.slasher, &opt_in(service, max_slash)).await?;
    Ok(())
}

/// `operator` ends its grant to `service`. Returns the last second (Unix) of it.
pub(super) async fn end_grant(world: &World, operator: &Actor, service: &Actor) -> Result<u64> {
    world.act(operator, world.suite.slasher, &opt_out(service)).await?;
    Ok(grant_of(world, operator, service).await?.canSlashUntil)
}

/// `service` opens a request to slash `operator` by `wad`.
pub(super) async fn freeze(world: &World, service: &Actor, operator: &Actor, wad: u64) -> Result<Attack> {
    let receipt = world.act(service, world.suite.slasher, &request(world, operator, wad)).await?;
    let requested = event::<ISlasher::SlashRequested>(&receipt, world.suite.slasher);
    let requested = requested.ok_or_eyre("no SlashRequested event")?;
    Ok(Attack { request_id: requested.requestId, executable_at: requested.executableAt })
}

/// The grant of `operator` to `service`.
pub(super) async fn grant_of(world: &World, operator: &Actor, service: &Actor) -> Result<grantReturn> {
    let call = ISlasher::grantCall { operator: operator.address, serviceManager: service.address };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}

/// The state of `operator`.
pub(super) async fn status_of(world: &World, operator: &Actor) -> Result<operatorStatusReturn> {
    let call = ISlasher::operatorStatusCall { operator: operator.address };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}

/// What the Slasher keeps of a request.
pub(super) async fn request_of(world: &World, request_id: u64) -> Result<ISlasher::slashRequestReturn> {
    let call = ISlasher::slashRequestCall { requestId: request_id };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}

/// Whether `service` may slash `operator` now.
pub(super) async fn can_slash(world: &World, operator: &Actor, service: &Actor) -> Result<bool> {
    let call = ISlasher::canSlashCall { operator: operator.address, serviceManager: service.address };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}
