//! What an operator weighs for the service: the part of its active stake that the service could take now.

use crate::storage::Registry;
use alloy_primitives::{Address, U64};
use alloy_sol_types::SolCall;
use arithmetic::wad;
use arithmetic::wide::mul_div_down;
use common::stored::byte;
use common::{calls, Outcome};
use interfaces::{IRegistry, ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// What the Slasher and the ledger say about an operator.
pub(crate) struct Weighed {
    /// The weighted stake that nobody but this service can take.
    pub(crate) guaranteed: u128,
    /// The weighted stake that another service may take first.
    pub(crate) shared: u128,
    /// What the open requests of this service against the operator ask for (zero: none is open).
    pub(crate) pending: u128,
}

impl Registry {
    /// Weighs the operator.
    pub(crate) fn weigh(&self, operator: Address) -> Outcome<Weighed> {
        let question = [operator, self.service_manager.get()];
        let grant = calls::ask(self.vm(), self.slasher.get(), ISlasher::guaranteeOfCall::SELECTOR, &question)?;
        self.weighed(operator, &grant)
    }

    /// Weighs the operator by what the Slasher said of it and this service. Rounded down for each token, and once more
    /// for the grant: against the operator.
    pub(crate) fn weighed(&self, operator: Address, grant: &[u8]) -> Outcome<Weighed> {
        let (guaranteed, shared) = (calls::answer(grant, 0)?, calls::answer(grant, 1)?);
        let (magnitude, pending) = (calls::answer(grant, 2)?, calls::answer(grant, 3)?);
        let stake = if guaranteed == 0 && shared == 0 { 0 } else { self.weighted_stake(operator)? };
        // A part of the magnitude is at most all of it; nothing of no magnitude is nothing.
        let part = |part: u128| mul_div_down(stake, part, magnitude).unwrap_or(0);
        Ok(Weighed { guaranteed: part(guaranteed), shared: part(shared), pending })
    }

    /// What of an operator's weight counts by the service's rules, before the minimum.
    pub(crate) fn accepted(&self, weighed: &Weighed) -> u128 {
        // An operator has one grant to the service, of one tier.
        if self.accepts_shared.get() {
            weighed.guaranteed.max(weighed.shared)
        } else {
            weighed.guaranteed
        }
    }

    /// The sum of the operator's active stake over tokens, each times its weight.
    fn weighted_stake(&self, operator: Address) -> Outcome<u128> {
        let (ledger, now) = (self.strategy_manager.get(), self.vm().block_timestamp());
        let mut total = 0u128;
        for index in 0..byte(&self.weight_count) {
            let stored = self.weights.getter(U64::from(index));
            let weight = stored.at(now);
            if weight == 0 {
                continue;
            }
            let question = [operator, stored.token.get()];
            let stake = calls::ask(self.vm(), ledger, IStrategyManager::operatorStakeCall::SELECTOR, &question)?;
            let stake = calls::answer(&stake, 0)?;
            let weighted = wad::portion_down(stake, weight).ok_or(IRegistry::StakeTooLarge {})?;
            total = total.checked_add(weighted).ok_or(IRegistry::StakeTooLarge {})?;
        }
        Ok(total)
    }
}
