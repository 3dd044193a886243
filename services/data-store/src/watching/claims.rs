//! What a watcher's challenges come to: found in the chain's events each time, so that it is the same after a start.

use super::{FAILED, Watcher};
use crate::answering::IS_OPEN;
use alloy::primitives::{Address, B256};
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::{AvailabilityChallenged, challengeOfCall};
use interfaces::ISlasher::{SlashRequested, requestHashCall};
use restake::verbs::{Verb, challenge};
use restake_daemon::metrics::Metric;
use tracing::{error, info};

/// What was claimed, by the call.
pub static CLAIMED: Metric = Metric::counter("restake_data_claims_total", "What the watcher's challenges came to.");

impl Watcher {
    /// Resolves own challenges that nobody answered, executes the slashes that they led to, and takes bonds.
    pub(super) async fn claim(&self) -> Result<()> {
        let (chain, suite) = (&self.setting.chain, &self.setting.suite);
        let (disputes, now) = (suite.service.dispute_resolution, chain.now().await?);
        for AvailabilityChallenged { challengeId: id, deadline, .. } in self.asked(None).await? {
            let is_over = now > deadline;
            if is_over && chain.view(disputes, &challengeOfCall { challengeId: id }).await?.state == IS_OPEN {
                self.send(&challenge::resolve(&suite.service, id)).await;
            }
        }
        // Of a request only the operator is indexed; whose bounty it is stands in it.
        for SlashRequested { requestId: id, request, .. } in self.setting.logged(suite.slasher, [None; 3]).await? {
            if request.challenger == self.account
                && now >= request.executableAt
                && !chain.view(suite.slasher, &requestHashCall { requestId: id }).await?.is_zero()
            {
                self.send(&challenge::execute(suite, id, request)).await;
            }
        }
        if !self.owed().await?.is_zero() {
            self.send(&challenge::withdraw_bond(&suite.service, self.account)).await;
        }
        Ok(())
    }

    /// Whether this watcher ever asked an operator for something of a commitment: several leaves of one are one fault,
    /// and who answers on chain what it does not give over HTTP wins a bond each time.
    pub(super) async fn has_asked(&self, operator: Address, commitment: B256) -> Result<bool> {
        Ok(self.asked(Some(operator)).await?.iter().any(|asked| asked.commitment == commitment))
    }

    /// The own challenges.
    async fn asked(&self, operator: Option<Address>) -> Result<Vec<AvailabilityChallenged>> {
        let disputes = self.setting.suite.service.dispute_resolution;
        let topics = [None, operator.map(|account| account.into_word()), Some(self.account.into_word())];
        self.setting.logged(disputes, topics).await
    }

    /// Does something that somebody else may have done a moment ago, or that cannot be done yet.
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
