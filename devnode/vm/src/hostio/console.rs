//! Printing, on debug chains only. It is free and changes nothing.

use super::{Arguments, Program, Returned};
use crate::engine::Value;

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

/// `log_i32(value)` and `tee_i32(value)`; only the latter's signature lets the value through.
pub(super) fn i32(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    print(program, args.u32(0).cast_signed().to_string());
    Ok(Some(Value::I32(args.u32(0))))
}

/// `log_i64(value)` and `tee_i64(value)`.
pub(super) fn i64(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    print(program, args.u64(0).cast_signed().to_string());
    Ok(Some(Value::I64(args.u64(0))))
}

/// `log_f32(value)` and `tee_f32(value)`.
pub(super) fn f32(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    print(program, f32::from_bits(args.u32(0)).to_string());
    Ok(Some(Value::F32(args.u32(0))))
}

/// `log_f64(value)` and `tee_f64(value)`.
pub(super) fn f64(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    print(program, f64::from_bits(args.u64(0)).to_string());
    Ok(Some(Value::F64(args.u64(0))))
}

/// `null_host()`, `start_benchmark()` and `end_benchmark()`: markers for measurements that are not made here.
pub(super) fn nothing(_: &mut Program<'_>, _: Arguments<'_>) -> Returned {
    Ok(None)
}

fn print(program: &mut Program<'_>, line: String) {
    let lines = &mut program.host_mut().console;
    if lines.len() < MAX_LINES {
        lines.push(line);
    }
}
