//! The outflow queue of a token: how much may leave per epoch, and whose turn it is ([`arithmetic::outflow`]).

use crate::storage::TokenPool;
use alloy_primitives::{Address, U64};
use arithmetic::{epoch, outflow};
use common::stored::{amount, byte, large, number, set_large};
use common::{ids, Outcome};
use interfaces::ITokenPool;
use stylus_sdk::prelude::*;

impl TokenPool {
    /// Puts what was queued into the token's outflow queue. Only who exceeds the limit is deferred; what one staker
    /// queues from one pool in one epoch has one turn, the last.
    pub(crate) fn take_turn(
        &mut self,
        staker: Address,
        operator: Address,
        token: Address,
        release_epoch: u64,
        queued: u128,
    ) {
        let Some(ready_at) = self.join_queue(token, release_epoch, queued) else { return };
        if ready_at > epoch::start(release_epoch) {
            self.deferrals.insert(ids::withdrawal(staker, operator, token, release_epoch), U64::from(ready_at));
            self.vm().log(ITokenPool::WithdrawalDeferred {
                staker,
                operator,
                token,
                releaseEpoch: release_epoch,
                readyAt: ready_at,
            });
        }
    }

    /// When `queued` that is released at `release_epoch` has its turn behind what is in the token's outflow queue (Unix
    /// seconds). `None`: the token has no limit.
    pub(crate) fn join_queue(&mut self, token: Address, release_epoch: u64, queued: u128) -> Option<u64> {
        let strategy = self.strategies.getter(token);
        let percent = byte(&strategy.outflow_percent);
        if percent == 0 {
            return None;
        }
        let owed = amount(&strategy.owed);
        let mut slot = self.outflows.setter(token);
        let (finish, ready_at) = outflow::turn(large(&slot), epoch::start(release_epoch), queued, owed, percent);
        set_large(&mut slot, finish);
        Some(ready_at)
    }

    /// Refuses a withdrawal before its turn. Where the limit was lifted nobody waits.
    pub(crate) fn require_turn(&self, staker: Address, operator: Address, token: Address, epoch: u64) -> Outcome {
        if !self.is_limited(token) {
            return Ok(());
        }
        self.require_reached(number(&self.deferrals.getter(ids::withdrawal(staker, operator, token, epoch))))
    }

    /// Refuses what has its turn at `ready_at` before that.
    pub(crate) fn require_reached(&self, ready_at: u64) -> Outcome {
        if self.vm().block_timestamp() < ready_at {
            return Err(ITokenPool::WithdrawalDeferredUntil { readyAt: ready_at }.into());
        }
        Ok(())
    }

    /// Whether the token has an outflow limit.
    pub(crate) fn is_limited(&self, token: Address) -> bool {
        byte(&self.strategies.getter(token).outflow_percent) != 0
    }
}
