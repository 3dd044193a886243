//! The outflow queue of a token: how much may leave per epoch, and whose turn it is ([`arithmetic::outflow`]).

use crate::storage::TokenPool;
use alloy_primitives::{Address, U64};
use arithmetic::{epoch, outflow};
use common::stored::{amount, byte, large, number, set_large};
use common::{ids, Outcome};
use interfaces::ITokenPool;
use stylus_sdk::prelude::*;

impl TokenPool {
    /// Puts what was queued into the token's outflow queue. Only who exceeds the limit is deferred; what one staker queues from one pool in one epoch has one turn, the last.
    pub(crate) fn take_turn(
        &mut self,
        staker: Address,
        operator: Address,
        token: Address,
        release_epoch: u64,
        queued: u128,
    ) {
        let strategy = self.strategies.getter(token);
        let percent = byte(&strategy.outflow_percent);
        if percent == 0 {
            return;
        }
        let owed = amount(&strategy.owed);
        let release = epoch::start(release_epoch);
        let mut slot = self.outflows.setter(token);
        let (finish, ready_at) = outflow::turn(large(&slot), release, queued, owed, percent);
        set_large(&mut slot, finish);
        if ready_at > release {
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

    /// Refuses a withdrawal before its turn. Where the limit was lifted nobody waits.
    pub(crate) fn require_turn(&self, staker: Address, operator: Address, token: Address, epoch: u64) -> Outcome {
        if byte(&self.strategies.getter(token).outflow_percent) == 0 {
            return Ok(());
        }
        let ready_at = number(&self.deferrals.getter(ids::withdrawal(staker, operator, token, epoch)));
        if self.vm().block_timestamp() < ready_at {
            return Err(ITokenPool::WithdrawalDeferredUntil { readyAt: ready_at }.into());
        }
        Ok(())
    }
}
