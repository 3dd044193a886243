//! LiquidRestakingToken: a receipt for restaked tokens. See [`interfaces::ILiquidRestakingToken`],
//! [`interfaces::IERC20`] and [`interfaces::IERC20Permit`].
//!
//! Invariants: the receipts in existence own all assets of the vault alike; who redeems some burns them before anything
//! is paid. The vault knows what there is, the desk what redemptions still get.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod price;
mod storage;

pub use storage::LiquidRestakingToken;

use alloc::string::String;
use alloc::vec::Vec;
use alloy_primitives::{Address, FixedBytes, B256, U256};
use common::erc20::SignedPermit;
use common::{access, Outcome};
use interfaces::IRedemptionDesk;
use stylus_sdk::prelude::*;

/// The token's name, also in the domain of permits.
const NAME: &str = "Liquid Restaked Ether";

/// ERC-165, ERC-20 and ERC-2612.
const INTERFACES: [[u8; 4]; 3] = [[0x01, 0xff, 0xc9, 0xa7], [0x36, 0x37, 0x2b, 0x07], [0x9d, 0x8f, 0xf7, 0xda]];

#[public]
impl LiquidRestakingToken {
    /// Sets the vault, the desk of redemptions, the weights and the token, for good.
    #[constructor]
    pub fn constructor(&mut self, vault: Address, desk: Address, weights: Address, token: Address) -> Outcome {
        self.vault.set(access::contract(self.vm(), vault)?);
        self.desk.set(access::contract(self.vm(), desk)?);
        self.weights.set(access::contract(self.vm(), weights)?);
        self.token.set(access::contract(self.vm(), token)?);
        Ok(())
    }

    fn deposit(&mut self, amount: u128, recipient: Address, min_shares: u128) -> Outcome<u128> {
        self._deposit(amount, recipient, min_shares)
    }

    fn deposit_and_stake(&mut self, amount: u128, recipient: Address, min_shares: u128) -> Outcome<u128> {
        self._deposit_and_stake(amount, recipient, min_shares)
    }

    fn request_redemption(&mut self, shares: u128, min_assets: u128) -> Outcome<u64> {
        self._request_redemption(shares, min_assets)
    }

    fn claim_redemption(&mut self, id: u64) -> Outcome<u128> {
        self.tell(self.desk.get(), &IRedemptionDesk::claimRedemptionCall { id })
    }

    // Prices.

    fn rate(&self) -> Outcome<u128> {
        self.rate_of(self.assets()?)
    }

    fn exit_rate(&self) -> Outcome<u128> {
        self.rate_of(self.assets_after_slashes()?)
    }

    fn asset(&self) -> Address {
        self.token.get()
    }

    fn total_assets(&self) -> Outcome<U256> {
        Ok(U256::from(self.assets()?))
    }

    fn convert_to_shares(&self, assets: U256) -> Outcome<U256> {
        self.shares_for(assets)
    }

    fn convert_to_assets(&self, shares: U256) -> Outcome<U256> {
        self.worth_of(shares, self.assets()?)
    }

    fn preview_deposit(&self, assets: U256) -> Outcome<U256> {
        self.shares_for(assets)
    }

    fn preview_redeem(&self, shares: U256) -> Outcome<U256> {
        self.worth_of(shares, self.assets_after_slashes()?)
    }

    fn max_deposit(&self, _recipient: Address) -> Outcome<U256> {
        self._max_deposit()
    }

    fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        INTERFACES.contains(&interface_id.0)
    }

    fn contracts(&self) -> (Address, Address, Address) {
        (self.vault.get(), self.desk.get(), self.weights.get())
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
