//! Whether the books are sound.

use crate::storage::Lens;
use alloy_primitives::{Address, U256};
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_up;
use common::{calls, Outcome};
use interfaces::{ISlasher, IERC20};
use stylus_sdk::prelude::*;

impl Lens {
    pub(crate) fn _solvency(&self, token: Address) -> Outcome<(U256, u128, bool)> {
        let account = self.token_pool.get();
        let held = calls::view(self.vm(), token, &IERC20::balanceOfCall { account })?;
        let owed = self.read_strategy(token)?.owed;
        Ok((held, owed, held >= U256::from(owed)))
    }

    pub(crate) fn _operator_is_consistent(&self, operator: Address) -> Outcome<bool> {
        let slasher = self.slasher.get();
        let status = calls::view(self.vm(), slasher, &ISlasher::operatorStatusCall { operator })?;
        let pending = calls::view(self.vm(), slasher, &ISlasher::pendingSlashCall { operator })?;
        let frozen = calls::view(self.vm(), slasher, &ISlasher::isFrozenCall { operator })?;
        let budgets = calls::view(self.vm(), slasher, &ISlasher::commitmentOfCall { operator })?;
        let facts = [status.openRequests != 0, status.frozenSince != 0];
        // An open request of the shared tier may have nothing left to take.
        let freezes = facts.iter().all(|fact| *fact == frozen) && (frozen || pending == 0);
        let parts = [budgets.exclusive, budgets.shared, budgets.announced];
        let sum = parts.iter().fold(0u128, |sum, part| sum.saturating_add(u128::from(*part)));
        let commitment = mul_div_up(sum, u128::from(ONE), u128::from(budgets.magnitude));
        let commitment = commitment.map_or(u64::MAX, |wad| u64::try_from(wad).unwrap_or(u64::MAX));
        let guaranteed = budgets.exclusive <= budgets.magnitude && budgets.magnitude <= ONE;
        Ok(freezes && guaranteed && commitment == budgets.commitment)
    }
}
