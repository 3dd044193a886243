//! What Otterscan looks for in the history: the transactions that an account has to do with, and who created it.
//! Nothing is indexed: blocks are executed again until enough is found, and a block whose state was forgotten is an
//! error.

use super::error::{failure, json};
use super::otterscan::{Number, fields};
use super::views::{receipt_view, transaction_view};
use super::{Backend, Method, Params, RpcResult};
use crate::rpc_error::RpcError;
use alloy::consensus::Transaction as _;
use alloy::eips::BlockId;
use alloy::primitives::{Address, B256};
use serde_json::json as object;
use stylus_vm::{CallTrace, CallType, Tracing};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("ots_searchTransactionsBefore", before),
    ("ots_searchTransactionsAfter", after),
    ("ots_getTransactionBySenderAndNonce", by_sender_and_nonce),
    ("ots_getContractCreator", creator),
];

/// The number of a block, and the place of a transaction in it.
type Place = (u64, usize);

/// The transactions before a block, the latest first, in whole blocks; of the whole chain with 0.
fn before(backend: &mut Backend, mut params: Params) -> RpcResult {
    let (address, block, size) = asked(&mut params)?;
    let end = backend.chain.head().number().saturating_add(1);
    let from = if block == 0 { end } else { block.min(end) };
    let first = backend.chain.ledger().first();
    let (mut found, is_all) = search(backend, address, (first..from).rev(), size)?;
    found.iter_mut().for_each(|places| places.reverse());
    answer(backend, &found.concat(), from == end, is_all)
}

/// The transactions after a block, in whole blocks; of the whole chain with 0. Here too the latest is the first.
fn after(backend: &mut Backend, mut params: Params) -> RpcResult {
    let (address, block, size) = asked(&mut params)?;
    let (head, first) = (backend.chain.head().number(), backend.chain.ledger().first());
    let from = if block == 0 { first } else { block.saturating_add(1).max(first) };
    let (found, is_all) = search(backend, address, from..=head, size)?;
    let mut places = found.concat();
    places.reverse();
    answer(backend, &places, is_all, from == first)
}

fn asked(params: &mut Params) -> Result<(Address, u64, usize), RpcError> {
    let address = params.required::<Address>()?;
    let block = params.required::<Number>()?.get();
    let size = usize::try_from(params.required::<Number>()?.get()).unwrap_or(usize::MAX);
    Ok((address, block, size))
}

/// The transactions of these blocks that have to do with an account, block by block, until there are as many as wanted;
/// and whether that are all.
fn search(
    backend: &mut Backend,
    address: Address,
    mut numbers: impl Iterator<Item = u64>,
    wanted: usize,
) -> Result<(Vec<Vec<Place>>, bool), RpcError> {
    let (mut found, mut count) = (Vec::new(), 0_usize);
    while count < wanted {
        let Some(number) = numbers.next() else { return Ok((found, true)) };
        let calls = calls(backend, number)?;
        let concerned = calls.iter().filter(|(_, call)| concerns(call, address));
        let places: Vec<Place> = concerned.map(|(index, _)| (number, *index)).collect();
        count = count.saturating_add(places.len());
        found.push(places);
    }
    let is_all = numbers.next().is_none();
    Ok((found, is_all))
}

/// The outermost calls of a block, with the places of their transactions.
fn calls(backend: &mut Backend, number: u64) -> Result<Vec<(usize, CallTrace)>, RpcError> {
    let is_empty = |block: &std::sync::Arc<crate::chain::Block>| block.transactions().is_empty();
    if backend.chain.ledger().block(number).is_none_or(is_empty) {
        return Ok(Vec::new());
    }
    let tracing = Tracing { calls: true, ..Tracing::default() };
    let traced = backend.chain.trace_block(BlockId::number(number), tracing).map_err(failure)?;
    let calls = traced.into_iter().enumerate();
    Ok(calls.filter_map(|(index, (_, traced))| Some((index, traced.trace.call?))).collect())
}

fn concerns(call: &CallTrace, address: Address) -> bool {
    call.from == address || call.to == address || call.calls.iter().any(|inner| concerns(inner, address))
}

fn answer(backend: &Backend, places: &[Place], is_first: bool, is_last: bool) -> RpcResult {
    let (mut transactions, mut receipts) = (Vec::new(), Vec::new());
    for (number, index) in places {
        let Some(block) = backend.chain.ledger().block(*number) else { continue };
        transactions.push(transaction_view(block, *index));
        let mut receipt = fields(receipt_view(block, *index))?;
        receipt.insert("timestamp".into(), object!(block.timestamp()));
        receipts.push(receipt);
    }
    json(object!({ "txs": transactions, "receipts": receipts, "firstPage": is_first, "lastPage": is_last }))
}

/// The hash of a mined transaction.
fn by_sender_and_nonce(backend: &mut Backend, mut params: Params) -> RpcResult {
    let sender = params.required::<Address>()?;
    let nonce = params.required::<Number>()?.get();
    let mut transactions = backend.chain.ledger().blocks().flat_map(|block| block.transactions());
    let hash: Option<B256> = transactions.find_map(|included| {
        let transaction = &included.transaction;
        let is_it = transaction.signer() == sender && transaction.envelope().nonce() == nonce;
        is_it.then(|| transaction.hash())
    });
    json(hash)
}

/// The transaction that created a contract, and who called for it there. Null for what is no contract, and for those
/// that were there from the start.
fn creator(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let code = backend.chain.ledger().state().code(address).map_err(|error| failure(error.into()))?;
    if code.is_empty() {
        return json(());
    }
    let (first, head) = (backend.chain.ledger().first(), backend.chain.head().number());
    // It may have been destroyed and created again: the last time counts.
    for number in (first..=head).rev() {
        for (index, call) in calls(backend, number)?.into_iter().rev() {
            let Some(creator) = created_by(&call, address) else { continue };
            let block = backend.chain.ledger().block(number);
            let hash = block.and_then(|block| block.transactions().get(index)).map(|it| it.transaction.hash());
            return json(object!({ "hash": hash, "creator": creator }));
        }
    }
    json(())
}

fn created_by(call: &CallTrace, address: Address) -> Option<Address> {
    if call.error.is_some() {
        return None;
    }
    let is_it = matches!(call.call_type, CallType::Create | CallType::Create2) && call.to == address;
    is_it.then_some(call.from).or_else(|| call.calls.iter().rev().find_map(|inner| created_by(inner, address)))
}
