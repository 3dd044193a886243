//! What is behind the receipts: a staker like any other.

use super::{MAX_OPERATORS, MAX_TRANSITS, Place};
use crate::ledger::Bag;
use crate::{Answer, Mistake, Protocol, revert};
use alloy_primitives::Address;
use alloy_sol_types::SolError;
use arithmetic::redemption::{MAX_OPERATOR_ID, OLDEST_TRANSIT, Part, Pot, WAITING};
use arithmetic::wide::mul_div_down;
use arithmetic::{epoch, receipt};
use interfaces::IRestakingVault::{
    CollectFirst, Collected, IsItself, NoReleaseAt, PlaceTaken, TooManyOperators, WorthBelowMinimum, WorthNothing,
};
use interfaces::ITokenPool::{DepositTooLarge, StrategyCapExceeded};

/// Most attempts at staking with one operator in one call.
const MAX_ATTEMPTS: usize = 8;

impl Protocol {
    /// Takes the part of some receipts out of everything: what is paid at once, and the parts that are paid later.
    pub(super) fn redeem(
        &mut self,
        account: Address,
        shares: u128,
        supply: u128,
        min_assets: u128,
    ) -> Answer<(u64, u128, Vec<Part>)> {
        let (assets, at_risk) = (self.receipt_assets(), self.receipt_assets_at_risk());
        if min_assets != 0 {
            let worth = receipt::worth(shares, assets - at_risk, supply).unwrap_or(0);
            if worth < min_assets {
                return revert(WorthBelowMinimum { worth, minimum: min_assets });
            }
        }
        let priced = if self.mistake == Mistake::ReceiptsPriceFreezes { assets - at_risk } else { assets };
        let worth = receipt::worth(shares, priced, supply).unwrap_or(0);
        let part_of = |amount: u128| mul_div_down(amount, worth, assets).unwrap_or(0);
        let paid = part_of(self.receipts.idle);
        self.receipts.idle -= paid;
        let (release, mut parts) = (epoch::release_of(self.now), Vec::new());
        let places = self.receipts.places.clone();
        // What is worth nothing is not queued.
        let wanted: Vec<u128> = places
            .iter()
            .map(|place| self.holders_position(place))
            .map(|(free, staked)| if part_of(staked) == 0 { 0 } else { part_of(free) })
            .collect();
        // With all at once; if that is refused for one, each for itself.
        let any = wanted.iter().any(|shares| *shares != 0);
        let at_once = if any { self.attempt(|protocol| protocol.queue_from_each(&wanted)) } else { None };
        for (index, shares) in wanted.into_iter().enumerate() {
            let place = self.receipts.places[index];
            for transit in 0..MAX_TRANSITS {
                let Some((at, own)) = place.transits[transit] else { continue };
                let units = part_of(own);
                if units == 0 {
                    continue;
                }
                let earlier = release - at;
                if earlier > OLDEST_TRANSIT {
                    return revert(CollectFirst { operator: place.operator, releaseEpoch: at });
                }
                self.set_transit(index, transit, at, own - units);
                let earlier = u8::try_from(earlier).unwrap_or(WAITING);
                parts.push(Part { units, operator: place.id, place: earlier });
            }
            if shares == 0 {
                continue;
            }
            let queued = match &at_once {
                Some(issued) => Some(issued[index]).filter(|issued| *issued != 0),
                None => self.attempt(|protocol| protocol.queue_from(index, shares)).map(|(_, issued)| issued),
            };
            let (units, at) = match queued {
                Some(issued) => (issued, 0),
                None => {
                    self.receipts.places[index].set_apart += shares;
                    (shares, WAITING)
                }
            };
            parts.push(Part { units, operator: place.id, place: at });
        }
        if paid != 0 {
            self.pay_out_of_vault(account, paid)?;
        } else if parts.is_empty() {
            return revert(WorthNothing {});
        }
        Ok((release, paid, parts))
    }

    pub(super) fn pay_out_of_vault(&mut self, account: Address, amount: u128) -> Answer {
        self.transfer(self.setup.receipt.vault, self.setup.receipt.token, account, amount)
    }

