//! Where the gas of a transaction went, from the node's traces: what Nitro's `stylusTracer` says of every host I/O, and
//! `callTracer` of every frame.

use alloy::primitives::{Address, Bytes, U64};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use eyre::{OptionExt, Result, eyre};
use restake::chain::Chain;
use serde::Deserialize;
use serde_json::{Value, json};

/// What one gas buys of ink.
const INK: u64 = 10_000;

/// What every transaction costs, and each byte of its data, zero or not.
const INTRINSIC: u64 = 21_000;
const ZERO_BYTE: u64 = 4;
const OTHER_BYTE: u64 = 16;

/// A read that costs as much is cold.
const COLD_READ: u64 = 2_000;

/// The record of a program's end, which says nothing of ink.
const RETURNED: &str = "user_returned";

/// Where the gas of a transaction went, in ink (a ten-thousandth of a gas).
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// The transaction itself, with its data.
    pub intrinsic: u64,
    /// Starts of programs.
    pub starts: u64,
    /// How many there were.
    pub started: u64,
    /// Words read for the first time in the transaction.
    pub cold_reads: u64,
    /// How many there were.
    pub cold: u64,
    /// Words read again.
    pub warm_reads: u64,
    /// Words written.
    pub writes: u64,
    /// Calls, without what the called did.
    pub calls: u64,
    /// What precompiles and EVM code did.
    pub foreign: u64,
    /// How many calls of them there were.
    pub foreign_calls: u64,
    /// Events.
    pub logs: u64,
    /// All other host I/Os.
    pub host_ios: u64,
    /// What WASM computed.
    pub computation: u64,
    /// What came back for words that became zero.
    pub refund: u64,
}

/// Of `stylusTracer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    name: String,
    start_ink: u64,
    end_ink: u64,
    address: Option<Address>,
    #[serde(default)]
    steps: Vec<Step>,
}

impl Step {
    fn ink(&self) -> u64 {
        self.start_ink.saturating_sub(self.end_ink)
    }
}

/// Of `callTracer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    to: Address,
    gas: U64,
    gas_used: U64,
    #[serde(default)]
    input: Bytes,
    #[serde(default)]
    calls: Vec<Frame>,
}

impl Spent {
    /// All of it, less the refund, in gas; what a frame rounds up is in there.
    pub fn total(&self) -> u64 {
        let spent = self.intrinsic
            + self.starts
            + self.cold_reads
            + self.warm_reads
            + self.writes
            + self.calls
            + self.foreign
            + self.logs
            + self.host_ios
            + self.computation;
        (spent - self.refund).div_ceil(INK)
    }

    /// The kinds in the order of the fields, with their names, in gas.
    pub fn kinds(&self) -> [(&'static str, u64); 11] {
        [
            ("intrinsic", self.intrinsic),
            ("starts", self.starts),
            ("cold reads", self.cold_reads),
            ("warm reads", self.warm_reads),
            ("writes", self.writes),
            ("calls", self.calls),
            ("foreign", self.foreign),
            ("logs", self.logs),
            ("host I/Os", self.host_ios),
            ("WASM", self.computation),
            ("refund", self.refund),
        ]
        .map(|(name, ink)| (name, ink / INK))
    }

    /// What the transaction itself cost, in gas.
    pub(crate) fn intrinsic_gas(&self) -> u64 {
        self.intrinsic / INK
    }

    /// Where the gas of a mined transaction went.
    ///
    /// # Errors
    /// If the node traces nothing, or the traces do not fit each other.
    pub async fn of(chain: &Chain, receipt: &TransactionReceipt) -> Result<Self> {
        let (steps, frame) = (trace(chain, receipt, "stylusTracer").await?, trace(chain, receipt, "callTracer").await?);
        let (steps, frame): (Vec<Step>, Frame) = (serde_json::from_value(steps)?, serde_json::from_value(frame)?);
        let intrinsic = intrinsic(&frame.input);
        let mut spent = Self { intrinsic: intrinsic * INK, ..Self::default() };
        // After its last host I/O a program does nothing that counts.
        let last = steps.iter().rfind(|step| step.name != RETURNED).ok_or_eyre("the transaction runs no program")?;
        let given = (frame.gas.to::<u64>() - intrinsic) * INK;
        let used = given - last.end_ink;
        spent.add(&steps, &frame, given, used)?;
        spent.refund = (spent.intrinsic + used).saturating_sub(receipt.gas_used * INK);
        Ok(spent)
    }

    /// Adds what the program of a frame did, that was given and used so much ink.
    fn add(&mut self, steps: &[Step], frame: &Frame, given: u64, used: u64) -> Result<()> {
        let [entry, steps @ ..] = steps else { return Err(eyre!("no program ran in the frame of {}", frame.to)) };
        let start = given - entry.start_ink;
        self.starts += start;
        self.started += 1;
        let (mut host_ios, mut called) = (0, frame.calls.iter());
        for step in steps {
            host_ios += step.ink();
            let kind = match step.name.as_str() {
                RETURNED => continue,
                "storage_load_bytes32" if step.ink() >= COLD_READ * INK => {
                    self.cold += 1;
                    &mut self.cold_reads
                }
                "storage_load_bytes32" => &mut self.warm_reads,
                "storage_flush_cache" | "storage_cache_bytes32" => &mut self.writes,
                "emit_log" => &mut self.logs,
                "call_contract" | "static_call_contract" | "delegate_call_contract" => {
                    let inner = called.next().filter(|inner| step.address == Some(inner.to));
                    let inner = inner.ok_or_else(|| eyre!("no frame for the call of {:?}", step.address))?;
                    let (given, inside) = (inner.gas.to::<u64>() * INK, inner.gas_used.to::<u64>() * INK);
                    self.calls += step.ink().saturating_sub(inside);
                    if step.steps.is_empty() {
                        self.foreign += inside;
                        self.foreign_calls += 1;
                    } else {
                        self.add(&step.steps, inner, given, inside)?;
                    }
                    continue;
                }
                _ => &mut self.host_ios,
            };
            *kind += step.ink();
        }
        self.computation += used.saturating_sub(start + host_ios);
        Ok(())
    }
}

/// What a transaction costs that does nothing with its data.
pub(crate) fn intrinsic(data: &[u8]) -> u64 {
    INTRINSIC + data.iter().map(|byte| if *byte == 0 { ZERO_BYTE } else { OTHER_BYTE }).sum::<u64>()
}

async fn trace(chain: &Chain, receipt: &TransactionReceipt, tracer: &str) -> Result<Value> {
    let request = (receipt.transaction_hash, json!({ "tracer": tracer }));
    Ok(chain.provider().raw_request("debug_traceTransaction".into(), request).await?)
}
