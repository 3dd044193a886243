//! PriceFeed: a price that a service's operators sign. See [`interfaces::IPriceFeed`].
//!
//! Invariants: every price was signed by a quorum for its slot, at most two intervals before it was stored; slots only
//! grow; a stored round never changes.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod rounds;
mod storage;

pub use storage::PriceFeed;

use alloc::string::String;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U16, U256, U8};
use common::stored::{byte, number, set_number};
use common::{access, calls, Outcome};
use interfaces::{IPriceFeed, IQuorum, IRegistry};
use rounds::Round;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

/// 100 % in basis points.
const ALL: u16 = 10_000;

#[public]
impl PriceFeed {
    /// Sets for good: the service's Quorum; what it is the price of, a text of at most 32 bytes, and its decimals; the
    /// interval and the heartbeat (seconds); the deviation and how much stake must sign (basis points).
    #[constructor]
    #[allow(clippy::too_many_arguments)]
    pub fn constructor(
        &mut self,
        quorum: Address,
        description: B256,
        decimals: u8,
        interval: u64,
        heartbeat: u64,
        deviation: u16,
        threshold: u16,
    ) -> Outcome {
        if threshold == 0 || threshold > ALL {
            return Err(IQuorum::InvalidThreshold { threshold }.into());
        }
        self.quorum.set(access::contract(self.vm(), quorum)?);
        let registry = calls::view(self.vm(), quorum, &IQuorum::contractsCall {})?.registry;
        let window = calls::view(self.vm(), registry, &IRegistry::evidenceWindowCall {})?;
        // A quorum can be asked about for half of the window, and here for two intervals.
        let limit = window / 4;
        if interval == 0 || interval > limit || heartbeat < interval || deviation > ALL {
            return Err(IPriceFeed::InvalidTimes { interval, heartbeat, deviation, limit }.into());
        }
        self.description.set(description);
        self.decimals.set(U8::from(decimals));
        set_number(&mut self.interval, interval);
        set_number(&mut self.heartbeat, heartbeat);
        self.deviation.set(U16::from(deviation));
        self.threshold.set(U16::from(threshold));
        Ok(())
    }

    fn update(&mut self, slot: u64, price: U256, signatures: Bytes) -> Outcome {
        self._update(slot, price, signatures.0.into())
    }

    // Views.

    fn latest_round_data(&self) -> Outcome<(U256, U256, U256, U256, U256)> {
        let latest = number(&self.latest);
        self.round(U256::from(latest)).map(|round| round.data(latest))
    }

    fn get_round_data(&self, round_id: alloy_primitives::aliases::U80) -> Outcome<(U256, U256, U256, U256, U256)> {
        let round_id = U256::from(round_id);
        self.round(round_id).map(|round| round.data(round_id.saturating_to()))
    }

    fn guarantee_of(&self, round_id: alloy_primitives::aliases::U80) -> Outcome<(u128, u128)> {
        let Round { signed_stake, total_stake, .. } = self.round(U256::from(round_id))?;
        Ok((signed_stake, total_stake))
    }

    fn decimals(&self) -> u8 {
        byte(&self.decimals)
    }

    fn description(&self) -> String {
        let text = self.description.get();
        let used = text.iter().take_while(|byte| **byte != 0);
        used.map(|byte| char::from(*byte)).collect()
    }

    fn version(&self) -> U256 {
        U256::ONE
    }

    fn task(&self) -> B256 {
        self._task()
    }

    fn terms(&self) -> (u64, u64, u16, u16) {
        let (deviation, threshold) = (self.deviation.get().to(), self.threshold.get().to());
        (number(&self.interval), number(&self.heartbeat), deviation, threshold)
    }

    fn quorum(&self) -> Address {
        self.quorum.get()
    }
}
