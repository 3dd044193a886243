//! What a call would look like as a transaction, to know how long the transaction is on L1 before anybody has signed
//! it.
//!
//! Fields that the call leaves open get numbers that look random and therefore do not compress. The numbers are Nitro's
//! (arbos/l1pricing), so that estimates come out the same.

use alloy::primitives::{Bytes, U256, keccak256};
use alloy::rlp::{self, Encodable};
use std::sync::LazyLock;
use stylus_vm::Transaction;

/// The EIP-2718 type of a transaction with a fee cap and a tip.
const DYNAMIC_FEE: u8 = 2;

/// No chain is named.
const NO_CHAIN: u64 = 0;

/// Three times the chain id of Arbitrum One, in the place of the signature's parity.
const PARITY: u64 = 3 * 42_161;

/// What a call names of the fields that may be left open. Zero is as good as nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named {
    /// How many transactions its sender has sent.
    pub(super) nonce: Option<u64>,
    /// Wei per gas: the tip, or the price of a transaction without one.
    pub(super) tip: Option<u128>,
    /// The gas limit, if it is not searched for.
    pub(super) gas: Option<u64>,
}

/// The encoding of `call` as a transaction of type 2.
pub(super) fn encoding(call: &Transaction, named: Named) -> Bytes {
    let fields: [&dyn Encodable; 12] = [
        &NO_CHAIN,
        &or_random(named.nonce, RANDOM.nonce),
        &or_random(named.tip, RANDOM.tip),
        &or_random(Some(call.max_fee_per_gas), RANDOM.fee_cap),
        &or_random(named.gas, RANDOM.gas),
        &call.to,
        &call.value,
        &call.input,
        &call.access_list,
        &PARITY,
        &RANDOM.r,
        &RANDOM.s,
    ];
    let mut encoded = vec![DYNAMIC_FEE];
    rlp::encode_list::<_, dyn Encodable>(&fields, &mut encoded);
    encoded.into()
}

/// A number that was named, or the one that looks random.
fn or_random(named: Option<impl Into<u128>>, random: U256) -> U256 {
    match named.map(Into::into) {
        None | Some(0) => random,
        Some(number) => U256::from(number),
    }
}

/// Numbers that look random.
struct Random {
    nonce: U256,
    tip: U256,
    fee_cap: U256,
    gas: U256,
    r: U256,
    s: U256,
}

/// They are hashed once: a call has no time for it.
static RANDOM: LazyLock<Random> = LazyLock::new(|| Random {
    nonce: random(b"Nonce", 8),
    tip: random(b"GasTipCap", 4),
    fee_cap: random(b"GasFeeCap", 4),
    gas: random(b"Gas", 4),
    r: random(b"R", 32),
    s: random(b"S", 32),
});

/// A number of so many bytes that looks random.
fn random(name: &[u8], bytes: usize) -> U256 {
    U256::from_be_slice(&keccak256(name)[..bytes])
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::primitives::{Address, TxKind};

    #[test]
    fn what_is_not_said_takes_its_room() {
        let call = Transaction { to: TxKind::Call(Address::repeat_byte(1)), ..Transaction::default() };
        // Type 1, list 2; chain 1, nonce 9, tip 5, cap 5, gas 5, callee 21, value 1, data 1, list 1, parity 4.
        // r and s have 33 each.
        let whole = encoding(&call, Named::default());
        assert_eq!(whole.len(), 3 + 1 + 9 + 5 + 5 + 5 + 21 + 1 + 1 + 1 + 4 + 33 + 33);
        assert_eq!(encoding(&call, Named { nonce: Some(0), tip: Some(0), gas: Some(0) }), whole);
        // The nonce takes one byte, the gas three with its length; tip and cap take five, as much as before.
        let told = Transaction { max_fee_per_gas: 100_000_000, ..call };
        let named = Named { nonce: Some(7), tip: Some(100_000_000), gas: Some(21_000) };
        assert_eq!(encoding(&told, named).len(), whole.len() - 8 - 2);
    }
}
