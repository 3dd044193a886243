//! Printing, on debug chains only. It is free and changes nothing.

use super::row::{How, Kept, Part, Row};
use super::{Arguments, Program, Returned};
use crate::engine::Value;

/// The host I/Os of this topic. Nitro leaves those that let the value through out of its traces.
pub(super) const ROWS: &[Row] = &[
    Row::console(
        "log_txt",
        How::Immediate(log_text),
        Some(Kept { name: "console_log_text", ins: &[Part::Data(0, 1)], outs: &[] }),
    ),
    Row::console("log_i32", How::Immediate(value), LOGGED),
    Row::console("log_i64", How::Immediate(value), LOGGED),
    Row::console("log_f32", How::Immediate(value), LOGGED),
    Row::console("log_f64", How::Immediate(value), LOGGED),
    Row::console("tee_i32", How::Immediate(value), None),
    Row::console("tee_i64", How::Immediate(value), None),
    Row::console("tee_f32", How::Immediate(value), None),
    Row::console("tee_f64", How::Immediate(value), None),
];

const LOGGED: Option<Kept> = Some(Kept { name: "console_log", ins: &[Part::Text(0)], outs: &[] });

/// The most lines that one invocation can leave. Printing costs no ink, so something else must bound it.
const MAX_LINES: usize = 1_024;

/// The longest text of a line, in bytes.
const MAX_LINE_BYTES: u32 = 4_096;

/// `log_txt(pointer, length)`.
pub(super) fn log_text(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let text = program.read(args.u32(0), args.u32(1).min(MAX_LINE_BYTES))?;
    print(program, String::from_utf8_lossy(&text).into_owned());
    Ok(None)
}

/// `log_i32(value)`, `tee_i32(value)` and the same for the other types. Only the signature of `tee` lets the value
/// through.
pub(super) fn value(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let value = args.0.first().copied();
    if let Some(value) = value {
        print(program, text(value));
    }
    Ok(value)
}

/// A number as it is printed; integers are signed.
pub(super) fn text(value: Value) -> String {
    match value {
        Value::I32(value) => value.cast_signed().to_string(),
        Value::I64(value) => value.cast_signed().to_string(),
        Value::F32(bits) => f32::from_bits(bits).to_string(),
        Value::F64(bits) => f64::from_bits(bits).to_string(),
    }
}

fn print(program: &mut Program<'_>, line: String) {
    let lines = &mut program.host_mut().console;
    if lines.len() < MAX_LINES {
        lines.push(line);
    }
}
