//! Whether the books are sound.

use crate::storage::Lens;
use alloy_primitives::{Address, U256};
use arithmetic::wad::MAX_COMMITMENT;
use common::{calls, Outcome};
use interfaces::{ISlasher, IERC20};
use stylus_sdk::prelude::*;

impl Lens {
    pub(crate) fn books_of(&self, token: Address) -> Outcome<(U256, u128, bool)> {
        let account = self.token_pool.get();
        let held = calls::view(self.vm(), token, &IERC20::balanceOfCall { account })?;
        let owed = self.read_strategy(token)?.owed;
        Ok((held, owed, held >= U256::from(owed)))
    }

    pub(crate) fn agrees_with_itself(&self, operator: Address) -> Outcome<bool> {
        let slasher = self.slasher.get();
        let status = calls::view(self.vm(), slasher, &ISlasher::operatorStatusCall { operator })?;
        let pending = calls::view(self.vm(), slasher, &ISlasher::pendingSlashCall { operator })?;
        let frozen = calls::view(self.vm(), slasher, &ISlasher::isFrozenCall { operator })?;
        let facts = [status.openRequests != 0, status.frozenSince != 0, pending != 0];
        Ok(facts.iter().all(|fact| *fact == frozen) && status.commitment <= MAX_COMMITMENT)
    }
}
