//! Redemptions: receipts wait with the contract until they are paid, in the order of the requests.
//!
//! The order needs no list. A redemption stands at the sum of all amounts requested before it; what was claimed and
//! what is idle together reach a point in that sum, and whatever ends before it can be paid, in any order, because what
//! is set aside for the others stays. Slashes can make the sum larger than what there is to pay: then everyone is paid
//! as soon as what all waiting receipts are worth has come in.

use crate::storage::LiquidRestakingToken;
use crate::{positive, too_large};
use alloy_primitives::{Address, U256, U64};
use arithmetic::{epoch, receipt};
use common::stored::{large, number, set_large, set_number};
use common::{access, Outcome};
use interfaces::{ILiquidRestakingToken, IRestakingVault};
use stylus_sdk::prelude::*;

impl LiquidRestakingToken {
    pub(crate) fn request(&mut self, account: Address, shares: u128) -> Outcome<u64> {
        let this = self.vm().contract_address();
        self.erc20.transfer(account, this, U256::from(shares))?;
        let value = self.value()?;
        // Rounded down, and with everything that may still be slashed taken off (against who leaves).
        let worth = receipt::worth(shares, value.after_slashes, self.supply()?).ok_or_else(too_large)?;
        let amount = positive(worth)?;
        let claimable_at = epoch::start(epoch::release_of(self.vm().block_timestamp()));
        let position = large(&self.requested);
        let requested = position.checked_add(amount).ok_or_else(too_large)?;
        let locked = large(&self.locked).checked_add(shares).ok_or_else(too_large)?;
        set_large(&mut self.requested, requested);
        set_large(&mut self.locked, locked);
        let id = number(&self.redemption_count);
        set_number(&mut self.redemption_count, id.saturating_add(1));

        let mut stored = self.redemptions.setter(U64::from(id));
        stored.account.set(account);
        set_number(&mut stored.claimable_at, claimable_at);
        set_large(&mut stored.shares, shares);
        set_large(&mut stored.amount, amount);
        set_large(&mut stored.position, position);
        self.vm().log(ILiquidRestakingToken::RedemptionRequested {
            id,
            account,
            shares,
            amount,
            claimableAt: claimable_at,
        });
        let kept = self.kept(&value)?;
        self.tell(&IRestakingVault::unstakeCall { kept })?;
        Ok(id)
    }

    pub(crate) fn claim(&mut self, id: u64) -> Outcome<u128> {
        let (account, claimable_at, shares, amount, position) = self.redemption(id);
        if account.is_zero() {
            return Err(ILiquidRestakingToken::NoRedemption { id }.into());
        }
        access::only(self.vm(), account)?;
        if self.vm().block_timestamp() < claimable_at {
            return Err(ILiquidRestakingToken::RedemptionNotReady { claimableAt: claimable_at }.into());
        }
        let value = self.value()?;
        let worth = receipt::worth(shares, value.after_slashes, self.supply()?).ok_or_else(too_large)?;
        let paid = positive(amount.min(worth))?;
        let (idle, claimed) = (value.idle, large(&self.claimed));
        let reached = claimed.saturating_add(idle) >= position.saturating_add(paid);
        let all_covered = idle >= self.kept(&value)?;
        if idle < paid || !(reached || all_covered) {
            return Err(ILiquidRestakingToken::RedemptionNotFunded { idle }.into());
        }

        let mut stored = self.redemptions.setter(U64::from(id));
        stored.account.set(Address::ZERO);
        set_number(&mut stored.claimable_at, 0);
        set_large(&mut stored.shares, 0);
        set_large(&mut stored.amount, 0);
        set_large(&mut stored.position, 0);
        set_large(&mut self.claimed, claimed.checked_add(amount).ok_or_else(too_large)?);
        let locked = large(&self.locked).checked_sub(shares).ok_or_else(too_large)?;
        set_large(&mut self.locked, locked);
        let this = self.vm().contract_address();
        self.erc20.burn(this, U256::from(shares))?;
        self.vm().log(ILiquidRestakingToken::RedemptionClaimed { id, account, amount: paid });
        self.tell(&IRestakingVault::payCall { account, amount: paid })?;
        Ok(paid)
    }
}
