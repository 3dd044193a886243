//! The receipt itself: issued, moved and burned.

use crate::{Answer, Mistake, Protocol, revert};
use alloy_primitives::{Address, U256};
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::receipt;
use interfaces::IERC20::{ERC20InsufficientBalance, ERC20InvalidReceiver, Transfer};
use interfaces::ILiquidRestakingToken::{
    AmountTooLarge, Depleted, Deposit, RedeemRequest, SharesBelowMinimum, ZeroAmount,
};

impl Protocol {
    /// Anyone: puts tokens behind new receipts. Returns these.
    pub fn deposit(&mut self, caller: Address, amount: u128, recipient: Address, min_shares: u128) -> Answer<u128> {
        if amount > MAX_AMOUNT {
            return revert(AmountTooLarge {});
        }
        let (supply, assets) = (self.receipts.supply(), self.receipt_assets());
        let assets = match self.mistake {
            Mistake::ReceiptsPriceFreezes => assets - self.receipt_assets_at_risk(),
            _ => assets,
        };
        self.receipts.idle += amount;
        self.pull_into(self.setup.receipt.token, caller, self.setup.receipt.vault, amount)?;
        let Some(shares) = receipt::minted(amount, assets, supply) else { return revert(Depleted {}) };
        if shares == 0 {
            return revert(ZeroAmount {});
        }
        if shares < min_shares {
            return revert(SharesBelowMinimum { shares, minimum: min_shares });
        }
        if supply.checked_add(shares).is_none() {
            return revert(AmountTooLarge {});
        }
        if recipient.is_zero() {
            return revert(ERC20InvalidReceiver { receiver: recipient });
        }
        *self.receipts.balances.entry(recipient).or_default() += shares;
        let (receipt, value) = (self.setup.receipt.receipt, U256::from(shares));
        self.log(receipt, Transfer { from: Address::ZERO, to: recipient, value });
        self.log(receipt, Deposit { sender: caller, owner: recipient, assets: U256::from(amount), shares: value });
        Ok(shares)
    }

    /// Anyone: the same, and has idle tokens staked at once where somebody takes them. Returns the receipts.
    pub fn deposit_and_stake(
        &mut self,
        caller: Address,
        amount: u128,
        recipient: Address,
        min_shares: u128,
    ) -> Answer<u128> {
        let shares = self.deposit(caller, amount, recipient, min_shares)?;
        // Refused, it stays idle.
        let _ = self.stake_idle_with_one();
        Ok(shares)
    }

    /// Holder: burns receipts for their part of everything. Returns the number of the redemption.
    pub fn request_redemption(&mut self, caller: Address, shares: u128, min_assets: u128) -> Answer<u64> {
        if shares == 0 {
            return revert(ZeroAmount {});
        }
        let (receipt, supply) = (self.setup.receipt.receipt, self.receipts.supply());
        self.take_receipts(caller, shares)?;
        self.log(receipt, Transfer { from: caller, to: Address::ZERO, value: U256::from(shares) });
        let id = self.open_redemption(caller, shares, supply, min_assets)?;
        let event = RedeemRequest {
            controller: caller,
            owner: caller,
            requestId: U256::from(id),
            sender: caller,
            shares: U256::from(shares),
        };
        self.log(receipt, event);
        Ok(id)
    }

    /// Holder: gives receipts to somebody.
    pub fn transfer_receipts(&mut self, caller: Address, to: Address, shares: u128) -> Answer {
        if to.is_zero() {
            return revert(ERC20InvalidReceiver { receiver: to });
        }
        self.take_receipts(caller, shares)?;
        *self.receipts.balances.entry(to).or_default() += shares;
        self.log(self.setup.receipt.receipt, Transfer { from: caller, to, value: U256::from(shares) });
        Ok(())
    }

    fn take_receipts(&mut self, owner: Address, shares: u128) -> Answer {
        let balance = self.receipts.held(owner);
        let Some(rest) = balance.checked_sub(shares) else {
            let (balance, needed) = (U256::from(balance), U256::from(shares));
            return revert(ERC20InsufficientBalance { sender: owner, balance, needed });
        };
        self.receipts.balances.insert(owner, rest);
        Ok(())
    }
}
