//! How much: nothing, dust, all there is and beside it, and what is usual.

use super::Chooser;
use crate::stage::{WALLETS, WHOLE, Who};
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad::ONE;
use restake_model::Bag;

impl Chooser<'_> {
    /// Nothing, one, dust, exactly what there is and beside it, a part, whole tokens, huge.
    pub(crate) fn amount(&mut self, who: Who, token: usize) -> u128 {
        let held = self.model.tokens.held(self.coin(token), self.stage.of(who));
        match self.random.below(24) {
            0 => 0,
            1 => 1,
            2..=4 => self.random.up_to(1_000),
            5 => held,
            6 => held.saturating_add(1),
            7 => held / 2,
            8 => MAX_AMOUNT,
            9 => u128::MAX,
            10 => MAX_AMOUNT / 1_000_000,
            11..=13 => self.random.up_to(held / 100),
            14..=16 => self.random.up_to(WHOLE),
            _ => (1 + self.random.up_to(50)) * WHOLE.min(WALLETS[token] / 100),
        }
    }

    /// The same for shares of a pool.
    pub(super) fn shares(&mut self, who: Who, bag: Bag) -> u128 {
        let (have, _) = self.model.ledger.worth(bag, self.stage.of(who), self.model.now);
        match self.random.below(12) {
            0 => 0,
            1 => 1,
            2 => have.saturating_add(1),
            3 => self.random.up_to(2_000_000),
            4 => u128::MAX,
            5..=7 => have,
            8 => have / 2,
            _ => self.random.up_to(have),
        }
    }

    pub(crate) fn wad(&mut self) -> u64 {
        match self.random.below(10) {
            0 => 0,
            1 => 1,
            2 => ONE,
            3 => ONE + 1,
            4 => ONE - 1,
            5 | 6 => self.random.below(ONE / 10),
            _ => self.random.below(ONE),
        }
    }
}
