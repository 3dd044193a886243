//! Redemptions that begin.

use crate::storage::{key, pair, short, too_large, RedemptionDesk};
use alloc::vec::Vec;
use alloy_primitives::{Address, U32, U64, U8};
use arithmetic::redemption::{Part, WAITING};
use common::stored::{amount, number, set_amount, set_number};
use common::{calls, Emit, Outcome};
use interfaces::{IRedemptionDesk, IRestakingVault};
use stylus_sdk::prelude::*;

impl RedemptionDesk {
    pub(crate) fn _open(
        &mut self,
        account: Address,
        shares: u128,
        supply: u128,
        min_assets: u128,
    ) -> Outcome<(u64, u128)> {
        let request = IRestakingVault::redeemCall { account, shares, supply, minAssets: min_assets };
        let given = calls::send(self, self.vault.get(), &request)?;
        let (id, period) = (number(&self.count), short(&self.period));
        set_number(&mut self.count, id.saturating_add(1));
        let parts: Vec<Part> = given.parts.iter().map(|bits| Part::unpack(*bits)).collect();
        for part in parts.iter().filter(|part| part.place == WAITING) {
            let mut batch = self.batches.setter(key(part.operator, period));
            let sum = amount(&batch.shares).saturating_add(part.units);
            set_amount(&mut batch.shares, sum).map_err(|_| too_large())?;
            let operator = self.operator_with(part.operator)?;
            self.vm().emit(&IRedemptionDesk::PartWaits { id, operator, period, poolShares: part.units });
        }
        let count = self.store(id, account, &given.parts);
        if count != 0 {
            let mut stored = self.redemptions.setter(U64::from(id));
            stored.release_epoch.set(U32::from(u32::try_from(given.releaseEpoch).unwrap_or(u32::MAX)));
            stored.period.set(U32::from(u32::try_from(period).unwrap_or(u32::MAX)));
        }
        self.vm().emit(&IRedemptionDesk::RedemptionOpened {
            id,
            account,
            shares,
            paid: given.paid,
            releaseEpoch: given.releaseEpoch,
            period,
            parts: count,
        });
        Ok((id, given.paid))
    }

    /// Writes the parts of a redemption in the place of those it had; without any, it is gone. Returns how many there
    /// are: at most five with each of eight operators.
    pub(crate) fn store(&mut self, id: u64, account: Address, parts: &[u128]) -> u64 {
        let mut stored = self.redemptions.setter(U64::from(id));
        let [before] = *stored.count.get().as_limbs();
        let count = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        let (mut pairs, mut place) = (parts.chunks(2), 0u8);
        for _ in 0..before.max(u64::from(count)).div_ceil(2) {
            let word = match pairs.next().unwrap_or_default() {
                [low, high] => pair(*low, *high),
                [low] => pair(*low, 0),
                _ => pair(0, 0),
            };
            stored.parts.insert(U8::from(place), word);
            place = place.saturating_add(1);
        }
        stored.count.set(U8::from(count));
        if count == 0 {
            stored.account.set(Address::ZERO);
            stored.release_epoch.set(U32::ZERO);
            stored.period.set(U32::ZERO);
        } else {
            stored.account.set(account);
        }
        u64::from(count)
    }

    /// The parts of a redemption that are left.
    pub(crate) fn parts(&self, id: u64) -> Vec<u128> {
        let stored = self.redemptions.getter(U64::from(id));
        let [count] = *stored.count.get().as_limbs();
        let mut parts = Vec::new();
        for index in 0..count {
            let word = stored.parts.get(U8::from(u8::try_from(index / 2).unwrap_or(u8::MAX)));
            let [a, b, c, d] = *word.as_limbs();
            parts.push(common::stored::wide(&if index % 2 == 0 { [a, b] } else { [c, d] }));
        }
        parts
    }
}
