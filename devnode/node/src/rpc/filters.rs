//! Filters: questions a client asks again and again, each time for what is new.
//!
//! A filter remembers the first block it has not reported. When the chain goes back to a snapshot, its filters go back
//! too; events that vanish are not reported as removed.

use super::error::{json, server_error};
use super::logs::{filter, logs, logs_between};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::Chain;
use crate::rpc_error::RpcError;
use alloy::primitives::{B256, U256, map::HashMap};
use alloy::rpc::types::{Filter, FilterBlockOption};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_newFilter", new_filter),
    ("eth_newBlockFilter", new_block_filter),
    ("eth_newPendingTransactionFilter", new_transaction_filter),
    ("eth_getFilterChanges", changes),
    ("eth_getFilterLogs", filter_logs),
    ("eth_uninstallFilter", uninstall),
];

/// How many filters the node keeps at most. Few clients uninstall theirs, so the node drops the filter that was not
/// asked for the longest time.
const MAX_FILTERS: usize = 10_000;

/// The filters, by id.
#[derive(Debug, Default)]
pub(super) struct Filters {
    filters: HashMap<U256, Installed>,
    last_id: u64,
    /// Counts the uses of all filters, to tell which was used last.
    uses: u64,
}

/// A filter, the first block it has not reported, and when it was used.
#[derive(Debug)]
struct Installed {
    kind: Kind,
    next: u64,
    last_use: u64,
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
    fn install(&mut self, kind: Kind, next: u64) -> U256 {
        if self.filters.len() >= MAX_FILTERS {
            let stalest = self.filters.iter().min_by_key(|(_, installed)| installed.last_use).map(|(id, _)| *id);
            stalest.and_then(|id| self.filters.remove(&id));
        }
        self.last_id += 1;
        self.uses += 1;
        let id = U256::from(self.last_id);
        self.filters.insert(id, Installed { kind, next, last_use: self.uses });
        id
    }

    /// Follows the chain back to a snapshot: everything after `head` will be new again.
    pub(super) fn go_back(&mut self, head: u64) {
        for installed in self.filters.values_mut() {
            installed.next = installed.next.min(head + 1);
        }
    }

    fn get_mut(&mut self, id: U256) -> Result<&mut Installed, RpcError> {
        self.uses += 1;
        let installed = self.filters.get_mut(&id).ok_or_else(not_found)?;
        installed.last_use = self.uses;
        Ok(installed)
    }
}

fn not_found() -> RpcError {
    server_error("filter not found")
}

fn new_filter(backend: &mut Backend, mut params: Params) -> RpcResult {
    let filter = filter(&mut params)?;
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
    json(backend.filters.install(kind, next))
}

fn changes(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<U256>()?;
    let chain = &backend.chain;
    let head = chain.head().number();
    let installed = backend.filters.get_mut(id)?;
    let from = std::mem::replace(&mut installed.next, head + 1);
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
    match &backend.filters.get_mut(id)?.kind {
        Kind::Logs(filter) => json(logs(&backend.chain, filter)?),
        Kind::Blocks | Kind::Transactions => Err(not_found()),
    }
}

fn uninstall(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<U256>()?;
    json(backend.filters.filters.remove(&id).is_some())
}

#[cfg(test)]
mod tests {
    use super::{Filters, Kind, MAX_FILTERS};

    #[test]
    fn the_filter_that_was_not_asked_for_the_longest_time_goes() {
        let mut filters = Filters::default();
        let first = filters.install(Kind::Blocks, 0);
        let second = filters.install(Kind::Blocks, 0);
        for _ in 2..MAX_FILTERS {
            filters.install(Kind::Blocks, 0);
        }
        filters.get_mut(first).expect("there is room for this many");
        filters.install(Kind::Blocks, 0);
        filters.get_mut(first).expect("it was used a moment ago");
        filters.get_mut(second).expect_err("the stalest");
        assert_eq!(filters.filters.len(), MAX_FILTERS);
    }
}
