//! Risk: what an operator, a service and a receipt risk. See [`interfaces::IRisk`].
//!
//! It changes nothing and nothing depends on it. What it reads of the protocol is the Slasher's books; what services
//! say is asked of them with a stipend each, so that none of them can make an answer about others fail.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod asking;
mod claims;
mod receipts;
mod storage;
mod utilisation;

pub use storage::Risk;

use alloc::vec::Vec;
use alloy_primitives::Address;
use arithmetic::exposure::Exposure;
use arithmetic::risk;
use claims::Claim;
use common::{access, Outcome};
use receipts::{LookThrough, LookThroughFields};
use stylus_sdk::prelude::*;

#[public]
impl Risk {
    /// Sets the Slasher whose books it reads, for good.
    #[constructor]
    pub fn constructor(&mut self, slasher: Address) -> Outcome {
        self.slasher.set(access::contract(self.vm(), slasher)?);
        Ok(())
    }

    // Operators.

    fn exposure_of(&self, operator: Address) -> Outcome<(u64, u64, u64, u64, u64)> {
        let Exposure { guaranteed, shared, announced, degree, worst_loss } = Exposure::of(&self.budgets(operator)?);
        Ok((guaranteed, shared, announced, degree, worst_loss))
    }

    // Services.

    fn claim_of(&self, service_manager: Address, threshold: u64) -> Outcome<(u128, u128, u64, u128, u128, u128)> {
        self._claim_of(service_manager, threshold)
    }

    // The network.

    fn utilisation_of(&self, operator: Address, services: Vec<Address>, threshold: u64) -> Outcome<(u128, u64)> {
        let claims = self.claims(&services, threshold)?;
        self.utilisation(operator, &claims)
    }

    fn network_utilisation(
        &self,
        operators: Vec<Address>,
        services: Vec<Address>,
        threshold: u64,
    ) -> Outcome<(u128, bool)> {
        let claims = self.claims(&services, threshold)?;
        let (mut largest, mut complete) = (claims.iter().map(Claim::ratio).max().unwrap_or(0), true);
        for operator in operators {
            let (utilisation, unlisted) = self.utilisation(operator, &claims)?;
            largest = largest.max(utilisation);
            complete &= unlisted == 0;
        }
        Ok((largest, complete))
    }

    fn least_cost(&self, profit: u128, utilisation: u128) -> u128 {
        risk::least_cost(profit, utilisation)
    }

    fn if_all_stake_were_lost(&self, lost: u64, utilisation: u128) -> (bool, u64) {
        let bound = risk::if_all_stake_were_lost(lost, utilisation);
        (bound.is_some(), bound.unwrap_or(0))
    }

    // Receipts.

    fn look_through(&self, receipt: Address, shares: u128) -> Outcome<LookThroughFields> {
        let behind = self.behind(receipt, shares)?;
        let (worst_loss, degree) = self.risked(&behind)?;
        let LookThrough { idle, leaving, operators, stakes } = behind;
        Ok((idle, leaving, worst_loss, degree, operators, stakes))
    }

    fn takes_behind(&self, receipt: Address, shares: u128, services: Vec<Address>) -> Outcome<Vec<u128>> {
        self._takes_behind(receipt, shares, &services)
    }

    fn layers_of(&self, receipt: Address) -> Outcome<Vec<Address>> {
        self._layers_of(receipt)
    }

    fn slasher(&self) -> Address {
        self.slasher.get()
    }
}
