//! What contracts share that decide about faults of a service's operators.

use crate::calls::{ask_words, tell_words};
use crate::revert::{Outcome, Revert};
use crate::signature;
use crate::words::{number, word};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use interfaces::{IDisputeResolution, IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

/// Checks that evidence about a task is good now: not before the task, and until `window` seconds after it, the end
/// included. Whoever plays a game that must end inside the evidence window leaves out the time which that may take.
///
/// # Errors
/// [`IDisputeResolution::EvidenceFromFuture`], [`IDisputeResolution::EvidenceExpired`].
pub fn require_in_window(vm: &impl Host, task_time: u64, window: u64) -> Outcome {
    let now = vm.block_timestamp();
    if task_time > now {
        return Err(IDisputeResolution::EvidenceFromFuture { taskTime: task_time }.into());
    }
    let deadline = task_time.saturating_add(window);
    if now > deadline {
        return Err(IDisputeResolution::EvidenceExpired { deadline }.into());
    }
    Ok(())
}

/// Checks that the service punished `kind` at the time of the task; that does not change any more, so what is opened
/// about it can be ended.
///
/// # Errors
/// [`IDisputeResolution::FaultKindIsOff`].
pub fn require_punished(vm: &impl Host, service_manager: Address, kind: u8, task_time: u64) -> Outcome {
    // Nine words, of which the wads are the first.
    let terms: [B256; 9] = ask_words(vm, service_manager, IServiceManager::termsAtCall::SELECTOR, &[word(task_time)])?;
    if terms.get(usize::from(kind)).is_none_or(|wad| wad.is_zero()) {
        return Err(IDisputeResolution::FaultKindIsOff { kind }.into());
    }
    Ok(())
}

/// The key that signed `hash`, if one did.
///
/// # Errors
/// As [`signature::signer`].
pub fn signer(vm: &impl Host, hash: B256, r: B256, vs: B256) -> Outcome<Option<Address>> {
    let signer = signature::signer(vm, hash, r, vs)?;
    Ok((!signer.is_zero()).then_some(signer))
}

/// Whether `key` accuses `operator` for a task of `task_time`: it was the operator's then, the second included in which
/// it was replaced.
///
/// # Errors
/// Those of the Registry.
pub fn accuses(vm: &impl Host, registry: Address, key: Address, operator: Address, task_time: u64) -> Outcome<bool> {
    let [owner, from, until] = ask_words(vm, registry, IRegistry::keyOfCall::SELECTOR, &[key.into_word()])?;
    let task_time = word(task_time);
    Ok(from <= task_time && task_time <= until && owner == operator.into_word() && !operator.is_zero())
}

/// Checks that the operator serves or served: nobody else has a bond to win.
///
/// # Errors
/// [`IDisputeResolution::OperatorNotRegistered`].
pub fn require_operator(vm: &impl Host, registry: Address, operator: Address) -> Outcome {
    let [key] = ask_words(vm, registry, IRegistry::signingKeyOfCall::SELECTOR, &[operator.into_word()])?;
    if key.is_zero() {
        return Err(IDisputeResolution::OperatorNotRegistered { operator }.into());
    }
    Ok(())
}

/// Freezes the operator for a proven fault. Returns the request's number.
///
/// # Errors
/// Every failure is passed on as it is: one for want of gas carries no data, so it is never taken for a reason to let
/// the operator off.
pub fn freeze(
    contract: &mut (impl TopLevelStorage + HostAccess),
    service_manager: Address,
    [operator, challenger]: [Address; 2],
    kind: u8,
    fault_time: u64,
) -> Outcome<u64> {
    let arguments = [operator.into_word(), challenger.into_word(), word(kind.into()), word(fault_time)];
    let function = IServiceManager::freezeOperatorCall::SELECTOR;
    let [request_id] = tell_words(contract, service_manager, function, &arguments)?;
    number(request_id).ok_or_else(|| Revert::passed_on(Vec::new()))
}
