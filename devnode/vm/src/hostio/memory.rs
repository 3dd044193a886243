//! Memory growth.

use super::row::{Deferred, How, Part, Row};
use super::{Arguments, HostIoError, Program};
use crate::engine::Value;
use crate::evm::Runtime;
use stylus_program::pages;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] =
    &[Row::new("pay_for_memory_grow", How::Deferred(Deferred::PayForMemoryGrow), &[Part::Number16(0)], &[])];

/// `pay_for_memory_grow(pages)`: pays for pages before they are added. `base_ink` is only due when there are none,
/// since pages have a price in gas. The pages count as open even if they cannot be paid.
pub(super) fn pay_for_memory_grow<E>(
    program: &mut Program<'_>,
    runtime: &mut Runtime,
    base_ink: u64,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<E>> {
    // The import takes 16 of the 32 bits. The engine's own limit keeps a program from growing by more than it paid for.
    let [low, high, ..] = args.u32(0).to_le_bytes();
    let new = u16::from_le_bytes([low, high]);
    if new == 0 {
        program.buy_ink(base_ink)?;
        return Ok(None);
    }
    let (free_pages, page_gas) = (program.host().call.free_pages, program.host().call.page_gas);
    let (open, ever) = runtime.add_pages(new);
    program.buy_gas(pages::cost(new, open, ever, free_pages, page_gas))?;
    Ok(None)
}
