//! Events.

use super::error::{failure, invalid_params, json, server_error};
use super::views::log_views;
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{Block, Chain, ChainError, Included};
use crate::rpc_error::RpcError;
use alloy::eips::BlockNumberOrTag;
use alloy::rpc::types::{Filter, FilterBlockOption, Log};
use serde_json::Value;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[("eth_getLogs", get_logs)];

fn get_logs(backend: &mut Backend, mut params: Params) -> RpcResult {
    json(logs(&backend.chain, &filter(&mut params)?)?)
}

/// What a filter may say.
const FILTER_FIELDS: [&str; 5] = ["fromBlock", "toBlock", "blockHash", "address", "topics"];

/// The filter that the next parameter describes.
pub(super) fn filter(params: &mut Params) -> Result<Filter, RpcError> {
    let index = params.taken();
    let mut description = params.required::<Value>()?;
    // go-ethereum does not look at other fields either.
    if let Some(fields) = description.as_object_mut() {
        fields.retain(|name, _| FILTER_FIELDS.contains(&name.as_str()));
    }
    if let Some(why) = topics_complaint(&description["topics"]) {
        return Err(invalid_params(&format!("invalid argument {index}: {why}")));
    }
    serde_json::from_value(description).map_err(|error| invalid_params(&format!("invalid argument {index}: {error}")))
}

/// What is wrong with topics, in go-ethereum's words.
fn topics_complaint(topics: &Value) -> Option<String> {
    let positions = topics.as_array()?;
    if positions.len() > 4 {
        return Some("exceed max topics".into());
    }
    let topics = positions.iter().flat_map(|position| match position {
        Value::Array(any) => any.as_slice(),
        one => std::slice::from_ref(one),
    });
    topics.filter(|topic| !topic.is_null()).find_map(|topic| {
        let Some(text) = topic.as_str() else { return Some("invalid topic(s)".into()) };
        let digits = text.strip_prefix("0x")?;
        let length = digits.len() / 2;
        (digits.len() % 2 == 0 && length != 32)
            .then(|| format!("hex has invalid length {length} after decoding; expected 32 for topic"))
    })
}

/// The events that a filter selects, in order.
pub(super) fn logs(chain: &Chain, filter: &Filter) -> Result<Vec<Log>, RpcError> {
    let (from, to) = match &filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => {
            let block = chain.ledger().block_by_hash(*hash).ok_or_else(|| server_error("unknown block"))?;
            return Ok(matching_logs(block, filter));
        }
        FilterBlockOption::Range { from_block, to_block } => (number(chain, from_block)?, number(chain, to_block)?),
    };
    if from > to {
        return Err(server_error("invalid block range params"));
    }
    Ok(logs_between(chain, filter, from, to))
}

/// The events that a filter selects in the blocks from `from` to `to`, whatever blocks the filter names.
pub(super) fn logs_between(chain: &Chain, filter: &Filter, from: u64, to: u64) -> Vec<Log> {
    let to = to.min(chain.head().number());
    let blocks = (from.max(chain.ledger().first())..=to).filter_map(|number| chain.ledger().block(number));
    blocks.flat_map(|block| matching_logs(block, filter)).collect()
}

/// The events of a block whose address and topics a filter selects.
pub(crate) fn matching_logs(block: &Block, filter: &Filter) -> Vec<Log> {
    let matches = |included: &Included| included.receipt.logs.iter().any(|log| filter.matches(log));
    let included = block.transactions().iter().enumerate().filter(|(_, included)| matches(included));
    let logs = included.flat_map(|(index, included)| log_views(block, index, included));
    logs.filter(|log| filter.matches(&log.inner)).collect()
}

/// The number that a bound of a range means. A number beyond the latest block stands for itself.
fn number(chain: &Chain, bound: &Option<BlockNumberOrTag>) -> Result<u64, RpcError> {
    match bound {
        Some(BlockNumberOrTag::Number(number)) => Ok(*number),
        Some(BlockNumberOrTag::Pending) => Err(server_error("pending logs are not supported")),
        bound => {
            let id = bound.unwrap_or_default().into();
            Ok(chain.block(id).and_then(|block| block.ok_or(ChainError::UnknownBlock)).map_err(failure)?.number())
        }
    }
}
