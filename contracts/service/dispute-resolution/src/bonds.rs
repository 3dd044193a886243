//! Bonds: taken with a challenge, and whose they are settled with its verdict. Whoever calls is paid at once; everybody
//! else, and who refuses, is credited and withdraws later, so that nobody can block a verdict by refusing ETH.

use crate::storage::DisputeResolution;
use alloy_primitives::{Address, Uint, U256};
use common::{access, calls, Emit, Outcome};
use interfaces::IDisputeResolution;
use stylus_sdk::prelude::*;

impl DisputeResolution {
    /// Sets the bond.
    pub(crate) fn set_bond(&mut self, bond: U256) -> Outcome {
        match *bond.as_limbs() {
            [low, high, 0, 0] if high <= u32::MAX.into() => {
                self.bond.set(Uint::from_limbs([low, high]));
                Ok(())
            }
            _ => Err(IDisputeResolution::BondTooLarge { bond }.into()),
        }
    }

    /// The bond.
    pub(crate) fn _bond(&self) -> U256 {
        let [low, high] = *self.bond.get().as_limbs();
        U256::from_limbs([low, high, 0, 0])
    }

    /// Checks that the call carries exactly the bond, and returns it.
    pub(crate) fn take_bond(&self) -> Outcome<U256> {
        let (sent, bond) = (self.vm().msg_value(), self._bond());
        if sent != bond {
            return Err(IDisputeResolution::WrongBond { sent, bond }.into());
        }
        Ok(bond)
    }

    /// Gives `account` the bond of a challenge, as the last thing of its verdict: paying calls the account.
    pub(crate) fn settle_bond(&mut self, account: Address, bond: U256) {
        if account == self.vm().msg_sender() && calls::send_raw(self, account, bond, &[]).is_ok() {
            self.vm().emit(&IDisputeResolution::BondWithdrawn { account, amount: bond, recipient: account });
            return;
        }
        // Cannot overflow: the credits are ETH that the contract holds.
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
        self.vm().emit(&IDisputeResolution::BondWithdrawn { account, amount, recipient });
        calls::send_raw(self, recipient, amount, &[])
            .map_err(|_| IDisputeResolution::BondTransferFailed { recipient })?;
        Ok(amount)
    }
}
