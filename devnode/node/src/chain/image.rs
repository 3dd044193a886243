//! A chain as bytes: what is kept in a file, and what `anvil_dumpState` answers with.
//!
//! The format is JSON, an object with these members:
//!
//! * `format`: "stylus-devnode-state", and `version`: 1. Another version is refused;
//! * `settings`: what is fixed for the life of the chain, with the keys of its accounts, which are public;
//! * `clock`: the chain's time, whether the time only moves by hand, and the settings for blocks to come;
//! * `saved`: the wall clock's time;
//! * `blocks`: all of them, the first one first. Each has its header in RLP, and for each transaction the signer, the
//!   EIP-2718 encodings of the transaction and of its receipt, and the gas for L1 data. The signer is there because the
//!   signature of an impersonated account's transaction does not tell it;
//! * `codes`: the code of every contract and Stylus program, each once;
//! * `fork`: only in a fork: where it begins, and what was fetched of the other chain's state. The first of `blocks` is
//!   the other chain's then, of which only the header is there, and its hash;
//! * `worlds`: the accounts after each of the last blocks, as many as the chain keeps and the latest last. The first
//!   world is complete; each other one holds what changed since the one before. Balances that were set by hand are in
//!   the last world.
//!
//! Everything that follows from the rest is left out and computed anew: hashes, indices, compiled programs. A picture
//! that contradicts itself is refused. A running clock goes on while the chain is in the file, so that the chain keeps
//! its distance from the wall clock.

mod fork;

use super::block::Block;
use super::clock::{StoppedClock, wall_time};
use super::fork::Origin;
use super::ledger::{KEPT_STATES, Ledger};
use super::state::{ChainState, L1BlockNumber, Settings};
use super::transaction::SignedTransaction;
use super::world::{World, WorldChange};
use crate::DevAccount;
use alloy::consensus::{Header, ReceiptEnvelope, Sealed};
use alloy::eips::eip2718::{Decodable2718, Encodable2718};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rlp;
use fork::ForkImage;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use stylus_vm::revm::state::Bytecode;
use stylus_vm::{ChainConfig, Vm};

/// What `format` says.
const FORMAT: &str = "stylus-devnode-state";

/// What `version` says.
const VERSION: u32 = 1;

/// Bytes that are not a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// They are something else, or not complete.
    #[error("not the state of a chain: {0}")]
    Malformed(String),
    /// Another version of this node wrote them.
    #[error("the state has format version {0}, and this node reads version {VERSION}")]
    Version(u32),
    /// They contradict themselves.
    #[error("the state contradicts itself: {0}")]
    Inconsistent(String),
}

