//! What a watcher's challenges come to.

use super::{FAILED, Watcher};
use crate::answering::IS_OPEN;
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::{bondOfCall, challengeOfCall};
use interfaces::ISlasher::requestHashCall;
use restake::verbs::{Verb, challenge};
use restake_daemon::metrics::Metric;
use tracing::{error, info};

/// What was claimed, by the call.
pub static CLAIMED: Metric = Metric::counter("restake_data_claims_total", "What the watcher's challenges came to.");

impl Watcher {
    /// Resolves own challenges that nobody answered, executes the slashes that they led to, and takes bonds. What
    /// somebody else did a moment ago is found done in the next round.
    pub(super) async fn claim(&self, now: u64) -> Result<()> {
        let (chain, suite) = (&self.setting.chain, &self.setting.suite);
        let (disputes, slasher) = (suite.service.dispute_resolution, suite.slasher);
        let mut own = self.own.lock().await;
        own.look(&self.setting, self.account).await?;
        for (id, deadline) in own.open.clone() {
            if chain.view(disputes, &challengeOfCall { challengeId: id }).await?.state != IS_OPEN {
                own.open.remove(&id);
            } else if now > deadline {
                self.send(&challenge::resolve(&suite.service, id)).await;
            }
        }
        for (id, request) in own.requests.clone() {
            if chain.view(slasher, &requestHashCall { requestId: id }).await?.is_zero() {
                own.requests.remove(&id);
            } else if now >= request.executableAt {
                self.send(&challenge::execute(suite, id, request)).await;
            }
        }
        if !chain.view(disputes, &bondOfCall { account: self.account }).await?.is_zero() {
            self.send(&challenge::withdraw_bond(&suite.service, self.account)).await;
        }
        Ok(())
    }

    async fn send<C: SolCall>(&self, verb: &Verb<C>) {
        match verb.send(&self.setting.chain, self.account).await.wrap_err(verb.name()) {
            Ok(receipt) => {
                self.metrics.count(&CLAIMED, &[("call", verb.name())]);
                info!("{} is done, for {} gas", verb.name(), receipt.gas_used);
            }
            Err(failure) => {
                self.metrics.count(&FAILED, &[]);
                error!("not done yet: {failure:#}");
            }
        }
    }
}
