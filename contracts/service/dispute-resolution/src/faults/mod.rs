//! The kinds of faults, a file each with its number in the terms, its evidence and its flow; and what they share.

mod availability;
mod equivocation;

use crate::storage::DisputeResolution;
use crate::words::{number as number_in, word};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use common::stored::number;
use common::{signature, Outcome, Revert};
use interfaces::{IDisputeResolution, IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

impl DisputeResolution {
    /// Checks that evidence about a task is good now: not before the task, and until `reserve` seconds before the end
    /// of the evidence window, the end included.
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
        let [key] = self.ask(self.registry.get(), IRegistry::signingKeyOfCall::SELECTOR, &[operator.into_word()])?;
        if key.is_zero() {
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
        let [owner, from, until] = self.ask(self.registry.get(), IRegistry::keyOfCall::SELECTOR, &[key.into_word()])?;
        let task_time = word(task_time);
        Ok(from <= task_time && task_time <= until && owner == operator.into_word() && !operator.is_zero())
    }

    /// Freezes the operator for a proven fault. Returns the request's number. Every failure is passed on as it is: one
    /// for want of gas carries no data, so it is never taken for a reason to let the operator off.
    fn freeze(&mut self, operator: Address, challenger: Address, kind: u8, fault_time: u64) -> Outcome<u64> {
        let service = self.service_manager.get();
        let arguments = [operator.into_word(), challenger.into_word(), word(kind.into()), word(fault_time)];
        let [request_id] = self.tell(service, IServiceManager::freezeOperatorCall::SELECTOR, &arguments)?;
        number_in(request_id).ok_or_else(|| Revert::passed_on(Vec::new()))
    }

    /// The same check as [`Self::accuses`]; if it holds, takes the weight from the operator's signatures as well.
    fn suspend_accused(&mut self, key: Address, operator: Address, task_time: u64) -> Outcome<bool> {
        let arguments = [key.into_word(), operator.into_word(), word(task_time)];
        let [accuses] = self.tell(self.registry.get(), IRegistry::suspendAccusedCall::SELECTOR, &arguments)?;
        Ok(!accuses.is_zero())
    }

    /// Takes the weight from the signatures of the operator whose fault was proven.
    fn suspend(&mut self, operator: Address) -> Outcome {
        let registry = self.registry.get();
        let [] = self.tell(registry, IRegistry::suspendOperatorCall::SELECTOR, &[operator.into_word()])?;
        Ok(())
    }
}
