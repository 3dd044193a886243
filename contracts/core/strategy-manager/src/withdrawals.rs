//! Stake that leaves: queued into the bucket of its release epoch, then paid out or staked again.

use crate::ledger::{deposit, refused, worth};
use crate::storage::StrategyManager;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::epoch;
use arithmetic::pool::Position;
use common::list::{Answer, Parts, MANY};
use common::{access, calls, ids, words, Emit, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn _queue_withdrawals(&mut self, staker: Address, token: Address, parts: &Parts) -> Outcome<Answer> {
        let question = parts.question(ISlasher::refuseQueueingCall::SELECTOR);
        let refused = calls::view_raw(self.vm(), self.slasher.get(), &question)?;
        let mut answer = Answer::of(3 * MANY);
        for (index, operator) in parts.operators().enumerate() {
            let shares = parts.amount(index)?;
            if shares != 0 && calls::answer(&refused, index)? == 0 {
                let (_, amount, issued, total) = self.queue(staker, token, operator, shares)?;
                answer.set(index, amount);
                answer.set(index.saturating_add(MANY), issued);
                answer.set(index.saturating_add(2 * MANY), total);
            }
        }
        Ok(answer)
    }

    /// Queues shares, which the Slasher does not refuse.
    fn queue(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Outcome<(u64, u128, u128, u128)> {
        let id = ids::pool(operator, token);
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let amount = self.leave(staker, id, shares)?;
        let bucket_id = ids::bucket(id, release_epoch);
        let mut bucket = self.settle_stream(bucket_id)?;
        let bucket_shares = deposit(&mut bucket, operator, token, amount)?;
        self.store_pool(bucket_id, &bucket)?;
        let (position, mut leaving) = self.load_position(staker, id);
        let mut withdrawal;
        if leaving.takes(release_epoch, bucket.generation) {
            withdrawal = leaving.of(release_epoch).unwrap_or_default();
            withdrawal.add(&bucket, bucket_shares).map_err(refused)?;
            leaving.keep(release_epoch, withdrawal.shares);
        } else {
            leaving.pass(release_epoch);
            let mut beside = self.positions.setter(bucket_id);
            let mut stored = beside.setter(staker);
            withdrawal = stored.read();
            withdrawal.add(&bucket, bucket_shares).map_err(refused)?;
            stored.write(&withdrawal).map_err(refused)?;
        }
        self.store_position(staker, id, &position, &leaving)?;
        let (_, total) = worth(&bucket, &withdrawal);
        self.vm().emit(&IStrategyManager::WithdrawalQueued {
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
        self.vm().emit(&IStrategyManager::WithdrawalCompleted {
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
        let shares = self.join(staker, new_operator, token, amount)?;
        self.vm().emit(&IStrategyManager::WithdrawalRestaked {
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
        let check = ISlasher::checkReleaseCall { operator, releaseEpoch: release_epoch };
        self.ask_slasher(operator, &words::call(&check))
    }

    /// Takes the whole withdrawal out of its bucket. Returns its amount, rounded down.
    fn release(&mut self, staker: Address, token: Address, operator: Address, release_epoch: u64) -> Outcome<u128> {
        self.require_released(release_epoch)?;
        let id = ids::pool(operator, token);
        let bucket_id = ids::bucket(id, release_epoch);
        let mut bucket = self.settle_stream(bucket_id)?;
        let (withdrawal, is_kept) = self.load_withdrawal(staker, id, release_epoch);
        let shares = withdrawal.shares_in(&bucket);
        if shares == 0 {
            return Err(IStrategyManager::NoWithdrawal {}.into());
        }
        let amount = bucket.redeem(shares).map_err(refused)?;
        self.store_pool(bucket_id, &bucket)?;
        if is_kept {
            let (position, mut leaving) = self.load_position(staker, id);
            leaving.forget(epoch::release_of(self.vm().block_timestamp()));
            self.store_position(staker, id, &position, &leaving)?;
        } else {
            self.positions.setter(bucket_id).setter(staker).write(&Position::default()).map_err(refused)?;
        }
        Ok(amount)
    }
}
