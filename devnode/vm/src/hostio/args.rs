//! Arguments, result and the return data of calls.

use super::program::length;
use super::row::{How, Part, Row};
use super::{Arguments, Escape, Program, Returned};
use crate::engine::Value;
use revm::primitives::Bytes;
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new("read_args", How::Immediate(read_args), &[], &[Part::CallData]),
    Row::new("write_result", How::Immediate(write_result), &[Part::Data(0, 1)], &[]),
    Row::new("exit_early", How::Immediate(exit_early), &[Part::Number32(0)], &[]),
    Row::new("return_data_size", How::Immediate(return_data_size), &[], &[Part::Result]),
    Row::new(
        "read_return_data",
        How::Immediate(read_return_data),
        &[Part::Number32(1), Part::Number32(2)],
        &[Part::Written(0)],
    ),
];

/// `read_args(pointer)`: copies the call data into memory.
pub(super) fn read_args(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let data = program.host().args.clone();
    program.buy_ink(ink::write(u64::from(length(&data))))?;
    program.write(args.u32(0), &data)?;
    Ok(None)
}

/// `write_result(pointer, length)`: sets what the program returns. The program goes on.
pub(super) fn write_result(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let (pointer, length) = (args.u32(0), args.u32(1));
    let copy = ink::read(u64::from(length));
    program.buy_ink(copy)?;
    // The second copy is the one that the EVM side makes.
    program.buy_ink(copy)?;
    program.host_mut().output = program.read(pointer, length)?;
    Ok(None)
}

/// `exit_early(status)`.
pub(super) fn exit_early(_: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    Err(Escape::Exit(args.u32(0)))
}

/// `return_data_size()`.
pub(super) fn return_data_size(program: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(Some(Value::I32(length(&program.host().return_data))))
}

/// `read_return_data(destination, offset, size)`: copies what there is of the range and returns how much that was.
pub(super) fn read_return_data(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let (destination, offset, size) = (args.u32(0), args.u32(1), args.u32(2));
    let data = program.host().return_data.clone();
    let available = length(&data).saturating_sub(offset);
    program.buy_ink(ink::write(u64::from(size.min(available))))?;
    let part = run_off(&data, offset, size);
    if !part.is_empty() {
        program.write(destination, &part)?;
    }
    Ok(Some(Value::I32(length(&part))))
}

/// The bytes from `offset`, at most `size` of them, as far as there are any.
pub(super) fn run_off(data: &Bytes, offset: u32, size: u32) -> Bytes {
    let bound = |position: u32| usize::try_from(position).unwrap_or(usize::MAX).min(data.len());
    data.slice(bound(offset)..bound(offset.saturating_add(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_run_off_the_end() {
        let data = Bytes::from_static(&[1, 2, 3]);
        assert_eq!(run_off(&data, 1, 1).as_ref(), [2]);
        assert_eq!(run_off(&data, 1, 9).as_ref(), [2, 3]);
        assert!(run_off(&data, 3, 1).is_empty());
        assert!(run_off(&data, u32::MAX, u32::MAX).is_empty());
    }
}
