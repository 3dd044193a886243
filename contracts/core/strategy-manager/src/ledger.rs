//! Reading and writing pools and positions, and what their refusals are called in the ABI.

use crate::storage::StrategyManager;
use alloy_primitives::{Address, B256};
use arithmetic::leaving::Leaving;
use arithmetic::pool::{Pool, PoolError, Position};
use common::{calls, ids, words, Outcome, Revert};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// The shares of `position` that count in `pool`, and what they are worth now, rounded down.
pub(crate) fn worth(pool: &Pool, position: &Position) -> (u128, u128) {
    let shares = position.shares_in(pool);
    (shares, pool.assets_of(shares).unwrap_or(0))
}

/// The error of the ABI for a refused number. Where shares can be missing or a pool depleted, the caller names which
/// before it comes to this.
#[inline(never)]
pub(crate) fn refused(error: PoolError) -> Revert {
    match error {
        PoolError::Zero => IStrategyManager::ZeroAmount {}.into(),
        PoolError::TooLarge | PoolError::Insufficient | PoolError::Depleted => too_large(),
    }
}

/// The error for what no amount can be.
#[inline(never)]
pub(crate) fn too_large() -> Revert {
    IStrategyManager::AmountTooLarge {}.into()
}

/// The sum of two amounts.
pub(crate) fn sum(a: u128, b: u128) -> Outcome<u128> {
    a.checked_add(b).ok_or_else(too_large)
}

/// Puts `assets` into a pool or bucket. Returns the shares issued, rounded down.
#[inline(never)]
pub(crate) fn deposit(pool: &mut Pool, operator: Address, token: Address, assets: u128) -> Outcome<u128> {
    pool.deposit(assets).map_err(|error| match error {
        PoolError::Depleted => IStrategyManager::PoolDepleted { operator, token }.into(),
        other => refused(other),
    })
}

impl StrategyManager {
    /// The position of `staker` in a pool, and what is kept with it of its withdrawals.
    pub(crate) fn load_position(&self, staker: Address, id: B256) -> (Position, Leaving) {
        self.positions.getter(id).getter(staker).read_with_leaving()
    }

    /// The shares of `staker` in a pool, and what they are worth now, rounded down.
    #[inline(never)]
    pub(crate) fn position_in(&self, staker: Address, id: B256) -> (u128, u128) {
        worth(&self.look_at_pool(id), &self.load_position(staker, id).0)
    }

    /// The position in a bucket of the pool `id`, and whether it is kept with that in the pool.
    pub(crate) fn load_withdrawal(&self, staker: Address, id: B256, release_epoch: u64) -> (Position, bool) {
        match self.load_position(staker, id).1.of(release_epoch) {
            Some(position) => (position, true),
            None => (self.positions.getter(ids::bucket(id, release_epoch)).getter(staker).read(), false),
        }
    }

    pub(crate) fn store_pool(&mut self, id: B256, pool: &Pool) -> Outcome {
        self.pools.setter(id).write(pool).map_err(refused)
    }

    pub(crate) fn store_position(
        &mut self,
        staker: Address,
        id: B256,
        position: &Position,
        leaving: &Leaving,
    ) -> Outcome {
        self.positions.setter(id).setter(staker).write_with_leaving(position, leaving).map_err(refused)
    }

    /// Puts `assets` into the pool of `operator` for `staker`. Returns the shares issued, rounded down.
    pub(crate) fn join(&mut self, staker: Address, operator: Address, token: Address, assets: u128) -> Outcome<u128> {
        let id = ids::pool(operator, token);
        let mut pool = self.settle_stream(id)?;
        let issued = deposit(&mut pool, operator, token, assets)?;
        let (mut position, leaving) = self.load_position(staker, id);
        position.add(&pool, issued).map_err(refused)?;
        self.store_pool(id, &pool)?;
        self.store_position(staker, id, &position, &leaving)?;
        Ok(issued)
    }

    /// Takes `shares` of `staker` out of a pool. Returns what they are worth, rounded down.
    pub(crate) fn leave(&mut self, staker: Address, id: B256, shares: u128) -> Outcome<u128> {
        let mut pool = self.settle_stream(id)?;
        let (mut position, leaving) = self.load_position(staker, id);
        let have = position.shares_in(&pool);
        position.remove(&pool, shares).map_err(|_| IStrategyManager::InsufficientShares { have, want: shares })?;
        let assets = pool.redeem(shares).map_err(refused)?;
        self.store_pool(id, &pool)?;
        self.store_position(staker, id, &position, &leaving)?;
        Ok(assets)
    }

    /// Asks the Slasher whether something may be done with the stake of `operator` now. Idle stake has no operator:
    /// nobody can slash it, and nothing holds it.
    #[inline(never)]
    pub(crate) fn ask_slasher(&self, operator: Address, check: &[u8]) -> Outcome {
        if !operator.is_zero() {
            calls::view_raw(self.vm(), self.slasher.get(), check)?;
        }
        Ok(())
    }

    /// Refuses stake for an operator that is frozen, depleted, or committed to more than the staker accepts.
    #[inline(never)]
    pub(crate) fn check_stake(&self, operator: Address, max_commitment: u64) -> Outcome {
        let check = ISlasher::checkStakeCall { operator, maxCommitment: max_commitment };
        self.ask_slasher(operator, &words::call(&check))
    }
}
