//! Filters: questions a client asks again and again, each time for what is new.
//!
//! A filter remembers the first block it has not reported. When the chain goes back to a snapshot, filters go back with it; events
//! that vanish are not reported as removed.

use super::error::{json, refused};
use super::logs::{logs, logs_between};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::Chain;
use alloy::primitives::{B256, U256, map::HashMap};
use alloy::rpc::types::{Filter, FilterBlockOption};
use jsonrpsee::types::ErrorObjectOwned;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_newFilter", new_filter),
    ("eth_newBlockFilter", new_block_filter),
    ("eth_newPendingTransactionFilter", new_transaction_filter),
    ("eth_getFilterChanges", changes),
    ("eth_getFilterLogs", filter_logs),
    ("eth_uninstallFilter", uninstall),
];

/// How many filters the node keeps at most.
const MAX_FILTERS: usize = 10_000;

/// The filters, by id.
#[derive(Debug, Default)]
pub(super) struct Filters {
    filters: HashMap<U256, Installed>,
    last_id: u64,
}

/// A filter, and the first block it has not reported.
#[derive(Debug)]
struct Installed {
    kind: Kind,
    next: u64,
}

/// What a filter reports.
#[derive(Debug)]
enum Kind {
    /// Events.
    Logs(Box<Filter>),
    /// Hashes of blocks.
    Blocks,
    /// Hashes of transactions. They are reported once they are mined, which is at once.
    Transactions,
}

impl Filters {
    fn install(&mut self, kind: Kind, next: u64) -> RpcResult {
        if self.filters.len() >= MAX_FILTERS {
            return Err(refused("too many filters"));
        }
        self.last_id += 1;
        let id = U256::from(self.last_id);
        self.filters.insert(id, Installed { kind, next });
        json(id)
    }
}

fn not_found() -> ErrorObjectOwned {
    refused("filter not found")
}

fn new_filter(backend: &mut Backend, mut params: Params) -> RpcResult {
    let filter = params.required::<Filter>()?;
    install(backend, Kind::Logs(Box::new(filter)))
}

fn new_block_filter(backend: &mut Backend, _: Params) -> RpcResult {
    install(backend, Kind::Blocks)
}

fn new_transaction_filter(backend: &mut Backend, _: Params) -> RpcResult {
    install(backend, Kind::Transactions)
}

fn install(backend: &mut Backend, kind: Kind) -> RpcResult {
    let next = backend.chain.head().number() + 1;
    backend.filters.install(kind, next)
}

fn changes(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<U256>()?;
    let chain = &backend.chain;
    let head = chain.head().number();
    let installed = backend.filters.filters.get_mut(&id).ok_or_else(not_found)?;
    let from = installed.next.min(head + 1);
    installed.next = head + 1;
    match &installed.kind {
        Kind::Logs(filter) => {
            let from = filter.get_from_block().unwrap_or_default().max(from);
            json(logs_between(chain, filter, from, last_block(filter)))
        }
        Kind::Blocks => json(hashes_of_blocks(chain, from)),
        Kind::Transactions => json(hashes_of_transactions(chain, from)),
    }
}

/// The block after which a filter reports nothing more.
fn last_block(filter: &Filter) -> u64 {
    match filter.block_option {
        FilterBlockOption::Range { .. } => filter.get_to_block().unwrap_or(u64::MAX),
        // A filter for one block has nothing to report later.
        FilterBlockOption::AtBlockHash(_) => 0,
    }
}

fn hashes_of_blocks(chain: &Chain, from: u64) -> Vec<B256> {
    (from..=chain.head().number()).filter_map(|number| Some(chain.ledger().block(number)?.hash())).collect()
}

fn hashes_of_transactions(chain: &Chain, from: u64) -> Vec<B256> {
    let blocks = (from..=chain.head().number()).filter_map(|number| chain.ledger().block(number));
    let transactions = blocks.flat_map(|block| block.transactions());
    transactions.map(|included| included.transaction.hash()).collect()
}

fn filter_logs(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<U256>()?;
    match backend.filters.filters.get(&id).map(|installed| &installed.kind) {
        Some(Kind::Logs(filter)) => json(logs(&backend.chain, filter)?),
        _ => Err(not_found()),
    }
}

fn uninstall(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<U256>()?;
    json(backend.filters.filters.remove(&id).is_some())
}
