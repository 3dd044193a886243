//! LiquidRestakingToken: a receipt for restaked tokens. See [`interfaces::ILiquidRestakingToken`],
//! [`interfaces::IERC20`] and [`interfaces::IERC20Permit`].
//!
//! Invariants: receipts that wait to be redeemed count in the supply until they are paid, so those who leave and those
//! who stay bear the same slashes; no redemption is paid more than its receipts are worth.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod redemptions;
mod storage;

pub use storage::LiquidRestakingToken;

use alloc::string::String;
use alloy_primitives::{Address, B256, U256, U64};
use alloy_sol_types::SolCall;
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::receipt;
use common::erc20::SignedPermit;
use common::stored::{large, narrow, number};
use common::{access, calls, Outcome, Revert};
use interfaces::{ILiquidRestakingToken, IRestakingVault};
use stylus_sdk::prelude::*;

/// The token's name, also in the domain of permits.
const NAME: &str = "Liquid Restaked Ether";

#[public]
impl LiquidRestakingToken {
    /// Sets the vault, for good.
    #[constructor]
    pub fn constructor(&mut self, vault: Address) -> Outcome {
        self.vault.set(access::contract(self.vm(), vault)?);
        Ok(())
    }

    fn deposit(&mut self, amount: u128, recipient: Address) -> Outcome<u128> {
        if amount > MAX_AMOUNT {
            return Err(too_large());
        }
        let sender = self.vm().msg_sender();
        let supply = self.supply()?;
        let minted = receipt::minted(amount, self.value()?.assets, supply);
        let shares = positive(minted.ok_or(ILiquidRestakingToken::Depleted {})?)?;
        supply.checked_add(shares).ok_or_else(too_large)?;
        self.erc20.mint(recipient, U256::from(shares))?;
        self.vm().log(ILiquidRestakingToken::Deposited { sender, recipient, amount, shares });
        self.tell(&IRestakingVault::takeCall { account: sender, amount })?;
        Ok(shares)
    }

    fn request_redemption(&mut self, shares: u128) -> Outcome<u64> {
        self.request(self.vm().msg_sender(), shares)
    }

    fn claim_redemption(&mut self, id: u64) -> Outcome<u128> {
        self.claim(id)
    }

    fn stake_idle(&mut self) -> Outcome {
        let kept = self.kept(&self.value()?)?;
        self.tell(&IRestakingVault::stakeIdleCall { kept })?;
        Ok(())
    }

    fn unstake(&mut self) -> Outcome<bool> {
        let kept = self.kept(&self.value()?)?;
        self.tell(&IRestakingVault::unstakeCall { kept })
    }

    fn rate(&self) -> Outcome<u128> {
        receipt::rate(self.value()?.after_slashes, self.supply()?).ok_or_else(too_large)
    }

    fn redemption(&self, id: u64) -> (Address, u64, u128, u128, u128) {
        let stored = self.redemptions.getter(U64::from(id));
        (
            stored.account.get(),
            number(&stored.claimable_at),
            large(&stored.shares),
            large(&stored.amount),
            large(&stored.position),
        )
    }

    fn redemptions(&self) -> (u128, u128, u128) {
        (large(&self.requested), large(&self.claimed), large(&self.locked))
    }

    fn vault(&self) -> Address {
        self.vault.get()
    }

    // ERC-20.

    fn name(&self) -> String {
        String::from(NAME)
    }

    fn symbol(&self) -> String {
        String::from("lrETH")
    }

    fn decimals(&self) -> u8 {
        18
    }

    fn total_supply(&self) -> U256 {
        self.erc20.total_supply()
    }

    fn balance_of(&self, account: Address) -> U256 {
        self.erc20.balance_of(account)
    }

    fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.erc20.allowance(owner, spender)
    }

    fn transfer(&mut self, to: Address, value: U256) -> Outcome<bool> {
        self.erc20.transfer(self.vm().msg_sender(), to, value)
    }

    fn approve(&mut self, spender: Address, value: U256) -> Outcome<bool> {
        self.erc20.approve(self.vm().msg_sender(), spender, value)
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Outcome<bool> {
        self.erc20.transfer_from(from, to, value)
    }

    // Permits.

    #[allow(clippy::too_many_arguments)] // The standard's signature.
    fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Outcome {
        self.erc20.permit(NAME, &SignedPermit { owner, spender, value, deadline, v, r, s })
    }

    fn nonces(&self, owner: Address) -> U256 {
        self.erc20.nonce(owner)
    }

    #[selector(name = "DOMAIN_SEPARATOR")]
    fn domain_separator(&self) -> B256 {
        self.erc20.domain(NAME)
    }
}

/// What the vault holds.
pub(crate) struct Value {
    /// All assets.
    pub(crate) assets: u128,
    /// What is left if all pending slashes are executed.
    pub(crate) after_slashes: u128,
    /// What is at hand; part of `assets`.
    pub(crate) idle: u128,
}

impl LiquidRestakingToken {
    pub(crate) fn value(&self) -> Outcome<Value> {
        let value = calls::view(self.vm(), self.vault.get(), &IRestakingVault::totalAssetsCall {})?;
        let after_slashes = value.assets.saturating_sub(value.pendingSlashes);
        Ok(Value { assets: value.assets, after_slashes, idle: value.idle })
    }

    /// What is kept for redemptions: what was requested, or what their receipts are worth without pending slashes if
    /// that is less.
    pub(crate) fn kept(&self, value: &Value) -> Outcome<u128> {
        let open = large(&self.requested).saturating_sub(large(&self.claimed));
        let worth = receipt::worth(large(&self.locked), value.assets, self.supply()?).ok_or_else(too_large)?;
        Ok(open.min(worth))
    }

    pub(crate) fn supply(&self) -> Outcome<u128> {
        narrow(self.erc20.total_supply()).ok_or_else(too_large)
    }

    pub(crate) fn tell<C: SolCall>(&mut self, request: &C) -> Outcome<C::Return> {
        let vault = self.vault.get();
        calls::send(self, vault, request)
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
