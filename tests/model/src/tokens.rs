//! Tokens: what people hold outside of the protocol, and whom they let move it.

use crate::setup::Setup;
use crate::{Answer, Protocol, revert};
use alloy_primitives::{Address, U256};
use interfaces::IERC20::{
    Approval, ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver, ERC20InvalidSpender, Transfer,
};
use interfaces::IERC20Permit::{ERC2612ExpiredSignature, ERC2612InvalidSigner};
use std::collections::BTreeMap;

/// The tokens outside of the protocol.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// Token, account => base units.
    pub balances: BTreeMap<(Address, Address), u128>,
    /// Token, owner, spender => base units that the spender may move.
    pub allowances: BTreeMap<(Address, Address, Address), U256>,
    /// Token, owner => how many of its permits were used.
    pub nonces: BTreeMap<(Address, Address), u64>,
    /// Token => what was sent to the TokenPool without being staked.
    pub donations: BTreeMap<Address, u128>,
}

/// An allowance by signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    /// Whose tokens.
    pub owner: Address,
    /// Who may move them.
    pub spender: Address,
    /// How many base units.
    pub value: U256,
    /// Until and including when (Unix seconds).
    pub deadline: U256,
    /// The account that the signature is by if the message names the owner's next nonce; the zero address for nobody.
    pub signer: Address,
}

impl Tokens {
    pub(crate) fn new(setup: &Setup) -> Self {
        let mut tokens = Self::default();
        for of in &setup.tokens {
            tokens.balances.extend(of.balances.iter().map(|(account, amount)| ((of.token, *account), *amount)));
            tokens
                .allowances
                .extend(of.allowances.iter().map(|((owner, spender), value)| ((of.token, *owner, *spender), *value)));
        }
        tokens
    }

    /// What an account holds outside of the protocol.
    pub fn held(&self, token: Address, account: Address) -> u128 {
        self.balances.get(&(token, account)).copied().unwrap_or(0)
    }

    /// What `spender` may move of `owner`'s.
    pub fn allowance(&self, token: Address, owner: Address, spender: Address) -> U256 {
        self.allowances.get(&(token, owner, spender)).copied().unwrap_or_default()
    }

    /// The nonce that the owner's next permit must have.
    pub fn nonce(&self, token: Address, owner: Address) -> u64 {
        self.nonces.get(&(token, owner)).copied().unwrap_or(0)
    }
}

impl Protocol {
    /// Anyone: sends tokens. What comes to the TokenPool like this is nobody's.
    pub fn transfer(&mut self, caller: Address, token: Address, to: Address, amount: u128) -> Answer {
        self.move_tokens(token, caller, to, amount)?;
        if to == self.setup.contracts.token_pool {
            *self.tokens.donations.entry(token).or_default() += amount;
        }
        Ok(())
    }

    /// Anyone: sends tokens of `from`, out of its allowance to the caller.
    pub fn transfer_from(
        &mut self,
        caller: Address,
        token: Address,
        from: Address,
        to: Address,
        amount: u128,
    ) -> Answer {
        self.use_allowance(token, from, caller, amount)?;
        self.transfer(from, token, to, amount)
    }

    /// Anyone: lets `spender` move tokens of the caller.
    pub fn approve(&mut self, caller: Address, token: Address, spender: Address, value: U256) -> Answer {
        if spender.is_zero() {
            return revert(ERC20InvalidSpender { spender });
        }
        self.tokens.allowances.insert((token, caller, spender), value);
        self.log(token, Approval { owner: caller, spender, value });
        Ok(())
    }

    /// Anyone: approves as the owner signed it.
    pub fn permit(&mut self, token: Address, permit: Permit) -> Answer {
        let Permit { owner, spender, value, deadline, signer } = permit;
        if U256::from(self.now) > deadline {
            return revert(ERC2612ExpiredSignature { deadline });
        }
        if signer.is_zero() || signer != owner {
            return revert(ERC2612InvalidSigner { signer, owner });
        }
        *self.tokens.nonces.entry((token, owner)).or_default() += 1;
        self.approve(owner, token, spender, value)
    }

    /// Moves tokens into the vault, out of an allowance.
    pub(crate) fn pull(&mut self, token: Address, owner: Address, amount: u128) -> Answer {
        self.pull_into(token, owner, self.setup.contracts.token_pool, amount)
    }

    /// Moves tokens to a contract, out of its allowance.
    pub(crate) fn pull_into(&mut self, token: Address, owner: Address, contract: Address, amount: u128) -> Answer {
        self.use_allowance(token, owner, contract, amount)?;
        self.move_tokens(token, owner, contract, amount)
    }

    /// Moves tokens out of the vault.
    pub(crate) fn push(&mut self, token: Address, recipient: Address, amount: u128) -> Answer {
        self.move_tokens(token, self.setup.contracts.token_pool, recipient, amount)
    }

    fn use_allowance(&mut self, token: Address, owner: Address, spender: Address, amount: u128) -> Answer {
        let (allowance, needed) = (self.tokens.allowance(token, owner, spender), U256::from(amount));
        if allowance == U256::MAX {
            return Ok(());
        }
        let Some(rest) = allowance.checked_sub(needed) else {
            return revert(ERC20InsufficientAllowance { spender, allowance, needed });
        };
        self.tokens.allowances.insert((token, owner, spender), rest);
        Ok(())
    }

    fn move_tokens(&mut self, token: Address, from: Address, to: Address, amount: u128) -> Answer {
        if to.is_zero() {
            return revert(ERC20InvalidReceiver { receiver: to });
        }
        let (balance, needed) = (self.tokens.held(token, from), U256::from(amount));
        let Some(rest) = balance.checked_sub(amount) else {
            return revert(ERC20InsufficientBalance { sender: from, balance: U256::from(balance), needed });
        };
        self.tokens.balances.insert((token, from), rest);
        *self.tokens.balances.entry((token, to)).or_default() += amount;
        self.log(token, Transfer { from, to, value: needed });
        Ok(())
    }
}
