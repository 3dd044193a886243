//! What an account's challenges come to: slash requests that are due, and the bounty when it is released. What must be
//! known of them is on the chain, so that it is the same after a start.

use crate::metrics::{Metric, Metrics};
use crate::origin::{Origin, unseen};
use alloy::primitives::{Address, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::{SolCall, SolEvent};
use arithmetic::epoch;
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::bondOfCall;
use interfaces::ILens::fundsOfCall;
use interfaces::ISlasher::{SlashRequest, SlashRequested, requestHashCall};
use restake::chain::{CallError, Chain};
use restake::suite::Suite;
use restake::verbs::{Verb, challenge, staker};
use std::collections::BTreeMap;
use tracing::info;

/// What was done about own challenges, by the call.
pub static CLAIMED: Metric = Metric::counter("restake_claims_total", "What own challenges came to.");

/// What the chain refused, by the call: it is tried again.
pub static REFUSED: Metric = Metric::counter("restake_claims_refused_total", "What could not be claimed yet.");

/// How many epochs back it is looked for a bounty.
const EPOCHS_BACK: u64 = 8;

/// What was refused is tried again after so many seconds of the chain.
const PAUSE: u64 = 600;

/// The challenges of an account before one service, as far as they are known.
#[derive(Debug)]
pub struct Claims {
    chain: Chain,
    suite: Suite,
    account: Address,
    since: u64,
    metrics: Metrics,
    /// The last block that was looked at; none before a start.
    looked: Option<Origin>,
    /// Requests that are neither executed nor closed, and from when they can be tried.
    requests: BTreeMap<u64, (u64, SlashRequest)>,
    /// When there may be a bounty.
    bounty_at: u64,
}

impl Claims {
    /// Those of an account, for which the chain has the key, before the service of a suite that was deployed after
    /// block `since`.
    pub fn new(chain: Chain, suite: Suite, account: Address, since: u64, metrics: Metrics) -> Self {
        Self { chain, suite, account, since, metrics, looked: None, requests: BTreeMap::new(), bounty_at: 0 }
    }

    /// Executes own requests that are due, takes bonds, and has the bounty paid that is released, at `now` of the
    /// chain.
    ///
    /// # Errors
    /// If the node cannot be asked. What the chain refuses is tried again later.
    pub async fn round(&mut self, now: u64) -> Result<()> {
        self.find_requests().await?;
        let (slasher, disputes) = (self.suite.slasher, self.suite.service.dispute_resolution);
        for (id, (at, request)) in self.requests.clone() {
            if self.chain.view(slasher, &requestHashCall { requestId: id }).await?.is_zero() {
                self.requests.remove(&id);
            } else if now >= at
                && !self.does(&challenge::execute(&self.suite, id, request)).await?
                && let Some((again, _)) = self.requests.get_mut(&id)
            {
                *again = now.saturating_add(PAUSE);
            }
        }
        if self.chain.view(disputes, &bondOfCall { account: self.account }).await? > U256::ZERO {
            self.does(&challenge::withdraw_bond(&self.suite.service, self.account)).await?;
        }
        if now >= self.bounty_at {
            self.bounty_at = self.take_bounty(now).await?;
        }
        Ok(())
    }

    /// Does something for the account, unless the chain refuses it now, or somebody else did it. Says whether it did.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn does<C: SolCall>(&self, verb: &Verb<C>) -> Result<bool> {
        match verb.send(&self.chain, self.account).await {
            Ok(receipt) => {
                self.metrics.count(&CLAIMED, &[("call", verb.name())]);
                info!("{} is done, for {} gas", verb.name(), receipt.gas_used);
                Ok(true)
            }
            Err(CallError::Refused(refusal)) => {
                self.metrics.count(&REFUSED, &[("call", verb.name())]);
                info!("{} is not done yet: {refusal}", verb.name());
                Ok(false)
            }
            Err(CallError::Node(failure)) => Err(failure).wrap_err(verb.name()),
        }
    }

    /// Own requests of blocks that were not looked at since the start.
    async fn find_requests(&mut self) -> Result<()> {
        let (blocks, looked) = unseen(&self.chain, self.since, self.looked).await?;
        // Of a request the challenger is not indexed.
        let service = self.suite.service.service_manager;
        let filter = Filter::new().address(self.suite.slasher).event_signature(SlashRequested::SIGNATURE_HASH);
        for log in self.chain.logs(&filter.topic3(service), *blocks.start(), *blocks.end()).await? {
            let SlashRequested { requestId: id, request, .. } = SlashRequested::decode_log(&log.inner)?.data;
            if request.challenger == self.account {
                self.requests.insert(id, (request.executableAt, request));
            }
        }
        self.looked = Some(looked);
        Ok(())
    }

    /// Has the bounty paid that is released. Returns when there may be more.
    async fn take_bounty(&self, now: u64) -> Result<u64> {
        let (chain, suite) = (&self.chain, &self.suite);
        let (this, claimant): (u64, Address) = (epoch::at(now), self.account);
        let mut next = epoch::start(this.saturating_add(1));
        for release_epoch in this.saturating_sub(EPOCHS_BACK)..=this {
            let call = fundsOfCall { claimant, token: suite.token, releaseEpoch: release_epoch };
            let funds = chain.view(suite.lens, &call).await?;
            if funds.amount == 0 {
                continue;
            }
            if funds.queued < funds.amount {
                self.does(&staker::queue_funds(suite, claimant, release_epoch)).await?;
            }
            let ready_at = chain.view(suite.lens, &call).await?.readyAt;
            if now < ready_at {
                next = next.min(ready_at);
            } else if !self.does(&staker::claim_funds(suite, claimant, release_epoch)).await? {
                next = next.min(now.saturating_add(PAUSE));
            }
        }
        Ok(next)
    }
}
