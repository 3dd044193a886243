//! What the nodes are given to do: signed transactions, sent over one connection for each sender.

use crate::connection::{Connection, request};
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::eip2718::Encodable2718;
use alloy::hex;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use eyre::{OptionExt, Result, ensure};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

/// The chain that the transactions are signed for.
pub(crate) const CHAIN_ID: u64 = 412_346;

/// 100 gwei: what both nodes always take.
const MAX_FEE: u128 = 100_000_000_000;

/// How long to wait before asking again for a receipt that is not there yet, at first and at most. The pause doubles
/// each time, so that the questions do not keep a node that mines later from mining.
const PAUSES: [Duration; 2] = [Duration::from_micros(100), Duration::from_millis(5)];

/// How long a transaction may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who signs, and what comes next.
pub(crate) struct Sender {
    pub(crate) key: PrivateKeySigner,
    pub(crate) nonce: u64,
}

/// Transactions of one sender in order: the request that sends it, and its hash.
pub(crate) struct Batch {
    transactions: Vec<(Vec<u8>, B256)>,
}

impl Sender {
    /// Signs transactions: to whom, with how much ETH, with which call data, and with which gas limit.
    pub(crate) fn sign(&mut self, what: impl IntoIterator<Item = (TxKind, U256, Bytes, u64)>) -> Result<Batch> {
        let mut transactions = Vec::new();
        for (to, value, input, gas_limit) in what {
            let nonce = self.nonce;
            let (chain_id, max_fee_per_gas) = (CHAIN_ID, MAX_FEE);
            let unsigned =
                TxEip1559 { chain_id, nonce, gas_limit, max_fee_per_gas, to, value, input, ..TxEip1559::default() };
            let signature = self.key.sign_hash_sync(&unsigned.signature_hash())?;
            let envelope = TxEnvelope::from(unsigned.into_signed(signature));
            let hash = *envelope.tx_hash();
            let raw = hex::encode_prefixed(envelope.encoded_2718());
            transactions.push((request("eth_sendRawTransaction", &format!("[\"{raw}\"]")), hash));
            self.nonce += 1;
        }
        Ok(Batch { transactions })
    }
}

/// Sends the batches at the same time. Returns the transactions per second, each with the question for its receipt.
pub(crate) fn transactions_per_second(node: SocketAddr, batches: &[Batch]) -> Result<f64> {
    let mut connections = batches.iter().map(|_| Connection::open(node)).collect::<Result<Vec<_>>>()?;
    let started = Instant::now();
    thread::scope(|scope| {
        let threads = batches.iter().zip(&mut connections);
        let threads: Vec<_> = threads.map(|(batch, connection)| scope.spawn(|| batch.send(connection))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| eyre::eyre!("a sender panicked"))?)
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let count: usize = batches.iter().map(|batch| batch.transactions.len()).sum();
    Ok(per_second(count, seconds))
}

impl Batch {
    /// Sends one transaction after the other, each when the receipt of the one before is there.
    fn send(&self, connection: &mut Connection) -> Result<()> {
        for (transaction, hash) in &self.transactions {
            connection.ask(transaction)?;
            let receipt = request("eth_getTransactionReceipt", &format!("[\"{hash}\"]"));
            let sent = Instant::now();
            let (mut nudged, mut pause) = (false, PAUSES[0]);
            loop {
                let result = connection.ask(&receipt)?;
                if result != "null" {
                    ensure!(result.contains("\"status\":\"0x1\""), "a transaction failed: {result}");
                    break;
                }
                // Anvil forgets to mine what comes while it mines, sometimes, until the next transaction comes.
                if !nudged && sent.elapsed() > PATIENCE {
                    nudged = true;
                    eprintln!("a transaction was not mined within {PATIENCE:?}: asking for a block");
                    connection.ask(&request("evm_mine", "[]"))?;
                }
                ensure!(sent.elapsed() < PATIENCE * 10, "a transaction is not mined");
                thread::sleep(pause);
                pause = (pause * 2).min(PAUSES[1]);
            }
        }
        Ok(())
    }
}

/// Sends the same call so many times over one connection. Returns the calls per second.
pub(crate) fn calls_per_second(
    node: SocketAddr,
    from: Address,
    to: Address,
    input: &Bytes,
    count: usize,
) -> Result<f64> {
    let mut connection = Connection::open(node)?;
    let call =
        request("eth_call", &format!("[{{\"from\":\"{from}\",\"to\":\"{to}\",\"data\":\"{input}\"}},\"latest\"]"));
    let started = Instant::now();
    for _ in 0..count {
        let result = connection.ask(&call)?;
        let returned = result.strip_prefix("0x").ok_or_eyre("no bytes")?;
        ensure!(returned.len() == 64 && returned.bytes().any(|digit| digit != b'0'), "the call returned {result}");
    }
    Ok(per_second(count, started.elapsed().as_secs_f64()))
}

// Figures for people: precision does not matter.
fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}
