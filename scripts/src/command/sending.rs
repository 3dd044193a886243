//! Sending: each call is simulated, shown, confirmed, sent, and reported.

use super::session::{Actor, Sending, Session};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolCall;
use eyre::{Report, Result, WrapErr};
use restake::advice::advice;
use restake::amounts::{ETHER_DECIMALS, format};
use restake::chain::CallError;
use restake::events;
use restake::refusal::Refusal;
use restake::verbs::Verb;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// A call to send.
pub(crate) struct Step {
    /// What it does, as a sentence without its subject.
    what: String,
    to: Address,
    input: Bytes,
    value: U256,
}

impl Step {
    /// A verb, which does `what`.
    pub(crate) fn new<C: SolCall>(what: String, verb: &Verb<C>) -> Self {
        Self { what, to: verb.to, input: verb.call.abi_encode().into(), value: verb.value }
    }
}

/// A contract refused, and what that means.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {sentence}")]
pub(crate) struct Refused {
    /// What was to be done.
    pub(crate) what: String,
    /// Why not, and what to do.
    pub(crate) sentence: String,
    /// The typed error by its name.
    pub(crate) error: String,
}

/// Somebody at the terminal said no.
#[derive(Debug, thiserror::Error)]
#[error("nothing was sent")]
pub(crate) struct Declined;

/// A call was mined, and did nothing: something had changed since it was simulated.
#[derive(Debug, thiserror::Error)]
#[error("{what}: transaction {hash} failed")]
pub(crate) struct Failed {
    what: String,
    hash: B256,
}

/// Something failed when some calls were done already.
#[derive(Debug, thiserror::Error)]
#[error("{done} call(s) done, the last one by transaction {last}")]
pub(crate) struct Halfway {
    done: usize,
    last: B256,
}

/// A failure after some calls were done.
pub(crate) fn halfway(failure: Report, done: &[Done]) -> Report {
    match done.last() {
        Some(last) => failure.wrap_err(Halfway { done: done.len(), last: last.transaction_hash }),
        None => failure,
    }
}

/// What became of a call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Done {
    what: String,
    contract: String,
    to: Address,
    transaction_hash: B256,
    block_number: Option<u64>,
    pub(crate) gas_used: u64,
    /// Wei.
    fee: String,
    #[serde(skip)]
    pub(crate) paid: U256,
    events: Vec<String>,
}

/// What a batch for a Safe says of a call.
#[derive(Debug, Serialize)]
struct Unsigned {
    to: Address,
    value: String,
    data: Bytes,
}

impl Session {
    /// Does these calls one after another; none after one that is refused.
    pub(crate) async fn perform(&self, actor: &Actor, sending: &Sending, steps: Vec<Step>) -> Result<()> {
        if let Some(file) = &sending.unsigned {
            return self.write_unsigned(actor, steps, file).await;
        }
        let mut done = Vec::new();
        for (number, step) in (0u64..).zip(steps) {
            let nonce = sending.nonce.map(|nonce| nonce.saturating_add(number));
            let sent = self.take(actor, sending, step, nonce).await;
            done.push(sent.map_err(|failure| halfway(failure, &done))?);
        }
        self.tell_done(actor, &done);
        Ok(())
    }

    /// For programs: what was done.
    pub(crate) fn tell_done(&self, actor: &Actor, done: &[Done]) {
        if self.json {
            println!("{}", serde_json::json!({ "ok": true, "from": actor.address, "transactions": done }));
        }
    }

    /// Does one call: simulates it once, shows it, asks, sends it, and tells what happened.
    pub(crate) async fn take(&self, actor: &Actor, sending: &Sending, step: Step, nonce: Option<u64>) -> Result<Done> {
        let mut request = self.request(actor, &step);
        request.nonce = nonce;
        let gas = match sending.gas_limit {
            Some(limit) => {
                self.simulate(&step, request.clone()).await?;
                limit
            }
            // An estimate is a simulation too.
            None => self.agreed(&step, self.chain.estimate(request.clone()).await).await?,
        };
        let price = self.chain.provider().get_gas_price().await.wrap_err("cannot ask for the price of gas")?;
        let fee = format(U256::from(gas).saturating_mul(U256::from(price)), ETHER_DECIMALS);
        self.say(&format!("{} {}: at most {gas} gas, {fee} ETH", self.people.name(actor.address), step.what));
        if !sending.yes && !confirmed("Send it?")? {
            return Err(Declined.into());
        }
        request.gas = sending.gas_limit;
        let sent = self.chain.submit_estimated(request, Some(gas)).await;
        let receipt = self.agreed(&step, sent).await?;
        if !receipt.status() {
            return Err(Failed { what: step.what, hash: receipt.transaction_hash }.into());
        }
        self.agreed(&step, self.chain.confirm(&receipt, sending.wait).await).await?;
        Ok(self.report(step, &receipt))
    }

