//! What is due, read from the chain.

use super::Duty;
use crate::command::sending::Step;
use crate::command::session::{Actor, Session};
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use arithmetic::epoch;
use arithmetic::time::EXECUTION_WINDOW_SECONDS;
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::{AvailabilityChallenged, challengeOfCall};
use interfaces::IRegistry::{OperatorRegistered, StakeUpdated, isRegisteredCall, isSuspendedCall, stakeAtCall};
use interfaces::ISlasher::{GrantAnnounced, SlashRequested, requestHashCall};
use interfaces::{ILens, ILens::pendingGrantCall};
use restake::verbs::{challenge, operator};
use std::collections::BTreeSet;

/// The state of a challenge that waits for an answer.
const OPEN: u8 = 1;

impl Session {
    /// What is due of a duty, as far as it can be seen without simulating it.
    pub(super) async fn due(&self, duty: Duty, actor: &Actor) -> Result<Vec<Step>> {
        match duty {
            Duty::Requests => self.due_requests().await,
            Duty::Weights => self.due_weights().await,
            Duty::Grants => self.due_grants().await,
            Duty::Challenges => self.due_challenges().await,
            Duty::Prolong { days } => self.due_to_expire(actor, days).await,
            Duty::Cache { most } => self.due_to_cache(most).await,
        }
    }

    async fn due_requests(&self) -> Result<Vec<Step>> {
        let (slasher, now, mut due) = (self.suite.slasher, self.chain.now().await?, Vec::new());
        for SlashRequested { requestId: id, request, .. } in self.logged::<SlashRequested>(slasher).await? {
            if self.chain.view(slasher, &requestHashCall { requestId: id }).await? == B256::ZERO {
                continue;
            }
            if now >= request.executableAt {
                let verb = challenge::execute(&self.suite, id, request.clone());
                due.push(Step::new(format!("executes slash request {id}"), &verb));
            }
            // Pauses lengthen the time to execute, so it may be too early: then it is refused.
            if now >= request.executableAt.saturating_add(EXECUTION_WINDOW_SECONDS) {
                let verb = challenge::close(&self.suite, id, request);
                due.push(Step::new(format!("closes slash request {id}"), &verb));
            }
        }
        Ok(due)
    }

    /// Those who carry nothing into the next epoch and may, if they are weighed again.
    async fn due_weights(&self) -> Result<Vec<Step>> {
        let (registry, now) = (self.suite.service.registry, self.chain.now().await?);
        let last = epoch::checkpoint_expires(now).saturating_sub(1);
        let mut operators = BTreeSet::new();
        for OperatorRegistered { operator, .. } in self.logged::<OperatorRegistered>(registry).await? {
            if self.chain.view(registry, &isRegisteredCall { operator }).await?
                && self.chain.view(registry, &stakeAtCall { operator, time: last }).await? == 0
                && (!self.was_weighed(operator, epoch::start(epoch::at(now))).await?
                    || self.is_cleared(operator).await?)
            {
                operators.insert(operator);
            }
        }
        let operators: Vec<Address> = operators.into_iter().collect();
        if operators.is_empty() {
            return Ok(Vec::new());
        }
        let what = format!("has {} operator(s) weighed again", operators.len());
        Ok(vec![Step::new(what, &operator::update(&self.suite.service, operators))])
    }

    /// Whether an operator was weighed again since a time: who then carried nothing would carry nothing now.
    async fn was_weighed(&self, operator: Address, since: u64) -> Result<bool> {
        let filter = Filter::new().address(self.suite.service.registry).event_signature(StakeUpdated::SIGNATURE_HASH);
        let Some(number) = self.all(&filter.topic1(operator)).await?.last().and_then(|log| log.block_number) else {
            return Ok(false);
        };
        let block = self.chain.provider().get_block(number.into()).await.wrap_err("cannot ask for a block")?;
        Ok(block.is_some_and(|block| block.header.timestamp >= since))
    }

    /// Whether an operator is suspended, and nothing is open against it any more.
    async fn is_cleared(&self, operator: Address) -> Result<bool> {
        let suspended = self.chain.view(self.suite.service.registry, &isSuspendedCall { operator }).await?;
        let status = self.chain.view(self.suite.lens, &ILens::operatorStatusCall { operator }).await?;
        Ok(suspended && status.openRequests == 0)
    }

    async fn due_grants(&self) -> Result<Vec<Step>> {
        let (slasher, now, mut due) = (self.suite.slasher, self.chain.now().await?, Vec::new());
        let announced = self.logged::<GrantAnnounced>(slasher).await?;
        let pairs: BTreeSet<(Address, Address)> =
            announced.iter().map(|announced| (announced.operator, announced.serviceManager)).collect();
        for (operator, service) in pairs {
            let pending =
                self.chain.view(self.suite.lens, &pendingGrantCall { operator, serviceManager: service }).await?;
            let ILens::pendingGrantReturn { raise, effectiveAt, lapsesAt, .. } = pending;
            let (name, to) = (self.people.name(operator), self.people.name(service));
            if raise != 0 && now >= lapsesAt {
                let verb = operator::clear_lapsed(&self.suite, operator, service);
                due.push(Step::new(format!("clears what {name} announced to {to}"), &verb));
            } else if raise != 0 && now >= effectiveAt {
                let verb = operator::activate(&self.suite, operator, service);
                due.push(Step::new(format!("puts into force what {name} announced to {to}"), &verb));
            }
        }
        Ok(due)
    }

    async fn due_challenges(&self) -> Result<Vec<Step>> {
        let (disputes, now, mut due) = (self.suite.service.dispute_resolution, self.chain.now().await?, Vec::new());
        for AvailabilityChallenged { challengeId: id, .. } in self.logged::<AvailabilityChallenged>(disputes).await? {
            let challenge = self.chain.view(disputes, &challengeOfCall { challengeId: id }).await?;
            if challenge.state == OPEN && now > challenge.deadline {
                let verb = challenge::resolve(&self.suite.service, id);
                due.push(Step::new(format!("resolves challenge {id}"), &verb));
            }
        }
        Ok(due)
    }

    /// All events of a kind that a contract ever logged.
    async fn logged<E: SolEvent>(&self, contract: Address) -> Result<Vec<E>> {
        let filter = Filter::new().address(contract).event_signature(E::SIGNATURE_HASH);
        self.all(&filter).await?.iter().map(|log| Ok(E::decode_log(&log.inner)?.data)).collect()
    }

    /// All events of a filter since the deployment.
    async fn all(&self, filter: &Filter) -> Result<Vec<Log>> {
        self.chain.logs_since(filter, self.since).await.wrap_err("cannot ask for events")
    }
}
