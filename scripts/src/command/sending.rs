//! Sending: each call is simulated, shown, confirmed, sent, and reported.

use super::session::{Actor, Sending, Session};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr, ensure};
use restake::advice::advice;
use restake::amounts::format;
use restake::chain::CallError;
use restake::events;
use restake::refusal::Refusal;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// The decimals of ETH.
const ETHER_DECIMALS: u8 = 18;

/// A call to send.
pub(crate) struct Step {
    /// What it does, as a sentence without its subject.
    what: String,
    to: Address,
    input: Bytes,
    value: U256,
}

impl Step {
    /// A call of `to` that does `what`.
    pub(crate) fn new<C: SolCall>(what: String, to: Address, call: &C) -> Self {
        Self { what, to, input: call.abi_encode().into(), value: U256::ZERO }
    }

    /// The same with ETH.
    pub(crate) fn carrying(self, value: U256) -> Self {
        Self { value, ..self }
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

/// What became of a call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    what: String,
    contract: String,
    to: Address,
    transaction_hash: B256,
    block_number: Option<u64>,
    gas_used: u64,
    /// Wei.
    fee: String,
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
            let mut request = self.request(actor, &step);
            if let Some(nonce) = sending.nonce {
                request = request.with_nonce(nonce.saturating_add(number));
            }
            self.simulate(&step, request.clone()).await?;
            let gas = match sending.gas_limit {
                Some(limit) => limit,
                None => {
                    self.chain.provider().estimate_gas(request.clone()).await.wrap_err("cannot estimate the gas")?
                }
            };
            let price = self.chain.provider().get_gas_price().await.wrap_err("cannot ask for the price of gas")?;
            let fee = format(U256::from(gas) * U256::from(price), ETHER_DECIMALS);
            self.say(&format!("{} {}: at most {gas} gas, {fee} ETH", self.people.name(actor.address), step.what));
            if !sending.yes && !confirmed("Send it?")? {
                return Err(Declined.into());
            }
            let receipt = self.chain.submit(request.with_gas_limit(gas)).await?;
            ensure!(receipt.status(), "{}: transaction {} failed", step.what, receipt.transaction_hash);
            done.push(self.report(step, &receipt));
        }
        if self.json {
            println!("{}", serde_json::json!({ "ok": true, "from": actor.address, "transactions": done }));
        }
        Ok(())
    }

    fn request(&self, actor: &Actor, step: &Step) -> TransactionRequest {
        let request = TransactionRequest::default().with_from(actor.address).with_to(step.to);
        request.with_input(step.input.clone()).with_value(step.value)
    }

    /// Whether a call would go through now.
    pub(crate) async fn would_succeed(&self, actor: &Actor, step: &Step) -> Result<bool> {
        match self.chain.ask(self.request(actor, step)).await {
            Ok(_) => Ok(true),
            Err(CallError::Refused(_)) => Ok(false),
            Err(CallError::Node(error)) => Err(error),
        }
    }

    async fn simulate(&self, step: &Step, request: TransactionRequest) -> Result<()> {
        match self.chain.ask(request).await {
            Ok(_) => Ok(()),
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
        let paid = format(fee, ETHER_DECIMALS);
        self.say(&format!(
            "  done in block {}: {gas} gas, {paid} ETH, {}",
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
