//! Transient storage (EIP-1153).

use super::gas::WARM_ACCESS;
use super::row::{Deferred, How, Part, Row};
use super::{Arguments, Escape, HostIoError, Program};
use crate::engine::Value;
use crate::evm::Context;
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new("transient_load_bytes32", How::Deferred(Deferred::TransientLoad), &[Part::Word(0)], &[Part::Word(1)]),
    Row::new("transient_store_bytes32", How::Deferred(Deferred::TransientStore), &[Part::Word(0), Part::Word(1)], &[]),
];

/// `transient_load_bytes32(key, destination)`.
pub(super) fn load<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.buy_gas(WARM_ACCESS)?;
    let key = program.read_number(args.u32(0))?;
    let value = context.journal_mut().tload(program.host().call.address, key);
    program.write_number(args.u32(1), value)?;
    Ok(None)
}

/// `transient_store_bytes32(key, value)`.
pub(super) fn store<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.buy_gas(WARM_ACCESS)?;
    let (key, value) = (program.read_number(args.u32(0))?, program.read_number(args.u32(1))?);
    if program.host().call.is_static {
        return Err(Escape::Failure("transient store in a static call").into());
    }
    context.journal_mut().tstore(program.host().call.address, key, value);
    Ok(None)
}