    /// Completes a withdrawal. Returns what the holders get, and the pot of the redemptions.
    pub(super) fn collect_withdrawal(&mut self, id: u64, release: u64) -> Answer<(u128, Pot)> {
        let (operator, of) = (self.receipts.account(id), self.setup.receipt);
        let (total, assets) = self.vault_withdrawal(operator, release);
        let own = self.strike_transit(operator, release);
        if total == 0 && own.is_none() {
            return revert(NoReleaseAt { releaseEpoch: release });
        }
        let mut amount = 0;
        if assets != 0 {
            amount = self.complete_queued_withdrawal(of.vault, of.token, operator, release, of.vault)?;
        }
        let (kept, pot) = Pot::divide(amount, total, own.unwrap_or(0));
        self.receipts.idle += kept;
        self.receipts.pots_total += pot.amount;
        self.log(of.vault, Collected { operator, releaseEpoch: release, amount, kept });
        Ok((kept, pot))
    }

    fn strike_transit(&mut self, operator: Address, release: u64) -> Option<u128> {
        let index = self.place_of(operator)?;
        let transits = self.receipts.places[index].transits;
        let found = transits.iter().position(|transit| transit.is_some_and(|(at, _)| at == release))?;
        self.set_transit(index, found, 0, 0);
        transits[found].map(|(_, own)| own)
    }

    /// Queues shares that were set apart. Returns the release epoch and the bucket shares.
    pub(super) fn queue_set_apart(&mut self, id: u64, shares: u128) -> Answer<(u64, u128)> {
        let operator = self.receipts.account(id);
        let (have, assets) = self.vault_position(operator);
        let Some(index) = self.place_of(operator) else { return Ok((0, 0)) };
        let set_apart = self.receipts.places[index].set_apart;
        self.receipts.places[index].set_apart = set_apart.saturating_sub(shares);
        if have < set_apart || mul_div_down(shares, assets, have).unwrap_or(0) == 0 {
            return Ok((epoch::release_of(self.now), 0));
        }
        self.queue_from(index, shares)
    }

    /// Queues shares out of the pool of a place.
    fn queue_from(&mut self, index: usize, shares: u128) -> Answer<(u64, u128)> {
        let (operator, of) = (self.receipts.places[index].operator, self.setup.receipt);
        let release = epoch::release_of(self.now);
        let had = self.vault_withdrawal(operator, release).0;
        self.queue_withdrawal(of.vault, of.token, operator, shares)?;
        let issued = self.vault_withdrawal(operator, release).0 - had;
        Ok((release, issued))
    }

    /// Queues shares out of the pools of all places. Returns the bucket shares of each.
    fn queue_from_each(&mut self, shares: &[u128]) -> Answer<Vec<u128>> {
        let (of, release) = (self.setup.receipt, epoch::release_of(self.now));
        let operators: Vec<Address> = self.receipts.places.iter().map(|place| place.operator).collect();
        let queued = |protocol: &Self| -> Vec<u128> {
            operators.iter().map(|operator| protocol.vault_withdrawal(*operator, release).0).collect()
        };
        let had = queued(self);
        let parts: Vec<(Address, u128)> = operators.iter().copied().zip(shares.iter().copied()).collect();
        self.queue_with_each(of.vault, of.token, &parts)?;
        Ok(queued(self).into_iter().zip(had).map(|(has, had)| has - had).collect())
    }

    /// Does something, or nothing if it is refused.
    fn attempt<T>(&mut self, what: impl FnOnce(&mut Self) -> Answer<T>) -> Option<T> {
        let mut after = self.clone();
        let answer = what(&mut after).ok()?;
        *self = after;
        Some(answer)
    }

    fn set_transit(&mut self, index: usize, transit: usize, release: u64, shares: u128) {
        self.receipts.places[index].transits[transit] = (shares != 0).then_some((release, shares));
    }

    fn place_of(&self, operator: Address) -> Option<usize> {
        self.receipts.places.iter().position(|place| place.operator == operator && !operator.is_zero())
    }

