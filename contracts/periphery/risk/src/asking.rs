//! Asking the protocol, which is trusted, and contracts of others, which are not.

use crate::storage::Risk;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use arithmetic::grant::Grant;
use arithmetic::limits::SERVICE_STIPEND;
use arithmetic::magnitude::Budgets;
use common::{calls, slashing, Outcome};
use interfaces::IRisk;
use stylus_sdk::prelude::*;

/// What must be left for an answer: a call passes on at most 63 of 64 parts, after its own price of up to 2,600.
const NEEDED: u64 = SERVICE_STIPEND + SERVICE_STIPEND / 63 + 5_000;

impl Risk {
    pub(crate) fn budgets(&self, operator: Address) -> Outcome<Budgets> {
        slashing::budgets(self.vm(), self.slasher.get(), operator)
    }

    pub(crate) fn grant(&self, operator: Address, service: Address) -> Outcome<Grant> {
        slashing::grant(self.vm(), self.slasher.get(), operator, service)
    }

    /// What a contract of others answers within its stipend. `None` if it fails. It is never asked with less, so that
    /// who calls cannot make it fail by the gas of the call.
    #[inline(never)]
    pub(crate) fn ask(&self, whom: Address, selector: [u8; 4], arguments: &[B256]) -> Outcome<Option<Vec<u8>>> {
        if self.vm().evm_gas_left() < NEEDED {
            return Err(IRisk::InsufficientStipend {}.into());
        }
        let calldata = calls::words(selector, arguments);
        Ok(calls::view_within(self.vm(), whom, SERVICE_STIPEND, &calldata).ok())
    }
}