    fn request(&self, actor: &Actor, step: &Step) -> TransactionRequest {
        let request = TransactionRequest::default().with_from(actor.address).with_to(step.to);
        request.with_input(step.input.clone()).with_value(step.value)
    }

    async fn simulate(&self, step: &Step, request: TransactionRequest) -> Result<()> {
        let answer = self.chain.ask(request).await;
        self.agreed(step, answer).await.map(drop)
    }

    /// What a chain answered; its refusal of the step as people understand it.
    async fn agreed<T>(&self, step: &Step, answer: Result<T, CallError>) -> Result<T> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(CallError::Refused(refusal)) => Err(self.refused(step.what.clone(), &refusal).await?.into()),
            Err(CallError::Node(error)) => Err(error.wrap_err(step.what.clone())),
        }
    }

    /// What a refusal means.
    pub(crate) async fn refused(&self, what: String, refusal: &Refusal) -> Result<Refused> {
        let sentence = advice(&self.chain, &self.suite, &self.people, refusal).await?;
        Ok(Refused { what, sentence, error: refusal.to_string() })
    }

    fn report(&self, step: Step, receipt: &TransactionReceipt) -> Done {
        let fee = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
        let (gas, block) = (receipt.gas_used, receipt.block_number);
        let events: Vec<String> = receipt.logs().iter().map(|log| events::sentence(&self.people, &log.inner)).collect();
        let ether = format(fee, ETHER_DECIMALS);
        self.say(&format!(
            "  done in block {}: {gas} gas, {ether} ETH, {}",
            block.unwrap_or_default(),
            receipt.transaction_hash
        ));
        events.iter().for_each(|event| self.say(&format!("  {event}")));
        Done {
            what: step.what,
            contract: self.people.name(step.to),
            to: step.to,
            transaction_hash: receipt.transaction_hash,
            block_number: block,
            gas_used: gas,
            fee: fee.to_string(),
            paid: fee,
            events,
        }
    }

    /// For people only.
    pub(crate) fn say(&self, line: &str) {
        if !self.json {
            // A closed pipe is no reason to stop between two transactions.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    async fn write_unsigned(&self, actor: &Actor, steps: Vec<Step>, file: &std::path::Path) -> Result<()> {
        // Later calls may need the first.
        if let Some(first) = steps.first() {
            self.simulate(first, self.request(actor, first)).await?;
        }
        let chain_id = self.chain.provider().get_chain_id().await?;
        let what = steps.iter().map(|step| step.what.as_str()).collect::<Vec<_>>().join(", then ");
        let transactions: Vec<Unsigned> = steps
            .iter()
            .map(|step| Unsigned { to: step.to, value: step.value.to_string(), data: step.input.clone() })
            .collect();
        let batch = serde_json::json!({
            "version": "1.0",
            "chainId": chain_id.to_string(),
            "meta": { "name": what, "createdFromSafeAddress": actor.address },
            "transactions": transactions,
        });
        std::fs::write(file, format!("{}\n", serde_json::to_string_pretty(&batch)?))
            .wrap_err_with(|| format!("cannot write {}", file.display()))?;
        self.say(&format!(
            "{} call(s) of {} are in {}",
            transactions.len(),
            self.people.name(actor.address),
            file.display()
        ));
        if self.json {
            println!("{}", serde_json::json!({ "ok": true, "from": actor.address, "unsigned": file }));
        }
        Ok(())
    }
}

/// Whether who sits at the terminal says yes; scripts are not asked.
pub(crate) fn confirmed(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Ok(true);
    }
    print!("{question} [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
