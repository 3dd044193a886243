//! Accusing who gave two answers.

use super::{ACCUSED, Watcher};
use crate::book::Equivocation;
use crate::bounty::expected;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr, ensure};
use interfaces::IDisputeResolution::{ChallengeUpheld, bondCall, isJudgedCall};
use interfaces::IRegistry::keyOfCall;
use restake::chain::{CallError, event};
use restake::judgements::equivocation_id;
use restake::verbs::challenge;

impl Watcher {
    /// Decides what is open; what cannot be decided now stays open.
    pub(super) async fn accuse_all(&mut self) {
        for (place, found) in self.open.clone() {
            match self.accuse(&found).await {
                Ok(outcome) => {
                    self.setting.metrics.count(&ACCUSED, &[("outcome", outcome)]);
                    self.open.remove(&place);
                }
                Err(why) => self.failed(&why),
            }
        }
    }

    /// Challenges whoever signed twice, if that is upheld, new, and worth it. Returns what became of it.
    async fn accuse(&self, found: &Equivocation) -> Result<&'static str> {
        let (chain, service) = (&self.setting.chain, &self.setting.suite.service);
        let (disputes, Equivocation { signer, first, second }) = (service.dispute_resolution, found);
        let (task, time) = (first.task, first.task_time);
        if time.saturating_add(self.window) < self.now {
            return Ok("too late");
        }
        // A task of a moment to come is decided when it comes.
        ensure!(time <= self.now, "task {task} of {time} has not come");
        let key = chain.view(service.registry, &keyOfCall { signingKey: *signer }).await?;
        if key.operator.is_zero() || time < key.from || time > key.until {
            return Ok("nobody's key");
        }
        let evidence = equivocation_id(key.operator, task, time);
        if chain.view(disputes, &isJudgedCall { evidence }).await? {
            return Ok("judged");
        }
        ensure!(chain.is_settled(self.account).await?, "transactions of {} wait to be mined", self.account);
        let bond = chain.view(disputes, &bondCall {}).await?;
        let verb = challenge::equivocation(service, key.operator, first.evidence(), second.evidence(), bond);
        match chain.simulate(self.account, disputes, &verb.call, bond).await {
            Ok(true) => {}
            Ok(false) => return Ok("would be rejected"),
            Err(CallError::Refused(refusal)) => {
                tracing::info!("{} cannot be challenged: {refusal}", key.operator);
                return Ok("refused");
            }
            Err(CallError::Node(failure)) => return Err(failure.wrap_err("cannot try the challenge")),
        }
        let bounty = expected(chain, service, key.operator, time).await?;
        let gas = chain.estimate(self.request(disputes, verb.call.abi_encode(), bond)).await?;
        if !self.worth.pays(bounty, gas, chain.provider().get_gas_price().await?) {
            tracing::info!("{} gave two answers, and a challenge would pay {bounty}: too little", key.operator);
            return Ok("not worth it");
        }
        let receipt = verb.send(chain, self.account).await.wrap_err("the challenge was not sent")?;
        let request = event::<ChallengeUpheld>(&receipt, disputes).map(|upheld| upheld.requestId);
        tracing::warn!(
            "{} gave two answers to task {task} of {time}: challenged for {} gas, frozen by request {}",
            key.operator,
            receipt.gas_used,
            request.map_or_else(|| "(none)".to_owned(), |id| id.to_string())
        );
        Ok(if request.is_some() { "upheld" } else { "rejected" })
    }

    fn request(&self, to: Address, input: Vec<u8>, value: U256) -> TransactionRequest {
        TransactionRequest::default().with_from(self.account).with_to(to).with_input(input).with_value(value)
    }
}
