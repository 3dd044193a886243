//! A pool: assets that many positions own through shares, priced by internal accounting alone.
//!
//! Both the active stake of an operator in one token and a bucket of withdrawals that leave together are pools. Four
//! rules make the price safe:
//!
//! - Shares are [`SHARES_PER_ASSET`] times finer than assets, a pool starts at that rate, and redemptions, slashes and
//!   rewards never raise a share above one base unit (`assets <= shares` is kept by every function here). A position
//!   therefore loses at most one base unit to rounding per operation, and there is no price to inflate for a first
//!   depositor. No virtual or dead shares are needed, and none distort a slashed pool.
//! - Amounts are exact pro rata, rounded against who acts.
//! - A pool slashed to nothing starts a new *generation*: positions of an older generation are worth nothing.
//! - A pool slashed to less than a millionth of its initial price takes no new assets ([`PoolError::Depleted`]), which
//!   keeps shares within 112 bits.

use crate::wide::{mul_div_down, mul_div_up};

/// Shares per base unit of assets at the start of a pool's generation.
pub const SHARES_PER_ASSET: u128 = 1_000_000;

/// The largest amount of assets or shares: 2^112 - 1, so that assets, shares and generation share one storage word. For
/// a token with 18 decimals that are 5e9 whole tokens at the initial price.
pub const MAX_AMOUNT: u128 = (1 << 112) - 1;

/// The last generation of a pool: 24 bits, which together with the amounts and a flag fill a storage word.
pub const MAX_GENERATION: u32 = (1 << 24) - 1;

/// Below this many base units per `DEPLETED_SHARES` shares a pool takes no new assets.
const DEPLETED_SHARES: u128 = SHARES_PER_ASSET * 1_000_000;

/// Why an operation on a pool is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolError {
    /// The amount of assets or shares is zero, or would round to zero.
    Zero,
    /// More shares than the position or the pool has.
    Insufficient,
    /// Assets or shares would exceed [`MAX_AMOUNT`].
    TooLarge,
    /// The pool was slashed to less than a millionth of its initial price and takes no new assets until it is empty.
    Depleted,
}

/// Assets and the shares that own them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pool {
    /// Base units of the token.
    pub assets: u128,
    /// All shares of this generation.
    pub shares: u128,
    /// Counts how often the pool was slashed to nothing, up to [`MAX_GENERATION`].
    pub generation: u32,
    /// Whether a [`Stream`](crate::stream::Stream) of rewards flows into the pool.
    pub streaming: bool,
}

/// The shares of one owner in one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Shares of the pool's generation `generation`.
    pub shares: u128,
    /// The pool's generation in which the shares were issued.
    pub generation: u32,
}

impl Pool {
    /// What `shares` of this generation are worth now, rounded down (against the owner).
    ///
    /// # Errors
    /// [`PoolError::Insufficient`] if the pool has fewer shares.
    pub fn assets_of(&self, shares: u128) -> Result<u128, PoolError> {
        if shares > self.shares {
            return Err(PoolError::Insufficient);
        }
        if shares == 0 {
            return Ok(0);
        }
        mul_div_down(shares, self.assets, self.shares).ok_or(PoolError::TooLarge)
    }

    /// Adds `assets` and issues the shares that own them, rounded down (against the depositor).
    ///
    /// # Errors
    /// [`PoolError::Zero`], [`PoolError::TooLarge`] or [`PoolError::Depleted`]; the pool is unchanged then.
    pub fn deposit(&mut self, assets: u128) -> Result<u128, PoolError> {
        if assets == 0 {
            return Err(PoolError::Zero);
        }
        if assets > MAX_AMOUNT {
            return Err(PoolError::TooLarge);
        }
        let issued = if self.shares == 0 {
            assets.checked_mul(SHARES_PER_ASSET).ok_or(PoolError::TooLarge)?
        } else if mul_div_down(self.assets, DEPLETED_SHARES, self.shares).is_some_and(|scaled| scaled == 0) {
            return Err(PoolError::Depleted);
        } else {
            mul_div_down(assets, self.shares, self.assets).ok_or(PoolError::TooLarge)?
        };
        if issued == 0 {
            return Err(PoolError::Zero);
        }
        let (total_assets, total_shares) = (bounded_sum(self.assets, assets)?, bounded_sum(self.shares, issued)?);
        (self.assets, self.shares) = (total_assets, total_shares);
        Ok(issued)
    }

