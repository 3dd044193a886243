//! RiskAdmission: admits operators to a service whose stake is not promised too often. See
//! [`interfaces::IRiskAdmission`].
//!
//! Invariant: what it answers about an operator changes only by what that operator lets services take, by slashes of
//! that, and by the terms of its own service; nothing that another service says, and nobody's stake, moves it.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod storage;

pub use storage::RiskAdmission;

use alloc::vec::Vec;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::exposure::Knowledge;
use arithmetic::fault::{mildest, ROOM};
use arithmetic::risk::{demand, ratio};
use arithmetic::wad;
use common::stored::{large, number, set_large, set_number};
use common::{access, calls, slashing, Outcome, Revert};
use interfaces::{IRiskAdmission, IServiceManager};
use stylus_sdk::prelude::*;

/// Where the profit stands in the answer about terms, behind the wads, the challenger's share and the reward rate.
const PROFIT: usize = ROOM + 2;

#[public]
impl RiskAdmission {
    /// Sets the service and the rule, for good: the highest utilisation (wad), the ratio that other services are taken
    /// to have (wad), the part of the service's stake that corrupts it (wad), and the stake (weighted) below which
    /// nobody should rely on it.
    #[constructor]
    pub fn constructor(
        &mut self,
        service_manager: Address,
        cap: u64,
        assumed_ratio: u64,
        threshold: u64,
        counted_stake: u128,
    ) -> Outcome {
        let in_range = |wad: u64| (1..=wad::ONE).contains(&wad);
        if !in_range(cap) || !in_range(threshold) || assumed_ratio > cap || counted_stake == 0 {
            return Err(IRiskAdmission::InvalidRule {}.into());
        }
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        let contracts = calls::ask(self.vm(), service_manager, IServiceManager::contractsCall::SELECTOR, &[])?;
        let slasher = contracts.get(12..32).ok_or_else(|| Revert::passed_on(Vec::new()))?;
        self.slasher.set(access::contract(self.vm(), Address::from_slice(slasher))?);
        set_number(&mut self.cap, cap);
        set_number(&mut self.assumed_ratio, assumed_ratio);
        set_number(&mut self.threshold, threshold);
        set_large(&mut self.counted_stake, counted_stake);
        let ratio = self.knowledge()?.ratio;
        if ratio > cap.into() {
            return Err(IRiskAdmission::AdmitsNobody { ratio, cap }.into());
        }
        Ok(())
    }

    fn is_admitted(&self, operator: Address) -> Outcome<bool> {
        Ok(self.bound(operator)? <= number(&self.cap).into())
    }

    fn bound_of(&self, operator: Address) -> Outcome<u128> {
        self.bound(operator)
    }

    fn own_ratio(&self) -> Outcome<u128> {
        Ok(self.knowledge()?.ratio)
    }

    fn rule(&self) -> (u64, u64, u64, u128) {
        (number(&self.cap), number(&self.assumed_ratio), number(&self.threshold), large(&self.counted_stake))
    }

    fn contracts(&self) -> (Address, Address) {
        (self.service_manager.get(), self.slasher.get())
    }
}

impl RiskAdmission {
    fn bound(&self, operator: Address) -> Outcome<u128> {
        let (slasher, service) = (self.slasher.get(), self.service_manager.get());
        let budgets = slashing::budgets(self.vm(), slasher, operator)?;
        let grant = slashing::grant(self.vm(), slasher, operator, service)?;
        Ok(self.knowledge()?.bounds(&budgets, &grant))
    }

    /// What the service knows: its own terms, and its rule.
    fn knowledge(&self) -> Outcome<Knowledge> {
        let terms = calls::ask(self.vm(), self.service_manager.get(), IServiceManager::termsCall::SELECTOR, &[])?;
        let mut wads = [0; ROOM];
        for (index, wad) in wads.iter_mut().enumerate() {
            *wad = u64::try_from(calls::answer(&terms, index)?).unwrap_or(u64::MAX);
        }
        let penalty = mildest(&wads);
        let counted = large(&self.counted_stake);
        // Rounded down: an attack loses no less.
        let loses = wad::portion_down(counted, penalty).unwrap_or(counted);
        let ratio = match calls::answer(&terms, PROFIT)? {
            0 => 0,
            profit => ratio(profit, demand(loses, number(&self.threshold))),
        };
        Ok(Knowledge { ratio, penalty, assumed: number(&self.assumed_ratio).into() })
    }
}
