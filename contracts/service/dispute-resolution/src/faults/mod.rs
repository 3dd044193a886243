//! The kinds of faults that are decided here, a file each with its number in the terms, its evidence and its flow; and
//! what they share.

mod availability;
mod equivocation;

use crate::storage::DisputeResolution;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use common::stored::number;
use common::words::word;
use common::{calls, disputes, Outcome};
use interfaces::IRegistry;
use stylus_sdk::prelude::*;

impl DisputeResolution {
    /// Checks that evidence about a task is good now, and for `reserve` seconds more.
    fn require_in_window(&self, task_time: u64, reserve: u64) -> Outcome {
        disputes::require_in_window(self.vm(), task_time, number(&self.evidence_window).saturating_sub(reserve))
    }

    /// Checks that the operator serves or served.
    fn require_operator(&self, operator: Address) -> Outcome {
        disputes::require_operator(self.vm(), self.registry.get(), operator)
    }

    /// Whether `key` accuses `operator` for a task of `task_time`.
    fn accuses(&self, key: Address, operator: Address, task_time: u64) -> Outcome<bool> {
        disputes::accuses(self.vm(), self.registry.get(), key, operator, task_time)
    }

    /// Freezes the operator for a proven fault. Returns the request's number.
    fn freeze(&mut self, operator: Address, challenger: Address, kind: u8, fault_time: u64) -> Outcome<u64> {
        let service = self.service_manager.get();
        disputes::freeze(self, service, [operator, challenger], kind, fault_time)
    }

    /// The same check as [`Self::accuses`]; if it holds, takes the weight from the operator's signatures as well.
    fn suspend_accused(&mut self, key: Address, operator: Address, task_time: u64) -> Outcome<bool> {
        let arguments = [key.into_word(), operator.into_word(), word(task_time)];
        let registry = self.registry.get();
        let [accuses] = calls::tell_words(self, registry, IRegistry::suspendAccusedCall::SELECTOR, &arguments)?;
        Ok(!accuses.is_zero())
    }

    /// Takes the weight from the signatures of the operator whose fault was proven.
    fn suspend(&mut self, operator: Address) -> Outcome {
        let (registry, function) = (self.registry.get(), IRegistry::suspendOperatorCall::SELECTOR);
        let [] = calls::tell_words(self, registry, function, &[operator.into_word()])?;
        Ok(())
    }
}
