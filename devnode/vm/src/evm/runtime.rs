//! What the chain keeps track of while a transaction runs.

use super::{Environment, Recorder};
use crate::recent::RecentPrograms;
use crate::{BlockEnv, ChainConfig, HaltReason};
use revm::primitives::{Address, AddressMap, AddressSet, Bytes, U256};

/// The most lines of output that a transaction leaves: printing is free for programs.
const MAX_CONSOLE_LINES: usize = 4_096;

/// State of one transaction that is neither in the journal nor undone by a revert.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    pub(crate) config: ChainConfig,
    pub(crate) block: BlockEnv,
    /// Whether nothing of it stays.
    pub(crate) is_call: bool,
    /// What a call may look like on L1. To compress it takes longer than most calls, so that it waits for somebody who
    /// asks how much data there is.
    pub(crate) uncounted_data: Bytes,
    /// Wei per gas that the signer offered.
    pub(crate) gas_price: u128,
    /// What the transaction pays for its data on L1, in wei.
    pub(crate) l1_fee: U256,
    /// WASM pages of the programs that are running now.
    pub(crate) open_pages: u16,
    /// The most pages that were ever open in this transaction.
    pub(crate) ever_pages: u16,
    /// The programs that the block has called.
    pub(crate) recent: RecentPrograms,
    /// Why the frame that has just ended halted, when the EVM has no word for it.
    pub(crate) halt: Option<HaltReason>,
    /// What programs printed.
    pub(crate) console: Vec<String>,
    /// What a trace remembers.
    pub(crate) recorder: Recorder,
    /// Accounts that a call created without giving them anything, unless it was undone since.
    touched: AddressSet,
    /// Who called each contract that is running now.
    callers: Vec<Address>,
    /// How often an address is acting in the frames that are running now, delegate calls left out.
    open_frames: AddressMap<u32>,
}

impl Runtime {
    /// The state before the first frame.
    pub(crate) fn new(environment: &Environment<'_>) -> Self {
        Self {
            config: environment.config,
            block: *environment.block,
            is_call: environment.checks.is_call(),
            uncounted_data: if environment.checks.is_call() { environment.tx.encoded.clone() } else { Bytes::new() },
            gas_price: environment.offered_price(),
            l1_fee: U256::from(environment.block.base_fee).saturating_mul(U256::from(environment.l1_gas)),
            open_pages: 0,
            ever_pages: 0,
            recent: RecentPrograms::default(),
            halt: None,
            console: Vec::new(),
            recorder: Recorder::default(),
            callers: Vec::new(),
            touched: AddressSet::default(),
            open_frames: AddressMap::default(),
        }
    }

    /// A frame at `depth` has ended and is recorded. What the outermost (0) halted with is the transaction's.
    pub(crate) fn forget_halt(&mut self, depth: usize) {
        if depth > 0 {
            self.halt = None;
        }
    }

    /// Takes over what a program printed, as far as there is room.
    pub(crate) fn print(&mut self, lines: &mut Vec<String>) {
        let room = MAX_CONSOLE_LINES.saturating_sub(self.console.len());
        lines.truncate(room);
        self.console.append(lines);
    }

    /// Counts `new` pages as open and returns how many were open, and were ever open, before.
    pub(crate) fn add_pages(&mut self, new: u16) -> (u16, u16) {
        let before = (self.open_pages, self.ever_pages);
        self.open_pages = self.open_pages.saturating_add(new);
        self.ever_pages = self.ever_pages.max(self.open_pages);
        before
    }

    /// A contract starts for `caller`.
    pub(crate) fn enter(&mut self, caller: Address) {
        self.callers.push(caller);
    }

    /// The innermost contract ends.
    pub(crate) fn leave(&mut self) {
        self.callers.pop();
    }

    /// Who called the innermost contract; none outside of contracts.
    pub(crate) fn callers_caller(&self) -> Option<Address> {
        self.callers.last().copied()
    }

    /// A call creates the account at `address` if there is none.
    pub(crate) fn touch(&mut self, address: Address) {
        self.touched.insert(address);
    }

    /// Whether a call created the account at `address`. What was undone must be told by the journal.
    pub(crate) fn was_touched(&self, address: Address) -> bool {
        self.touched.contains(&address)
    }

    /// `address` starts to act in one more frame.
    pub(crate) fn open_frame(&mut self, address: Address) {
        let frames = self.open_frames.entry(address).or_default();
        *frames = frames.saturating_add(1);
    }

    /// The last frame of `address` ends.
    pub(crate) fn close_frame(&mut self, address: Address) {
        if let Some(frames) = self.open_frames.get_mut(&address) {
            *frames = frames.saturating_sub(1);
        }
    }

    /// Whether `address` acts in more than one frame: the answer of `msg_reentrant` to a program that has just started.
    pub(crate) fn is_reentrant(&self, address: Address) -> bool {
        self.open_frames.get(&address).is_some_and(|frames| *frames > 1)
    }
}
