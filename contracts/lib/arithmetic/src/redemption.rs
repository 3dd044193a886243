//! Redemptions of a receipt in kind: the parts that a redemption owns, the pots that pay them, and the batches of what
//! waits until queueing opens.
//!
//! A part is counted in shares of the bucket of withdrawals that pays it, not in receipts: whatever a deposit, a reward
//! or another redemption changes in between, the shares of a bucket that were queued for somebody stay theirs.

use crate::wide::mul_div_down;

/// The place of a part that waits until queueing with its operator opens.
pub const WAITING: u8 = 15;

/// How many epochs earlier than the withdrawals of a redemption a bucket was released at most that it gets a part of.
pub const OLDEST_TRANSIT: u64 = 14;

/// The last number of an operator: 12 bits.
pub const MAX_OPERATOR_ID: u64 = (1 << 12) - 1;

const MAX_UNITS: u128 = (1 << 112) - 1;

/// What a redemption owns of one bucket, or of what waits with one operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Shares of the bucket; of the pool while it waits.
    pub units: u128,
    /// The number of the operator.
    pub operator: u64,
    /// How many epochs before the redemption's own the bucket is released, or [`WAITING`].
    pub place: u8,
}

impl Part {
    /// From the lowest bits: units (112 bits), operator (12), place (4). Every number is cut to its bits; those of the
    /// protocol fit.
    pub fn pack(&self) -> u128 {
        let operator = u128::from(self.operator & MAX_OPERATOR_ID);
        (self.units & MAX_UNITS) | (operator << 112) | (u128::from(self.place & WAITING) << 124)
    }

    /// What [`Part::pack`] packed.
    pub fn unpack(bits: u128) -> Self {
        Self {
            units: bits & MAX_UNITS,
            operator: u64::try_from((bits >> 112) & u128::from(MAX_OPERATOR_ID)).unwrap_or(0),
            place: u8::try_from(bits >> 124).unwrap_or(WAITING),
        }
    }
}

/// What came in of a bucket for redemptions, and the shares of the bucket that own it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pot {
    /// Base units.
    pub amount: u128,
    /// Shares of the bucket.
    pub shares: u128,
}

impl Pot {
    /// Divides the `amount` that came in for `total` bucket shares: what the `own` ones of them get, rounded down, and
    /// the pot of the others.
    pub fn divide(amount: u128, total: u128, own: u128) -> (u128, Self) {
        let own = own.min(total);
        let kept = mul_div_down(amount, own, total).unwrap_or(0);
        (kept, Self { amount: amount.saturating_sub(kept), shares: total.saturating_sub(own) })
    }

    /// Takes out what `units` get, rounded down. Never more than there is, whatever was noted.
    pub fn pay(&mut self, units: u128) -> u128 {
        let units = units.min(self.shares);
        let paid = mul_div_down(self.amount, units, self.shares).unwrap_or(0);
        self.amount = self.amount.saturating_sub(paid);
        self.shares = self.shares.saturating_sub(units);
        paid
    }
}

/// The bucket shares that `units` of a batch of `pool_shares` get, which was queued for `bucket_shares`; rounded down.
pub fn queued_units(units: u128, pool_shares: u128, bucket_shares: u128) -> u128 {
    mul_div_down(units, bucket_shares, pool_shares).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_keeps_its_numbers() {
        for units in [0, 1, MAX_UNITS] {
            for operator in [0, 1, MAX_OPERATOR_ID] {
                for place in [0, 1, 14, WAITING] {
                    let part = Part { units, operator, place };
                    assert_eq!(Part::unpack(part.pack()), part);
                }
            }
        }
    }

    #[test]
    fn the_vaults_part_of_a_bucket_is_rounded_down_and_the_rest_is_the_pot() {
        assert_eq!(Pot::divide(10, 3, 1), (3, Pot { amount: 7, shares: 2 }));
        assert_eq!(Pot::divide(10, 3, 0), (0, Pot { amount: 10, shares: 3 }));
        assert_eq!(Pot::divide(10, 3, 3), (10, Pot::default()));
        assert_eq!(Pot::divide(10, 3, 4), (10, Pot::default()), "what was noted before a bucket was lost");
        assert_eq!(Pot::divide(0, 0, 0), (0, Pot::default()));
    }

    #[test]
    fn a_pot_pays_each_its_part_in_any_order_and_never_more_than_there_is() {
        for order in [[1, 2, 4], [4, 2, 1], [2, 4, 1]] {
            let mut pot = Pot { amount: 70, shares: 7 };
            for units in order {
                assert_eq!(pot.pay(units), 10 * units);
            }
            assert_eq!(pot, Pot::default());
        }
        let mut pot = Pot { amount: 10, shares: 3 };
        assert_eq!((pot.pay(1), pot.pay(1), pot.pay(1), pot.pay(1)), (3, 3, 4, 0));
        let mut pot = Pot { amount: 10, shares: 3 };
        assert_eq!((pot.pay(4), pot), (10, Pot::default()));
    }

    #[test]
    fn a_batch_gives_its_bucket_shares_by_pool_shares_rounded_down() {
        assert_eq!(queued_units(1, 3, 10), 3);
        assert_eq!(queued_units(3, 3, 10), 10);
        assert_eq!(queued_units(3, 3, 0), 0, "a batch that was lost");
        assert_eq!(queued_units(0, 0, 0), 0);
    }
}
