//! Requests as their event publishes them: the ten words of their ABI encoding, of which only the hash is stored.
//!
//! Written and read here by hand, because what is made for a struct takes a tenth of the program. What hashes to what
//! is stored was written here, so nothing about the words of a caller is checked but that.

use alloy_primitives::{keccak256, Address, B256};
use alloy_sol_types::abi::token::{FixedSeqToken, WordToken};
use alloy_sol_types::private::SolTypeValue;
use alloy_sol_types::{SolType, Word};
use common::calls::word;
use interfaces::ISlasher::SlashRequest;
use stylus_sdk::abi::{AbiType, ConstString};

/// The words of a [`SlashRequest`].
pub(crate) struct Published([[u8; 32]; 10]);

impl From<&SlashRequest> for Published {
    fn from(request: &SlashRequest) -> Self {
        let words = [
            request.operator.into_word(),
            request.serviceManager.into_word(),
            word(request.wad.into()),
            word(request.exclusive.into()),
            request.challenger.into_word(),
            word(request.challengerShare.into()),
            request.recipient.into_word(),
            request.resolver.into_word(),
            word(request.executableAt.into()),
            word(request.pausedBefore.into()),
        ];
        Self(words.map(|word| word.0))
    }
}

impl Published {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }

    pub(crate) fn hash(&self) -> B256 {
        keccak256(self.bytes())
    }

    pub(crate) fn read(&self) -> SlashRequest {
        let [operator, service, wad, exclusive, challenger, share, recipient, resolver, executable, paused] = self.0;
        SlashRequest {
            operator: account(operator),
            serviceManager: account(service),
            wad: number(wad),
            exclusive: number(exclusive) != 0,
            challenger: account(challenger),
            challengerShare: number(share),
            recipient: account(recipient),
            resolver: account(resolver),
            executableAt: number(executable),
            pausedBefore: number(paused),
        }
    }
}

fn account(word: [u8; 32]) -> Address {
    Address::from_word(word.into())
}

fn number([.., a, b, c, d, e, f, g, h]: [u8; 32]) -> u64 {
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

impl AbiType for Published {
    type SolType = Self;

    const ABI: ConstString = ConstString::new(Self::SOL_NAME);
}

impl SolType for Published {
    type RustType = Self;
    type Token<'a> = FixedSeqToken<WordToken, 10>;

    const SOL_NAME: &'static str = "(address,address,uint64,bool,address,uint64,address,address,uint64,uint64)";
    const ENCODED_SIZE: Option<usize> = Some(320);
    const PACKED_ENCODED_SIZE: Option<usize> = None;

    fn valid_token(_: &Self::Token<'_>) -> bool {
        true
    }

    fn detokenize(FixedSeqToken(words): Self::Token<'_>) -> Self {
        Self(words.map(|word| word.0 .0))
    }
}

impl SolTypeValue<Self> for Published {
    fn stv_to_tokens(&self) -> FixedSeqToken<WordToken, 10> {
        FixedSeqToken(self.0.map(|word| WordToken(word.into())))
    }

    fn stv_abi_encode_packed_to(&self, out: &mut alloc::vec::Vec<u8>) {
        out.extend_from_slice(self.bytes());
    }

    fn stv_eip712_data_word(&self) -> Word {
        self.hash()
    }
}
