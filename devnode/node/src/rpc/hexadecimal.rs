//! Addresses, hashes and bytes in a request: what go-ethereum finds wrong with them, in its words.

use alloy::primitives::{Address, B256, Bytes};
use serde_json::Value;
use std::any::TypeId;

/// What is wrong with `value` as a `T`, if `T` is one of these types.
pub(super) fn complaint<T: 'static>(value: &Value) -> Option<String> {
    let (name, length) = if TypeId::of::<T>() == TypeId::of::<Address>() {
        ("common.Address", Some(40))
    } else if TypeId::of::<T>() == TypeId::of::<B256>() {
        ("common.Hash", Some(64))
    } else if TypeId::of::<T>() == TypeId::of::<Bytes>() {
        ("hexutil.Bytes", None)
    } else {
        return None;
    };
    let unreadable = |what: &str| Some(format!("json: cannot unmarshal {what} into Go value of type {name}"));
    let Some(text) = value.as_str() else { return unreadable("non-string") };
    if text.is_empty() && length.is_none() {
        return None;
    }
    let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) else {
        return unreadable(if text.is_empty() { "empty hex string" } else { "hex string without 0x prefix" });
    };
    if digits.len() % 2 != 0 {
        return unreadable("hex string of odd length");
    }
    if let Some(length) = length.filter(|length| *length != digits.len()) {
        return Some(format!("hex string has length {}, want {length} for {name}", digits.len()));
    }
    if digits.bytes().any(|digit| !digit.is_ascii_hexdigit()) {
        return unreadable("invalid hex string");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_wrong_is_said_as_go_ethereum_says_it() {
        let cases = [
            (complaint::<Address>(&json!(7)), "json: cannot unmarshal non-string into Go value of type common.Address"),
            (complaint::<Address>(&json!("0x12")), "hex string has length 2, want 40 for common.Address"),
            (
                complaint::<B256>(&json!("")),
                "json: cannot unmarshal empty hex string into Go value of type common.Hash",
            ),
            (
                complaint::<Bytes>(&json!("0xzz")),
                "json: cannot unmarshal invalid hex string into Go value of type hexutil.Bytes",
            ),
        ];
        for (complaint, text) in cases {
            assert_eq!(complaint.as_deref(), Some(text));
        }
        assert_eq!(complaint::<Bytes>(&json!("0x")), None);
        assert_eq!(complaint::<u64>(&json!("x")), None);
    }
}
