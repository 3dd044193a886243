//! RestakingVault: restakes the tokens behind a receipt with operators. See [`interfaces::IRestakingVault`].
//!
//! The receipt knows who owns what of it all, the desk of redemptions what has left it, the weights where it shall be,
//! and this what it all is and where it is: four programs, because they do not fit into one.
//!
//! Invariants: the contract holds at least the idle tokens of the holders and what came in for redemptions; what is set
//! apart with an operator is part of its position there, unless a slash took all of that.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod holding;
mod moving;
mod redeeming;
mod storage;
mod tokens;
mod valuation;

pub use storage::RestakingVault;

use alloc::vec::Vec;
use alloy_primitives::Address;
use common::{access, Outcome, Revert};
use interfaces::IRestakingVault;
use storage::MAX_OPERATORS;
use stylus_sdk::prelude::*;

#[public]
impl RestakingVault {
    /// Sets who connects it with the contracts that name it, the token and the contracts that it is restaked in, for
    /// good, and lets the TokenPool take the token.
    #[constructor]
    pub fn constructor(
        &mut self,
        connector: Address,
        token: Address,
        token_pool: Address,
        strategy_manager: Address,
        slasher: Address,
    ) -> Outcome {
        self.connection.begin(connector)?;
        self.token.set(self.contract(token)?);
        self.token_pool.set(self.contract(token_pool)?);
        self.strategy_manager.set(self.contract(strategy_manager)?);
        self.slasher.set(self.contract(slasher)?);
        self.allow_token_pool()
    }

    // Connector.

    fn connect(&mut self, receipt: Address, desk: Address, weights: Address) -> Outcome {
        self.connection.connect()?;
        self.receipt.set(self.contract(receipt)?);
        self.desk.set(self.contract(desk)?);
        self.weights.set(self.contract(weights)?);
        // A receipt does not back itself.
        self.refuse_itself(self.token.get())
    }

    // Receipt.

    fn take(&mut self, account: Address, amount: u128) -> Outcome<u128> {
        self.only(self.receipt.get())?;
        let assets = self.value()?.assets;
        self.add(amount, 0)?;
        self.pull(account, amount)?;
        Ok(assets)
    }

    // Desk.

    fn redeem(
        &mut self,
        account: Address,
        shares: u128,
        supply: u128,
        min_assets: u128,
    ) -> Outcome<(u64, u128, Vec<u128>)> {
        self.only_desk()?;
        self._redeem(account, shares, supply, min_assets)
    }

    fn collect(&mut self, id: u64, release_epoch: u64) -> Outcome<(u128, u128, u128)> {
        self.only_desk()?;
        self._collect(id, release_epoch)
    }

    fn queue_waiting(&mut self, id: u64, shares: u128) -> Outcome<(u64, u128)> {
        self.only_desk()?;
        self._queue_waiting(id, shares)
    }

    fn pay(&mut self, account: Address, amount: u128) -> Outcome {
        self.only_desk()?;
        let (idle, pots) = self.held();
        self.set_held(idle, pots.checked_sub(amount).ok_or_else(too_large)?);
        self.push(account, amount)
    }

    // Weights.

    fn hold(&mut self, index: u64, operator: Address) -> Outcome {
        self.only_weights()?;
        self.refuse_itself(operator)?;
        self._hold(place(index), operator)
    }

    fn stake_with(&mut self, index: u64, amount: u128, max_commitment: u64) -> Outcome<u128> {
        self.only_weights()?;
        self._stake_with(place(index), amount, max_commitment)
    }

    fn unstake_from(&mut self, index: u64, amount: u128, everything: bool) -> Outcome<bool> {
        self.only_weights()?;
        self._unstake_from(place(index), amount, everything)
    }

    // Views.

    fn total_assets(&self) -> Outcome<(u128, u128, [u128; MAX_OPERATORS])> {
        let value = self.value()?;
        let mut stakes = [0; MAX_OPERATORS];
        stakes.iter_mut().zip(&value.positions).for_each(|(stake, position)| *stake = position.assets);
        Ok((value.assets, self.idle(), stakes))
    }

    fn assets_at_risk(&self) -> Outcome<(u128, u128)> {
        let value = self.value()?;
        Ok((value.assets, self.at_risk(&value)?))
    }

    fn is_empty_at(&self, index: u64) -> Outcome<bool> {
        self.is_empty(place(index))
    }

    fn id_of(&self, operator: Address) -> u64 {
        self.number_of(operator)
    }

    fn account_of(&self, id: u64) -> Address {
        self.account(id)
    }

    fn set_apart_at(&self, index: u64) -> u128 {
        self.operators.getter(place(index)).map_or(0, |stored| stored.set_apart())
    }

    fn transit_at(&self, index: u64, transit: u64) -> (u64, u128) {
        let stored = self.operators.getter(place(index));
        stored.and_then(|stored| stored.transit(place(transit))).unwrap_or((0, 0))
    }

    fn contracts(&self) -> (Address, Address, Address, Address, Address, Address, Address) {
        let (receipt, desk, weights) = (self.receipt.get(), self.desk.get(), self.weights.get());
        (
            receipt,
            desk,
            weights,
            self.token.get(),
            self.token_pool.get(),
            self.strategy_manager.get(),
            self.slasher.get(),
        )
    }
}

impl RestakingVault {
    #[inline(never)]
    fn only_desk(&self) -> Outcome {
        self.only(self.desk.get())
    }

    #[inline(never)]
    fn only_weights(&self) -> Outcome {
        self.only(self.weights.get())
    }

    #[inline(never)]
    fn only(&self, allowed: Address) -> Outcome {
        access::only(self.vm(), allowed)
    }

    #[inline(never)]
    fn contract(&self, account: Address) -> Outcome<Address> {
        access::contract(self.vm(), account)
    }

    fn refuse_itself(&self, account: Address) -> Outcome {
        if [self.vm().contract_address(), self.receipt.get(), self.desk.get()].contains(&account) {
            return Err(IRestakingVault::IsItself {}.into());
        }
        Ok(())
    }

    /// Adds to what is the holders' and what came in for redemptions.
    #[inline(never)]
    fn add(&mut self, more_idle: u128, more_pots: u128) -> Outcome {
        let (idle, pots) = self.held();
        let (idle, pots) = (idle.checked_add(more_idle), pots.checked_add(more_pots));
        self.set_held(idle.ok_or_else(too_large)?, pots.ok_or_else(too_large)?);
        Ok(())
    }

    #[inline(never)]
    fn take_idle(&mut self, amount: u128) -> Outcome {
        let (idle, pots) = self.held();
        let rest = idle.checked_sub(amount).ok_or(IRestakingVault::InsufficientIdle { idle })?;
        self.set_held(rest, pots);
        Ok(())
    }
}

fn place(index: u64) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn too_large() -> Revert {
    IRestakingVault::SumTooLarge {}.into()
}
