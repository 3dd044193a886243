//! What own challenges come to: slash requests that are due, and the bounty when it is released. What must be known of
//! them is on the chain.

use super::Watcher;
use alloy::primitives::Address;
use alloy::rpc::types::Filter;
use alloy::sol_types::{SolCall, SolEvent};
use arithmetic::epoch;
use eyre::{Result, WrapErr};
use interfaces::ILens::fundsOfCall;
use interfaces::ISlasher::{SlashRequest, SlashRequested, requestHashCall};
use restake::chain::CallError;
use restake::verbs::{Verb, challenge, staker};
use restake_daemon::metrics::Metric;
use std::collections::BTreeMap;

/// What was done about own challenges, by the call.
pub static CLAIMED: Metric = Metric::counter("restake_watcher_claims_total", "What own challenges came to.");

/// How many epochs back it is looked for a bounty.
const EPOCHS_BACK: u64 = 8;

/// What was refused is tried again after so many seconds of the chain.
const PAUSE: u64 = 600;

/// Own challenges, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// The block that is looked at next; none before a start.
    next: Option<u64>,
    /// Requests that are neither executed nor closed, and from when they can be tried.
    requests: BTreeMap<u64, (u64, SlashRequest)>,
    /// When there may be a bounty.
    bounty_at: u64,
}

impl Watcher {
    /// Executes own requests that are due, and has the bounty paid that is released.
    pub(super) async fn claim_all(&mut self) -> Result<()> {
        self.find_requests().await?;
        let (chain, suite) = (self.setting.chain.clone(), self.setting.suite);
        for (id, (at, request)) in self.claims.requests.clone() {
            if chain.view(suite.slasher, &requestHashCall { requestId: id }).await?.is_zero() {
                self.claims.requests.remove(&id);
            } else if self.now >= at
                && !self.done(&challenge::execute(&suite, id, request)).await?
                && let Some((again, _)) = self.claims.requests.get_mut(&id)
            {
                *again = self.now.saturating_add(PAUSE);
            }
        }
        if self.now >= self.claims.bounty_at {
            self.claims.bounty_at = self.take_bounty().await?;
        }
        Ok(())
    }

    /// Own requests of blocks that were not looked at since the start.
    async fn find_requests(&mut self) -> Result<()> {
        let (chain, origin) = (&self.setting.chain, self.setting.origin);
        let (first, latest) = (self.claims.next.unwrap_or(origin.number), self.latest);
        if first > latest {
            return Ok(());
        }
        let filter = Filter::new().address(self.setting.suite.slasher).event_signature(SlashRequested::SIGNATURE_HASH);
        for log in chain.logs(&filter, first, latest).await? {
            let SlashRequested { requestId, request, .. } = SlashRequested::decode_log(&log.inner)?.data;
            if request.challenger == self.account {
                self.claims.requests.insert(requestId, (request.executableAt, request));
            }
        }
        self.claims.next = Some(latest.saturating_add(1));
        Ok(())
    }

    /// Has the bounty paid that is released. Returns when there may be more.
    async fn take_bounty(&self) -> Result<u64> {
        let (chain, suite, now) = (&self.setting.chain, &self.setting.suite, self.now);
        let (this, claimant): (u64, Address) = (epoch::at(now), self.account);
        let mut next = epoch::start(this.saturating_add(1));
        for release_epoch in this.saturating_sub(EPOCHS_BACK)..=this {
            let call = fundsOfCall { claimant, token: suite.token, releaseEpoch: release_epoch };
            let funds = chain.view(suite.lens, &call).await?;
            if funds.amount == 0 {
                continue;
            }
            if funds.queued < funds.amount {
                self.done(&staker::queue_funds(suite, claimant, release_epoch)).await?;
            }
            let ready_at = chain.view(suite.lens, &call).await?.readyAt;
            if now < ready_at {
                next = next.min(ready_at);
            } else if !self.done(&staker::claim_funds(suite, claimant, release_epoch)).await? {
                next = next.min(now.saturating_add(PAUSE));
            }
        }
        Ok(next)
    }

    /// Does something, unless the chain refuses it now, or somebody else did it.
    async fn done<C: SolCall>(&self, verb: &Verb<C>) -> Result<bool> {
        match verb.send(&self.setting.chain, self.account).await {
            Ok(receipt) => {
                self.setting.metrics.count(&CLAIMED, &[("call", verb.name())]);
                tracing::info!("{} is done, for {} gas", verb.name(), receipt.gas_used);
                Ok(true)
            }
            Err(CallError::Refused(refusal)) => {
                tracing::info!("{} is not done yet: {refusal}", verb.name());
                Ok(false)
            }
            Err(CallError::Node(failure)) => Err(failure).wrap_err(verb.name()),
        }
    }
}
