//! LiquidStakingToken: a small ERC-20 that earns, to stake on development chains. ETH in, tokens out at the rate, and
//! back. See [`interfaces::ILiquidStakingToken`], [`interfaces::IERC20`] and [`interfaces::IERC20Permit`].
//!
//! Invariants: the contract holds at least as much ETH as all tokens are worth, and that is never less than there are
//! tokens; the rate never falls.
#![deny(missing_docs)]
// The function that the macros add for `cargo stylus` has none.
#![cfg_attr(feature = "export-abi", allow(missing_docs))]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod storage;

pub use storage::LiquidStakingToken;

use alloc::string::String;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use arithmetic::receipt;
use arithmetic::time::REWARD_STREAM_SECONDS;
use arithmetic::wide::mul_div_up;
use common::erc20::SignedPermit;
use common::stored::{large, narrow, number, set_large, set_number};
use common::{calls, Emit, Outcome, Revert};
use interfaces::ILiquidStakingToken;
use stylus_sdk::prelude::*;

/// The token's name, also in the domain of permits.
const NAME: &str = "Liquid Staked Ether";

#[public]
impl LiquidStakingToken {
    /// Sets the first owner.
    #[constructor]
    pub fn constructor(&mut self, owner: Address) -> Outcome {
        self.ownership.begin(owner)
    }

    #[payable]
    fn deposit(&mut self) -> Outcome {
        let value = self.received()?;
        let minted = receipt::minted(value, self.assets(), self.supply()?).ok_or_else(too_large)?;
        if minted == 0 {
            return Err(ILiquidStakingToken::ZeroAmount {}.into());
        }
        self.add_backing(value)?;
        self.erc20.mint(self.vm().msg_sender(), U256::from(minted))
    }

    fn redeem(&mut self, amount: U256) -> Outcome {
        let account = self.vm().msg_sender();
        let (assets, supply) = (self.assets(), self.supply()?);
        self.erc20.burn(account, amount)?;
        let paid = narrow(amount).and_then(|tokens| receipt::worth(tokens, assets, supply)).ok_or_else(too_large)?;
        if paid == 0 {
            return Err(ILiquidStakingToken::ZeroAmount {}.into());
        }
        let backing = large(&self.backing).checked_sub(paid).ok_or_else(too_large)?;
        set_large(&mut self.backing, backing);
        calls::send_raw(self, account, U256::from(paid), &[])?;
        Ok(())
    }

    #[payable]
    fn report_rewards(&mut self) -> Outcome {
        self.ownership.only_owner()?;
        let value = self.received()?;
        if self.supply()? == 0 {
            return Err(ILiquidStakingToken::NoSupply {}.into());
        }
        let streaming = self.unstreamed().checked_add(value).ok_or_else(too_large)?;
        let streamed_at = self.vm().block_timestamp().saturating_add(REWARD_STREAM_SECONDS);
        self.add_backing(value)?;
        set_large(&mut self.streaming, streaming);
        set_number(&mut self.streamed_at, streamed_at);
        self.vm().emit(&ILiquidStakingToken::RewardsReported { amount: U256::from(value), streamedAt: streamed_at });
        Ok(())
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Outcome {
        self.ownership.offer(new_owner)
    }

    fn accept_ownership(&mut self) -> Outcome {
        self.ownership.accept()
    }

    fn rate(&self) -> Outcome<U256> {
        receipt::rate(self.assets(), self.supply()?).map(U256::from).ok_or_else(too_large)
    }

    fn total_assets(&self) -> U256 {
        U256::from(self.assets())
    }

    fn owner(&self) -> Address {
        self.ownership.owner()
    }

    fn pending_owner(&self) -> Address {
        self.ownership.pending()
    }

    // ERC-20.

    fn name(&self) -> String {
        String::from(NAME)
    }

    fn symbol(&self) -> String {
        String::from("lsETH")
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

impl LiquidStakingToken {
    /// The ETH that came with the call.
    fn received(&self) -> Outcome<u128> {
        match narrow(self.vm().msg_value()).ok_or_else(too_large)? {
            0 => Err(ILiquidStakingToken::ZeroAmount {}.into()),
            value => Ok(value),
        }
    }

    fn add_backing(&mut self, value: u128) -> Outcome {
        let backing = large(&self.backing).checked_add(value).ok_or_else(too_large)?;
        set_large(&mut self.backing, backing);
        Ok(())
    }

    /// What the tokens are worth now.
    fn assets(&self) -> u128 {
        large(&self.backing).saturating_sub(self.unstreamed())
    }

    /// The rewards that do not count yet, rounded up (against the holders).
    fn unstreamed(&self) -> u128 {
        let rest = number(&self.streamed_at).saturating_sub(self.vm().block_timestamp());
        let streaming = large(&self.streaming);
        mul_div_up(streaming, u128::from(rest), u128::from(REWARD_STREAM_SECONDS)).unwrap_or(streaming)
    }

    fn supply(&self) -> Outcome<u128> {
        narrow(self.erc20.total_supply()).ok_or_else(too_large)
    }
}

fn too_large() -> Revert {
    ILiquidStakingToken::AmountTooLarge {}.into()
}
