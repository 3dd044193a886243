//! The receipt for restaked tokens, what is behind it, where that is staked, and the redemptions in kind.

mod desk;
mod token;
mod vault;
mod weights;

use crate::Protocol;
use crate::ledger::Bag;
use alloy_primitives::Address;
use arithmetic::redemption::{Part, Pot, WAITING, queued_units};
use arithmetic::wide::mul_div_down;
use arithmetic::{epoch, receipt, wad};
use std::collections::BTreeMap;

/// Most operators of a vault at a time.
pub const MAX_OPERATORS: usize = 8;

/// Most withdrawals of the holders from one operator that are on their way at a time.
pub const MAX_TRANSITS: usize = 4;

/// Where a receipt's contracts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReceiptContracts {
    /// The receipt.
    pub receipt: Address,
    /// What is behind it.
    pub vault: Address,
    /// Where redemptions are.
    pub desk: Address,
    /// Who says where the vault stakes.
    pub weights: Address,
    /// What it is a receipt for.
    pub token: Address,
}

/// An operator of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The operator.
    pub operator: Address,
    /// Its number for ever.
    pub id: u64,
    /// Shares of its pool that belong to redemptions and were not queued yet.
    pub set_apart: u128,
    /// The holders' withdrawals on their way: release epoch and bucket shares.
    pub transits: [Option<(u64, u128)>; MAX_TRANSITS],
}

/// What holders had notice of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Target {
    /// The operator's part of all assets (wad).
    pub weight: u64,
    /// The highest commitment (wad) at which it gets that.
    pub max_commitment: u64,
}

/// The weight of an operator, now and from an epoch on (zero: nothing is announced).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weight {
    /// The operator.
    pub operator: Address,
    /// As it is before `from`.
    pub now: Target,
    /// As it was scheduled last.
    pub next: Target,
    /// The epoch from which that holds.
    pub from: u64,
}

/// A redemption that is not paid whole yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// Whose.
    pub account: Address,
    /// When what was queued with it is released.
    pub release: u64,
    /// In which period the rest began to wait.
    pub period: u64,
    /// What it still owns.
    pub parts: Vec<Part>,
}

/// What waits with one operator since one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Batch {
    /// Shares of its pool.
    pub shares: u128,
    /// The release epoch and the bucket shares that it got, once it was queued.
    pub queued: Option<(u64, u128)>,
}

/// A receipt and everything behind it.
#[derive(Debug, Clone, Default)]
pub struct Receipts {
    /// Account => receipts.
    pub balances: BTreeMap<Address, u128>,
    /// Tokens of the holders that are not staked.
    pub idle: u128,
    /// Tokens that came in for redemptions.
    pub pots_total: u128,
    /// The operators, in order.
    pub places: Vec<Place>,
    /// Every operator that ever had a place; its number is one more than its index.
    pub known: Vec<Address>,
    /// The weights, in the same order.
    pub weights: Vec<Weight>,
    /// The present period.
    pub period: u64,
    /// How many redemptions were opened.
    pub opened: u64,
    /// Number => redemption.
    pub redemptions: BTreeMap<u64, Redemption>,
    /// Number of the operator, release epoch => what came in for redemptions.
    pub pots: BTreeMap<(u64, u64), Pot>,
    /// Number of the operator, period => what waits.
    pub batches: BTreeMap<(u64, u64), Batch>,
}

impl Receipts {
    /// All receipts.
    pub fn supply(&self) -> u128 {
        self.balances.values().sum()
    }

    /// What an account has of them.
    pub fn held(&self, account: Address) -> u128 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    fn id(&self, operator: Address) -> u64 {
        let index = self.known.iter().position(|known| *known == operator);
        index.map_or(0, |index| u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1))
    }

    fn account(&self, id: u64) -> Address {
        let index = id.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.known.get(index)).copied().unwrap_or_default()
    }
}

impl Protocol {
    /// Shares and assets of the vault with an operator, the redemptions' included.
    pub fn vault_position(&self, operator: Address) -> (u128, u128) {
        let ReceiptContracts { vault, token, .. } = self.setup.receipt;
        self.ledger.worth(Bag::pool(operator, token), vault, self.now)
    }

