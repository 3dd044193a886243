//! Headers, kept without what their blocks tell.

use super::block::Included;
use alloy::consensus::Header;
use alloy::consensus::constants::EMPTY_OMMER_ROOT_HASH;
use alloy::primitives::{Address, B64, B256, Bytes, U256, address};
use stylus_vm::BlockEnv;

/// The gas limit Arbitrum writes into every header. It limits nothing.
pub(crate) const GAS_LIMIT: u64 = 1 << 50;

/// The address of Arbitrum's sequencer, which headers carry as beneficiary.
pub(crate) const SEQUENCER: Address = address!("A4B000000000000000000073657175656e636572");

/// How many messages from L1 were read: the first block is the only one. Arbitrum's headers carry it as nonce.
const DELAYED_MESSAGES: B64 = B64::new([0, 0, 0, 0, 0, 0, 0, 1]);

/// The header of a block. Whole it would be most of the block: 700 bytes, a third of them the bloom of its events.
#[derive(Clone, Debug)]
pub(super) enum KeptHeader {
    /// Of a header like those of this chain: what it alone says.
    Own(Seal),
    /// A header of another chain, or one that a simulation changed.
    Whole(Box<Header>),
}

/// What a header of this chain says and its block does not say otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seal {
    /// The hash of the block before.
    pub(crate) parent_hash: B256,
    /// A commitment of this node, see [`super::commitment`].
    pub(crate) state_root: B256,
    /// The root of the trie of the transactions.
    pub(crate) transactions_root: B256,
    /// The root of the trie of their receipts.
    pub(crate) receipts_root: B256,
    /// The version of ArbOS after the block.
    pub(crate) arbos_version: u64,
    /// The messages to L1 until its end.
    pub(crate) messages: Messages,
}

/// The messages to L1 until the end of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Messages {
    /// How many there are.
    pub(crate) count: u64,
    /// The root of the tree of them. Arbitrum's headers carry it as extra data; it is zero until there is a message.
    pub(crate) root: B256,
}

impl KeptHeader {
    /// Keeps what is needed to have this header again.
    pub(super) fn new(header: Header, env: &BlockEnv, transactions: &[Included]) -> Self {
        let seal = Seal::of(&header);
        if seal.header(env, transactions) == header { Self::Own(seal) } else { Self::Whole(Box::new(header)) }
    }

    /// The header of the block with this environment and these transactions.
    pub(super) fn header(&self, env: &BlockEnv, transactions: &[Included]) -> Header {
        match self {
            Self::Own(seal) => seal.header(env, transactions),
            Self::Whole(header) => header.as_ref().clone(),
        }
    }

    /// What the block does not say otherwise.
    pub(super) fn seal(&self) -> Seal {
        match self {
            Self::Own(seal) => *seal,
            Self::Whole(header) => Seal::of(header),
        }
    }
}

impl Seal {
    fn of(header: &Header) -> Self {
        Self {
            parent_hash: header.parent_hash,
            state_root: header.state_root,
            transactions_root: header.transactions_root,
            receipts_root: header.receipts_root,
            arbos_version: number(&header.mix_hash[16..24]),
            messages: Messages {
                count: number(&header.mix_hash[..8]),
                root: B256::try_from(header.extra_data.as_ref()).unwrap_or_default(),
            },
        }
    }

    /// The header of a block of this chain.
    pub(super) fn header(&self, env: &BlockEnv, transactions: &[Included]) -> Header {
        Header {
            parent_hash: self.parent_hash,
            ommers_hash: EMPTY_OMMER_ROOT_HASH,
            // Nobody made the first block.
            beneficiary: if env.number == 0 { Address::ZERO } else { SEQUENCER },
            state_root: self.state_root,
            transactions_root: self.transactions_root,
            receipts_root: self.receipts_root,
            logs_bloom: transactions.iter().flat_map(|included| &included.receipt.logs).collect(),
            difficulty: U256::from(1),
            number: env.number,
            gas_limit: GAS_LIMIT,
            gas_used: transactions.iter().map(|included| included.gas_used).sum(),
            timestamp: env.timestamp,
            extra_data: Bytes::copy_from_slice(self.messages.root.as_slice()),
            mix_hash: mix_hash(self.messages.count, env.l1_number, self.arbos_version),
            nonce: DELAYED_MESSAGES,
            base_fee_per_gas: Some(env.base_fee),
            ..Header::default()
        }
    }
}

/// Arbitrum's header fields: the count of messages to L1, the L1 block number and the ArbOS version, eight bytes each.
fn mix_hash(sent: u64, l1_number: u64, arbos_version: u64) -> B256 {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&sent.to_be_bytes());
    hash[8..16].copy_from_slice(&l1_number.to_be_bytes());
    hash[16..24].copy_from_slice(&arbos_version.to_be_bytes());
    B256::from(hash)
}

/// The L1 block number in Arbitrum's header fields.
pub(super) fn l1_number(mix_hash: B256) -> u64 {
    number(&mix_hash[8..16])
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_kept_whole(change: impl FnOnce(&mut Header)) -> bool {
        let env = BlockEnv { number: 5, l1_number: 6, timestamp: 7, base_fee: 8, ..BlockEnv::default() };
        let messages = Messages { count: 3, root: B256::repeat_byte(4) };
        let word = B256::repeat_byte;
        let seal = Seal {
            parent_hash: word(1),
            state_root: word(2),
            transactions_root: word(3),
            receipts_root: word(4),
            arbos_version: 51,
            messages,
        };
        let mut header = seal.header(&env, &[]);
        change(&mut header);
        let kept = KeptHeader::new(header.clone(), &env, &[]);
        assert_eq!(kept.header(&env, &[]), header);
        matches!(kept, KeptHeader::Whole(_))
    }

    #[test]
    fn every_header_is_had_again_and_only_those_of_other_chains_are_kept_whole() {
        assert!(!is_kept_whole(|_| {}));
        assert!(!is_kept_whole(|header| header.state_root = B256::ZERO));
        assert!(is_kept_whole(|header| header.extra_data = Bytes::from_static(b"mined")));
        assert!(is_kept_whole(|header| header.mix_hash = B256::repeat_byte(9)));
        assert!(is_kept_whole(|header| header.base_fee_per_gas = None));
        assert!(is_kept_whole(|header| header.blob_gas_used = Some(0)));
        assert!(is_kept_whole(|header| header.gas_used = 1));
    }
}
