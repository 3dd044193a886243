//! The contract that remembers the hashes of blocks (EIP-2935), which Arbitrum keeps longer than Ethereum does.

use revm::primitives::{Address, B256, U256, address, hex};

/// Where it is, on all chains.
pub(crate) const ADDRESS: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

/// How many blocks it remembers.
const WINDOW: u64 = 393_168;

/// Its code: the one of the EIP with Arbitrum's window, and with the block number of this chain in place of NUMBER.
pub(crate) const CODE: [u8; 133] = hex!(
    "3373fffffffffffffffffffffffffffffffffffffffe1460605760203603605c575f3563a3b1b31d5f5260205f6004601c60645afa15605c57"
    "5f51600181038211605c57816205ffd0910311605c576205ffd09006545f5260205ff35b5f5ffd5b5f356205ffd0600163a3b1b31d5f526020"
    "5f6004601c60645afa15605c575f5103065500"
);

/// What the block after `parent` writes: its slot and the hash of the parent.
pub(crate) fn write(parent: u64, hash: B256) -> (U256, U256) {
    (U256::from(parent % WINDOW), hash.into())
}
