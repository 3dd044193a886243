//! Bonds: taken with a challenge, and whose they are settled with its verdict. Whoever calls is paid at once; everybody
//! else, and who refuses, is credited and withdraws later, so that nobody can block a verdict by refusing ETH.

use crate::words::Emit;
use crate::{access, calls, Outcome};
use alloy_primitives::{Address, Uint, U256};
use interfaces::IDisputeResolution;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageMap, StorageU256, StorageUint};

/// An amount of wei in 96 bits, more than there will ever be.
pub type StorageU96 = StorageUint<96, 2>;

/// A contract that holds bonds.
pub trait Bonds: TopLevelStorage + HostAccess + Sized {
    /// Wei that a challenge must carry.
    fn bond_word(&mut self) -> &mut StorageU96;

    /// Account => wei that it can withdraw.
    fn credits(&mut self) -> &mut StorageMap<Address, StorageU256>;

    /// Sets the bond.
    ///
    /// # Errors
    /// [`IDisputeResolution::BondTooLarge`].
    fn set_bond(&mut self, bond: U256) -> Outcome {
        match *bond.as_limbs() {
            [low, high, 0, 0] if high <= u32::MAX.into() => {
                self.bond_word().set(Uint::from_limbs([low, high]));
                Ok(())
            }
            _ => Err(IDisputeResolution::BondTooLarge { bond }.into()),
        }
    }

    /// Gives `account` the bond of a challenge, as the last thing of its verdict: paying calls the account.
    fn settle_bond(&mut self, account: Address, bond: U256) {
        if account == self.vm().msg_sender() && calls::send_raw(self, account, bond, &[]).is_ok() {
            self.vm().emit(&IDisputeResolution::BondWithdrawn { account, amount: bond, recipient: account });
            return;
        }
        let credits = self.credits();
        // Cannot overflow: the credits are ETH that the contract holds.
        let total = credits.get(account).saturating_add(bond);
        credits.insert(account, total);
    }

    /// Pays what `account` can withdraw to `recipient`. Returns how much (wei).
    ///
    /// # Errors
    /// [`interfaces::IAccess::ZeroAddress`], [`IDisputeResolution::NoBond`],
    /// [`IDisputeResolution::BondTransferFailed`].
    fn withdraw_credit(&mut self, account: Address, recipient: Address) -> Outcome<U256> {
        access::nonzero(recipient)?;
        let amount = self.credits().get(account);
        if amount.is_zero() {
            return Err(IDisputeResolution::NoBond {}.into());
        }
        self.credits().insert(account, U256::ZERO);
        self.vm().emit(&IDisputeResolution::BondWithdrawn { account, amount, recipient });
        calls::send_raw(self, recipient, amount, &[])
            .map_err(|_| IDisputeResolution::BondTransferFailed { recipient })?;
        Ok(amount)
    }
}

/// Reads a bond.
pub fn bond_in(word: &StorageU96) -> U256 {
    let [low, high] = *word.get().as_limbs();
    U256::from_limbs([low, high, 0, 0])
}

/// Checks that the call carries exactly the `bond`, and returns it.
///
/// # Errors
/// [`IDisputeResolution::WrongBond`].
pub fn take(vm: &impl Host, bond: U256) -> Outcome<U256> {
    let sent = vm.msg_value();
    if sent != bond {
        return Err(IDisputeResolution::WrongBond { sent, bond }.into());
    }
    Ok(bond)
}