    /// Burns `shares` and takes out what they are worth, rounded down (against the owner).
    ///
    /// # Errors
    /// [`PoolError::Zero`] for zero shares or shares worth nothing, [`PoolError::Insufficient`]; the pool is unchanged
    /// then.
    pub fn redeem(&mut self, shares: u128) -> Result<u128, PoolError> {
        let assets = self.assets_of(shares)?;
        if assets == 0 {
            return Err(PoolError::Zero);
        }
        self.assets = self.assets.checked_sub(assets).ok_or(PoolError::Insufficient)?;
        self.shares = self.shares.checked_sub(shares).ok_or(PoolError::Insufficient)?;
        Ok(assets)
    }

    /// Takes `part` / `whole` of the assets, rounded up (against those slashed), and returns it. Shares stay, so every
    /// position loses pro rata; a pool that has shares and loses its last base unit starts a new generation.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if `part` is more than `whole` or the pool ran out of generations; the pool is unchanged
    /// then.
    pub fn slash(&mut self, part: u64, whole: u64) -> Result<u128, PoolError> {
        if part > whole {
            return Err(PoolError::TooLarge);
        }
        let taken = mul_div_up(self.assets, part.into(), whole.into()).ok_or(PoolError::TooLarge)?;
        let rest = self.assets.checked_sub(taken).ok_or(PoolError::Insufficient)?;
        if rest == 0 && self.shares != 0 {
            let next = self.generation.checked_add(1).filter(|next| *next <= MAX_GENERATION);
            *self = Self { assets: 0, shares: 0, generation: next.ok_or(PoolError::TooLarge)?, ..*self };
        } else {
            self.assets = rest;
        }
        Ok(taken)
    }
}

impl Position {
    /// The shares that still count in `pool`: none if the pool has started a new generation since.
    pub fn shares_in(&self, pool: &Pool) -> u128 {
        if self.generation == pool.generation { self.shares } else { 0 }
    }

    /// Adds shares issued by `pool` now. Shares of an older generation are dropped: they are worth nothing.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`].
    pub fn add(&mut self, pool: &Pool, issued: u128) -> Result<(), PoolError> {
        let shares = bounded_sum(self.shares_in(pool), issued)?;
        *self = Self { shares, generation: pool.generation };
        Ok(())
    }

    /// Removes shares of `pool`'s generation.
    ///
    /// # Errors
    /// [`PoolError::Insufficient`]; the position is unchanged then.
    pub fn remove(&mut self, pool: &Pool, shares: u128) -> Result<(), PoolError> {
        self.shares = self.shares_in(pool).checked_sub(shares).ok_or(PoolError::Insufficient)?;
        Ok(())
    }
}

