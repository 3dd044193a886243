//! What a program can ask about the block, the transaction and the message.

use super::row::{How, Part, Row};
use super::{Arguments, Program, Returned};
use crate::engine::Value;
use revm::primitives::U256;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new("block_basefee", How::Immediate(base_fee), &[], &[Part::Word(0)]),
    Row::new("block_coinbase", How::Immediate(coinbase), &[], &[Part::Account(0)]),
    Row::new("block_gas_limit", How::Immediate(gas_limit), &[], &[Part::Result]),
    Row::new("block_number", How::Immediate(number), &[], &[Part::Result]),
    Row::new("block_timestamp", How::Immediate(timestamp), &[], &[Part::Result]),
    Row::new("chainid", How::Immediate(chain_id), &[], &[Part::Result]),
    Row::new("contract_address", How::Immediate(contract_address), &[], &[Part::Account(0)]),
    Row::new("msg_sender", How::Immediate(sender), &[], &[Part::Account(0)]),
    Row::new("msg_value", How::Immediate(value), &[], &[Part::Word(0)]),
    Row::new("msg_reentrant", How::Immediate(reentrant), &[], &[Part::Result]),
    Row::new("tx_gas_price", How::Immediate(gas_price), &[], &[Part::Word(0)]),
    Row::new("tx_origin", How::Immediate(origin), &[], &[Part::Account(0)]),
    Row::new("tx_ink_price", How::Immediate(ink_price), &[], &[Part::Result]),
    Row::new("evm_gas_left", How::Immediate(gas_left), &[], &[Part::Result]),
    Row::new("evm_ink_left", How::Immediate(ink_left), &[], &[Part::Result]),
];

/// `tx_gas_price(pointer)`: what the signer offered, tip included, although nobody gets it.
pub(super) fn gas_price(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let price = U256::from(program.host().call.gas_price);
    program.write_number(args.u32(0), price)?;
    Ok(None)
}

/// `block_basefee(pointer)`.
pub(super) fn base_fee(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let fee = U256::from(program.host().call.base_fee);
    program.write_number(args.u32(0), fee)?;
    Ok(None)
}

/// `block_coinbase(pointer)`.
pub(super) fn coinbase(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let beneficiary = program.host().call.beneficiary;
    program.write(args.u32(0), beneficiary.as_slice())?;
    Ok(None)
}

/// `block_gas_limit()`.
pub(super) fn gas_limit(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I64(program.host().call.block_gas_limit)))
}

/// `block_number()`: of L1.
pub(super) fn number(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I64(program.host().call.block_number)))
}

/// `block_timestamp()`.
pub(super) fn timestamp(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I64(program.host().call.timestamp)))
}

/// `chainid()`.
pub(super) fn chain_id(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I64(program.host().call.chain_id)))
}

/// `contract_address(pointer)`.
pub(super) fn contract_address(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let address = program.host().call.address;
    program.write(args.u32(0), address.as_slice())?;
    Ok(None)
}

/// `msg_sender(pointer)`.
pub(super) fn sender(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let caller = program.host().call.caller;
    program.write(args.u32(0), caller.as_slice())?;
    Ok(None)
}

/// `msg_value(pointer)`.
pub(super) fn value(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let value = program.host().call.value;
    program.write_number(args.u32(0), value)?;
    Ok(None)
}

/// `msg_reentrant()`: whether the account was already acting when this program started.
pub(super) fn reentrant(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I32(program.host().call.is_reentrant.into())))
}

/// `tx_origin(pointer)`.
pub(super) fn origin(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let origin = program.host().call.origin;
    program.write(args.u32(0), origin.as_slice())?;
    Ok(None)
}

/// `tx_ink_price()`: ink per gas.
pub(super) fn ink_price(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I32(program.ink_price())))
}

/// `evm_gas_left()`, after its own charge.
pub(super) fn gas_left(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I64(program.gas_left())))
}

/// `evm_ink_left()`, after its own charge.
pub(super) fn ink_left(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I64(program.ink())))
}
