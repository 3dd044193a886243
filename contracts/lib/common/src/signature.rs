//! ECDSA signatures in compact form (ERC-2098), recovered by the EVM's precompile.

use crate::calls;
use crate::revert::Outcome;
use alloc::vec::Vec;
use alloy_primitives::{address, b256, Address, B256};
use stylus_sdk::prelude::*;

const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");

/// Half of the order of secp256k1: a larger `s` is the second form of the same signature and is refused (EIP-2).
const HALF_ORDER: B256 = b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/// The address of the key that made the compact signature (`r`, `vs`) over `hash`: the zero address if none did. The
/// top bit of `vs` is the parity, the rest is `s`.
///
/// # Errors
/// Only if the precompile cannot be called, for lack of gas.
pub fn signer(vm: &impl Host, hash: B256, r: B256, vs: B256) -> Outcome<Address> {
    let (mut s, mut v) = (vs, [0u8; 32]);
    v[31] = 27u8.saturating_add(vs[0] >> 7);
    s[0] &= 0x7f;
    if s > HALF_ORDER {
        return Ok(Address::ZERO);
    }
    let mut input = Vec::with_capacity(128);
    for word in [hash.as_slice(), v.as_slice(), r.as_slice(), s.as_slice()] {
        input.extend_from_slice(word);
    }
    let output = calls::view_raw(vm, ECRECOVER, &input)?;
    // The precompile answers an invalid signature with nothing.
    Ok(<[u8; 32]>::try_from(output.as_slice()).map_or(Address::ZERO, |word| Address::from_word(word.into())))
}

/// The same for a signature in three parts: the zero address also if `v` is neither 27 nor 28.
///
/// # Errors
/// As [`signer`].
pub fn signer_of_parts(vm: &impl Host, hash: B256, v: u8, r: B256, s: B256) -> Outcome<Address> {
    let mut vs = s;
    match v {
        // A top bit that is set already would be taken for the parity.
        27 | 28 if s[0] < 0x80 => vs[0] |= v.saturating_sub(27) << 7,
        _ => return Ok(Address::ZERO),
    }
    signer(vm, hash, r, vs)
}
