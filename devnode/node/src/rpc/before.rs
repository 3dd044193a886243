//! What was before a fork: questions about it are passed on to the forked node.

use super::error::forked;
use super::logs::filter;
use super::{Backend, Params, RpcResult};
use crate::chain::Ledger;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::B256;
use alloy::rpc::types::FilterBlockOption;
use serde_json::{Value, json};

/// Methods that ask for a block or what is in it, with the place of its number or hash among their parameters. The
/// forked block itself is the other chain's.
const BLOCKS: [(&str, usize); 18] = [
    ("debug_getRawBlock", 0),
    ("debug_getRawHeader", 0),
    ("debug_getRawReceipts", 0),
    ("debug_storageRangeAt", 0),
    ("debug_traceBlockByHash", 0),
    ("debug_traceBlockByNumber", 0),
    ("eth_getBlockByHash", 0),
    ("eth_getBlockByNumber", 0),
    ("eth_getBlockReceipts", 0),
    ("eth_getBlockTransactionCountByHash", 0),
    ("eth_getBlockTransactionCountByNumber", 0),
    ("eth_getHeaderByHash", 0),
    ("eth_getHeaderByNumber", 0),
    ("eth_getRawTransactionByBlockHashAndIndex", 0),
    ("eth_getRawTransactionByBlockNumberAndIndex", 0),
    ("eth_getTransactionByBlockHashAndIndex", 0),
    ("eth_getTransactionByBlockNumberAndIndex", 0),
    ("trace_block", 0),
];

/// Methods that ask for the state after a block. After the forked one it is here too.
const STATES: [(&str, usize); 9] = [
    ("debug_traceCall", 1),
    ("eth_call", 1),
    ("eth_createAccessList", 1),
    ("eth_estimateGas", 1),
    ("eth_getBalance", 1),
    ("eth_getCode", 1),
    ("eth_getStorageAt", 2),
    ("eth_getTransactionCount", 1),
    ("eth_simulateV1", 1),
];

/// Methods that ask for a transaction by its hash.
const TRANSACTIONS: [&str; 6] = [
    "debug_getRawTransaction",
    "debug_traceTransaction",
    "eth_getRawTransactionByHash",
    "eth_getTransactionByHash",
    "eth_getTransactionReceipt",
    "trace_transaction",
];

/// The forked node's answer, if the question is about the time before the fork.
pub(super) fn pass_on(backend: &Backend, name: &'static str, params: &Value) -> Option<RpcResult> {
    let ledger = backend.chain.ledger();
    let origin = ledger.state().origin()?;
    let at = |table: &[(&str, usize)]| table.iter().find(|(method, _)| *method == name).map(|(_, index)| *index);
    let first = ledger.first();
    let is_before = if let Some(index) = at(&BLOCKS) {
        is_of(ledger, &params[index], first)
    } else if let Some(index) = at(&STATES) {
        first.checked_sub(1).is_some_and(|last| is_of(ledger, &params[index], last))
    } else if TRANSACTIONS.contains(&name) {
        hash(&params[0])
            .is_some_and(|hash| ledger.transaction(hash).is_none() && backend.chain.queue().get(hash).is_none())
    } else {
        return (name == "eth_getLogs").then(|| old_logs(backend, params)).flatten();
    };
    is_before.then(|| origin.ask(name, &with_number(params, first)).map_err(forked))
}

/// The parameters with the number of the latest block here in place of its name, which means another there.
fn with_number(params: &Value, latest: u64) -> Value {
    let mut params = params.clone();
    for param in params.as_array_mut().into_iter().flatten().filter(|param| *param == "latest") {
        *param = json!(format!("{latest:#x}"));
    }
    params
}

/// Whether a parameter means a block up to this one, or one that is not here.
fn is_of(ledger: &Ledger, block: &Value, last: u64) -> bool {
    if let Some(hash) = hash(block) {
        return ledger.block_by_hash(hash).is_none_or(|block| block.number() <= last);
    }
    match serde_json::from_value::<BlockId>(block.clone()) {
        Ok(BlockId::Hash(hash)) => ledger.block_by_hash(hash.block_hash).is_none_or(|block| block.number() <= last),
        Ok(BlockId::Number(BlockNumberOrTag::Number(number))) => number <= last,
        Ok(BlockId::Number(BlockNumberOrTag::Latest)) => ledger.head().number() <= last,
        Ok(BlockId::Number(tag)) => tag.is_earliest(),
        Err(_) => false,
    }
}

fn hash(value: &Value) -> Option<B256> {
    value.as_str().filter(|text| text.len() == 66)?.parse().ok()
}

/// The events until the fork, if they are asked for, and those since.
fn old_logs(backend: &Backend, params: &Value) -> Option<RpcResult> {
    let ledger = backend.chain.ledger();
    let (origin, first) = (ledger.state().origin()?, ledger.first());
    let wanted = filter(&mut Params::new(params.clone()).ok()?).ok()?;
    let (from, to) = match wanted.block_option {
        FilterBlockOption::AtBlockHash(hash) => {
            let is_before = ledger.block_by_hash(hash).is_none_or(|block| block.number() <= first);
            return is_before.then(|| origin.ask("eth_getLogs", params).map_err(forked));
        }
        FilterBlockOption::Range { from_block, to_block } => (from_block?, to_block.unwrap_or_default()),
    };
    let from = match from {
        BlockNumberOrTag::Number(number) if number <= first => number,
        BlockNumberOrTag::Earliest => 0,
        _ => return None,
    };
    let to = to.as_number().unwrap_or(u64::MAX);
    if to < from {
        return None;
    }
    let mut old = params.clone();
    old[0]["fromBlock"] = json!(format!("{from:#x}"));
    old[0]["toBlock"] = json!(format!("{:#x}", to.min(first)));
    Some(origin.ask("eth_getLogs", &old).map_err(forked).map(|mut logs| {
        let new = super::logs::logs_between(&backend.chain, &wanted, first.saturating_add(1), to);
        if let Some(logs) = logs.as_array_mut() {
            logs.extend(new.into_iter().map(|log| json!(log)));
        }
        logs
    }))
}
