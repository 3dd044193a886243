//! Stake that counts, at any past time.

use crate::storage::{Registry, StoredCheckpoint};
use alloy_primitives::{Address, U128, U64};
use alloy_sol_types::SolCall;
use common::stored::{large, number};
use common::{calls, Outcome};
use interfaces::{IRegistry, IServiceManager, ISlasher};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageVec;

impl Registry {
    pub(crate) fn update(&mut self, operator: Address) -> Outcome {
        if !self.operators.getter(operator).serves.get() {
            return Err(IRegistry::NotRegistered { operator }.into());
        }
        let weighed = self.weigh(operator)?;
        let stake = self.counting(operator, weighed)?;
        self.count(operator, stake)?;
        if stake != 0 {
            self.record(operator, IServiceManager::recordStakeUpdateCall::SELECTOR)?;
        }
        Ok(())
    }

    /// What of an operator's weighted stake counts: all of it while the service can slash it, for now without an end, and nothing holds it.
    pub(crate) fn counting(&self, operator: Address, weighed: u128) -> Outcome<u128> {
        if weighed < self.minimum_stake.at(self.vm().block_timestamp()) {
            return Ok(0);
        }
        let (slasher, service_manager) = (self.slasher.get(), self.service_manager.get());
        let request = ISlasher::securesCall { operator, serviceManager: service_manager };
        Ok(if calls::view(self.vm(), slasher, &request)? { weighed } else { 0 })
    }

    /// Lets `stake` of the operator count from now on.
    pub(crate) fn count(&mut self, operator: Address, stake: u128) -> Outcome {
        let now = self.vm().block_timestamp();
        let before = latest(&self.histories.getter(operator));
        if stake == before {
            return Ok(());
        }
        // What counted before is part of the total.
        let others = latest(&self.total).saturating_sub(before);
        let total = others.checked_add(stake).ok_or(IRegistry::StakeTooLarge {})?;
        append(&mut self.histories.setter(operator), now, stake);
        append(&mut self.total, now, total);
        self.vm().log(IRegistry::StakeUpdated { operator, stake });
        Ok(())
    }
}

/// The stake at `time`: that of the last checkpoint that is not later, found by bisection; nothing before the first.
pub(crate) fn at(history: &StorageVec<StoredCheckpoint>, time: u64) -> u128 {
    let (mut low, mut high) = (0, history.len());
    while low < high {
        let middle = low.midpoint(high);
        match history.getter(middle) {
            Some(checkpoint) if number(&checkpoint.time) <= time => low = middle.saturating_add(1),
            _ => high = middle,
        }
    }
    low.checked_sub(1).and_then(|index| history.getter(index)).map_or(0, |checkpoint| large(&checkpoint.stake))
}

fn latest(history: &StorageVec<StoredCheckpoint>) -> u128 {
    history.len().checked_sub(1).and_then(|index| history.getter(index)).map_or(0, |last| large(&last.stake))
}

/// Adds a checkpoint; one of the same second is overwritten.
fn append(history: &mut StorageVec<StoredCheckpoint>, now: u64, stake: u128) {
    let last = history.len().checked_sub(1);
    if let Some(mut checkpoint) = last.and_then(|index| history.setter(index)) {
        if number(&checkpoint.time) == now {
            checkpoint.stake.set(U128::from(stake));
            return;
        }
    }
    let mut checkpoint = history.grow();
    checkpoint.time.set(U64::from(now));
    checkpoint.stake.set(U128::from(stake));
}
