//! One execution of a program: what it is told, and what it accumulates.

use super::Escape;
use super::storage_cache::StorageCache;
use crate::host_io::HostIo;
use crate::trace::Room;
use revm::primitives::{Address, Bytes, U256};

/// What a program can ask about its environment. Fixed while it runs.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    /// The account whose storage and balance the program uses.
    pub(crate) address: Address,
    /// Who called it.
    pub(crate) caller: Address,
    /// Wei sent along, or seen by a delegate call.
    pub(crate) value: U256,
    /// The signer of the transaction.
    pub(crate) origin: Address,
    /// Whether state may not change.
    pub(crate) is_static: bool,
    /// Whether the account was already acting when the program started.
    pub(crate) is_reentrant: bool,
    /// The L1 block number.
    pub(crate) block_number: u64,
    /// What COINBASE is.
    pub(crate) beneficiary: Address,
    /// What GASLIMIT is.
    pub(crate) block_gas_limit: u64,
    /// Seconds since the Unix epoch.
    pub(crate) timestamp: u64,
    /// Wei per gas that the signer offered.
    pub(crate) gas_price: u128,
    /// Wei per gas that the transaction pays.
    pub(crate) base_fee: u64,
    pub(crate) chain_id: u64,
    pub(crate) arbos_version: u64,
    /// The largest code that the chain allows, in bytes.
    pub(crate) max_code_size: usize,
    /// Ink per gas.
    pub(crate) ink_price: u32,
    /// Pages that a transaction has for free.
    pub(crate) free_pages: u16,
    /// Gas of a page beyond those.
    pub(crate) page_gas: u16,
}

/// The state that a program's host I/Os share.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) call: CallContext,
    /// Call data.
    pub(crate) args: Bytes,
    /// What the program returns or reverts with.
    pub(crate) output: Bytes,
    /// What its last call or create returned.
    pub(crate) return_data: Bytes,
    /// Slots that were read or are to be written.
    pub(crate) storage: StorageCache,
    /// The account whose code was looked at last, with the code.
    pub(crate) last_code: Option<(Address, Bytes)>,
    /// Why a host I/O ended the program.
    pub(crate) escape: Option<Escape>,
    /// What the program wrote to the console.
    pub(crate) console: Vec<String>,
    /// Its host I/Os, if it is traced.
    pub(crate) recorded: Option<Recorded>,
}

/// Host I/Os that have ended, as far as there was room for them.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) host_ios: Vec<HostIo>,
    pub(crate) room: Room,
}

impl Recorded {
    /// Keeps a host I/O if there is room for it.
    pub(crate) fn push(&mut self, host_io: HostIo) {
        if self.room.take(host_io.size()) {
            self.host_ios.push(host_io);
        }
    }
}

impl Invocation {
    /// A program about to start with `args`.
    pub(crate) fn new(call: CallContext, args: Bytes, recorded: Option<Recorded>) -> Self {
        Self {
            call,
            args,
            output: Bytes::new(),
            return_data: Bytes::new(),
            storage: StorageCache::default(),
            last_code: None,
            escape: None,
            console: Vec::new(),
            recorded,
        }
    }
}
