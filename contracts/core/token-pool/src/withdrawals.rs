//! Stake that leaves: queued, then paid in its turn.

use crate::outflow::Queued;
use crate::storage::TokenPool;
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use arithmetic::{epoch, pause};
use common::list::{Answer, Parts, MANY};
use common::{calls, token, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

impl TokenPool {
    pub(crate) fn queue(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Outcome<Answer> {
        let answer = self._queue_withdrawals(staker, token, &Parts::one(operator, shares))?;
        if answer.word(1)? == 0 {
            return Err(match shares {
                0 => IStrategyManager::ZeroAmount {}.into(),
                _ => IStrategyManager::OperatorIsFrozen { operator }.into(),
            });
        }
        Ok(answer.first(2))
    }

    pub(crate) fn _queue_withdrawals(&mut self, staker: Address, token: Address, parts: &Parts) -> Outcome<Answer> {
        self.require_unpaused(pause::QUEUE)?;
        let who = [staker, token].map(|account| account.into_word().0);
        let request = [&IStrategyManager::queueWithdrawalsCall::SELECTOR, who.as_flattened(), parts.bytes()].concat();
        let ledger = self.strategy_manager.get();
        let queued = calls::send_raw(self, ledger, U256::ZERO, &request)?;
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let mut answer = Answer::of(1 + MANY);
        answer.set(0, release_epoch.into());
        for (index, operator) in parts.operators().enumerate() {
            let of_list = |list: usize| calls::answer(&queued, index.saturating_add(list.saturating_mul(MANY)));
            let (amount, bucket_shares, total) = (of_list(0)?, of_list(1)?, of_list(2)?);
            // Nothing is queued with a frozen operator.
            if bucket_shares != 0 {
                answer.set(index.saturating_add(1), bucket_shares);
                let queued = Queued { release_epoch, amount, total };
                self.take_turn(staker, operator, token, &queued)?;
            }
        }
        Ok(answer)
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
