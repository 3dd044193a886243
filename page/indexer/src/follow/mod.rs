//! Following a chain, piece by piece.
//!
//! A piece is some blocks, as many as the node gives the events of at once, and it is written as one transaction: a
//! process that is killed goes on where the last piece ended. Of each piece the node must say the same before and
//! after: blocks that are replaced meanwhile are asked for again.

mod contracts;
mod doubts;
mod piece;
mod reorganization;

pub use reorganization::Rolled;

use crate::catalog::Catalog;
use crate::index::Index;
use crate::projection::ProjectionError;
use crate::schema::{Block, Origin};
use crate::storage::StorageError;
use alloy::eips::BlockNumberOrTag;
use alloy::providers::Provider;
use alloy::rpc::types::Header;
use eyre::{OptionExt, Result, WrapErr};
use restake::chain::Chain;
use restake::suite::Suite;
use std::sync::Arc;

/// Most blocks that a node is asked about at once.
const MOST_BLOCKS: u64 = 10_000;

/// Follows a chain into an index.
pub struct Follower {
    chain: Chain,
    suite: Suite,
    index: Arc<Index>,
    catalog: Arc<Catalog>,
    genesis: Block,
    since: u64,
    /// How many blocks are asked for at once: fewer after a refusal, and slowly more again.
    span: u64,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The index is as far as the chain, which ends with this block.
    UpToDate(Block),
    /// It is this far, and the chain is further.
    Advanced(Block),
    /// The chain had taken blocks back.
    RolledBack(Rolled),
    /// Blocks were replaced while they were asked for: nothing was written.
    Replaced,
}

/// Why it does not go on.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// None of the blocks that are indexed is on the chain.
    #[error("the chain began again")]
    BeganAgain,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Events do not fit each other.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The node cannot be asked.
    #[error("{0:#}")]
    Node(#[from] eyre::Report),
}

impl Follower {
    /// Follows the chain of a suite, whose deployment began after block `since`. An index of another chain, of this one
    /// before it began again, or of another suite is made anew.
    ///
    /// # Errors
    /// [`FollowError`].
    pub async fn open(chain: Chain, suite: Suite, since: u64, index: Arc<Index>) -> Result<Self, FollowError> {
        let (catalog, chain_id) = (Arc::new(Catalog::new()?), chain.id().await?);
        let genesis = header(&chain, BlockNumberOrTag::Number(0)).await?.ok_or_eyre("the chain has no first block")?;
        let origin = Origin { chain_id, genesis: genesis.hash, slasher: suite.slasher, since };
        let follower = Self { chain, suite, index, catalog, genesis, since, span: MOST_BLOCKS };
        if follower.index.origin().await? != Some(origin) {
            let before = header(&follower.chain, since.into()).await?.ok_or_eyre("the chain has no such block")?;
            follower.index.begin(origin, before).await?;
            follower.know_suite(before.number).await?;
        }
        Ok(follower)
    }

    /// The index.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// The first block of the chain.
    pub fn genesis(&self) -> Block {
        self.genesis
    }

    /// Indexes the next piece, or takes back what the chain took back.
    ///
    /// # Errors
    /// [`FollowError`]. Nothing was written then, and the same can be tried again; after
    /// [`FollowError::BeganAgain`] by another follower.
    pub async fn step(&mut self) -> Result<Step, FollowError> {
        let indexed = self.index.head().await?.ok_or(StorageError::Unexpected { expected: "a block" })?;
        let head = self.head().await?;
        if head.hash == indexed.hash {
            self.settle_doubts(head).await?;
            return Ok(Step::UpToDate(head));
        }
        let is_next = indexed.number.checked_add(1) == Some(head.number) && head.parent == indexed.hash;
        if !is_next && !self.has(indexed, head).await? {
            return self.roll_back(head).await.map(Step::RolledBack);
        }
        let first = indexed.number.saturating_add(1);
        let last = head.number.min(indexed.number.saturating_add(self.span));
        let Some(piece) = self.piece(first, last, head).await? else { return Ok(Step::Replaced) };
        let (end, asked) = (piece.end, last.saturating_sub(indexed.number));
        let got = end.number.saturating_sub(indexed.number);
        // A refusal halves, a piece that was not refused lets it grow by a quarter.
        self.span = if got < asked { got } else { self.span.saturating_add(self.span.div_ceil(4)).min(MOST_BLOCKS) };
        if !self.write(indexed, piece).await? {
            return Ok(Step::Replaced);
        }
        if end.hash == head.hash {
            self.settle_doubts(head).await?;
            return Ok(Step::UpToDate(head));
        }
        Ok(Step::Advanced(end))
    }

    /// Steps until the index is as far as the chain.
    ///
    /// # Errors
    /// [`FollowError`].
    pub async fn catch_up(&mut self) -> Result<Block, FollowError> {
        loop {
            if let Step::UpToDate(head) = self.step().await? {
                return Ok(head);
            }
        }
    }

    async fn head(&self) -> Result<Block> {
        let head = header(&self.chain, BlockNumberOrTag::Latest).await.wrap_err("cannot ask for the latest block")?;
        head.ok_or_eyre("the chain has no blocks")
    }

    /// Whether the chain that ends with `head` has a block.
    async fn has(&self, block: Block, head: Block) -> Result<bool> {
        if block.number > head.number {
            return Ok(false);
        }
        Ok(header(&self.chain, block.number.into()).await?.is_some_and(|found| found.hash == block.hash))
    }
}

async fn header(chain: &Chain, number: BlockNumberOrTag) -> Result<Option<Block>> {
    let block = chain.provider().get_block_by_number(number).await.wrap_err("cannot ask for a block")?;
    Ok(block.map(|block| block_of(&block.header)))
}

fn block_of(header: &Header) -> Block {
    Block { number: header.number, hash: header.hash, parent: header.parent_hash, timestamp: header.timestamp }
}
