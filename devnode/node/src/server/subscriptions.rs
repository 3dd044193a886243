//! `eth_subscribe`: a client on a WebSocket hears of every new block.

use super::error::error_object;
use crate::chain::Block;
use crate::rpc::{bare_header, internal, invalid_params, matching_logs, transaction_view};
use crate::shared::SharedBackend;
use alloy::rpc::types::Filter;
use alloy::rpc::types::pubsub::{Params as Options, SubscriptionKind};
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::{ErrorObjectOwned, Params};
use jsonrpsee::{PendingSubscriptionSink, RpcModule, SubscriptionSink};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::sync::Arc;
use tokio::sync::broadcast;

/// What a subscriber wants to hear of.
#[derive(Debug)]
enum Topic {
    /// Headers.
    Heads,
    /// Events.
    Logs(Box<Filter>),
    /// Transactions, whole or by hash. They are reported once they are mined, which is at once.
    Transactions { full: bool },
}

/// Adds the subscriptions to the methods.
///
/// # Errors
///
/// If a name is used twice.
pub(super) fn register(module: &mut RpcModule<SharedBackend>) -> Result<(), RegisterMethodError> {
    module.register_subscription(
        "eth_subscribe",
        "eth_subscription",
        "eth_unsubscribe",
        |params, pending, backend, _| async move { subscribe(&params, pending, &backend).await },
    )?;
    Ok(())
}

async fn subscribe(params: &Params<'_>, pending: PendingSubscriptionSink, backend: &SharedBackend) {
    let topic = match topic(params) {
        Ok(topic) => topic,
        Err(error) => return pending.reject(error).await,
    };
    // Before the client hears that it is subscribed, so that it misses no block after that.
    let heads = match backend.run(|backend| backend.chain.heads()) {
        Ok(heads) => heads,
        Err(error) => return pending.reject(error_object(internal(error.to_string()))).await,
    };
    // Accepting fails if the client has hung up.
    if let Ok(sink) = pending.accept().await {
        publish(&topic, heads, &sink).await;
    }
}

fn topic(params: &Params<'_>) -> Result<Topic, ErrorObjectOwned> {
    let mut params = params.sequence();
    let kind = params.next::<SubscriptionKind>()?;
    let options = params.optional_next::<Options>()?.unwrap_or_default();
    match (kind, options) {
        (SubscriptionKind::NewHeads, Options::None) => Ok(Topic::Heads),
        (SubscriptionKind::Logs, Options::None) => Ok(Topic::Logs(Box::default())),
        (SubscriptionKind::Logs, Options::Logs(filter)) => Ok(Topic::Logs(filter)),
        (SubscriptionKind::NewPendingTransactions, Options::None) => Ok(Topic::Transactions { full: false }),
        (SubscriptionKind::NewPendingTransactions, Options::Bool(full)) => Ok(Topic::Transactions { full }),
        _ => Err(error_object(invalid_params("no such subscription"))),
    }
}

/// Sends what happens until the client leaves, the chain stops, or the client is too slow to be told everything.
async fn publish(topic: &Topic, mut heads: broadcast::Receiver<Arc<Block>>, sink: &SubscriptionSink) {
    loop {
        let block = tokio::select! {
            () = sink.closed() => return,
            block = heads.recv() => block,
        };
        let Ok(block) = block else { return };
        for message in messages(topic, &block) {
            if sink.send(message).await.is_err() {
                return;
            }
        }
    }
}

/// What a subscriber hears of a block.
fn messages(topic: &Topic, block: &Block) -> Vec<Box<RawValue>> {
    match topic {
        Topic::Heads => raw([bare_header(block)]),
        Topic::Logs(filter) => raw(matching_logs(block, filter)),
        Topic::Transactions { full: true } => {
            raw((0..block.transactions().len()).filter_map(|index| transaction_view(block, index)))
        }
        Topic::Transactions { full: false } => {
            raw(block.transactions().iter().map(|included| included.transaction.hash()))
        }
    }
}

fn raw(values: impl IntoIterator<Item = impl Serialize>) -> Vec<Box<RawValue>> {
    // Serialising these views cannot fail: their maps have string keys.
    values.into_iter().filter_map(|value| to_raw_value(&value).ok()).collect()
}
