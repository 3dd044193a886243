//! The chain as data: its blocks and the states after them.

use super::block::Block;
use super::fork::Origin;
use super::state::State;
use alloy::primitives::B256;
use rpds::{HashTrieMapSync, VectorSync};
use std::collections::BTreeMap;
use std::sync::Arc;

/// For how many blocks before the latest the state is kept, if not for all.
pub(crate) const KEPT_STATES: u64 = 1_024;

/// Blocks and states. A clone shares everything with its original, so that snapshots cost nothing.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    head: Arc<Block>,
    state: State,
    /// The number of the first block, which is not 0 in a fork.
    first: u64,
    /// All blocks, the first one first.
    blocks: VectorSync<Arc<Block>>,
    /// The numbers of the blocks, by hash.
    numbers: HashTrieMapSync<B256, u64>,
    /// Block number and index of each transaction, by hash.
    transactions: HashTrieMapSync<B256, (u64, usize)>,
    /// The states after the blocks before the latest.
    past: HashTrieMapSync<u64, State>,
    /// For how many blocks they are kept.
    kept: u64,
}

impl Ledger {
    /// A chain of one block, which keeps the states of so many blocks before the latest.
    pub(crate) fn new(first: Block, state: State, kept: u64) -> Self {
        let head = Arc::new(first);
        Self {
            first: head.number(),
            blocks: VectorSync::new_sync().push_back(Arc::clone(&head)),
            numbers: HashTrieMapSync::new_sync().insert(head.hash(), head.number()),
            transactions: HashTrieMapSync::new_sync(),
            past: HashTrieMapSync::new_sync(),
            head,
            state,
            kept,
        }
    }

    /// A chain of these blocks, with the states after the last of them, by their numbers.
    ///
    /// # Errors
    ///
    /// Why these cannot be a chain.
    pub(crate) fn restore(blocks: Vec<Block>, mut states: BTreeMap<u64, State>, kept: u64) -> Result<Self, String> {
        let mut blocks = blocks.into_iter();
        let first = blocks.next().ok_or("the first block is missing")?;
        let head = blocks.as_slice().last().map_or(first.number(), Block::number);
        let state = states.remove(&head).ok_or("the state after the latest block is missing")?;
        if first.number() != state.origin().map_or(0, |origin| origin.point().number) {
            return Err("the first block is missing".into());
        }
        let mut ledger = Self::new(first, state, kept);
        for block in blocks {
            let (parent, number) = (&ledger.head, block.number());
            if Some(number) != parent.number().checked_add(1) || block.parent_hash() != parent.hash() {
                return Err(format!("block {number} does not follow block {}", parent.number()));
            }
            if block.timestamp() < parent.timestamp() {
                return Err(format!("block {number} is older than its parent"));
            }
            ledger.link(Arc::new(block));
        }
        if let Some(unknown) = states.keys().find(|number| ledger.block(**number).is_none()) {
            return Err(format!("there is a state after block {unknown}, and no such block"));
        }
        for (number, state) in states {
            ledger.past.insert_mut(number, state);
        }
        Ok(ledger)
    }

    /// All blocks, the first one first.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().map(AsRef::as_ref)
    }

    /// The number of the first block after which the state is kept.
    pub(crate) fn first_kept(&self) -> u64 {
        let head = self.head.number();
        let blocks = self.first.max(head.saturating_sub(self.kept))..head;
        blocks.into_iter().find(|number| self.past.contains_key(number)).unwrap_or(head)
    }

    /// The number of the first block.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// Lets all states be fetched from there.
    pub(crate) fn fetch_from(&mut self, origin: &Origin) {
        self.state.fetch_from(origin.clone());
        for number in self.past.keys().copied().collect::<Vec<_>>() {
            if let Some(state) = self.past.get_mut(&number) {
                state.fetch_from(origin.clone());
            }
        }
    }

    /// The latest block.
    pub(crate) fn head(&self) -> &Arc<Block> {
        &self.head
    }

    /// The state after the latest block.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The same, to be changed by hand.
    pub(crate) fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// The block with this number.
    pub(crate) fn block(&self, number: u64) -> Option<&Arc<Block>> {
        self.blocks.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// The block with this hash.
    pub(crate) fn block_by_hash(&self, hash: B256) -> Option<&Arc<Block>> {
        self.block(*self.numbers.get(&hash)?)
    }

    /// The block of a transaction, and the transaction's index there.
    pub(crate) fn transaction(&self, hash: B256) -> Option<(&Arc<Block>, usize)> {
        let (number, index) = self.transactions.get(&hash)?;
        Some((self.block(*number)?, *index))
    }

    /// The state after the block with this number, if it is kept.
    pub(crate) fn state_after(&self, number: u64) -> Option<&State> {
        if number == self.head.number() { Some(&self.state) } else { self.past.get(&number) }
    }

    /// Appends a block and the state after it.
    pub(crate) fn append(&mut self, block: Block, state: State) {
        let number = block.number();
        self.past.insert_mut(self.head.number(), std::mem::replace(&mut self.state, state));
        if let Some(forgotten) = number.checked_sub(self.kept).and_then(|first| first.checked_sub(1)) {
            self.past.remove_mut(&forgotten);
        }
        self.link(Arc::new(block));
    }

    fn link(&mut self, block: Arc<Block>) {
        let number = block.number();
        self.numbers.insert_mut(block.hash(), number);
        for (index, included) in block.transactions().iter().enumerate() {
            self.transactions.insert_mut(included.transaction.hash(), (number, index));
        }
        self.blocks.push_back_mut(Arc::clone(&block));
        self.head = block;
    }
}
