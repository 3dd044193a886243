//! The outflow queue of a token: how much may leave per epoch, and whose turn it is ([`arithmetic::outflow`]).

use crate::storage::TokenPool;
use crate::strategies::too_large;
use alloy_primitives::Address;
use arithmetic::{epoch, outflow};
use common::stored::{amount, byte, number, set_number};
use common::{ids, Emit, Outcome};
use interfaces::ITokenPool;
use stylus_sdk::prelude::*;

/// What was queued from one pool.
pub(crate) struct Queued {
    /// When it is released.
    pub(crate) release_epoch: u64,
    /// What it is worth.
    pub(crate) amount: u128,
    /// What everything is worth that the staker has queued there for that release.
    pub(crate) total: u128,
}

impl TokenPool {
    /// Puts what was queued into the token's outflow queue. What one staker queues from one pool in one epoch has one
    /// turn: the mean of the turns, by amount.
    pub(crate) fn take_turn(&mut self, staker: Address, operator: Address, token: Address, queued: &Queued) -> Outcome {
        let release_epoch = queued.release_epoch;
        let Some(turn) = self.join_queue(token, release_epoch, queued.amount)? else { return Ok(()) };
        let released = epoch::start(release_epoch);
        let mut deferral = self.deferrals.setter(ids::withdrawal(staker, operator, token, release_epoch));
        // What is not deferred has its turn at its release.
        let before = (queued.total.saturating_sub(queued.amount), number(&deferral).max(released));
        let ready_at = outflow::merged([before, (queued.amount, turn)]);
        if ready_at > released {
            set_number(&mut deferral, ready_at);
            self.vm().emit(&ITokenPool::WithdrawalDeferred {
                staker,
                operator,
                token,
                releaseEpoch: release_epoch,
                readyAt: ready_at,
            });
        }
        Ok(())
    }

    /// When something that is released at `release_epoch` has its turn behind what is in the token's outflow queue
    /// (Unix seconds), if `unqueued` of it was in no withdrawal before. `None`: the token has no limit.
    pub(crate) fn join_queue(&mut self, token: Address, release_epoch: u64, unqueued: u128) -> Outcome<Option<u64>> {
        let strategy = self.strategies.getter(token);
        let percent = byte(&strategy.outflow_percent);
        if percent == 0 {
            return Ok(None);
        }
        let owed = amount(&strategy.owed);
        let mut stored = self.outflows.setter(token);
        let mut queue = stored.read();
        let turn = queue.join(epoch::start(release_epoch), unqueued, owed, percent);
        stored.write(&queue).map_err(|_| too_large())?;
        Ok(Some(turn))
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
