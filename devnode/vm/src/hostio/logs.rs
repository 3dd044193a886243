//! Events.

use super::gas::{LOG, LOG_BYTE};
use super::row::{Deferred, How, Part, Row};
use super::{Arguments, Escape, HostIoError, Program};
use crate::engine::Value;
use crate::evm::Context;
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{B256, Log};
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] =
    &[Row::new("emit_log", How::Deferred(Deferred::EmitLog), &[Part::Number32(2), Part::Data(0, 1)], &[])];

/// Bytes of a topic.
const TOPIC: u32 = 32;

/// `emit_log(data, length, topics)`: the first `topics` words of the data are the topics.
pub(super) fn emit_log<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    let (pointer, length, topics) = (args.u32(0), args.u32(1), args.u32(2));
    let data_length = match topics {
        0..=4 => length.checked_sub(topics.saturating_mul(TOPIC)),
        _ => None,
    };
    let Some(data_length) = data_length else { return Err(Escape::Failure("bad topic data").into()) };
    program.buy_ink(ink::read(u64::from(length)))?;
    let gas = LOG * (1 + u64::from(topics)) + LOG_BYTE * u64::from(data_length);
    program.buy_gas(gas)?;
    let data = program.read(pointer, length)?;
    if program.host().call.is_static {
        return Err(Escape::Failure("log in a static call").into());
    }
    let split = data.len().saturating_sub(usize::try_from(data_length).unwrap_or(usize::MAX));
    let words = data[..split].chunks_exact(32).map(B256::from_slice).collect();
    let address = program.host().call.address;
    context.journal_mut().log(Log::new_unchecked(address, words, data.slice(split..)));
    Ok(None)
}
