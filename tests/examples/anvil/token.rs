//! An ERC-20 token in EVM code, as small as can be: both nodes run the same bytes.

use alloy::hex;
use alloy::primitives::Bytes;
use eyre::Result;

/// What the contract does. Balances are a mapping in slot 0, as compilers lay it out:
///
/// * `transfer(address to, uint256 amount)` moves tokens of the caller, or reverts if it has too few;
/// * anything else with the same parameters mints.
///
/// Both log `Transfer(caller, to, amount)` and return true.
const RUNTIME: &[&str] = &[
    // 00: the selector; if it is that of transfer go on at 11, else at 28.
    "5f3560e01c", // CALLDATALOAD(0) >> 224
    "63a9059cbb14601157",
    "602856",
    // 11: debit the caller.
    "5b335f52",     // MSTORE(0, CALLER)
    "60405f208054", // slot = KECCAK256(0, 64), SLOAD(slot)
    "602435",       // amount = CALLDATALOAD(36)
    "818111607057", // if amount > balance go on at 70
    "90039055",     // SSTORE(slot, balance - amount)
    // 28: credit the receiver.
    "5b6004355f52",                       // MSTORE(0, CALLDATALOAD(4))
    "60405f208054",                       // slot = KECCAK256(0, 64), SLOAD(slot)
    "602435019055",                       // SSTORE(slot, balance + CALLDATALOAD(36))
    "6024355f52",                         // MSTORE(0, amount)
    "60043533",                           // the topics: the receiver, the caller, and
    "7fddf252ad1be2c89b69c2b068fc378daa", // keccak256("Transfer(address,address,uint256)")
    "952ba7f163c4a11628f55a4df523b3ef",
    "60205fa3",         // LOG3(0, 32)
    "60015f5260205ff3", // RETURN(true)
    // 70: too few.
    "5b5f5ffd", // REVERT(0, 0)
];

/// `mint(address,uint256)`.
pub(crate) const MINT: [u8; 4] = [0x40, 0xc1, 0x0f, 0x19];

/// `transfer(address,uint256)`.
pub(crate) const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

/// What deploys it: nine bytes that return the code after them.
pub(crate) fn init_code() -> Result<Bytes> {
    let runtime = hex::decode(RUNTIME.concat())?;
    let length = u8::try_from(runtime.len())?;
    // PUSH1 length, DUP1, PUSH1 9, RETURNDATASIZE (0), CODECOPY, RETURNDATASIZE (0), RETURN.
    let mut code = vec![0x60, length, 0x80, 0x60, 0x09, 0x3d, 0x39, 0x3d, 0xf3];
    code.extend(runtime);
    Ok(code.into())
}
