//! Arguments, result, and the data that calls return.

use super::probe::*;

/// A call of the account that returns its input, with 72 bytes of text: 72 bytes come back.
fn echo() -> String {
    let pointers = constants([AT_IDENTITY, TEXT, 72]);
    format!("{pointers} i64.const -1 i32.const {LENGTH} call $static_call_contract drop")
}

pub(super) fn cases() -> Vec<Case> {
    let data = call_data();
    vec![
        // 5,040 for the first 32 bytes and 30 for each of the other 8.
        case("read_args", constants([OUT]), 8_400 + 5_040 + 30 * 8)
            .does(Effect::Memory(OUT, data.clone()))
            .traced(&[], &[&data]),
        // Twice 16,381 for the first 32 bytes and 55 for each of the other 8.
        case("write_result", constants([TEXT, 40]), 8_400 + 2 * (16_381 + 55 * 8))
            .does(Effect::Output(bytes(TEXT, 40)))
            .traced(&[&bytes(TEXT, 40)], &[]),
        case("write_result", constants([TEXT, 0]), 8_400 + 2 * 16_381)
            .does(Effect::Output(Vec::new()))
            .traced(&[], &[]),
        case("return_data_size", "", 8_400).does(Effect::Result(0)).traced(&[], &[&0_u32.to_be_bytes()]),
        case("return_data_size", "", 8_400)
            .after(echo())
            .does(Effect::Result(72))
            .traced(&[], &[&72_u32.to_be_bytes()]),
        // There are 64 bytes from the eighth on: 5,040 and 30 for each of 32.
        case("read_return_data", constants([OUT, 8, 100]), 68_073 + 5_040 + 30 * 32)
            .after(echo())
            .does(Effect::Result(64))
            .does(Effect::Memory(OUT, bytes(TEXT + 8, 64)))
            .traced(&[&8_u32.to_be_bytes(), &100_u32.to_be_bytes()], &[&bytes(TEXT + 8, 64)]),
        // Nothing is written, and the first 32 bytes are paid for all the same.
        case("read_return_data", constants([OUT, 72, 32]), 68_073 + 5_040)
            .after(echo())
            .does(Effect::Result(0))
            .does(Effect::Memory(OUT, vec![0; 32]))
            .traced(&[&72_u32.to_be_bytes(), &32_u32.to_be_bytes()], &[]),
    ]
}