#[derive(Debug, Deserialize)]
struct Label {
    format: String,
    version: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    format: String,
    version: u32,
    settings: SettingsImage,
    clock: StoppedClock,
    saved: Duration,
    blocks: Vec<BlockImage>,
    codes: Vec<Bytes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fork: Option<ForkImage>,
    worlds: Vec<WorldChange>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsImage {
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
struct BlockImage {
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

impl ChainState {
    /// The picture as bytes, in a format of this crate that is JSON inside.
    ///
    /// # Errors
    ///
    /// None that is known of; it is there because encoding JSON has one.
    pub fn encode(&self) -> Result<Vec<u8>, ImageError> {
        let image = Image {
            format: FORMAT.into(),
            version: VERSION,
            settings: (&self.settings).into(),
            clock: self.clock,
            saved: wall_time(),
            blocks: self.ledger.blocks().map(BlockImage::from).collect(),
            codes: codes(self.ledger.world()),
            fork: self.ledger.world().origin().map(ForkImage::from),
            worlds: changes(&self.ledger),
        };
        serde_json::to_vec(&image).map_err(malformed)
    }

    /// The picture in such bytes. If its time runs, it has gone on since they were made.
    ///
    /// # Errors
    ///
    /// [`ImageError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ImageError> {
        let label: Label = serde_json::from_slice(bytes).map_err(malformed)?;
        if label.format != FORMAT {
            return Err(malformed(format!("its format is {:?}", label.format)));
        }
        if label.version != VERSION {
            return Err(ImageError::Version(label.version));
        }
        let image: Image = serde_json::from_slice(bytes).map_err(malformed)?;
        let codes = image.codes.into_iter().map(|code| Bytecode::new_raw_checked(code).map_err(malformed));
        let codes = codes.collect::<Result<Vec<_>, _>>()?;
        let origin = image.fork.map(|fork| fork.origin(&codes)).transpose()?;
        let blocks = blocks(image.blocks, origin.as_ref())?;
        let worlds = worlds(codes, origin, image.worlds)?;
        let settings = Settings::from(image.settings);
        let ledger = Ledger::restore(blocks, worlds, settings.kept_states()).map_err(ImageError::Inconsistent)?;
        let passed = wall_time().saturating_sub(image.saved);
        Ok(Self { vm: Vm::new(settings.config.clone()), settings, ledger, clock: image.clock.after(passed) })
    }
}

fn malformed(error: impl ToString) -> ImageError {
    ImageError::Malformed(error.to_string())
}

/// The codes in a fixed order.
fn codes(world: &World) -> Vec<Bytes> {
    let fetched = world.origin().map(|origin| origin.known().codes).unwrap_or_default();
    let mut codes: Vec<Bytes> = world.codes().chain(fetched.values().map(Bytecode::original_bytes)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The blocks, of which the first one is another chain's if this is a fork.
fn blocks(mut images: Vec<BlockImage>, origin: Option<&Origin>) -> Result<Vec<Block>, ImageError> {
    let mut blocks = Vec::with_capacity(images.len());
    if let Some(origin) = origin {
        if images.is_empty() {
            return Err(ImageError::Inconsistent("the first block is missing".into()));
        }
        let header = rlp::decode_exact(&images.remove(0).header).map_err(malformed)?;
        blocks.push(Block::of_another_chain(Sealed::new_unchecked(header, origin.point().hash)));
    }
    for image in images {
        blocks.push(image.try_into()?);
    }
    Ok(blocks)
}

fn changes(ledger: &Ledger) -> Vec<WorldChange> {
    let empty = World::default();
    let before = std::iter::once(&empty).chain(ledger.worlds());
    before.zip(ledger.worlds()).map(|(before, after)| after.changes_since(before)).collect()
}

fn worlds(codes: Vec<Bytecode>, origin: Option<Origin>, changes: Vec<WorldChange>) -> Result<Vec<World>, ImageError> {
    if u64::try_from(changes.len()).is_ok_and(|length| length > KEPT_STATES + 1) {
        return Err(ImageError::Inconsistent("there are more worlds than a chain keeps".into()));
    }
    let mut world = World::of_codes(codes, origin);
    let mut worlds = Vec::with_capacity(changes.len());
    for change in changes {
        let unknown = |address| ImageError::Inconsistent(format!("the code of {address} is missing"));
        world.change(change).map_err(unknown)?;
        worlds.push(world.clone());
    }
    Ok(worlds)
}

impl From<&Settings> for SettingsImage {
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

impl From<SettingsImage> for Settings {
    fn from(image: SettingsImage) -> Self {
        let SettingsImage { chain_id, arbos_version, max_code_size, debug, l1_block_number, .. } = image;
        let SettingsImage { l1_hashes, accounts, l1_price, nitro, archive, block_gas_limit, .. } = image;
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

impl From<&Block> for BlockImage {
    fn from(block: &Block) -> Self {
        let transactions = block.transactions().iter().map(|included| TransactionImage {
            signer: included.transaction.signer(),
            raw: included.transaction.envelope().encoded_2718().into(),
            receipt: included.receipt.encoded_2718().into(),
            gas_used_for_l1: included.gas_used_for_l1,
        });
        Self { header: rlp::encode(block.header().inner()).into(), transactions: transactions.collect() }
    }
}

impl TryFrom<BlockImage> for Block {
    type Error = ImageError;

    fn try_from(image: BlockImage) -> Result<Self, ImageError> {
        let header: Header = rlp::decode_exact(&image.header).map_err(malformed)?;
        let number = header.number;
        let transactions = image.transactions.into_iter().map(|image| {
            let transaction = SignedTransaction::restore(&image.raw, image.signer).map_err(malformed)?;
            let receipt = ReceiptEnvelope::decode_2718_exact(&image.receipt).map_err(malformed)?;
            Ok((transaction, receipt, image.gas_used_for_l1))
        });
        let block = Self::restore(header, transactions.collect::<Result<_, _>>()?);
        block.map_err(|what| ImageError::Inconsistent(format!("block {number} has {what} by its header")))
    }
}
