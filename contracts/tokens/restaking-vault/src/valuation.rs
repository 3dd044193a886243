//! What everything is worth: asked of the ledger each time, so that rewards and slashes count at once.

use crate::storage::{RestakingVault, MAX_OPERATORS, MAX_TRANSITS};
use crate::too_large;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use arithmetic::wide::mul_div_down;
use arithmetic::{epoch, wad};
use common::{calls, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// The contract's position with an operator.
pub(crate) struct Position {
    pub(crate) operator: Address,
    /// The holders' shares.
    pub(crate) free: u128,
    /// What those are worth.
    pub(crate) assets: u128,
}

/// What everything is worth.
pub(crate) struct Value {
    /// The holders' idle tokens, stake, and withdrawals on their way.
    pub(crate) assets: u128,
    /// With each operator, in order.
    pub(crate) positions: Vec<Position>,
}

impl RestakingVault {
    pub(crate) fn value(&self) -> Outcome<Value> {
        let mut value = Value { assets: self.idle(), positions: Vec::new() };
        let places = (0..MAX_OPERATORS).map(|index| self.operator(index));
        let operators: Vec<Address> = places.take_while(|operator| !operator.is_zero()).collect();
        if operators.is_empty() {
            return Ok(value);
        }
        // One question for all of them: shares come first, then what they are worth.
        let mut words = Vec::from([self.vm().contract_address(), self.token.get()].map(|account| account.into_word()));
        words.extend(operators.iter().map(|operator| operator.into_word()));
        words.resize(MAX_OPERATORS.saturating_add(2), B256::ZERO);
        let question = calls::words(IStrategyManager::positionsCall::SELECTOR, &words);
        let answer = calls::view_raw(self.vm(), self.strategy_manager.get(), &question)?;
        for (index, operator) in operators.into_iter().enumerate() {
            let worth = calls::answer(&answer, index.saturating_add(MAX_OPERATORS))?;
            let position = self.without_set_apart(index, operator, (calls::answer(&answer, index)?, worth));
            let leaving = self.leaving(index, operator, 0)?;
            let sum = value.assets.checked_add(position.assets).and_then(|sum| sum.checked_add(leaving));
            value.assets = sum.ok_or_else(too_large)?;
            value.positions.push(position);
        }
        Ok(value)
    }

    /// What pending slashes may take of that, rounded up (against who leaves).
    pub(crate) fn at_risk(&self, value: &Value) -> Outcome<u128> {
        let mut lost = 0u128;
        for (index, position) in value.positions.iter().enumerate() {
            let selector = ISlasher::pendingSlashCall::SELECTOR;
            let answer = calls::ask(self.vm(), self.slasher.get(), selector, &[position.operator])?;
            let (pending, since) = (number(calls::answer(&answer, 0)?), number(calls::answer(&answer, 1)?));
            if pending == 0 {
                continue;
            }
            // What had matured when the operator was frozen is out of reach.
            let leaving = self.leaving(index, position.operator, epoch::at(since))?;
            let reached = position.assets.checked_add(leaving).ok_or_else(too_large)?;
            let part = wad::portion_up(reached, pending.min(wad::ONE)).ok_or_else(too_large)?;
            lost = lost.checked_add(part).ok_or_else(too_large)?;
        }
        Ok(lost.min(value.assets))
    }

    /// What the holders' withdrawals from an operator pay that are released after an epoch.
    fn leaving(&self, index: usize, operator: Address, after: u64) -> Outcome<u128> {
        let mut sum = 0u128;
        let Some(stored) = self.operators.getter(index) else { return Ok(0) };
        for place in 0..MAX_TRANSITS {
            let Some((release_epoch, own)) = stored.transit(place) else { continue };
            if release_epoch > after {
                let (total, assets) = self.withdrawal_from(operator, release_epoch)?;
                let worth = mul_div_down(assets, own.min(total), total).unwrap_or(0);
                sum = sum.checked_add(worth).ok_or_else(too_large)?;
            }
        }
        Ok(sum)
    }

    /// The holders' part of the position with an operator.
    pub(crate) fn position_at(&self, index: usize, operator: Address) -> Outcome<Position> {
        Ok(self.without_set_apart(index, operator, self.position_with(operator)?))
    }

    fn without_set_apart(&self, index: usize, operator: Address, (shares, assets): (u128, u128)) -> Position {
        let set_apart = self.operators.getter(index).map_or(0, |stored| stored.set_apart());
        // More is set apart than there is where the pool was slashed to nothing.
        let free = shares.saturating_sub(set_apart);
        let assets = if set_apart == 0 { assets } else { mul_div_down(free, assets, shares).unwrap_or(0) };
        Position { operator, free, assets }
    }

    /// Shares and assets of the position with `operator`.
    pub(crate) fn position_with(&self, operator: Address) -> Outcome<(u128, u128)> {
        pair(&self.ask_ledger(IStrategyManager::positionCall::SELECTOR, operator, None)?)
    }

    /// Bucket shares of a withdrawal, the holders' and those of redemptions, and what they pay.
    pub(crate) fn withdrawal_from(&self, operator: Address, release_epoch: u64) -> Outcome<(u128, u128)> {
        pair(&self.ask_ledger(IStrategyManager::withdrawalCall::SELECTOR, operator, Some(release_epoch))?)
    }

    /// Whether a slash took everything of a bucket once: what redemptions owned of it is lost, whatever it holds now.
    pub(crate) fn was_bucket_lost(&self, operator: Address, release_epoch: u64) -> Outcome<bool> {
        let answer = self.ask_ledger(IStrategyManager::withdrawalCall::SELECTOR, operator, Some(release_epoch))?;
        Ok(calls::answer(&answer, 2)? != 0)
    }

    /// Asks the ledger about the contract's position with an operator, or its withdrawal.
    #[inline(never)]
    fn ask_ledger(&self, selector: [u8; 4], operator: Address, release_epoch: Option<u64>) -> Outcome<Vec<u8>> {
        let (staker, token) = (self.vm().contract_address(), self.token.get());
        let mut words = Vec::from([staker, operator, token].map(|account| account.into_word()));
        words.extend(release_epoch.map(|epoch| calls::word(epoch.into())));
        calls::view_raw(self.vm(), self.strategy_manager.get(), &calls::words(selector, &words))
    }
}

/// Shares and assets.
fn pair(answer: &[u8]) -> Outcome<(u128, u128)> {
    Ok((calls::answer(answer, 0)?, calls::answer(answer, 1)?))
}

/// Never more than 64 bits.
fn number(answer: u128) -> u64 {
    u64::try_from(answer).unwrap_or(u64::MAX)
}
