//! What a challenge pays.

use alloy::primitives::{Address, U256};
use arithmetic::fault::{EQUIVOCATION, wad_of};
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_down;
use eyre::Result;
use interfaces::IRegistry::weightedStakeOfCall;
use interfaces::IServiceManager::{termsAtCall, termsCall};
use restake::chain::Chain;
use restake::suite::Service;

/// What is worth a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// The least bounty (weighted stake), beside the gas.
    pub least_bounty: u128,
    /// What so much of the bounty as a unit of ETH has (1e18) is worth (wei).
    pub price: U256,
}

impl Default for Worth {
    fn default() -> Self {
        Self { least_bounty: 1, price: U256::from(ONE) }
    }
}

impl Worth {
    /// Whether a bounty pays for so much gas.
    pub(crate) fn pays(&self, bounty: u128, gas: u64, gas_price: u128) -> bool {
        let cost = U256::from(gas).saturating_mul(U256::from(gas_price));
        bounty >= self.least_bounty && U256::from(bounty).saturating_mul(self.price) / U256::from(ONE) > cost
    }
}

/// What the challenger gets for an equivocation in a task of `time`, as the operator's stake is now (weighted stake):
/// by the harsher of the terms of then and of now, if it was punished then.
pub(crate) async fn expected(chain: &Chain, service: &Service, operator: Address, time: u64) -> Result<u128> {
    let then = chain.view(service.service_manager, &termsAtCall { time }).await?;
    let now = chain.view(service.service_manager, &termsCall {}).await?;
    let (then_wad, now_wad) = (wad_of(&then.wads, EQUIVOCATION), wad_of(&now.wads, EQUIVOCATION));
    let wad = then_wad.filter(|wad| *wad > 0).map_or(0, |wad| wad.max(now_wad.unwrap_or_default()));
    let stake = chain.view(service.registry, &weightedStakeOfCall { operator }).await?;
    let at_risk = stake.guaranteed.saturating_add(stake.shared);
    let slash = mul_div_down(at_risk, wad.into(), ONE.into()).unwrap_or_default();
    Ok(mul_div_down(slash, then.challengerShare.into(), ONE.into()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_worth_it_when_its_bounty_is_more_than_its_gas() {
        let one = Worth::default();
        assert!(one.pays(200_001, 200, 1_000) && !one.pays(200_000, 200, 1_000) && !one.pays(0, 0, 0));
        assert!(!Worth { least_bounty: 300_000, ..one }.pays(200_001, 200, 1_000));
        let half = Worth { price: U256::from(ONE / 2), ..one };
        assert!(!half.pays(400_000, 200, 1_000) && half.pays(400_002, 200, 1_000));
        assert!(!one.pays(u128::MAX, u64::MAX, u128::MAX));
    }
}
