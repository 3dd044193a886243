//! Whether the books are sound.

use crate::storage::Lens;
use alloy_primitives::{Address, U256};
use arithmetic::wad::ONE;
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
        let (open_requests, frozen_since, ..) = self._operator_status(operator)?;
        let (exclusive, shared, announced, magnitude, _) = self._commitment_of(operator)?;
        let committed = exclusive.saturating_add(shared).saturating_add(announced);
        let pending = calls::view(self.vm(), slasher, &ISlasher::pendingSlashCall { operator })?;
        let frozen = calls::view(self.vm(), slasher, &ISlasher::isFrozenCall { operator })?;
        let facts = [open_requests != 0, frozen_since != 0, pending.frozenSince != 0];
        // An open request of the shared tier may have nothing left to take.
        let freezes = facts.iter().all(|fact| *fact == frozen) && (frozen || pending.wad == 0);
        // Nothing is lost any more when nothing is granted, open or announced.
        let magnitudes = exclusive <= magnitude && (committed != 0 || magnitude == ONE);
        Ok(freezes && magnitudes)
    }
}
