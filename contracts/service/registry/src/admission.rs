//! The contract of the service's choice that decides who signs.
//!
//! Its answer must be its own: nobody who calls may turn it into a failure. So it gets a fixed stipend or is not
//! called, and a failure is believed only where this contract is the first of its transaction. Programs pay for memory
//! by what all callers together hold, so a caller that holds much can make any stipend too small.
//!
//! It cannot ask this contract back, because re-entry is denied.

use crate::storage::Registry;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use arithmetic::limits::ADMISSION_STIPEND;
use common::{calls, Outcome};
use interfaces::{IAdmission, IRegistry};
use stylus_sdk::prelude::*;

/// What must be left for it: a call passes on at most 63 of 64 parts, after its own price of up to 2,600.
const NEEDED: u64 = ADMISSION_STIPEND + ADMISSION_STIPEND / 63 + 5_000;

impl Registry {
    /// Whether the operator may sign: anybody may where there is no admission contract.
    pub(crate) fn is_admitted(&self, operator: Address) -> Outcome<bool> {
        let admission = self.admission.at(self.vm().block_timestamp());
        if admission.is_zero() {
            return Ok(true);
        }
        if self.vm().evm_gas_left() < NEEDED {
            return Err(IRegistry::InsufficientStipend {}.into());
        }
        let calldata = calls::question(IAdmission::isAdmittedCall::SELECTOR, &[operator]);
        let answer = calls::view_within(self.vm(), admission, ADMISSION_STIPEND, &calldata).unwrap_or_default();
        let says = |answer_is: u8| answer == B256::with_last_byte(answer_is).as_slice();
        // Neither yes nor no: a failure.
        if !says(1) && !says(0) && !self.is_first() {
            return Err(IRegistry::InsufficientStipend {}.into());
        }
        Ok(says(1))
    }

    /// Whether no other contract runs: an account without code began the transaction with this call.
    fn is_first(&self) -> bool {
        let caller = self.vm().msg_sender();
        caller == self.vm().tx_origin() && self.vm().code_size(caller) == 0
    }
}
