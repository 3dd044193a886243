//! What a call would look like as a transaction, to know how long the transaction is on L1 before anybody has signed
//! it.
//!
//! Fields that the call leaves open get numbers that look random and therefore do not compress. The numbers are Nitro's
//! (arbos/l1pricing), so that estimates come out the same.

use alloy::primitives::{Bytes, U256, keccak256};
use alloy::rlp::{self, Encodable};
use stylus_vm::Transaction;

/// The EIP-2718 type of a transaction with a fee cap and a tip.
const DYNAMIC_FEE: u8 = 2;

/// No chain is named.
const NO_CHAIN: u64 = 0;

/// Three times the chain id of Arbitrum One, in the place of the signature's parity.
const PARITY: u64 = 3 * 42_161;

/// The encoding of `call` as a transaction of type 2. The encoding does not depend on the gas limit, which an estimate
/// still searches for.
pub(super) fn encoding(call: &Transaction, nonce: Option<u64>) -> Bytes {
    let fee_cap = call.max_fee_per_gas;
    let tip = call.max_priority_fee_per_gas.unwrap_or(fee_cap);
    let fields: [&dyn Encodable; 12] = [
        &NO_CHAIN,
        &nonce.filter(|nonce| *nonce != 0).map_or_else(|| random(b"Nonce", 8), U256::from),
        &or_random(tip, b"GasTipCap"),
        &or_random(fee_cap, b"GasFeeCap"),
        &random(b"Gas", 4),
        &call.to,
        &call.value,
        &call.input,
        &call.access_list,
        &PARITY,
        &random(b"R", 32),
        &random(b"S", 32),
    ];
    let mut encoded = vec![DYNAMIC_FEE];
    rlp::encode_list::<_, dyn Encodable>(&fields, &mut encoded);
    encoded.into()
}

/// A fee that was named, or some of four bytes.
fn or_random(wei_per_gas: u128, name: &[u8]) -> U256 {
    if wei_per_gas == 0 { random(name, 4) } else { U256::from(wei_per_gas) }
}

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
        assert_eq!(encoding(&call, None).len(), 3 + 1 + 9 + 5 + 5 + 5 + 21 + 1 + 1 + 1 + 4 + 33 + 33);
        // The nonce takes one byte; tip and cap take four, with their length five: as much as before.
        let told = Transaction { max_fee_per_gas: 100_000_000, ..call.clone() };
        assert_eq!(encoding(&told, Some(7)).len(), encoding(&call, None).len() - 8);
        let searched = Transaction { gas_limit: 21_000, ..call.clone() };
        assert_eq!(encoding(&searched, None), encoding(&call, None));
    }
}
