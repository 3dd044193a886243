//! Funds set aside leave no faster than stake: after as long, in their turn in the token's outflow queue, and not while
//! exits are paused. Nobody is called when they are set aside, so anyone puts them into the queue.

use crate::storage::TokenPool;
use crate::strategies::too_large;
use alloy_primitives::Address;
use arithmetic::{epoch, outflow, pause};
use common::stored::{amount, number, set_amount, set_number};
use common::{calls, ids, token, Emit, Outcome};
use interfaces::{IStrategyManager, ITokenPool};
use stylus_sdk::prelude::*;

impl TokenPool {
    pub(crate) fn _queue_funds(&mut self, token: Address, claimant: Address, release_epoch: u64) -> Outcome<u64> {
        self.require_unpaused(pause::QUEUE)?;
        let request = IStrategyManager::fundsOfCall { claimant, token, releaseEpoch: release_epoch };
        let funds = calls::view(self.vm(), self.strategy_manager.get(), &request)?;
        let (funds, unqueued) = (funds.amount, funds.unqueued);
        if funds == 0 {
            return Err(IStrategyManager::NothingToClaim {}.into());
        }
        let id = ids::funds(claimant, token, release_epoch);
        let turn = self.turns.getter(id);
        let (queued, ready_at) = (amount(&turn.amount), number(&turn.ready_at));
        let more = funds.saturating_sub(queued);
        let longer = unqueued.saturating_sub(amount(&turn.unqueued));
        if more == 0 {
            return Err(ITokenPool::AlreadyQueued {}.into());
        }
        // As a withdrawal that is queued now, whenever they were set aside: a queue does not save up epochs in which
        // nothing left, so who waits with queueing gains nothing.
        let released = epoch::release_of(self.vm().block_timestamp());
        let turn = self.join_queue(token, released, longer)?.ok_or(ITokenPool::AlreadyQueued {})?;
        let ready_at = outflow::merged([(queued, ready_at), (more, turn)]);

        let mut stored = self.turns.setter(id);
        set_amount(&mut stored.amount, funds).map_err(|_| too_large())?;
        set_amount(&mut stored.unqueued, unqueued).map_err(|_| too_large())?;
        set_number(&mut stored.ready_at, ready_at);
        self.vm().emit(&ITokenPool::FundsQueued {
            claimant,
            token,
            releaseEpoch: release_epoch,
            amount: funds,
            readyAt: ready_at,
        });
        Ok(ready_at)
    }

    pub(crate) fn _claim_funds(&mut self, token: Address, claimant: Address, release_epoch: u64) -> Outcome<u128> {
        self.require_unpaused(pause::COMPLETE)?;
        let paid = self.tell(&IStrategyManager::claimFundsCall { claimant, token, releaseEpoch: release_epoch })?;
        let mut turn = self.turns.setter(ids::funds(claimant, token, release_epoch));
        let (queued, ready_at) = (amount(&turn.amount), number(&turn.ready_at));
        if queued != 0 {
            set_amount(&mut turn.amount, 0).map_err(|_| too_large())?;
            set_amount(&mut turn.unqueued, 0).map_err(|_| too_large())?;
            set_number(&mut turn.ready_at, 0);
        }
        // Where the limit was lifted nobody waits.
        if self.is_limited(token) {
            match paid.saturating_sub(queued) {
                0 => self.require_reached(ready_at)?,
                rest => return Err(ITokenPool::FundsNotQueued { amount: rest }.into()),
            }
        }
        self.settle(token, paid)?;
        token::push(self, token, claimant, paid)?;
        Ok(paid)
    }
}
