//! Blocks, transactions, receipts and events as clients see them: Ethereum's JSON with Arbitrum's additional fields.

use crate::chain::{Block, Included, SignedTransaction};
use alloy::consensus::{Receipt, ReceiptEnvelope, ReceiptWithBloom, TxEnvelope};
use alloy::primitives::{B256, U64, U256};
use alloy::rpc::types::{Block as RpcBlock, BlockTransactions, Header, Log, Transaction, TransactionReceipt};
use alloy::{consensus::Transaction as _, rlp::Encodable};
use serde::Serialize;

/// A block.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BlockView {
    #[serde(flatten)]
    block: RpcBlock,
    #[serde(flatten)]
    arbitrum: HeaderFields,
}

/// What Arbitrum adds to a header.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HeaderFields {
    l1_block_number: U64,
    send_root: B256,
    send_count: U64,
}

/// A header with Arbitrum's fields.
#[derive(Debug, Serialize)]
pub(super) struct HeaderView {
    #[serde(flatten)]
    header: Header,
    #[serde(flatten)]
    arbitrum: HeaderFields,
}

/// A receipt.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptView {
    #[serde(flatten)]
    receipt: TransactionReceipt<ReceiptEnvelope<Log>>,
    /// The part of the gas that pays for data on L1. The L1 price is zero on this chain.
    gas_used_for_l1: U64,
    l1_block_number: U64,
    /// Whether its sender paid for coming early. Nobody does on this chain.
    timeboosted: bool,
}

impl HeaderFields {
    fn of(block: &Block) -> Self {
        Self {
            l1_block_number: U64::from(block.env().l1_number),
            send_root: block.messages().root,
            send_count: U64::from(block.messages().count),
        }
    }
}

/// A block with its transactions, or with their hashes only.
pub(super) fn block_view(block: &Block, full: bool) -> BlockView {
    let included = block.transactions();
    let transactions = if full {
        BlockTransactions::Full((0..included.len()).filter_map(|index| transaction_view(block, index)).collect())
    } else {
        BlockTransactions::Hashes(included.iter().map(|included| included.transaction.hash()).collect())
    };
    let size = U256::from(size(block));
    let header = Header { size: Some(size), ..Header::from_sealed(block.header()) };
    let block_fields = RpcBlock { header, uncles: Vec::new(), transactions, withdrawals: None };
    BlockView { block: block_fields, arbitrum: HeaderFields::of(block) }
}

/// How long the block is in RLP: the header, the transactions, and an empty list of uncles.
fn size(block: &Block) -> usize {
    let transactions: usize =
        block.transactions().iter().map(|included| included.transaction.envelope().length()).sum();
    let list = |payload_length| alloy::rlp::Header { list: true, payload_length }.length_with_payload();
    list(block.header().length() + list(transactions) + list(0))
}

/// The header of a block, as `newHeads` subscribers get it: without Arbitrum's fields.
#[cfg(feature = "server")]
pub(crate) fn bare_header(block: &Block) -> Header {
    Header::from_sealed(block.header())
}

/// The header of a block.
pub(super) fn header_view(block: &Block) -> HeaderView {
    HeaderView { header: Header::from_sealed(block.header()), arbitrum: HeaderFields::of(block) }
}

/// A transaction of a block.
pub(crate) fn transaction_view(block: &Block, index: usize) -> Option<Transaction<TxEnvelope>> {
    let included = block.transactions().get(index)?;
    Some(Transaction {
        inner: included.transaction.recovered().clone(),
        block_hash: Some(block.hash()),
        block_number: Some(block.number()),
        transaction_index: position(index),
        // What was offered, tip included: the receipt says what was paid.
        effective_gas_price: Some(included.transaction.envelope().effective_gas_price(Some(block.env().base_fee))),
    })
}

/// A transaction that waits for its turn.
pub(super) fn waiting_view(transaction: &SignedTransaction) -> Transaction<TxEnvelope> {
    Transaction {
        inner: transaction.recovered().clone(),
        block_hash: None,
        block_number: None,
        transaction_index: None,
        effective_gas_price: None,
    }
}

/// The receipt of a transaction of a block.
pub(super) fn receipt_view(block: &Block, index: usize) -> Option<ReceiptView> {
    let included = block.transactions().get(index)?;
    let envelope = included.transaction.envelope();
    let receipt = Receipt {
        status: included.receipt.status,
        cumulative_gas_used: included.receipt.cumulative_gas_used,
        logs: log_views(block, index, included).collect(),
    };
    let receipt = ReceiptWithBloom { receipt, logs_bloom: included.receipt.bloom_slow() };
    let receipt = TransactionReceipt {
        inner: ReceiptEnvelope::from_typed(envelope.tx_type(), receipt),
        transaction_hash: included.transaction.hash(),
        transaction_index: position(index),
        block_hash: Some(block.hash()),
        block_number: Some(block.number()),
        gas_used: included.gas_used,
        effective_gas_price: block.env().base_fee.into(),
        blob_gas_used: None,
        blob_gas_price: None,
        from: included.transaction.signer(),
        to: envelope.to(),
        contract_address: included.transaction.contract(),
    };
    let gas_used_for_l1 = U64::from(included.gas_used_for_l1);
    let l1_block_number = U64::from(block.env().l1_number);
    Some(ReceiptView { receipt, gas_used_for_l1, l1_block_number, timeboosted: false })
}

/// The events of the transaction at `index` of a block.
pub(super) fn log_views<'a>(block: &'a Block, index: usize, included: &'a Included) -> impl Iterator<Item = Log> + 'a {
    included.receipt.logs.iter().enumerate().map(move |(offset, log)| Log {
        inner: log.clone(),
        block_hash: Some(block.hash()),
        block_number: Some(block.number()),
        block_timestamp: Some(block.timestamp()),
        transaction_hash: Some(included.transaction.hash()),
        transaction_index: position(index),
        log_index: position(included.first_log + offset),
        removed: false,
    })
}

fn position(index: usize) -> Option<u64> {
    u64::try_from(index).ok()
}
