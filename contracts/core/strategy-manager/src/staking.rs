//! Stake that joins: from outside, and from idle to an operator.

use crate::storage::StrategyManager;
use alloy_primitives::Address;
use common::{access, ids, Emit, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn _credit_stake(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        amount: u128,
        max_commitment: u64,
    ) -> Outcome<u128> {
        self.check_stake(operator, max_commitment)?;
        let shares = self.join(staker, operator, token, amount)?;
        self.vm().emit(&IStrategyManager::Staked { staker, operator, token, amount, shares });
        Ok(shares)
    }

    pub(crate) fn _delegate(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        idle_shares: u128,
        max_commitment: u64,
    ) -> Outcome<u128> {
        access::nonzero(operator)?;
        self.check_stake(operator, max_commitment)?;
        let amount = self.leave(staker, ids::pool(Address::ZERO, token), idle_shares)?;
        let shares = self.join(staker, operator, token, amount)?;
        self.vm().emit(&IStrategyManager::Delegated {
            staker,
            operator,
            token,
            amount,
            idleShares: idle_shares,
            shares,
        });
        Ok(shares)
    }
}
