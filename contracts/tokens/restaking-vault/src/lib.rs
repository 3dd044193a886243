//! RestakingVault: restakes the tokens behind a receipt with operators. See [`interfaces::IRestakingVault`].
//!
//! It is a program of its own because the receipt and this do not fit one program; the border is that the receipt knows
//! who owns what of it all, and this what it all is and where.
//!
//! Invariants: the contract holds at least `idle` of the token; what is staked is in the weights that holders had
//! notice of.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod operators;
mod storage;
mod valuation;

pub use storage::RestakingVault;

use alloy_primitives::Address;
use common::stored::{large, number, set_large};
use common::{access, token, Outcome, Revert};
use interfaces::IRestakingVault;
use stylus_sdk::prelude::*;

#[public]
impl RestakingVault {
    /// Sets the first owner, and the receipt, the token and the contracts that it is restaked in, for good, and lets
    /// the TokenPool take the token.
    #[constructor]
    pub fn constructor(
        &mut self,
        owner: Address,
        receipt: Address,
        token: Address,
        token_pool: Address,
        strategy_manager: Address,
        slasher: Address,
    ) -> Outcome {
        self.ownership.begin(owner)?;
        self.receipt.set(access::contract(self.vm(), receipt)?);
        self.refuse_itself(token)?;
        self.token.set(access::contract(self.vm(), token)?);
        self.token_pool.set(access::contract(self.vm(), token_pool)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        token::allow(self, token, token_pool)
    }

    // Receipt.

    fn take(&mut self, account: Address, amount: u128) -> Outcome {
        access::only(self.vm(), self.receipt.get())?;
        self.add_idle(amount)?;
        token::pull(self, self.token.get(), account, amount, large(&self.idle))
    }

    fn pay(&mut self, account: Address, amount: u128) -> Outcome {
        access::only(self.vm(), self.receipt.get())?;
        self.take_idle(amount)?;
        token::push(self, self.token.get(), account, amount)
    }

    fn stake_idle(&mut self, kept: u128) -> Outcome {
        access::only(self.vm(), self.receipt.get())?;
        self._stake_idle(kept)
    }

    fn unstake(&mut self, kept: u128) -> Outcome<bool> {
        access::only(self.vm(), self.receipt.get())?;
        self._unstake(kept)
    }

    // Anyone.

    fn collect(&mut self, operator: Address, release_epoch: u64) -> Outcome<u128> {
        self._collect(operator, release_epoch)
    }

    // Owner.

    fn schedule_weight(&mut self, operator: Address, weight: u64, max_commitment: u64) -> Outcome {
        self.ownership.only_owner()?;
        access::nonzero(operator)?;
        self.refuse_itself(operator)?;
        self._schedule_weight(operator, weight, max_commitment)
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Outcome {
        self.ownership.offer(new_owner)
    }

    fn accept_ownership(&mut self) -> Outcome {
        self.ownership.accept()
    }

    // Views.

    fn total_assets(&self) -> Outcome<(u128, u128, u128)> {
        let value = self.value()?;
        Ok((value.assets, value.pending, large(&self.idle)))
    }

    fn operator_at(&self, index: u64) -> (Address, u64, u64, u64, u64, u64) {
        let Some(stored) = self.operators.getter(place(index)) else { return (Address::ZERO, 0, 0, 0, 0, 0) };
        let (now, next) = (self.terms_in_force(place(index)), stored.next());
        let effective_at = number(&stored.effective_at);
        (stored.operator.get(), now.weight, next.weight, effective_at, now.max_commitment, next.max_commitment)
    }

    fn releases_at(&self, index: u64) -> (u64, u64, u64, u64) {
        let [first, second, third, fourth] = self.releases(place(index));
        (first, second, third, fourth)
    }

    fn contracts(&self) -> (Address, Address, Address, Address, Address) {
        let (receipt, token) = (self.receipt.get(), self.token.get());
        (receipt, token, self.token_pool.get(), self.strategy_manager.get(), self.slasher.get())
    }

    fn owner(&self) -> Address {
        self.ownership.owner()
    }

    fn pending_owner(&self) -> Address {
        self.ownership.pending()
    }
}

impl RestakingVault {
    fn refuse_itself(&self, account: Address) -> Outcome {
        if account == self.vm().contract_address() || account == self.receipt.get() {
            return Err(IRestakingVault::IsItself {}.into());
        }
        Ok(())
    }

    fn add_idle(&mut self, amount: u128) -> Outcome {
        let idle = large(&self.idle).checked_add(amount).ok_or_else(too_large)?;
        set_large(&mut self.idle, idle);
        Ok(())
    }

    fn take_idle(&mut self, amount: u128) -> Outcome {
        let idle = large(&self.idle);
        let rest = idle.checked_sub(amount).ok_or(IRestakingVault::InsufficientIdle { idle })?;
        set_large(&mut self.idle, rest);
        Ok(())
    }
}

fn place(index: u64) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn too_large() -> Revert {
    IRestakingVault::SumTooLarge {}.into()
}
