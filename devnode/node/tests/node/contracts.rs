//! Contracts written by hand, a few instructions each.

use alloy::primitives::Bytes;

/// Wraps runtime code in init code that returns it.
///
/// `PUSH1 len, DUP1, PUSH1 9, RETURNDATASIZE (0), CODECOPY, RETURNDATASIZE (0), RETURN`: nine bytes, then the code.
pub(crate) fn init_code(runtime: &[u8]) -> Bytes {
    let length = u8::try_from(runtime.len()).expect("short code");
    let mut code = vec![0x60, length, 0x80, 0x60, 0x09, 0x3d, 0x39, 0x3d, 0xf3];
    code.extend_from_slice(runtime);
    code.into()
}

/// The topic that [`recorder`] logs.
pub(crate) const RECORDED: u64 = 0x2a;

/// Stores the first word of the call data in slot 0, logs it with the topic 42, and returns it.
pub(crate) fn recorder() -> Bytes {
    init_code(&[
        0x60, 0x00, 0x35, // CALLDATALOAD(0)
        0x80, 0x60, 0x00, 0x55, // SSTORE(0, word)
        0x60, 0x00, 0x52, // MSTORE(0, word)
        0x60, 0x2a, 0x60, 0x20, 0x60, 0x00, 0xa1, // LOG1(0, 32, 42)
        0x60, 0x20, 0x60, 0x00, 0xf3, // RETURN(0, 32)
    ])
}

/// Logs two empty events without topics.
pub(crate) fn chatterbox() -> Bytes {
    init_code(&[
        0x60, 0x00, 0x60, 0x00, 0xa0, // LOG0(0, 0)
        0x60, 0x00, 0x60, 0x00, 0xa0, // LOG0(0, 0)
    ])
}

/// Reverts with its call data.
pub(crate) fn reverter() -> Bytes {
    init_code(&[
        0x36, 0x60, 0x00, 0x60, 0x00, 0x37, // CALLDATACOPY(0, 0, CALLDATASIZE)
        0x36, 0x60, 0x00, 0xfd, // REVERT(0, CALLDATASIZE)
    ])
}

/// Returns TIMESTAMP, NUMBER, BASEFEE and the balance of its caller.
pub(crate) fn observer() -> Bytes {
    init_code(&[
        0x42, 0x60, 0x00, 0x52, // MSTORE(0, TIMESTAMP)
        0x43, 0x60, 0x20, 0x52, // MSTORE(32, NUMBER)
        0x48, 0x60, 0x40, 0x52, // MSTORE(64, BASEFEE)
        0x33, 0x31, 0x60, 0x60, 0x52, // MSTORE(96, BALANCE(CALLER))
        0x60, 0x80, 0x60, 0x00, 0xf3, // RETURN(0, 128)
    ])
}

/// Reverts unless it has 100,000 gas when it starts, and uses next to nothing of it.
pub(crate) fn demanding() -> Bytes {
    init_code(&[
        0x62, 0x01, 0x86, 0xa0, 0x5a, 0x10, // GAS < 100,000
        0x60, 0x0a, 0x57, // JUMPI(10)
        0x00, // STOP
        0x5b, 0x60, 0x00, 0x60, 0x00, 0xfd, // JUMPDEST, REVERT(0, 0)
    ])
}

/// Consists of the invalid instruction.
pub(crate) fn invalid() -> Bytes {
    init_code(&[0xfe])
}
