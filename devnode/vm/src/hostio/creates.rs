//! Creating contracts.

use super::calls::{Answer, Outgoing, Pending, Started};
use super::gas::{CREATE, HASH_WORD};
use super::program::length;
use super::row::{Deferred, How, Part, Row};
use super::{Arguments, Escape, HostIoError, Program, Returned};
use revm::context_interface::CreateScheme;
use revm::interpreter::{CreateInputs, FrameInput};
use revm::primitives::{Address, Bytes};
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new(
        "create1",
        How::Deferred(Deferred::Create { salted: false }),
        &[Part::Word(2), Part::Data(0, 1)],
        &[Part::Account(3), Part::Length(4)],
    ),
    Row::new(
        "create2",
        How::Deferred(Deferred::Create { salted: true }),
        &[Part::Word(2), Part::Word(3), Part::Data(0, 1)],
        &[Part::Account(4), Part::Length(5)],
    ),
];

/// Charges for `create1(code, length, endowment, address, return_length)` or, if `salted`,
/// `create2(code, length, endowment, salt, address, return_length)`, and prepares the frame.
///
/// Init code is neither limited nor paid for by its length, as EIP-3860 would have it.
pub(super) fn create<E>(
    program: &mut Program<'_>,
    salted: bool,
    args: Arguments<'_>,
) -> Result<Started, HostIoError<E>> {
    let shift = usize::from(salted);
    let (code_pointer, code_length) = (args.u32(0), args.u32(1));
    let copy = ink::read(u64::from(code_length));
    program.buy_ink(copy)?;
    program.buy_ink(copy)?;
    let code = program.read(code_pointer, code_length)?;
    let endowment = program.read_number(args.u32(2))?;
    let scheme = match salted {
        true => CreateScheme::Create2 { salt: program.read_number(args.u32(3))? },
        false => CreateScheme::Create,
    };
    let start = program.gas_left();
    if program.host().call.is_static {
        return Err(Escape::Failure("create in a static call").into());
    }
    let words = u64::from(code_length).div_ceil(32);
    let base = CREATE + if salted { HASH_WORD * words } else { 0 };
    let Some(rest) = start.checked_sub(base) else {
        return Err(Escape::Failure("out of gas for a create").into());
    };
    let reserve = rest / 64;
    let creator = program.host().call.address;
    let inputs = CreateInputs::new(creator, scheme, endowment, code, rest - reserve, 0);
    Ok(Started::Frame(Box::new(Outgoing {
        frame: FrameInput::Create(Box::new(inputs)),
        pending: Pending::Create {
            start,
            reserve,
            address_pointer: args.u32(3 + shift),
            length_pointer: args.u32(4 + shift),
        },
    })))
}

/// Charges for what the constructor used and gives the program the address, zero if it failed.
pub(super) fn finish_create(
    program: &mut Program<'_>,
    start: u64,
    reserve: u64,
    address_pointer: u32,
    length_pointer: u32,
    answer: Answer,
) -> Returned {
    program.buy_gas(start.saturating_sub(answer.returned.saturating_add(reserve)))?;
    let (created, output) = match answer.is_success {
        true => (answer.created, Bytes::new()),
        // Only a revert leaves data.
        false => (Address::ZERO, answer.output),
    };
    let returned = length(&output);
    program.host_mut().return_data = output;
    program.write_length(length_pointer, returned)?;
    program.write(address_pointer, created.as_slice())?;
    Ok(None)
}
