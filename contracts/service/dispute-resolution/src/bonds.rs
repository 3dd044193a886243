//! Bonds: taken with a challenge, credited with its verdict, pulled by the account that they belong to, so that nobody
//! can block a verdict by refusing ETH.

use crate::storage::DisputeResolution;
use alloy_primitives::{Address, U256};
use common::{access, calls, Outcome};
use interfaces::IDisputeResolution;
use stylus_sdk::prelude::*;

impl DisputeResolution {
    /// Checks that the call carries exactly the bond, and returns it.
    pub(crate) fn take_bond(&self) -> Outcome<U256> {
        let (sent, bond) = (self.vm().msg_value(), self.bond.get());
        if sent != bond {
            return Err(IDisputeResolution::WrongBond { sent, bond }.into());
        }
        Ok(bond)
    }

    /// Cannot overflow: the credits are ETH that the contract holds.
    pub(crate) fn credit_bond(&mut self, account: Address, bond: U256) {
        let total = self.bonds.get(account).saturating_add(bond);
        self.bonds.insert(account, total);
    }

    pub(crate) fn _withdraw_bond(&mut self, account: Address, recipient: Address) -> Outcome<U256> {
        access::nonzero(recipient)?;
        let amount = self.bonds.get(account);
        if amount.is_zero() {
            return Err(IDisputeResolution::NoBond {}.into());
        }
        self.bonds.insert(account, U256::ZERO);
        self.vm().log(IDisputeResolution::BondWithdrawn { account, amount, recipient });
        calls::send_raw(self, recipient, amount, &[])
            .map_err(|_| IDisputeResolution::BondTransferFailed { recipient })?;
        Ok(amount)
    }
}
