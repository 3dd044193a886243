//! What the desk of redemptions asks for: taking a redemption's part out of everything, and what comes in of it.

use crate::storage::{RestakingVault, MAX_OPERATORS, MAX_TRANSITS};
use crate::valuation::{Position, Value};
use alloc::vec::Vec;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::redemption::{Part, Pot, OLDEST_TRANSIT, WAITING};
use arithmetic::wide::mul_div_down;
use arithmetic::{epoch, receipt};
use common::{calls, Emit, Outcome};
use interfaces::{IRestakingVault, ITokenPool};
use stylus_sdk::prelude::*;

/// The part of everything that a redemption owns.
struct Fraction {
    worth: u128,
    assets: u128,
}

impl Fraction {
    /// Of an amount, rounded down (against who leaves).
    fn of(&self, amount: u128) -> u128 {
        mul_div_down(amount, self.worth, self.assets).unwrap_or(0)
    }
}

impl RestakingVault {
    pub(crate) fn _redeem(
        &mut self,
        account: Address,
        shares: u128,
        supply: u128,
        min_assets: u128,
    ) -> Outcome<(u64, u128, Vec<u128>)> {
        let value = self.value()?;
        let worth = receipt::worth(shares, value.assets, supply).unwrap_or(0);
        self.require_worth(&value, shares, supply, min_assets)?;
        let part = Fraction { worth, assets: value.assets };
        let paid = part.of(self.idle());
        self.take_idle(paid)?;
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        // What is worth nothing is not queued, and takes no place.
        let wanted = |position: &Position| if part.of(position.assets) == 0 { 0 } else { part.of(position.free) };
        let wanted: Vec<u128> = value.positions.iter().map(wanted).collect();
        let issued = self.queue_each(&value.positions, &wanted)?;
        let mut parts = Vec::new();
        for (index, (position, shares)) in value.positions.iter().zip(wanted).enumerate() {
            let id = self.operators.getter(index).map_or(0, |stored| stored.id());
            self.divide_transits(index, id, release_epoch, &part, &mut parts)?;
            if shares == 0 {
                continue;
            }
            let queued = match &issued {
                Some(issued) => Some(calls::answer(issued, index.saturating_add(1))?).filter(|issued| *issued != 0),
                None => self.queue(position.operator, shares)?.map(|(_, issued)| issued),
            };
            let (units, place) = match queued {
                Some(issued) => (issued, 0),
                None => {
                    self.set_apart(index, shares);
                    (shares, WAITING)
                }
            };
            parts.push(Part { units, operator: id, place }.pack());
        }
        if paid != 0 {
            self.push(account, paid)?;
        } else if parts.is_empty() {
            return Err(IRestakingVault::WorthNothing {}.into());
        }
        Ok((release_epoch, paid, parts))
    }

    /// Sets more shares apart for redemptions, to be queued later.
    fn set_apart(&mut self, index: usize, more: u128) {
        if let Some(mut stored) = self.operators.setter(index) {
            let sum = stored.set_apart().saturating_add(more);
            stored.write_set_apart(sum);
        }
    }

    /// Refuses what is worth less than `minimum` with pending slashes.
    fn require_worth(&self, value: &Value, shares: u128, supply: u128, minimum: u128) -> Outcome {
        if minimum == 0 {
            return Ok(());
        }
        let left = value.assets.saturating_sub(self.at_risk(value)?);
        let worth = receipt::worth(shares, left, supply).unwrap_or(0);
        if worth < minimum {
            return Err(IRestakingVault::WorthBelowMinimum { worth, minimum }.into());
        }
        Ok(())
    }

    /// Gives a redemption its part of the holders' withdrawals that are on their way.
    fn divide_transits(
        &mut self,
        index: usize,
        id: u64,
        release_epoch: u64,
        part: &Fraction,
        parts: &mut Vec<u128>,
    ) -> Outcome {
        let Some(mut stored) = self.operators.setter(index) else { return Ok(()) };
        for place in 0..MAX_TRANSITS {
            let Some((release, own)) = stored.transit(place) else { continue };
            let units = part.of(own);
            if units == 0 {
                continue;
            }
            let earlier = release_epoch.saturating_sub(release);
            let Some(earlier) = u8::try_from(earlier).ok().filter(|_| earlier <= OLDEST_TRANSIT) else {
                let operator = stored.operator.get();
                return Err(IRestakingVault::CollectFirst { operator, releaseEpoch: release }.into());
            };
            stored.set_transit(place, release, own.saturating_sub(units));
            parts.push(Part { units, operator: id, place: earlier }.pack());
        }
        Ok(())
    }

    pub(crate) fn _collect(&mut self, id: u64, release_epoch: u64) -> Outcome<(u128, u128, u128)> {
        let operator = self.account(id);
        let (total, assets) = self.withdrawal_from(operator, release_epoch)?;
        let own = self.strike_transit(operator, release_epoch)?;
        if total == 0 && own.is_none() {
            return Err(IRestakingVault::NoReleaseAt { releaseEpoch: release_epoch }.into());
        }
        let mut amount = 0;
        // The ledger pays no withdrawal that was slashed to nothing.
        if assets != 0 {
            let [token, operator, recipient] =
                [self.token.get(), operator, self.vm().contract_address()].map(|account| account.into_word());
            let words = [token, operator, calls::word(release_epoch.into()), recipient];
            let answer = self.tell_pool(ITokenPool::completeQueuedWithdrawalCall::SELECTOR, &words)?;
            amount = calls::answer(&answer, 0)?;
        }
        let (kept, pot) = Pot::divide(amount, total, own.unwrap_or(0));
        self.add(kept, pot.amount)?;
        self.vm().emit(&IRestakingVault::Collected { operator, releaseEpoch: release_epoch, amount, kept });
        Ok((kept, pot.amount, pot.shares))
    }

    /// Takes a withdrawal on its way out of the books. Returns the holders' bucket shares of it.
    fn strike_transit(&mut self, operator: Address, release_epoch: u64) -> Outcome<Option<u128>> {
        let index = self.index_of(operator).unwrap_or(MAX_OPERATORS);
        let Some(mut stored) = self.operators.setter(index) else { return Ok(None) };
        for place in 0..MAX_TRANSITS {
            if let Some((release, own)) = stored.transit(place) {
                if release == release_epoch {
                    stored.set_transit(place, 0, 0);
                    return Ok(Some(own));
                }
            }
        }
        Ok(None)
    }

    pub(crate) fn _queue_waiting(&mut self, id: u64, shares: u128) -> Outcome<(u64, u128)> {
        let operator = self.account(id);
        let index = self.index_of(operator).unwrap_or(MAX_OPERATORS);
        let (have, assets) = self.position_with(operator)?;
        let Some(mut stored) = self.operators.setter(index) else { return Ok((0, 0)) };
        let set_apart = stored.set_apart();
        stored.write_set_apart(set_apart.saturating_sub(shares));
        // Where fewer shares are left than were set apart a slash took all of them, whoever has staked since. What is
        // worth nothing could never be queued.
        if have < set_apart || mul_div_down(shares, assets, have).unwrap_or(0) == 0 {
            return Ok((epoch::release_of(self.vm().block_timestamp()), 0));
        }
        self.queue_now(operator, shares)
    }
}
