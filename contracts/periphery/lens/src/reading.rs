//! Reading the books.

use crate::storage::Lens;
use crate::words::{self, ledger, vault, Strategy};
use alloy_primitives::{Address, B256};
use arithmetic::epoch;
use arithmetic::pool::{Pool, Position};
use arithmetic::stream::Stream;
use common::{calls, ids, layout, Outcome};
use interfaces::{IStrategyManager, ITokenPool};
use stylus_sdk::prelude::*;

impl Lens {
    pub(crate) fn ledger_word(&self, slot: B256) -> Outcome<B256> {
        calls::view(self.vm(), self.strategy_manager.get(), &IStrategyManager::extsloadCall { slot })
    }

    pub(crate) fn vault_word(&self, slot: B256) -> Outcome<B256> {
        calls::view(self.vm(), self.token_pool.get(), &ITokenPool::extsloadCall { slot })
    }

    pub(crate) fn read_strategy(&self, token: Address) -> Outcome<Strategy> {
        let slot = layout::entry_of(token, layout::field(vault::STRATEGIES));
        Ok(words::strategy(self.vault_word(slot)?))
    }

    /// The pool as it is now, with the rewards that are due, and its stream.
    pub(crate) fn read_pool(&self, id: B256) -> Outcome<(Pool, Stream)> {
        let mut pool = words::pool(self.ledger_word(layout::entry(id, layout::field(ledger::POOLS)))?);
        if !pool.streaming {
            return Ok((pool, Stream::default()));
        }
        let mut stream = words::stream(self.ledger_word(layout::entry(id, layout::field(ledger::STREAMS)))?);
        stream.release(&mut pool, self.vm().block_timestamp());
        Ok((pool, stream))
    }

    /// The position in a bucket of `pool`, which may be kept with that in the pool.
    pub(crate) fn read_withdrawal(&self, pool: B256, owner: Address, release_epoch: u64) -> Outcome<Position> {
        let word = |id| {
            let of_pool = layout::entry(id, layout::field(ledger::POSITIONS));
            self.ledger_word(layout::entry_of(owner, of_pool))
        };
        match words::leaving(word(pool)?).of(release_epoch) {
            Some(position) => Ok(position),
            None => Ok(words::position(word(ids::bucket(pool, release_epoch))?)),
        }
    }

    /// What is set aside, how much of it has its turn where the token still has a limit (all of it where not), and when
    /// that can be claimed.
    pub(crate) fn _funds_of(&self, claimant: Address, token: Address, epoch: u64) -> Outcome<(u128, u128, u64)> {
        let of_claimant = layout::entry_of(claimant, layout::field(ledger::FUNDS));
        let of_token = layout::entry_of(token, of_claimant);
        let epoch_key = B256::left_padding_from(&epoch.to_be_bytes());
        let funds = words::bits(self.ledger_word(layout::entry(epoch_key, of_token))?, 0, 112);
        let release = epoch::start(epoch);
        if self.read_strategy(token)?.outflow_percent == 0 {
            return Ok((funds, funds, release));
        }
        let slot = layout::entry(ids::funds(claimant, token, epoch), layout::field(vault::TURNS));
        let (queued, ready_at) = words::turn(self.vault_word(slot)?);
        Ok((funds, queued, release.max(ready_at)))
    }

    /// When a withdrawal has its turn in the outflow queue, if the token still has a limit; zero otherwise.
    pub(crate) fn read_deferral(&self, staker: Address, operator: Address, token: Address, epoch: u64) -> Outcome<u64> {
        if self.read_strategy(token)?.outflow_percent == 0 {
            return Ok(0);
        }
        let slot = layout::entry(ids::withdrawal(staker, operator, token, epoch), layout::field(vault::DEFERRALS));
        Ok(words::small(self.vault_word(slot)?, 0, 64))
    }
}
