//! The JSON-RPC methods, without a transport: each is a function of the node's state and the parameters of a request.

mod blocks;
mod calls;
mod development;
mod error;
mod fees;
mod filters;
mod logs;
mod network;
mod params;
mod state;
mod transactions;
mod views;

pub(crate) use error::{failure, internal, invalid_params};
pub(crate) use logs::matching_logs;
pub(crate) use params::Params;
pub(crate) use views::{head_view, transaction_view};

use crate::chain::{Chain, ChainState};
use filters::Filters;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::Value;

/// What a request gets: a JSON value, or an error with go-ethereum's code and wording.
pub(crate) type RpcResult = Result<Value, ErrorObjectOwned>;

/// A method.
pub(crate) type Method = fn(&mut Backend, Params) -> RpcResult;

/// What the methods work on: the chain, and what the server remembers for its clients.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) chain: Chain,
    filters: Filters,
}

impl Backend {
    /// A backend of the chain in the picture.
    pub(crate) fn new(state: ChainState) -> Self {
        Self { chain: Chain::start(state), filters: Filters::default() }
    }
}

/// All methods with their names.
pub(crate) fn methods() -> impl Iterator<Item = (&'static str, Method)> {
    [
        network::METHODS,
        state::METHODS,
        blocks::METHODS,
        transactions::METHODS,
        calls::METHODS,
        fees::METHODS,
        logs::METHODS,
        filters::METHODS,
        development::METHODS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
