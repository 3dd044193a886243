//! What somebody must do sooner or later, done: slash requests that are due, weights that lapse, announced grants,
//! challenges that nobody answered. It remembers nothing: what is due is read from the chain in each round, and each
//! call is simulated before it is sent. So it can be stopped at any moment, and two of them waste gas at most.

use super::sending::{Failed, Refused, Step};
use super::session::{Acting, Actor, Session};
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::epoch;
use clap::{Args, ValueEnum};
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::{AvailabilityChallenged, challengeOfCall, resolveChallengeCall};
use interfaces::IRegistry::{OperatorRegistered, isRegisteredCall, stakeAtCall, updateStakesCall};
use interfaces::ISlasher::{
    GrantAnnounced, SlashRequested, activateGrantCall, clearLapsedGrantCall, closeExpiredRequestCall, executeSlashCall,
    requestHashCall,
};
use interfaces::{ILens, ILens::pendingGrantCall};
use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

/// The state of a challenge that waits for an answer.
const OPEN: u8 = 1;

/// What is kept, and how often.
#[derive(Debug, Args)]
pub(crate) struct Keeping {
    /// Only these duties [default: all]
    #[arg(long, value_enum, value_name = "DUTY")]
    only: Vec<Duty>,
    /// One round, instead of one after another
    #[arg(long)]
    once: bool,
    /// Seconds between two rounds
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

/// A duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Duty {
    /// Execute slash requests that are due, and close those that expired
    Requests,
    /// Have operators weighed again once in an epoch
    Weights,
    /// Put announced grants into force, and clear those that lapsed
    Grants,
    /// Resolve challenges that nobody answered
    Challenges,
}

pub(crate) async fn run(keeping: &Keeping) -> Result<()> {
    let (session, actor) = Session::act(&keeping.acting).await?;
    loop {
        let round = session.keep(&actor, keeping).await;
        if keeping.once {
            return round;
        }
        if let Err(failure) = round {
            // The node went away, or the purse is empty: the next round finds the same again.
            let _ = writeln!(std::io::stderr(), "{failure:#}");
        }
        tokio::time::sleep(Duration::from_secs(keeping.every)).await;
    }
}

impl Session {
    /// One round.
    async fn keep(&self, actor: &Actor, keeping: &Keeping) -> Result<()> {
        let is_kept = |duty| keeping.only.is_empty() || keeping.only.contains(&duty);
        let mut due = Vec::new();
        if is_kept(Duty::Requests) {
            due.extend(self.due_requests().await.wrap_err("requests")?);
        }
        if is_kept(Duty::Weights) {
            due.extend(self.due_weights().await.wrap_err("weights")?);
        }
        if is_kept(Duty::Grants) {
            due.extend(self.due_grants().await.wrap_err("grants")?);
        }
        if is_kept(Duty::Challenges) {
            due.extend(self.due_challenges().await.wrap_err("challenges")?);
        }
        let sending = &keeping.acting.sending;
        let mut done = Vec::new();
        for step in due {
            match self.take(actor, sending, step, None).await {
                Ok(sent) => done.push(sent),
                // What is not due yet, or somebody else did a moment ago, is refused or fails.
                Err(failure) if failure.is::<Refused>() || failure.is::<Failed>() => {}
                Err(failure) => return Err(failure),
            }
        }
        self.tell_done(actor, &done);
        Ok(())
    }

    async fn due_requests(&self) -> Result<Vec<Step>> {
        let (slasher, now, mut due) = (self.suite.slasher, self.chain.now().await?, Vec::new());
        for SlashRequested { requestId: id, request, .. } in self.logged::<SlashRequested>(slasher).await? {
            if self.chain.view(slasher, &requestHashCall { requestId: id }).await? == B256::ZERO {
                continue;
            }
            if now >= request.executableAt {
                let call = executeSlashCall { requestId: id, request: request.clone() };
                due.push(Step::new(format!("executes slash request {id}"), slasher, &call));
                // One of the two is refused.
                let call = closeExpiredRequestCall { requestId: id, request };
                due.push(Step::new(format!("closes slash request {id}"), slasher, &call));
            }
        }
        Ok(due)
    }

    /// Those of whom a checkpoint of this epoch does not carry into the next one.
    async fn due_weights(&self) -> Result<Vec<Step>> {
        let (registry, now) = (self.suite.service.registry, self.chain.now().await?);
        let mut operators = BTreeSet::new();
        for OperatorRegistered { operator, .. } in self.logged::<OperatorRegistered>(registry).await? {
            let serves = self.chain.view(registry, &isRegisteredCall { operator }).await?;
            let expires = epoch::checkpoint_expires(now);
            let carries = self.chain.view(registry, &stakeAtCall { operator, time: expires.saturating_sub(1) }).await?;
            if serves && carries == 0 {
                operators.insert(operator);
            }
        }
        let operators: Vec<Address> = operators.into_iter().collect();
        if operators.is_empty() {
            return Ok(Vec::new());
        }
        let what = format!("has {} operator(s) weighed again", operators.len());
        Ok(vec![Step::new(what, registry, &updateStakesCall { operators })])
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
                let call = clearLapsedGrantCall { operator, serviceManager: service };
                due.push(Step::new(format!("clears what {name} announced to {to}"), slasher, &call));
            } else if raise != 0 && now >= effectiveAt {
                let call = activateGrantCall { operator, serviceManager: service };
                due.push(Step::new(format!("puts into force what {name} announced to {to}"), slasher, &call));
            }
        }
        Ok(due)
    }

    async fn due_challenges(&self) -> Result<Vec<Step>> {
        let (disputes, now, mut due) = (self.suite.service.dispute_resolution, self.chain.now().await?, Vec::new());
        for AvailabilityChallenged { challengeId: id, .. } in self.logged::<AvailabilityChallenged>(disputes).await? {
            let challenge = self.chain.view(disputes, &challengeOfCall { challengeId: id }).await?;
            if challenge.state == OPEN && now > challenge.deadline {
                let call = resolveChallengeCall { challengeId: id };
                due.push(Step::new(format!("resolves challenge {id}"), disputes, &call));
            }
        }
        Ok(due)
    }

    /// All events of a kind that a contract ever logged.
    async fn logged<E: SolEvent>(&self, contract: Address) -> Result<Vec<E>> {
        let filter = Filter::new().address(contract).event_signature(E::SIGNATURE_HASH).from_block(self.since);
        let logs = self.chain.provider().get_logs(&filter).await.wrap_err("cannot ask for events")?;
        logs.iter().map(|log| Ok(E::decode_log(&log.inner)?.data)).collect()
    }
}
