//! Stake that leaves: queued into the bucket of its release epoch, then paid out or staked again.

use crate::ledger::worth;
use crate::storage::StrategyManager;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::epoch;
use common::{access, ids, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn _queue_withdrawal(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Outcome<(u64, u128, u128, u128)> {
        self.ask_slasher(operator, &ISlasher::checkQueueCall { operator }.abi_encode())?;
        let id = ids::pool(operator, token);
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let amount = self.leave(staker, id, shares)?;
        let bucket = ids::bucket(id, release_epoch);
        let bucket_shares = self.join(staker, bucket, operator, token, amount)?;
        let (_, total) = worth(&self.look_at_pool(bucket), &self.load_position(staker, bucket));
        self.vm().log(IStrategyManager::WithdrawalQueued {
            staker,
            operator,
            token,
            releaseEpoch: release_epoch,
            shares,
            amount,
            bucketShares: bucket_shares,
        });
        Ok((release_epoch, amount, bucket_shares, total))
    }

    pub(crate) fn _complete_withdrawal(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        access::nonzero(recipient)?;
        self.check_release(operator, release_epoch)?;
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

    pub(crate) fn _complete_withdrawal_as_shares(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
        max_commitment: u64,
    ) -> Outcome<u128> {
        self.check_stake(new_operator, max_commitment)?;
        // An operator that takes stake is not frozen: nothing holds what comes from it.
        if new_operator != operator {
            self.check_release(operator, release_epoch)?;
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

    /// Refuses to take out what an open request still reaches.
    fn check_release(&self, operator: Address, release_epoch: u64) -> Outcome {
        self.ask_slasher(operator, &ISlasher::checkReleaseCall { operator, releaseEpoch: release_epoch }.abi_encode())
    }

    /// Takes the whole withdrawal out of its bucket. Returns its amount, rounded down.
    fn release(&mut self, staker: Address, token: Address, operator: Address, release_epoch: u64) -> Outcome<u128> {
        self.require_released(release_epoch)?;
        let id = ids::bucket(ids::pool(operator, token), release_epoch);
        let shares = self.load_position(staker, id).shares_in(&self.look_at_pool(id));
        if shares == 0 {
            return Err(IStrategyManager::NoWithdrawal {}.into());
        }
        self.leave(staker, id, shares)
    }
}