    /// Stakes idle tokens with the operator of a place, in parts where the door takes no more. Returns the amount.
    pub(super) fn stake_with(&mut self, index: usize, amount: u128, max_commitment: u64) -> u128 {
        let (place, of) = (self.receipts.places[index], self.setup.receipt);
        let (shares, _) = self.vault_position(place.operator);
        let bucket = Bag::pool(place.operator, of.token).bucket(epoch::release_of(self.now));
        if shares < place.set_apart || self.ledger.at(bucket, self.now).generation != 0 {
            return 0;
        }
        let max_commitment = if self.mistake == Mistake::VaultAcceptsEverything { u64::MAX } else { max_commitment };
        let (mut staked, mut most) = (0, amount);
        for _ in 0..MAX_ATTEMPTS {
            let part = (amount - staked).min(most);
            if part == 0 {
                break;
            }
            let mut after = self.clone();
            after.receipts.idle -= part;
            match after.stake(of.vault, of.token, part, place.operator, max_commitment) {
                Ok(_) => {
                    *self = after;
                    staked += part;
                }
                Err(revert) => {
                    most = room(&revert, part);
                    if most >= part {
                        break;
                    }
                }
            }
        }
        staked
    }

    /// Queues some or all of the holders' stake. Returns whether it did.
    pub(super) fn unstake_from(&mut self, index: usize, amount: u128, everything: bool) -> bool {
        let place = self.receipts.places[index];
        let (free, assets) = self.holders_position(&place);
        let release = epoch::release_of(self.now);
        let transits = place.transits.iter();
        let same = transits.clone().position(|transit| transit.is_some_and(|(at, _)| at == release));
        let mut none = transits.enumerate().filter(|(_, transit)| transit.is_none()).map(|(at, _)| at);
        let first = none.next().filter(|_| everything || none.next().is_some());
        let Some(transit) = same.or(first) else { return false };
        let part = mul_div_down(free, amount, assets).unwrap_or(0);
        let shares = if everything { free } else { part.min(free) };
        let Some((release, issued)) = self.attempt(|protocol| protocol.queue_from(index, shares)) else {
            return false;
        };
        let before = place.transits[transit].map_or(0, |(_, shares)| shares);
        self.set_transit(index, transit, release, before + issued);
        true
    }

    /// Gives a place to an operator.
    pub(super) fn hold_place(&mut self, index: usize, operator: Address) -> Answer {
        let of = self.setup.receipt;
        if [of.vault, of.receipt, of.desk].contains(&operator) {
            return revert(IsItself {});
        }
        if self.receipts.places.get(index).is_some_and(|place| !self.is_empty(place)) {
            return revert(PlaceTaken {});
        }
        if !self.receipts.known.contains(&operator) {
            let limit = MAX_OPERATOR_ID;
            if u64::try_from(self.receipts.known.len()).unwrap_or(u64::MAX) >= limit {
                return revert(TooManyOperators { limit });
            }
            self.receipts.known.push(operator);
        }
        let id = self.receipts.id(operator);
        if index == self.receipts.places.len() && index < MAX_OPERATORS {
            self.receipts.places.push(Place::default());
        }
        self.receipts.places[index] = Place { operator, id, ..Place::default() };
        Ok(())
    }

    /// Whether nothing is with the operator of a place or comes from it.
    pub(super) fn is_empty(&self, place: &Place) -> bool {
        let on_its_way = place.transits.iter().any(Option::is_some) || place.set_apart != 0;
        !on_its_way && self.vault_position(place.operator).0 == 0
    }
}

/// How much the door would take that has refused a part; the part if it says nothing about that.
fn room(revert: &[u8], part: u128) -> u128 {
    if let Ok(DepositTooLarge { limit, .. }) = DepositTooLarge::abi_decode(revert) {
        return limit;
    }
    match StrategyCapExceeded::abi_decode(revert) {
        Ok(StrategyCapExceeded { total, cap }) => part.saturating_sub(total.saturating_sub(cap)),
        Err(_) => part,
    }
}
