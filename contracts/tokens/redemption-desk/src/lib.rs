//! RedemptionDesk: the redemptions of a receipt, in kind. See [`interfaces::IRedemptionDesk`].
//!
//! It counts what belongs to redemptions; the tokens and the stake are with the vault, the receipts with the receipt.
//!
//! Invariants: the parts of all redemptions in one bucket are no more shares than the vault has there beside its own;
//! no pot pays more than came in; no step that concerns one operator can keep a part with another from being paid.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod opening;
mod paying;
mod storage;

pub use storage::RedemptionDesk;

use alloc::vec::Vec;
use alloy_primitives::{Address, U64};
use arithmetic::redemption::{Part, WAITING};
use common::stored::{amount, number};
use common::{access, Outcome};
use storage::{key, short};
use stylus_sdk::prelude::*;

#[public]
impl RedemptionDesk {
    /// Sets who connects it with the contracts that name it.
    #[constructor]
    pub fn constructor(&mut self, connector: Address) -> Outcome {
        self.connection.begin(connector)
    }

    // Connector.

    fn connect(&mut self, receipt: Address, vault: Address) -> Outcome {
        self.connection.connect()?;
        self.receipt.set(access::contract(self.vm(), receipt)?);
        self.vault.set(access::contract(self.vm(), vault)?);
        Ok(())
    }

    // Receipt.

    fn open(&mut self, account: Address, shares: u128, supply: u128, min_assets: u128) -> Outcome<(u64, u128)> {
        access::only(self.vm(), self.receipt.get())?;
        self._open(account, shares, supply, min_assets)
    }

    // Anyone.

    fn claim_redemption(&mut self, id: u64) -> Outcome<u128> {
        self._claim_redemption(id)
    }

    fn collect(&mut self, operator: Address, release_epoch: u64) -> Outcome<u128> {
        let id = self.number_of(operator)?;
        self.fill(id, release_epoch)
    }

    fn queue_waiting(&mut self, operator: Address, period: u64) -> Outcome<u64> {
        self._queue_waiting(operator, period)
    }

    // Views.

    fn redemption(&self, id: u64) -> (Address, u64, u64, u64) {
        let stored = self.redemptions.getter(U64::from(id));
        let [count] = *stored.count.get().as_limbs();
        (stored.account.get(), short(&stored.release_epoch), short(&stored.period), count)
    }

    fn part_of(&self, id: u64, index: u64) -> Outcome<(Address, u128, u64)> {
        let parts = self.parts(id);
        let bits = usize::try_from(index).ok().and_then(|index| parts.get(index));
        let Some(part) = bits.map(|bits| Part::unpack(*bits)) else { return Ok((Address::ZERO, 0, 0)) };
        let release_epoch = match part.place {
            WAITING => 0,
            place => short(&self.redemptions.getter(U64::from(id)).release_epoch).saturating_sub(u64::from(place)),
        };
        Ok((self.operator_with(part.operator)?, part.units, release_epoch))
    }

    fn pot_of(&self, operator: Address, release_epoch: u64) -> Outcome<(u128, u128)> {
        let pot = self.pots.getter(key(self.number_of(operator)?, release_epoch)).read();
        Ok((pot.amount, pot.shares))
    }

    fn waiting_of(&self, operator: Address, period: u64) -> Outcome<(u128, u64, u128)> {
        let batch = self.batches.getter(key(self.number_of(operator)?, period));
        Ok((amount(&batch.shares), short(&batch.release_epoch), amount(&batch.bucket_shares)))
    }

    fn counts(&self) -> (u64, u64) {
        (short(&self.period), number(&self.count))
    }

    fn contracts(&self) -> (Address, Address) {
        (self.receipt.get(), self.vault.get())
    }
}
