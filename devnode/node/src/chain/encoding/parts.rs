//! What of a chain is in records as it is.

use super::{StateDecodeError, inconsistent, malformed};
use crate::DevAccount;
use crate::chain::block::Block;
use crate::chain::chain_state::{L1BlockNumber, Settings};
use crate::chain::transaction::SignedTransaction;
use alloy::consensus::{Header, ReceiptEnvelope, Sealed};
use alloy::eips::eip2718::{Decodable2718, Encodable2718};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rlp;
use serde::{Deserialize, Serialize};
use stylus_vm::ChainConfig;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SettingsRecord {
    chain_id: u64,
    arbos_version: u64,
    max_code_size: usize,
    debug: bool,
    #[serde(default)]
    l1_hashes: bool,
    l1_block_number: L1BlockNumber,
    accounts: Vec<AccountImage>,
    #[serde(default)]
    l1_price: U256,
    #[serde(default)]
    nitro: bool,
    #[serde(default)]
    archive: bool,
    #[serde(default)]
    block_gas_limit: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountImage {
    address: Address,
    key: B256,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockRecord {
    header: Bytes,
    transactions: Vec<TransactionImage>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransactionImage {
    signer: Address,
    raw: Bytes,
    receipt: Bytes,
    #[serde(default)]
    gas_used_for_l1: u64,
}

impl From<&Settings> for SettingsRecord {
    fn from(settings: &Settings) -> Self {
        let ChainConfig { chain_id, arbos_version, max_code_size, debug, l1_hashes } = settings.config;
        let accounts = settings.accounts.iter().map(|DevAccount { address, key }| (*address, *key));
        let accounts = accounts.map(|(address, key)| AccountImage { address, key }).collect();
        let l1_block_number = settings.l1_block_number;
        let Settings { l1_price, nitro, archive, block_gas_limit, .. } = *settings;
        Self {
            chain_id,
            arbos_version,
            max_code_size,
            debug,
            l1_hashes,
            l1_block_number,
            accounts,
            l1_price,
            nitro,
            archive,
            block_gas_limit,
        }
    }
}

impl From<SettingsRecord> for Settings {
    fn from(image: SettingsRecord) -> Self {
        let SettingsRecord { chain_id, arbos_version, max_code_size, debug, l1_block_number, .. } = image;
        let SettingsRecord { l1_hashes, accounts, l1_price, nitro, archive, block_gas_limit, .. } = image;
        let accounts = accounts.into_iter().map(|AccountImage { address, key }| DevAccount { address, key });
        Self {
            config: ChainConfig { chain_id, arbos_version, max_code_size, debug, l1_hashes },
            l1_block_number,
            accounts: accounts.collect(),
            l1_price,
            nitro,
            archive,
            block_gas_limit,
        }
    }
}

impl From<&Block> for BlockRecord {
    fn from(block: &Block) -> Self {
        let transactions = block.transactions().iter().map(|included| TransactionImage {
            signer: included.transaction.signer(),
            raw: included.transaction.envelope().encoded_2718().into(),
            receipt: included.receipt_envelope().encoded_2718().into(),
            gas_used_for_l1: included.gas_used_for_l1,
        });
        Self { header: rlp::encode(block.header().inner()).into(), transactions: transactions.collect() }
    }
}

impl BlockRecord {
    /// The first block of a fork, which has this hash.
    pub(super) fn of_another_chain(&self, hash: B256) -> Result<Block, StateDecodeError> {
        let header = rlp::decode_exact(&self.header).map_err(malformed)?;
        Ok(Block::of_another_chain(Sealed::new_unchecked(header, hash)))
    }
}

impl TryFrom<BlockRecord> for Block {
    type Error = StateDecodeError;

    fn try_from(image: BlockRecord) -> Result<Self, StateDecodeError> {
        let header: Header = rlp::decode_exact(&image.header).map_err(malformed)?;
        let number = header.number;
        let transactions = image.transactions.into_iter().map(|image| {
            let transaction = SignedTransaction::restore(&image.raw, image.signer).map_err(malformed)?;
            let receipt = ReceiptEnvelope::decode_2718_exact(&image.receipt).map_err(malformed)?;
            Ok((transaction, receipt.into_receipt(), image.gas_used_for_l1))
        });
        let block = Self::restore(header, transactions.collect::<Result<_, _>>()?);
        block.map_err(|what| inconsistent(format!("block {number} has {what} by its header")))
    }
}
