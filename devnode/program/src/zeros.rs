//! Data without its zeros: what is zero anyway needs no bytes.
//!
//! A program pays for every byte of its data whenever it starts, and compilers leave hundreds of zeros in it: the
//! unused ends of buffers that were filled when the program was compiled.

use wasmparser::{BinaryReader, ConstExpr, Data, DataKind, Operator, WasmFeatures};

use crate::module::Module;
use crate::process::ProcessError;

/// Shorter runs stay: a segment of its own takes about eight bytes, and with many of them the compressed module grows.
const SHORTEST_RUN: usize = 24;

/// `wasm` with its data in segments that leave out long runs of zeros. Memory begins as zeros, so it holds the same.
/// Where something else can tell (segments that overlap, that are copied later or lie at a computed place), it is
/// returned as it is.
///
/// # Errors
/// [`ProcessError::Malformed`].
pub fn leave_out_zeros(wasm: &[u8]) -> Result<Vec<u8>, ProcessError> {
    let mut module = Module::parse(wasm, WasmFeatures::default())?;
    let Some(pieces) = places(&module.data).and_then(|places| pieces(&module.data, &places)) else {
        return Ok(wasm.to_vec());
    };
    let offsets: Vec<Vec<u8>> = pieces.iter().map(|(place, _)| constant(*place)).collect();
    module.data = pieces
        .iter()
        .zip(&offsets)
        .map(|((_, data), offset)| {
            let offset_expr = ConstExpr::new(BinaryReader::new(offset, 0));
            Data { kind: DataKind::Active { memory_index: 0, offset_expr }, data, range: 0..0 }
        })
        .collect();
    Ok(module.encode()?)
}

/// Where the segments lie; none if one is not copied to a constant place at the start.
fn places(segments: &[Data<'_>]) -> Option<Vec<u32>> {
    segments.iter().map(place).collect()
}

fn place(segment: &Data<'_>) -> Option<u32> {
    let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else { return None };
    let mut operators = offset_expr.get_operators_reader();
    let Ok(Operator::I32Const { value }) = operators.read() else { return None };
    // An address: the sign bit is its highest.
    matches!(operators.read(), Ok(Operator::End)).then_some(value.cast_unsigned())
}

/// The parts of the segments between long runs of zeros, each with its place; none if segments overlap.
fn pieces<'a>(segments: &[Data<'a>], places: &[u32]) -> Option<Vec<(u32, &'a [u8])>> {
    let mut taken: Vec<(u64, u64)> = Vec::new();
    let mut pieces = Vec::new();
    for (segment, place) in segments.iter().zip(places) {
        let begins = u64::from(*place);
        let ends = begins + u64::try_from(segment.data.len()).ok()?;
        if taken.iter().any(|(other, end)| begins < *end && *other < ends) {
            return None;
        }
        taken.push((begins, ends));
        for (offset, piece) in between_zeros(segment.data) {
            pieces.push((place.checked_add(u32::try_from(offset).ok()?)?, piece));
        }
    }
    Some(pieces)
}

/// The parts of `data` between runs of zeros, each with its offset.
fn between_zeros(data: &[u8]) -> Vec<(usize, &[u8])> {
    let mut parts = Vec::new();
    // Where the present part begins, and where its last byte that is not zero ends.
    let (mut begins, mut ends) = (0, 0);
    for (at, _) in data.iter().enumerate().filter(|(_, byte)| **byte != 0) {
        if at - ends >= SHORTEST_RUN || ends == 0 {
            if begins < ends {
                parts.push((begins, &data[begins..ends]));
            }
            begins = at;
        }
        ends = at + 1;
    }
    if begins < ends {
        parts.push((begins, &data[begins..ends]));
    }
    parts
}

/// The expression of a constant place.
fn constant(place: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    wasm_encoder::Encode::encode(&wasm_encoder::ConstExpr::i32_const(place.cast_signed()), &mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first page of memory after the start.
    fn memory(wasm: &[u8]) -> Vec<u8> {
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, wasm).unwrap();
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).unwrap();
        instance.get_memory(&store, "memory").unwrap().data(&store).to_vec()
    }

    fn with_data(data: &str) -> Vec<u8> {
        wat::parse_str(format!(r#"(module (memory (export "memory") 1) {data})"#)).unwrap()
    }

    fn segments(wasm: &[u8]) -> Vec<(u32, Vec<u8>)> {
        let module = Module::parse(wasm, WasmFeatures::default()).unwrap();
        module.data.iter().map(|segment| (place(segment).unwrap(), segment.data.to_vec())).collect()
    }

    #[test]
    fn memory_begins_the_same_without_the_zeros() {
        let zeros = "\\00".repeat(SHORTEST_RUN);
        let short = "\\00".repeat(SHORTEST_RUN - 1);
        let cases = [
            (format!("a{zeros}b{short}c{zeros}"), vec![(0, 1), (25, 25)]),
            (format!("{zeros}ab"), vec![(24, 2)]),
            (format!("{short}ab"), vec![(23, 2)]),
            (zeros.repeat(3), vec![]),
            (String::new(), vec![]),
            ("abc".to_owned(), vec![(0, 3)]),
        ];
        for (data, expected) in cases {
            for base in [0, 1_024, 65_000] {
                let wasm = with_data(&format!(r#"(data (i32.const {base}) "{data}") (data (i32.const 4) "xyz")"#));
                let less = leave_out_zeros(&wasm).unwrap();
                assert_eq!(memory(&less), memory(&wasm), "{data} at {base}");
                if base != 0 {
                    let found = segments(&less).into_iter().filter(|(at, _)| *at >= base);
                    let found: Vec<_> = found.map(|(at, piece)| (at - base, piece.len())).collect();
                    assert_eq!(found, expected, "{data} at {base}");
                }
            }
        }
    }

    #[test]
    fn what_can_tell_is_left_as_it_is() {
        let zeros = "\\00".repeat(40);
        for data in [
            // The zeros of the second overwrite the first.
            format!(r#"(data (i32.const 0) "abc") (data (i32.const 1) "{zeros}")"#),
            // Copied by an operator.
            format!(r#"(data "a{zeros}b") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 9)))"#),
            // At a place that another module says.
            format!(r#"(global i32 (i32.const 5)) (data (offset (global.get 0)) "a{zeros}b")"#),
        ] {
            let wasm = with_data(&data);
            assert_eq!(leave_out_zeros(&wasm).unwrap(), wasm);
        }
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(matches!(leave_out_zeros(b"no module"), Err(ProcessError::Malformed(_))));
    }
}
