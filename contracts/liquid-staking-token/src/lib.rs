//! LiquidStakingToken: a small ERC-20 to stake on development chains. ETH in, the same number of tokens out, and back. See
//! [`interfaces::ILiquidStakingToken`] and [`interfaces::IERC20`].
//!
//! Invariant: the contract holds at least as much ETH as there are tokens.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod storage;

pub use storage::LiquidStakingToken;

use alloc::string::String;
use alloy_primitives::{Address, U256};
use common::{calls, Outcome};
use interfaces::{ILiquidStakingToken, IERC20};
use stylus_sdk::prelude::*;

#[public]
impl LiquidStakingToken {
    #[payable]
    fn deposit(&mut self) -> Outcome {
        let (account, value) = (self.vm().msg_sender(), self.vm().msg_value());
        if value.is_zero() {
            return Err(ILiquidStakingToken::ZeroAmount {}.into());
        }
        // The supply is ETH that exists, so no sum here can overflow.
        let supply = self.total_supply.get().saturating_add(value);
        self.total_supply.set(supply);
        self.credit(account, value);
        self.vm().log(IERC20::Transfer { from: Address::ZERO, to: account, value });
        Ok(())
    }

    fn redeem(&mut self, amount: U256) -> Outcome {
        if amount.is_zero() {
            return Err(ILiquidStakingToken::ZeroAmount {}.into());
        }
        let account = self.vm().msg_sender();
        self.debit(account, amount)?;
        let supply = self.total_supply.get().saturating_sub(amount);
        self.total_supply.set(supply);
        self.vm().log(IERC20::Transfer { from: account, to: Address::ZERO, value: amount });
        calls::send_raw(self, account, amount, &[])?;
        Ok(())
    }

    fn name(&self) -> String {
        String::from("Liquid Staked Ether")
    }

    fn symbol(&self) -> String {
        String::from("lsETH")
    }

    fn decimals(&self) -> u8 {
        18
    }

    fn total_supply(&self) -> U256 {
        self.total_supply.get()
    }

    fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(account)
    }

    fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.getter(owner).get(spender)
    }

    fn transfer(&mut self, to: Address, value: U256) -> Outcome<bool> {
        self.transfer_between(self.vm().msg_sender(), to, value)
    }

    fn approve(&mut self, spender: Address, value: U256) -> bool {
        let owner = self.vm().msg_sender();
        self.allowances.setter(owner).insert(spender, value);
        self.vm().log(IERC20::Approval { owner, spender, value });
        true
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Outcome<bool> {
        self.use_allowance(from, self.vm().msg_sender(), value)?;
        self.transfer_between(from, to, value)
    }
}

impl LiquidStakingToken {
    fn transfer_between(&mut self, from: Address, to: Address, value: U256) -> Outcome<bool> {
        if to.is_zero() {
            return Err(IERC20::ERC20InvalidReceiver { receiver: to }.into());
        }
        self.debit(from, value)?;
        self.credit(to, value);
        self.vm().log(IERC20::Transfer { from, to, value });
        Ok(true)
    }

    fn use_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Outcome {
        let mut allowances = self.allowances.setter(owner);
        let allowance = allowances.get(spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        let rest = allowance.checked_sub(value).ok_or(IERC20::ERC20InsufficientAllowance {
            spender,
            allowance,
            needed: value,
        })?;
        allowances.insert(spender, rest);
        Ok(())
    }

    fn debit(&mut self, account: Address, value: U256) -> Outcome {
        let balance = self.balances.get(account);
        let rest = balance.checked_sub(value).ok_or(IERC20::ERC20InsufficientBalance {
            sender: account,
            balance,
            needed: value,
        })?;
        self.balances.insert(account, rest);
        Ok(())
    }

    fn credit(&mut self, account: Address, value: U256) {
        let balance = self.balances.get(account).saturating_add(value);
        self.balances.insert(account, balance);
    }
}
