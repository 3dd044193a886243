//! Challenging an operator, where it is worth it.

use super::{CHALLENGED, Watcher};
use crate::message::Promise;
use alloy::primitives::Address;
use arithmetic::fault::{UNAVAILABILITY, wad_of};
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_down;
use eyre::{Result, WrapErr, ensure};
use interfaces::IDisputeResolution::{bondCall, isJudgedCall};
use interfaces::IRegistry::{keyOfCall, weightedStakeOfCall};
use interfaces::IServiceManager::termsAtCall;
use restake::chain::event;
use restake::judgements::{leaf_id, unavailability_id};
use restake::verbs::challenge;
use tracing::{info, warn};

impl Watcher {
    /// Challenges an operator about a leaf, unless it was challenged for that, or it is not worth it.
    pub(super) async fn challenge(&self, key: Address, promise: &Promise, leaf: u64) -> Result<()> {
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let disputes = service.dispute_resolution;
        let operator = chain.view(service.registry, &keyOfCall { signingKey: key }).await?.operator;
        let commitment = self.setting.domain.data_commitment_hash(&promise.commitment());
        for evidence in [unavailability_id(operator, commitment), leaf_id(operator, commitment, leaf)] {
            if chain.view(disputes, &isJudgedCall { evidence }).await? {
                return Ok(());
            }
        }
        let mut own = self.own.lock().await;
        if !own.may_ask(operator, commitment, chain.now().await?) {
            return Ok(());
        }
        let bounty = self.bounty(operator, promise.task_time).await?;
        if bounty < self.watching.least_bounty {
            info!("{operator} does not give leaf {leaf}, and a challenge would pay {bounty}: that is too little");
            return Ok(());
        }
        let bond = chain.view(disputes, &bondCall {}).await?;
        let balance = chain.balance(self.account).await?;
        ensure!(balance > bond, "{} has {balance} wei, and the bond is {bond}", self.account);
        let verb = challenge::availability(service, operator, &promise.signed().leaf(leaf), bond);
        let receipt = verb.send(chain, self.account).await.wrap_err_with(|| format!("leaf {leaf} of {operator}"))?;
        event(&receipt, disputes).into_iter().for_each(|made| own.note(made));
        self.metrics.count(&CHALLENGED, &[]);
        warn!("{operator} does not give leaf {leaf} of {}: challenged, for {} gas", promise.root, receipt.gas_used);
        Ok(())
    }

    /// What the challenger gets of a slash, as the operator's stake is now (weighted stake).
    async fn bounty(&self, operator: Address, fault_time: u64) -> Result<u128> {
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let terms = chain.view(service.service_manager, &termsAtCall { time: fault_time }).await?;
        let stake = chain.view(service.registry, &weightedStakeOfCall { operator }).await?;
        let at_risk = stake.guaranteed.saturating_add(stake.shared);
        let wad = wad_of(&terms.wads, UNAVAILABILITY).unwrap_or_default();
        let slash = mul_div_down(at_risk, wad.into(), ONE.into()).unwrap_or_default();
        Ok(mul_div_down(slash, terms.challengerShare.into(), ONE.into()).unwrap_or_default())
    }
}
