//! What receipts are worth, and issuing and burning them for that.

use crate::storage::LiquidRestakingToken;
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::receipt;
use common::stored::narrow;
use common::words::Words;
use common::{calls, Emit, Outcome, Revert};
use interfaces::{ILiquidRestakingToken, IRedemptionDesk, IRestakingVault, IRestakingWeights};
use stylus_sdk::prelude::*;

impl LiquidRestakingToken {
    pub(crate) fn _deposit(&mut self, amount: u128, recipient: Address, min_shares: u128) -> Outcome<u128> {
        if amount > MAX_AMOUNT {
            return Err(too_large());
        }
        let (sender, supply) = (self.vm().msg_sender(), self.supply()?);
        // The vault asks the ledger what everything is worth before it takes the tokens, so that this is asked once.
        // Meanwhile a token that calls back finds the receipt closed.
        let assets = self.tell(self.vault.get(), &IRestakingVault::takeCall { account: sender, amount })?;
        let minted = receipt::minted(amount, assets, supply);
        let shares = positive(minted.ok_or(ILiquidRestakingToken::Depleted {})?)?;
        if shares < min_shares {
            return Err(ILiquidRestakingToken::SharesBelowMinimum { shares, minimum: min_shares }.into());
        }
        supply.checked_add(shares).ok_or_else(too_large)?;
        let (assets, shares_issued) = (U256::from(amount), U256::from(shares));
        self.erc20.mint(recipient, shares_issued)?;
        self.vm().emit(&ILiquidRestakingToken::Deposit { sender, owner: recipient, assets, shares: shares_issued });
        Ok(shares)
    }

    pub(crate) fn _deposit_and_stake(&mut self, amount: u128, recipient: Address, min_shares: u128) -> Outcome<u128> {
        let shares = self._deposit(amount, recipient, min_shares)?;
        match self.tell(self.weights.get(), &IRestakingWeights::stakeIdleWithOneCall {}) {
            // Nobody takes it now: it stays idle. Without a reason the call may have run out of gas.
            Err(refusal) if !refusal.has_reason() => Err(refusal),
            _ => Ok(shares),
        }
    }

    pub(crate) fn _request_redemption(&mut self, shares: u128, min_assets: u128) -> Outcome<u64> {
        let (account, supply, burned) = (self.vm().msg_sender(), self.supply()?, U256::from(positive(shares)?));
        self.erc20.burn(account, burned)?;
        let request = IRedemptionDesk::openCall { account, shares, supply, minAssets: min_assets };
        let id = self.tell(self.desk.get(), &request)?.id;
        self.vm().emit(&ILiquidRestakingToken::RedeemRequest {
            controller: account,
            owner: account,
            requestId: U256::from(id),
            sender: account,
            shares: burned,
        });
        Ok(id)
    }

    pub(crate) fn _max_deposit(&self) -> Outcome<U256> {
        // One base unit brings receipts unless they are depleted.
        let most = receipt::minted(1, self.assets()?, self.supply()?).map_or(0, |_| MAX_AMOUNT);
        Ok(U256::from(most))
    }

    /// All assets of the holders, without pending slashes.
    pub(crate) fn assets(&self) -> Outcome<u128> {
        Ok(calls::view(self.vm(), self.vault.get(), &IRestakingVault::totalAssetsCall {})?.assets)
    }

    /// The same if all pending slashes are executed.
    pub(crate) fn assets_after_slashes(&self) -> Outcome<u128> {
        let value = calls::view(self.vm(), self.vault.get(), &IRestakingVault::assetsAtRiskCall {})?;
        Ok(value.assets.saturating_sub(value.pendingSlashes))
    }

    pub(crate) fn rate_of(&self, assets: u128) -> Outcome<u128> {
        receipt::rate(assets, self.supply()?).ok_or_else(too_large)
    }

    pub(crate) fn shares_for(&self, assets: U256) -> Outcome<U256> {
        let amount = narrow(assets).ok_or_else(too_large)?;
        let minted = receipt::minted(amount, self.assets()?, self.supply()?);
        minted.map(U256::from).ok_or(ILiquidRestakingToken::Depleted {}.into())
    }

    pub(crate) fn worth_of(&self, shares: U256, assets: u128) -> Outcome<U256> {
        let shares = narrow(shares).ok_or_else(too_large)?;
        receipt::worth(shares, assets, self.supply()?).map(U256::from).ok_or_else(too_large)
    }

    fn supply(&self) -> Outcome<u128> {
        narrow(self.erc20.total_supply()).ok_or_else(too_large)
    }

    pub(crate) fn tell<C: SolCall>(&mut self, contract: Address, request: &C) -> Outcome<C::Return>
    where
        for<'a> C::Token<'a>: Words,
    {
        calls::send(self, contract, request)
    }
}

fn positive(amount: u128) -> Outcome<u128> {
    if amount == 0 {
        return Err(ILiquidRestakingToken::ZeroAmount {}.into());
    }
    Ok(amount)
}

fn too_large() -> Revert {
    ILiquidRestakingToken::AmountTooLarge {}.into()
}
