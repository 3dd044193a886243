//! Rewards: they stream into the price of a pool, by no more than a tenth of it in an epoch ([`arithmetic::stream`]).

use crate::ledger::refused;
use crate::storage::StrategyManager;
use alloy_primitives::{Address, B256};
use arithmetic::pool::Pool;
use common::{access, ids, Emit, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn _add_reward(&mut self, operator: Address, token: Address, reward: u128, commission: u128) -> Outcome {
        access::nonzero(operator)?;
        let id = ids::pool(operator, token);
        let mut pool = self.settle_stream(id)?;
        if pool.shares == 0 {
            return Err(IStrategyManager::NothingStaked { operator, token }.into());
        }
        let now = self.vm().block_timestamp();
        let mut stream = self.streams.getter(id).read();
        // What a share could never take would be in nobody's pool, and in the way of every later reward.
        let room = stream.room(&pool);
        if reward > room {
            return Err(IStrategyManager::NoRoomForReward { room }.into());
        }
        stream.add(reward, now).map_err(refused)?;
        self.set_aside(operator, token, commission, commission)?;
        self.streams.setter(id).write(&stream).map_err(refused)?;
        pool.streaming = true;
        self.store_pool(id, &pool)?;
        self.vm().emit(&IStrategyManager::RewardAdded {
            operator,
            token,
            amount: reward,
            commission,
            ends: stream.ends,
        });
        Ok(())
    }

    /// The pool with the rewards that are due, to be stored by the caller; what was released is taken out of the
    /// stream. Costs nothing for a pool without a stream. Whoever changes the assets of a pool does this first: what is
    /// due is due to the pool as it was.
    #[inline(never)]
    pub(crate) fn settle_stream(&mut self, id: B256) -> Outcome<Pool> {
        let mut pool = self.pools.getter(id).read();
        if pool.streaming {
            let mut stream = self.streams.getter(id).read();
            stream.release(&mut pool, self.vm().block_timestamp());
            pool.streaming = stream.remaining != 0;
            self.streams.setter(id).write(&stream).map_err(refused)?;
        }
        Ok(pool)
    }

    /// The pool as it is now, with the rewards that are due.
    pub(crate) fn look_at_pool(&self, id: B256) -> Pool {
        let mut pool = self.pools.getter(id).read();
        if pool.streaming {
            self.streams.getter(id).read().release(&mut pool, self.vm().block_timestamp());
        }
        pool
    }
}