fn bounded_sum(a: u128, b: u128) -> Result<u128, PoolError> {
    a.checked_add(b).filter(|sum| *sum <= MAX_AMOUNT).ok_or(PoolError::TooLarge)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::wad;

    const ETHER: u128 = 1_000_000_000_000_000_000;

    #[test]
    fn a_round_trip_returns_exactly_what_was_put_in_at_the_initial_price() {
        let mut pool = Pool::default();
        let shares = pool.deposit(10 * ETHER).unwrap();
        assert_eq!(shares, 10 * ETHER * SHARES_PER_ASSET);
        assert_eq!(pool.redeem(shares), Ok(10 * ETHER));
        assert_eq!(pool, Pool::default());
    }

    #[test]
    fn a_round_trip_never_profits_and_costs_at_most_one_unit() {
        for wad in [1, wad::ONE / 3, wad::ONE / 7 * 6, wad::ONE - 1] {
            for (others, mine) in [(3, 1), (ETHER + 1, 7), (12_345, ETHER), (10 * ETHER, 3 * ETHER + 1)] {
                let mut pool = Pool::default();
                pool.deposit(others).unwrap();
                pool.slash(wad, wad::ONE).unwrap();
                let before = pool;
                let Ok(shares) = pool.deposit(mine) else { continue };
                let back = pool.redeem(shares).unwrap();
                assert!(back <= mine && mine - back <= 1, "{wad} {others} {mine}: {back}");
                assert!(pool.assets >= before.assets, "the others never pay for it");
            }
        }
    }

    #[test]
    fn a_share_is_never_worth_more_than_one_unit() {
        let mut pool = Pool::default();
        pool.deposit(5).unwrap();
        for wad in [wad::ONE / 2, wad::ONE / 3, 1] {
            pool.slash(wad, wad::ONE).unwrap();
            assert!(pool.assets <= pool.shares);
            // The donation by rounding that inflates a share price needs a price above one unit: redeem in odd parts
            // and deposit again.
            if let Ok(paid) = pool.redeem(pool.shares / 3 * 2 + 1) {
                let _ = pool.deposit(paid);
            }
            assert!(pool.assets <= pool.shares, "{pool:?}");
        }
    }

    #[test]
    fn slashes_commute_within_one_unit_each() {
        let (a, b) = (wad::ONE / 3, wad::ONE / 10);
        let (mut first, mut second) = (Pool::default(), Pool::default());
        first.deposit(ETHER + 1).unwrap();
        second.deposit(ETHER + 1).unwrap();
        first.slash(a, wad::ONE).unwrap();
        first.slash(b, wad::ONE).unwrap();
        second.slash(b, wad::ONE).unwrap();
        second.slash(a, wad::ONE).unwrap();
        assert!(first.assets.abs_diff(second.assets) <= 2);
    }

    #[test]
    fn a_pool_slashed_to_nothing_starts_a_new_generation() {
        let mut pool = Pool::default();
        let mut old = Position::default();
        let shares = pool.deposit(100).unwrap();
        old.add(&pool, shares).unwrap();
        assert_eq!(pool.slash(wad::ONE, wad::ONE), Ok(100));
        assert_eq!((old.shares_in(&pool), pool.generation), (0, 1));
        let mut new = Position::default();
        let shares = pool.deposit(50).unwrap();
        new.add(&pool, shares).unwrap();
        assert_eq!(pool.assets_of(new.shares_in(&pool)), Ok(50), "the old position has no claim on new assets");
        assert_eq!(old.remove(&pool, 1), Err(PoolError::Insufficient));
    }

    #[test]
    fn a_depleted_pool_takes_nothing_new_but_pays_what_is_left() {
        let mut pool = Pool::default();
        let shares = pool.deposit(ETHER).unwrap();
        pool.slash(wad::ONE - 1_000, wad::ONE).unwrap();
        assert_eq!(pool.assets, 1_000);
        assert_eq!(pool.deposit(ETHER), Err(PoolError::Depleted));
        assert_eq!(pool.redeem(shares), Ok(1_000));
        assert!(pool.deposit(ETHER).is_ok(), "an empty pool starts again at the initial price");
    }

    #[test]
    fn refusals_change_nothing() {
        let mut pool = Pool::default();
        pool.deposit(10).unwrap();
        let before = pool;
        assert_eq!(pool.deposit(0), Err(PoolError::Zero));
        assert_eq!(pool.deposit(MAX_AMOUNT + 1), Err(PoolError::TooLarge));
        assert_eq!(pool.deposit(MAX_AMOUNT), Err(PoolError::TooLarge));
        assert_eq!(pool.redeem(0), Err(PoolError::Zero));
        assert_eq!(pool.redeem(1), Err(PoolError::Zero), "one share of a million is worth less than a unit");
        assert_eq!(pool.redeem(pool.shares + 1), Err(PoolError::Insufficient));
        assert_eq!(pool.slash(1, 0), Err(PoolError::TooLarge));
        assert_eq!(pool.slash(wad::ONE + 1, wad::ONE), Err(PoolError::TooLarge));
        assert_eq!(pool, before);
    }

    #[test]
    fn a_pool_fills_one_storage_word() {
        assert_eq!(MAX_AMOUNT, u128::MAX >> (128 - 112));
        assert_eq!(MAX_GENERATION, u32::MAX >> (32 - 24));
        let flag = 8;
        assert_eq!(2 * MAX_AMOUNT.count_ones() + MAX_GENERATION.count_ones() + flag, 256);
    }

    #[test]
    fn a_pool_takes_new_assets_down_to_a_millionth_of_the_initial_price() {
        let millionth = ETHER / 1_000_000;
        for (rest, taken) in [(millionth, true), (millionth - 1, false)] {
            let mut pool = Pool::default();
            pool.deposit(ETHER).unwrap();
            pool.slash(wad::ONE - u64::try_from(rest).unwrap(), wad::ONE).unwrap();
            assert_eq!(pool.assets, rest);
            assert_eq!(pool.deposit(ETHER).is_ok(), taken, "{rest} are left");
        }
    }

    #[test]
    fn a_deposit_is_refused_as_too_large_only_if_no_pool_could_hold_it() {
        let depleted = Pool { assets: 1, shares: MAX_AMOUNT, ..Pool::default() };
        for (assets, error) in [
            (MAX_AMOUNT, PoolError::Depleted),
            (MAX_AMOUNT + 1, PoolError::TooLarge),
            (MAX_AMOUNT + 2, PoolError::TooLarge),
        ] {
            let mut pool = depleted;
            assert_eq!(pool.deposit(assets), Err(error), "{assets}");
            assert_eq!(pool, depleted);
        }
    }

    #[test]
    fn a_pool_holds_up_to_the_largest_amount_and_no_unit_more() {
        let full = MAX_AMOUNT / SHARES_PER_ASSET;
        let mut pool = Pool::default();
        assert_eq!(pool.deposit(full + 1), Err(PoolError::TooLarge), "its shares would not fit");
        let shares = pool.deposit(full).unwrap();
        assert!(shares <= MAX_AMOUNT && MAX_AMOUNT - shares < SHARES_PER_ASSET);
        let before = pool;
        assert_eq!(pool.deposit(1), Err(PoolError::TooLarge));
        assert_eq!(pool, before);
        // Assets can be the larger number only where a share is worth one unit.
        let mut pool = Pool { assets: MAX_AMOUNT - 5, shares: MAX_AMOUNT - 5, ..Pool::default() };
        assert_eq!(pool.deposit(6), Err(PoolError::TooLarge));
        assert_eq!(pool.deposit(5), Ok(5));
        assert_eq!((pool.assets, pool.shares), (MAX_AMOUNT, MAX_AMOUNT));
    }

    #[test]
    fn a_pool_out_of_generations_refuses_to_lose_its_last_unit_and_nothing_else() {
        let mut pool = Pool { assets: 10, shares: 10, generation: MAX_GENERATION - 1, streaming: true };
        assert_eq!(pool.slash(wad::ONE, wad::ONE), Ok(10));
        assert_eq!(pool, Pool { assets: 0, shares: 0, generation: MAX_GENERATION, streaming: true });
        pool.deposit(10).unwrap();
        let before = pool;
        assert_eq!(pool.slash(wad::ONE, wad::ONE), Err(PoolError::TooLarge));
        assert_eq!(pool, before);
        assert_eq!(pool.slash(1, 2), Ok(5));
    }

    #[test]
    fn an_empty_pool_is_slashed_without_a_new_generation() {
        let mut pool = Pool { generation: 3, ..Pool::default() };
        assert_eq!(pool.slash(wad::ONE, wad::ONE), Ok(0));
        assert_eq!(pool.generation, 3);
    }

    #[test]
    fn the_first_shares_cost_the_same_in_each_generation() {
        let mut pool = Pool::default();
        for generation in 0..3 {
            assert_eq!((pool.generation, pool.deposit(7)), (generation, Ok(7 * SHARES_PER_ASSET)));
            pool.slash(wad::ONE, wad::ONE).unwrap();
        }
    }

    #[test]
    fn a_position_adds_up_within_a_generation_and_begins_anew_in_the_next() {
        let mut pool = Pool { assets: 9, shares: 9, ..Pool::default() };
        let mut position = Position::default();
        position.add(&pool, 4).unwrap();
        position.add(&pool, 5).unwrap();
        assert_eq!(position, Position { shares: 9, generation: 0 });
        pool.slash(wad::ONE, wad::ONE).unwrap();
        position.add(&pool, 2).unwrap();
        assert_eq!(position, Position { shares: 2, generation: 1 });
        position.remove(&pool, 2).unwrap();
        assert_eq!(position.shares_in(&pool), 0);
    }

    #[test]
    fn a_position_gives_up_no_more_than_it_has_and_holds_no_more_than_fits() {
        let pool = Pool::default();
        let mut position = Position { shares: 5, generation: 0 };
        assert_eq!(position.remove(&pool, 6), Err(PoolError::Insufficient));
        assert_eq!(position.add(&pool, MAX_AMOUNT - 4), Err(PoolError::TooLarge));
        assert_eq!(position.shares, 5);
        position.add(&pool, MAX_AMOUNT - 5).unwrap();
        assert_eq!(position.shares, MAX_AMOUNT);
    }

    #[test]
    fn what_shares_are_worth_is_exact_and_rounded_down() {
        let pool = Pool { assets: 10, shares: 30, ..Pool::default() };
        assert_eq!(pool.assets_of(0), Ok(0));
        assert_eq!(pool.assets_of(2), Ok(0));
        assert_eq!(pool.assets_of(3), Ok(1));
        assert_eq!(pool.assets_of(29), Ok(9));
        assert_eq!(pool.assets_of(30), Ok(10));
        assert_eq!(pool.assets_of(31), Err(PoolError::Insufficient));
        assert_eq!(Pool::default().assets_of(0), Ok(0), "an empty pool owes nothing");
        let full = Pool { assets: MAX_AMOUNT, shares: MAX_AMOUNT, ..Pool::default() };
        assert_eq!(full.assets_of(MAX_AMOUNT), Ok(MAX_AMOUNT));
    }
}
