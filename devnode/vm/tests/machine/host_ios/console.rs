//! What debug chains have on top: all of it is free.

use super::probe::*;

/// Nitro's traces have what is printed, but not what goes through a `tee`.
pub(super) fn cases() -> Vec<Case> {
    let text = "\u{1}\u{2}\u{3}";
    let log = |name, arguments: &str, line: &'static str| {
        case(name, arguments, 0).does(Effect::Line(line)).traced_as("console_log", &[line.as_bytes()], &[])
    };
    let tee = |name, arguments: &str, line: &'static str| case(name, arguments, 0).does(Effect::Line(line));
    vec![
        case("log_txt", constants([TEXT, 3]), 0).does(Effect::Line(text)).traced_as(
            "console_log_text",
            &[text.as_bytes()],
            &[],
        ),
        log("log_i32", "i32.const -3", "-3"),
        log("log_i64", "i64.const -4", "-4"),
        // Floats cannot be written down: an unset local is the only one there is.
        log("log_f32", "local.get $f32", "0"),
        log("log_f64", "local.get $f64", "0"),
        tee("tee_i32", "i32.const -3", "-3").does(Effect::Result(u32::MAX as u64 - 2)),
        tee("tee_i64", "i64.const -4", "-4").does(Effect::Result(u64::MAX - 3)),
        tee("tee_f32", "local.get $f32", "0"),
        tee("tee_f64", "local.get $f64", "0"),
    ]
}
