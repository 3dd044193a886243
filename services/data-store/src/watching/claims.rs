//! What a watcher's challenges come to.

use super::Watcher;
use crate::answering::IS_OPEN;
use eyre::Result;
use interfaces::IDisputeResolution::challengeOfCall;
use restake::verbs::challenge;

impl Watcher {
    /// Resolves own challenges that nobody answered, and sees through what they led to. What somebody else did a moment
    /// ago is found done in the next round.
    pub(super) async fn claim(&self, now: u64) -> Result<()> {
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let (mut own, mut claims) = (self.own.lock().await, self.claims.lock().await);
        own.look(&self.setting, self.account).await?;
        for (id, deadline) in own.open.clone() {
            let call = challengeOfCall { challengeId: id };
            if chain.view(service.dispute_resolution, &call).await?.state != IS_OPEN {
                own.open.remove(&id);
            } else if now > deadline {
                claims.does(&challenge::resolve(service, id)).await?;
            }
        }
        claims.round(now).await
    }
}
