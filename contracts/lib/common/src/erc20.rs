//! An ERC-20 token with permits (ERC-2612), as a part of a contract's storage. See [`interfaces::IERC20`] and
//! [`interfaces::IERC20Permit`].
//!
//! Invariant: the supply is the sum of all balances. What mints sees to it that the supply never exceeds 128 bits, so
//! no balance can overflow.

use crate::revert::Outcome;
use crate::words::Emit;
use crate::{signature, typed_data};
use alloc::vec::Vec;
use alloy_primitives::{keccak256, Address, B256, U256};
use interfaces::{IERC20Permit, IERC20};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageMap, StorageU256};

/// Balances, allowances and nonces.
#[storage]
pub struct Erc20 {
    total_supply: StorageU256,
    balances: StorageMap<Address, StorageU256>,
    /// Owner => spender => allowance.
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
    /// Owner => how many of its permits were used.
    nonces: StorageMap<Address, StorageU256>,
}

/// A permit and its signature.
pub struct SignedPermit {
    /// Whose tokens.
    pub owner: Address,
    /// Who may move them.
    pub spender: Address,
    /// How many base units.
    pub value: U256,
    /// Until and including which second.
    pub deadline: U256,
    /// The signature: the parity plus 27.
    pub v: u8,
    /// The signature: the x coordinate of the nonce point.
    pub r: B256,
    /// The signature: its scalar.
    pub s: B256,
}

impl Erc20 {
    /// Base units in existence.
    pub fn total_supply(&self) -> U256 {
        self.total_supply.get()
    }

    /// Base units that `account` holds.
    pub fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(account)
    }

    /// Base units of `owner` that `spender` may move.
    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.getter(owner).get(spender)
    }

    /// The nonce of `owner`'s next permit.
    pub fn nonce(&self, owner: Address) -> U256 {
        self.nonces.get(owner)
    }

    /// The domain of the token's typed data.
    pub fn domain(&self, name: &str) -> B256 {
        typed_data::domain(self.vm(), keccak256(name), self.vm().contract_address())
    }

    /// Moves `value` from `from` to `to`.
    ///
    /// # Errors
    /// [`IERC20::ERC20InvalidReceiver`], [`IERC20::ERC20InsufficientBalance`].
    pub fn transfer(&mut self, from: Address, to: Address, value: U256) -> Outcome<bool> {
        check_receiver(to)?;
        self.debit(from, value)?;
        self.credit(to, value);
        self.vm().emit(&IERC20::Transfer { from, to, value });
        Ok(true)
    }

    /// Moves `value` from `from` to `to` out of the caller's allowance.
    ///
    /// # Errors
    /// [`IERC20::ERC20InsufficientAllowance`], and as [`Erc20::transfer`].
    pub fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Outcome<bool> {
        let spender = self.vm().msg_sender();
        let mut allowances = self.allowances.setter(from);
        let allowance = allowances.get(spender);
        if allowance != U256::MAX {
            let rest = allowance.checked_sub(value).ok_or(IERC20::ERC20InsufficientAllowance {
                spender,
                allowance,
                needed: value,
            })?;
            allowances.insert(spender, rest);
        }
        self.transfer(from, to, value)
    }

    /// Lets `spender` move up to `value` of `owner`.
    ///
    /// # Errors
    /// [`IERC20::ERC20InvalidSpender`].
    pub fn approve(&mut self, owner: Address, spender: Address, value: U256) -> Outcome<bool> {
        if spender.is_zero() {
            return Err(IERC20::ERC20InvalidSpender { spender }.into());
        }
        self.allowances.setter(owner).insert(spender, value);
        self.vm().emit(&IERC20::Approval { owner, spender, value });
        Ok(true)
    }

    /// Approves as the owner signed it in the domain of the token with this name.
    ///
    /// # Errors
    /// [`IERC20Permit::ERC2612ExpiredSignature`], [`IERC20Permit::ERC2612InvalidSigner`],
    /// [`IERC20::ERC20InvalidSpender`].
    pub fn permit(&mut self, name: &str, permit: &SignedPermit) -> Outcome {
        let SignedPermit { owner, spender, value, deadline, v, r, s } = *permit;
        if U256::from(self.vm().block_timestamp()) > deadline {
            return Err(IERC20Permit::ERC2612ExpiredSignature { deadline }.into());
        }
        let nonce = self.nonces.get(owner);
        // Counts signatures: it cannot overflow.
        self.nonces.insert(owner, nonce.saturating_add(U256::ONE));
        let hash = typed_data::permit(self.domain(name), owner, spender, [value, nonce, deadline]);
        let signer = signature::signer_of_parts(self.vm(), hash, v, r, s)?;
        if signer.is_zero() || signer != owner {
            return Err(IERC20Permit::ERC2612InvalidSigner { signer, owner }.into());
        }
        self.approve(owner, spender, value)?;
        Ok(())
    }

    /// Creates `value` for `to`.
    ///
    /// # Errors
    /// [`IERC20::ERC20InvalidReceiver`].
    pub fn mint(&mut self, to: Address, value: U256) -> Outcome {
        check_receiver(to)?;
        let supply = self.total_supply.get().saturating_add(value);
        self.total_supply.set(supply);
        self.credit(to, value);
        self.vm().emit(&IERC20::Transfer { from: Address::ZERO, to, value });
        Ok(())
    }

    /// Destroys `value` of `from`.
    ///
    /// # Errors
    /// [`IERC20::ERC20InsufficientBalance`].
    pub fn burn(&mut self, from: Address, value: U256) -> Outcome {
        self.debit(from, value)?;
        let supply = self.total_supply.get().saturating_sub(value);
        self.total_supply.set(supply);
        self.vm().emit(&IERC20::Transfer { from, to: Address::ZERO, value });
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

fn check_receiver(receiver: Address) -> Outcome {
    if receiver.is_zero() {
        return Err(IERC20::ERC20InvalidReceiver { receiver }.into());
    }
    Ok(())
}