    /// Shares and assets of the vault in a bucket, the redemptions' included.
    pub fn vault_withdrawal(&self, operator: Address, release: u64) -> (u128, u128) {
        let ReceiptContracts { vault, token, .. } = self.setup.receipt;
        self.ledger.worth(Bag::pool(operator, token).bucket(release), vault, self.now)
    }

    /// The holders' shares and assets with the operator of a place.
    pub fn holders_position(&self, place: &Place) -> (u128, u128) {
        let (shares, assets) = self.vault_position(place.operator);
        let set_apart = if self.mistake == crate::Mistake::WaitingIsTheHolders { 0 } else { place.set_apart };
        let free = shares.saturating_sub(set_apart);
        (free, if set_apart == 0 { assets } else { mul_div_down(free, assets, shares).unwrap_or(0) })
    }

    /// What the holders' withdrawals from an operator pay that are released after an epoch.
    fn holders_leaving(&self, place: &Place, after: u64) -> u128 {
        let transits = place.transits.iter().flatten().filter(|(release, _)| *release > after);
        let worth = transits.map(|(release, own)| {
            let (total, assets) = self.vault_withdrawal(place.operator, *release);
            mul_div_down(assets, (*own).min(total), total).unwrap_or(0)
        });
        worth.sum()
    }

    /// All assets of the holders of receipts.
    pub fn receipt_assets(&self) -> u128 {
        let places = self.receipts.places.iter();
        let staked = places.map(|place| self.holders_position(place).1 + self.holders_leaving(place, 0));
        self.receipts.idle + staked.sum::<u128>()
    }

    /// What open requests may take of that, rounded up.
    pub fn receipt_assets_at_risk(&self) -> u128 {
        let places = self.receipts.places.iter();
        let lost = places.map(|place| {
            let freeze = self.freezes(place.operator).last().filter(|freeze| freeze.until.is_none());
            // What had matured when the operator was frozen is out of reach.
            let Some(since) = freeze.map(|freeze| freeze.since) else { return 0 };
            let reached = self.holders_position(place).1 + self.holders_leaving(place, epoch::at(since));
            wad::portion_up(reached, self.pending_slash(place.operator)).unwrap_or(0)
        });
        lost.sum::<u128>().min(self.receipt_assets())
    }

    /// What the receipts of an account are worth, and what it still gets of its redemptions.
    pub fn receipt_worth(&self, account: Address) -> u128 {
        let receipts = &self.receipts;
        let held = receipt::worth(receipts.held(account), self.receipt_assets(), receipts.supply()).unwrap_or(0);
        let own = receipts.redemptions.values().filter(|redemption| redemption.account == account);
        held + own.map(|redemption| self.redemption_worth(redemption)).sum::<u128>()
    }

    fn redemption_worth(&self, redemption: &Redemption) -> u128 {
        redemption.parts.iter().map(|part| self.part_worth(redemption, *part)).sum()
    }

    fn part_worth(&self, redemption: &Redemption, part: Part) -> u128 {
        let operator = self.receipts.account(part.operator);
        let (mut units, mut release) = (part.units, redemption.release.saturating_sub(u64::from(part.place)));
        if part.place == WAITING {
            let batch = self.receipts.batches.get(&(part.operator, redemption.period)).copied().unwrap_or_default();
            match batch.queued {
                None => {
                    let (shares, assets) = self.vault_position(operator);
                    let places = self.receipts.places.iter();
                    let apart = places.filter(|place| place.operator == operator).map(|place| place.set_apart).sum();
                    return if shares < apart { 0 } else { mul_div_down(units, assets, shares).unwrap_or(0) };
                }
                Some((queued, bucket_shares)) => {
                    release = queued;
                    units = queued_units(units, batch.shares, bucket_shares);
                }
            }
        }
        match self.receipts.pots.get(&(part.operator, release)) {
            Some(pot) if pot.shares != 0 => mul_div_down(pot.amount, units.min(pot.shares), pot.shares).unwrap_or(0),
            _ => {
                let (total, assets) = self.vault_withdrawal(operator, release);
                mul_div_down(assets, units.min(total), total).unwrap_or(0)
            }
        }
    }
}
