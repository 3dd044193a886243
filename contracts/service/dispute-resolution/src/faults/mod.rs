//! The kinds of faults, a file each with its number in the terms, its evidence and its flow; and what they share.

mod availability;
mod equivocation;

use crate::storage::DisputeResolution;
use alloy_primitives::{Address, B256};
use common::stored::number;
use common::{calls, signature, Outcome};
use interfaces::{IDisputeResolution, IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

impl DisputeResolution {
    /// Checks that evidence about a task is good now: not before the task, and until `reserve` seconds before the end of
    /// the evidence window, the end included.
    fn require_in_window(&self, task_time: u64, reserve: u64) -> Outcome {
        let now = self.vm().block_timestamp();
        if task_time > now {
            return Err(IDisputeResolution::EvidenceFromFuture { taskTime: task_time }.into());
        }
        let window = number(&self.evidence_window).saturating_sub(reserve);
        let deadline = task_time.saturating_add(window);
        if now > deadline {
            return Err(IDisputeResolution::EvidenceExpired { deadline }.into());
        }
        Ok(())
    }

    /// Checks that the operator serves or served: nobody else has a bond to win.
    fn require_operator(&self, operator: Address) -> Outcome {
        let request = IRegistry::signingKeyOfCall { operator };
        if calls::view(self.vm(), self.registry.get(), &request)?.is_zero() {
            return Err(IDisputeResolution::OperatorNotRegistered { operator }.into());
        }
        Ok(())
    }

    /// The key that signed `hash`, if one did.
    fn signer(&self, hash: B256, r: B256, vs: B256) -> Outcome<Option<Address>> {
        let signer = signature::signer(self.vm(), hash, r, vs)?;
        Ok((!signer.is_zero()).then_some(signer))
    }

    /// Whether `key` accuses `operator` for a task of `task_time`: it was the operator's then, the second included in
    /// which it was replaced.
    fn accuses(&self, key: Address, operator: Address, task_time: u64) -> Outcome<bool> {
        let owner = calls::view(self.vm(), self.registry.get(), &IRegistry::keyOfCall { signingKey: key })?;
        let in_time = owner.from <= task_time && task_time <= owner.until;
        Ok(in_time && owner.operator == operator && !operator.is_zero())
    }

    /// Freezes the operator for a proven fault. Returns the request's number. What is refused, is refused here; for want
    /// of gas without data, which must not let an operator off.
    fn freeze(&mut self, operator: Address, challenger: Address, kind: u8, fault_time: u64) -> Outcome<u64> {
        let service = self.service_manager.get();
        let request = IServiceManager::freezeOperatorCall { operator, challenger, kind, faultTime: fault_time };
        calls::send(self, service, &request)
    }

    /// Takes the weight from the signatures of the operator whose fault was proven.
    fn suspend(&mut self, operator: Address) -> Outcome {
        let registry = self.registry.get();
        calls::send(self, registry, &IRegistry::suspendOperatorCall { operator })?;
        Ok(())
    }
}
