//! Stake that leaves: queued into the bucket of its release epoch, then paid out or staked again.

use crate::storage::StrategyManager;
use alloy_primitives::Address;
use arithmetic::epoch;
use common::{access, ids, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn queue(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Outcome<(u64, u128)> {
        self.require_not_frozen(operator)?;
        let id = ids::pool(operator, token);
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let amount = self.leave(staker, id, shares)?;
        let bucket_shares = self.join(staker, ids::bucket(id, release_epoch), operator, token, amount)?;
        self.vm().log(IStrategyManager::WithdrawalQueued {
            staker,
            operator,
            token,
            releaseEpoch: release_epoch,
            shares,
            amount,
            bucketShares: bucket_shares,
        });
        Ok((release_epoch, amount))
    }

    pub(crate) fn pay_out(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        access::nonzero(recipient)?;
        let amount = self.release(staker, token, operator, release_epoch)?;
        self.vm().log(IStrategyManager::WithdrawalCompleted {
            staker,
            operator,
            token,
            releaseEpoch: release_epoch,
            amount,
            recipient,
        });
        Ok(amount)
    }

    pub(crate) fn restake(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
    ) -> Outcome<u128> {
        if new_operator != operator {
            self.require_not_frozen(new_operator)?;
        }
        let amount = self.release(staker, token, operator, release_epoch)?;
        let shares = self.join(staker, ids::pool(new_operator, token), new_operator, token, amount)?;
        self.vm().log(IStrategyManager::WithdrawalRestaked {
            staker,
            operator,
            token,
            releaseEpoch: release_epoch,
            amount,
            newOperator: new_operator,
            shares,
        });
        Ok(shares)
    }

    /// Takes the whole withdrawal out of its bucket. Returns its amount, rounded down.
    fn release(&mut self, staker: Address, token: Address, operator: Address, release_epoch: u64) -> Outcome<u128> {
        self.require_not_frozen(operator)?;
        let release_time = epoch::start(release_epoch);
        if self.vm().block_timestamp() < release_time {
            return Err(IStrategyManager::WithdrawalNotReady { releaseTime: release_time }.into());
        }
        let id = ids::bucket(ids::pool(operator, token), release_epoch);
        let shares = self.load_position(staker, id).shares_in(&self.look_at_pool(id));
        if shares == 0 {
            return Err(IStrategyManager::NoWithdrawal {}.into());
        }
        self.leave(staker, id, shares)
    }
}
