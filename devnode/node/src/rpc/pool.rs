//! The transactions that wait: "pending" for the next block, "queued" for transactions before them.

use super::error::{forked, json};
use super::views::waiting_view;
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{Chain, SignedTransaction};
use crate::rpc_error::RpcError;
use alloy::consensus::Transaction as _;
use alloy::primitives::{Address, B256, U64};
use serde::Serialize;
use std::collections::BTreeMap;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("txpool_status", status),
    ("txpool_content", content),
    ("txpool_contentFrom", content_from),
    ("txpool_inspect", inspect),
    ("anvil_dropTransaction", drop_transaction),
    ("hardhat_dropTransaction", drop_transaction_if_there),
    ("anvil_dropAllTransactions", drop_all),
    ("anvil_removePoolTransactions", drop_of_sender),
];

/// The two parts of the pool.
#[derive(Debug, Default, Serialize)]
struct Pool<T> {
    pending: T,
    queued: T,
}

/// Something of each transaction, by nonce.
type Nonces<T> = BTreeMap<u64, T>;

/// The same by sender.
type Senders<T> = BTreeMap<String, Nonces<T>>;

/// Sorts the waiting transactions into the two parts.
fn sort<'a, T: Default>(
    chain: &'a Chain,
    mut put: impl FnMut(&mut T, &'a SignedTransaction),
) -> Result<Pool<T>, RpcError> {
    let mut pool = Pool::default();
    for transaction in chain.queue().transactions() {
        let is_pending = transaction.envelope().nonce() < chain.next_nonce(transaction.signer()).map_err(forked)?;
        put(if is_pending { &mut pool.pending } else { &mut pool.queued }, transaction);
    }
    Ok(pool)
}

fn by_sender<T>(chain: &Chain, describe: impl Fn(&SignedTransaction) -> T) -> Result<Pool<Senders<T>>, RpcError> {
    sort(chain, |senders: &mut Senders<T>, transaction| {
        let nonces = senders.entry(transaction.signer().to_string()).or_default();
        nonces.insert(transaction.envelope().nonce(), describe(transaction));
    })
}

fn status(backend: &mut Backend, _: Params) -> RpcResult {
    json(sort(&backend.chain, |count: &mut U64, _| *count += U64::from(1))?)
}

fn content(backend: &mut Backend, _: Params) -> RpcResult {
    json(by_sender(&backend.chain, waiting_view)?)
}

fn content_from(backend: &mut Backend, mut params: Params) -> RpcResult {
    let sender = params.required::<Address>()?.to_string();
    let mut pool = by_sender(&backend.chain, waiting_view)?;
    json(Pool {
        pending: pool.pending.remove(&sender).unwrap_or_default(),
        queued: pool.queued.remove(&sender).unwrap_or_default(),
    })
}

fn inspect(backend: &mut Backend, _: Params) -> RpcResult {
    json(by_sender(&backend.chain, summary)?)
}

/// One line of text: who gets what, and for how much gas.
fn summary(transaction: &SignedTransaction) -> String {
    let transaction = transaction.envelope();
    let to = transaction.to().map_or_else(|| "contract creation".into(), |to| to.to_string());
    let (value, gas, price) = (transaction.value(), transaction.gas_limit(), transaction.max_fee_per_gas());
    format!("{to}: {value} wei + {gas} gas × {price} wei")
}

/// Answers with the hash, or with null if no such transaction waits.
fn drop_transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    json(backend.chain.queue_mut().remove(hash).map(|_| hash))
}

/// Answers with whether such a transaction waited.
fn drop_transaction_if_there(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    json(backend.chain.queue_mut().remove(hash).is_some())
}

/// Forgets what waits of one account.
fn drop_of_sender(backend: &mut Backend, mut params: Params) -> RpcResult {
    let sender = params.required::<Address>()?;
    let waiting = backend.chain.queue().transactions().filter(|transaction| transaction.signer() == sender);
    let hashes: Vec<B256> = waiting.map(SignedTransaction::hash).collect();
    hashes.into_iter().for_each(|hash| drop(backend.chain.queue_mut().remove(hash)));
    json(())
}

fn drop_all(backend: &mut Backend, _: Params) -> RpcResult {
    backend.chain.queue_mut().clear();
    json(())
}
