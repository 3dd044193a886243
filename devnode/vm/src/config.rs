//! What is fixed for the life of a chain, and what is fixed for a block.

use revm::primitives::{Address, B256};

/// The constants of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainConfig {
    /// The chain id that CHAINID and `ArbSys.arbChainID` return.
    pub chain_id: u64,
    /// The ArbOS version written into the genesis state. The one in the state decides the EVM fork and the Stylus
    /// rules: the chain's owner may plan an upgrade.
    pub arbos_version: u64,
    /// The largest code a contract may have, in bytes (EIP-170: 24,576). Init code may be twice as long.
    pub max_code_size: usize,
    /// Whether this is a debug chain: `ArbDebug` answers, programs may import `console` and `debug`, and keep all their
    /// exports.
    pub debug: bool,
    /// Whether BLOCKHASH looks for the hashes of L1 blocks in the state of ArbOS, where a chain with an L1 has them,
    /// and not in the database.
    pub l1_hashes: bool,
}

impl Default for ChainConfig {
    /// The chain of Nitro's development mode.
    fn default() -> Self {
        Self { chain_id: 412_346, arbos_version: 51, max_code_size: 24_576, debug: true, l1_hashes: false }
    }
}

/// The block a transaction runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockEnv {
    /// The number of the L2 block, which contracts read with `ArbSys.arbBlockNumber`.
    pub number: u64,
    /// The number of the L1 block, which NUMBER and the `block_number` host I/O return. BLOCKHASH asks for
    /// the hash of one of the 256 numbers before it, see [`ChainConfig::l1_hashes`].
    pub l1_number: u64,
    /// Seconds since the Unix epoch.
    pub timestamp: u64,
    /// Wei per gas. Every transaction pays exactly this: tips are dropped.
    pub base_fee: u64,
    /// What a call pretends about it.
    pub pretended: Pretended,
}

/// What a call may pretend about a block, where blocks are all alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pretended {
    /// GASLIMIT.
    pub gas_limit: Option<u64>,
    /// COINBASE.
    pub beneficiary: Option<Address>,
    /// PREVRANDAO.
    pub randomness: Option<B256>,
}
