//! Lens: views of everything that the ledger and the Slasher store, previews and self-checks. See
//! [`interfaces::ILens`].
//!
//! It changes nothing and nobody depends on it: it reads the storage words of the TokenPool, the StrategyManager and
//! the Slasher ([`words`]) and uses the same arithmetic as they do.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod checks;
mod previews;
mod reading;
mod slasher;
mod storage;
mod words;

pub use storage::Lens;

use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use arithmetic::epoch;
use common::{access, ids, layout, Outcome};
use interfaces::{ILens, IStrategyManager};
use stylus_sdk::prelude::*;
use words::{ledger, vault};

/// Most epochs that are searched for withdrawals at once.
const MAX_EPOCHS: u64 = 64;

#[public]
impl Lens {
    /// Sets the contracts to look at, for good.
    #[constructor]
    pub fn constructor(&mut self, token_pool: Address, strategy_manager: Address, slasher: Address) -> Outcome {
        self.token_pool.set(access::contract(self.vm(), token_pool)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        Ok(())
    }

    // What is stored.

    fn strategy(&self, token: Address) -> Outcome<(bool, bool, u128, u8, u8, u128)> {
        let strategy = self.read_strategy(token)?;
        Ok((
            strategy.status != 0,
            strategy.status == 1,
            strategy.cap,
            strategy.deposit_percent,
            strategy.outflow_percent,
            strategy.owed,
        ))
    }

    fn strategy_count(&self) -> Outcome<u64> {
        Ok(words::small(self.ledger_word(layout::field(ledger::TOKENS))?, 0, 64))
    }

    fn strategy_at(&self, index: u64) -> Outcome<Address> {
        let slot = layout::element(index, layout::field(ledger::TOKENS));
        Ok(Address::from_word(self.ledger_word(slot)?))
    }

    fn pool(&self, operator: Address, token: Address) -> Outcome<(u128, u128, u32)> {
        let (pool, _) = self.read_pool(ids::pool(operator, token))?;
        Ok((pool.assets, pool.shares, pool.generation))
    }

    fn bucket(&self, operator: Address, token: Address, release_epoch: u64) -> Outcome<(u128, u128)> {
        let (bucket, _) = self.read_pool(ids::bucket(ids::pool(operator, token), release_epoch))?;
        Ok((bucket.assets, bucket.shares))
    }

    fn reward_stream(&self, operator: Address, token: Address) -> Outcome<(u128, u64)> {
        let (_, stream) = self.read_pool(ids::pool(operator, token))?;
        Ok((stream.remaining, stream.ends))
    }

    fn funds_of(&self, claimant: Address, token: Address, release_epoch: u64) -> Outcome<(u128, u128, u64)> {
        self._funds_of(claimant, token, release_epoch)
    }

    fn current_epoch(&self) -> u64 {
        epoch::at(self.vm().block_timestamp())
    }

    fn withdrawals(
        &self,
        staker: Address,
        operator: Address,
        token: Address,
        from_epoch: u64,
        to_epoch: u64,
    ) -> Outcome<(Vec<u64>, Vec<u64>, Vec<u128>)> {
        if to_epoch < from_epoch || to_epoch.saturating_sub(from_epoch) >= MAX_EPOCHS {
            return Err(ILens::TooManyEpochs { limit: MAX_EPOCHS }.into());
        }
        let (mut releases, mut ready, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
        for queued in from_epoch..=to_epoch {
            let release_epoch = queued.saturating_add(epoch::RELEASE_DELAY_EPOCHS);
            let pool = ids::pool(operator, token);
            let position = self.read_withdrawal(pool, staker, release_epoch)?;
            if position.shares == 0 {
                continue;
            }
            let (bucket, _) = self.read_pool(ids::bucket(pool, release_epoch))?;
            let turn = self.read_deferral(staker, operator, token, release_epoch)?;
            releases.push(release_epoch);
            ready.push(epoch::start(release_epoch).max(turn));
            amounts.push(bucket.assets_of(position.shares_in(&bucket)).unwrap_or(0));
        }
        Ok((releases, ready, amounts))
    }

    fn commitment_of(&self, operator: Address) -> Outcome<(u64, u64, u64, u64, u64)> {
        self._commitment_of(operator)
    }

    fn grant(&self, operator: Address, service_manager: Address) -> Outcome<(u64, u64, bool, u64, u64)> {
        self._grant(operator, service_manager)
    }

    fn pending_grant(&self, operator: Address, service_manager: Address) -> Outcome<(u64, bool, u64, u64)> {
        self._pending_grant(operator, service_manager)
    }

    fn operator_status(&self, operator: Address) -> Outcome<(u64, u64, u64, u64)> {
        self._operator_status(operator)
    }

    fn request_expiry(&self, executable_at: u64, paused_before: u64) -> Outcome<u64> {
        self._request_expiry(executable_at, paused_before)
    }

    // What would happen.

    fn preview_withdraw(&self, operator: Address, token: Address, shares: u128) -> Outcome<(u128, u64)> {
        let (pool, _) = self.read_pool(ids::pool(operator, token))?;
        let assets = pool.assets_of(shares);
        let assets = assets.map_err(|_| IStrategyManager::InsufficientShares { have: pool.shares, want: shares })?;
        Ok((assets, self.turn_of(token, assets)?))
    }

    fn preview_slash(&self, operator: Address, token: Address, wad: u64) -> Outcome<(u128, u128)> {
        self._preview_slash(operator, token, wad)
    }

    // Self-checks.

    fn solvency(&self, token: Address) -> Outcome<(U256, u128, bool)> {
        self._solvency(token)
    }

    fn operator_is_consistent(&self, operator: Address) -> Outcome<bool> {
        self._operator_is_consistent(operator)
    }

    fn contracts(&self) -> (Address, Address, Address) {
        (self.token_pool.get(), self.strategy_manager.get(), self.slasher.get())
    }
}

impl Lens {
    /// When `amount` would have its turn, queued now.
    fn turn_of(&self, token: Address, amount: u128) -> Outcome<u64> {
        let strategy = self.read_strategy(token)?;
        let release = epoch::start(epoch::release_of(self.vm().block_timestamp()));
        let slot = layout::entry_of(token, layout::field(vault::OUTFLOWS));
        let mut queue = words::queue(self.vault_word(slot)?);
        Ok(queue.join(release, amount, strategy.owed, strategy.outflow_percent))
    }
}
