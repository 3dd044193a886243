//! Stake that leaves: queued, then paid in its turn.

use crate::storage::TokenPool;
use alloy_primitives::Address;
use arithmetic::pause;
use common::{token, Outcome};
use interfaces::IStrategyManager;

impl TokenPool {
    pub(crate) fn queue(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Outcome<(u64, u128)> {
        self.require_unpaused(pause::QUEUE)?;
        let queued = self.tell(&IStrategyManager::queueWithdrawalCall { staker, token, operator, shares })?;
        self.take_turn(staker, operator, token, &queued)?;
        Ok((queued.releaseEpoch, queued.bucketShares))
    }

    pub(crate) fn complete(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        self.require_unpaused(pause::COMPLETE)?;
        self.require_turn(staker, operator, token, release_epoch)?;
        let amount = self.tell(&IStrategyManager::completeWithdrawalCall {
            staker,
            token,
            operator,
            releaseEpoch: release_epoch,
            recipient,
        })?;
        self.settle(token, amount)?;
        token::push(self, token, recipient, amount)?;
        Ok(amount)
    }
}
