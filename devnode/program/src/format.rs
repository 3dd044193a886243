//! How a program is stored as contract code: a prefix that no EVM contract can start with, a dictionary byte, and the
//! WASM compressed with brotli. A program that is too long for one contract is cut into
//! [`fragments`](crate::fragments).

use brotli::enc::{BrotliEncoderParams, StandardAlloc};
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use thiserror::Error;

/// The first bytes of a classic program: the EOF magic `EF`, the Stylus discriminant `F0`, and the version `00`.
pub const CLASSIC_PREFIX: [u8; 3] = [0xef, 0xf0, 0x00];

/// The dictionary byte of programs compressed without a shared dictionary, as all of cargo-stylus are.
pub(crate) const NO_DICTIONARY: u8 = 0;

/// Bytes of decompressed output that are asked for at a time.
const CHUNK: usize = 16 * 1024;

/// Why code does not decompress to WASM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The code is not that of a classic program.
    #[error("specified bytecode is not a Stylus program")]
    NotAProgram,
    /// The program was compressed with a shared dictionary, which this crate does not have.
    #[error("unsupported dictionary type: {0}")]
    UnsupportedDictionary(u8),
    /// The payload is not one complete brotli stream.
    #[error("failed to decompress the program")]
    Corrupt,
    /// The code is not that of a root of fragments: its length does not fit.
    #[error("stylus program root of {0} bytes: must be 8 and a multiple of 20")]
    RootLength(usize),
    /// A root without fragments.
    #[error("fragment count cannot be zero")]
    NoFragments,
    /// An account that a root names has no fragment's code.
    #[error("specified bytecode is not a Stylus program fragment")]
    NotAFragment,
    /// The fragments together hold another number of bytes than the root says.
    #[error("decompressed length does not match expected length {0}")]
    OtherLength(u32),
    /// The WASM is longer than the chain's limit, in bytes.
    #[error("the program decompresses to more than {0} bytes")]
    TooLarge(u32),
    /// The compressor failed.
    #[error("failed to compress the program")]
    Compression,
}

/// Whether `code` is executed as a classic program: it has the prefix and at least one byte more.
pub fn is_classic(code: &[u8]) -> bool {
    code.len() > CLASSIC_PREFIX.len() && code.starts_with(&CLASSIC_PREFIX)
}

/// The WASM of a classic program, at most `max_wasm_size` bytes. Bytes after the end of the brotli stream are ignored.
///
/// # Errors
/// [`NotAProgram`](FormatError::NotAProgram), [`UnsupportedDictionary`](FormatError::UnsupportedDictionary),
/// [`Corrupt`](FormatError::Corrupt) or [`TooLarge`](FormatError::TooLarge).
pub fn decompress(code: &[u8], max_wasm_size: u32) -> Result<Vec<u8>, FormatError> {
    let Some([dictionary, compressed @ ..]) = code.strip_prefix(&CLASSIC_PREFIX) else {
        return Err(FormatError::NotAProgram);
    };
    known_dictionary(*dictionary)?;
    let limit = usize::try_from(max_wasm_size).unwrap_or(usize::MAX);
    inflate(compressed, limit)?.ok_or(FormatError::TooLarge(max_wasm_size))
}

/// Whether this crate has the dictionary.
pub(crate) fn known_dictionary(dictionary: u8) -> Result<(), FormatError> {
    if dictionary == NO_DICTIONARY { Ok(()) } else { Err(FormatError::UnsupportedDictionary(dictionary)) }
}

/// The brotli stream at the start of `compressed`, or `None` if it holds more than `limit` bytes.
pub(crate) fn inflate(compressed: &[u8], limit: usize) -> Result<Option<Vec<u8>>, FormatError> {
    let mut state = BrotliState::new(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default());
    let (mut input_left, mut input_offset) = (compressed.len(), 0);
    let mut output = Vec::new();
    let mut chunk = [0; CHUNK];
    loop {
        let (mut chunk_left, mut chunk_offset, mut total) = (CHUNK, 0, 0);
        let result = BrotliDecompressStream(
            &mut input_left,
            &mut input_offset,
            compressed,
            &mut chunk_left,
            &mut chunk_offset,
            &mut chunk,
            &mut total,
            &mut state,
        );
        output.extend_from_slice(&chunk[..chunk_offset]);
        if output.len() > limit {
            return Ok(None);
        }
        match result {
            BrotliResult::ResultSuccess => return Ok(Some(output)),
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::NeedsMoreInput | BrotliResult::ResultFailure => return Err(FormatError::Corrupt),
        }
    }
}

/// How long `data` is after brotli at quality 1 with a window of 2^22, in bytes: what Arbitrum takes for the part of a
/// transaction in a batch. The encoder is a port of Nitro's, which found the same length for all inputs below 30,000
/// bytes that were tried, and one up to 18 % away for some above.
pub fn compressed_size(data: &[u8]) -> usize {
    let params = BrotliEncoderParams { quality: 1, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    // All at once: what comes in parts is compressed in parts at this quality.
    let mut input_buffer = vec![0; data.len().saturating_add(1)];
    let mut output_buffer = [0; 4_096];
    let result = brotli::enc::BrotliCompressCustomAlloc(
        &mut &*data,
        &mut compressed,
        &mut input_buffer,
        &mut output_buffer,
        &params,
        StandardAlloc::default(),
    );
    match result {
        Ok(_) => compressed.len(),
        // It writes to memory, which does not fail; if it ever did, the data would go as it is.
        Err(_) => data.len(),
    }
}

/// `wasm` as the code of a classic program: prefix, dictionary 0, brotli at quality 11 with a window of 2^22.
///
/// Run [`process`](crate::process::process) first: chains refuse what linkers emit.
///
/// # Errors
/// [`Compression`](FormatError::Compression) if the compressor fails.
pub fn compress(wasm: &[u8]) -> Result<Vec<u8>, FormatError> {
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut code = CLASSIC_PREFIX.to_vec();
    code.push(NO_DICTIONARY);
    let mut input = wasm;
    brotli::BrotliCompress(&mut input, &mut code, &params).map_err(|_| FormatError::Compression)?;
    Ok(code)
}

/// Init code that deploys `code` as it is: 43 bytes of EVM, then `code`.
///
/// The EVM code is `PUSH32 <length> DUP1 PUSH1 43 PUSH1 0 CODECOPY PUSH1 0 RETURN` and a zero byte, which cargo-stylus
/// uses as a version.
pub fn init_code(code: &[u8]) -> Vec<u8> {
    let length = code.len().to_be_bytes();
    let mut init = vec![0x7f];
    init.resize(1 + 32 - length.len(), 0);
    init.extend_from_slice(&length);
    init.extend_from_slice(&[0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00]);
    init.extend_from_slice(code);
    init
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_alone_is_not_a_program() {
        assert!(!is_classic(&[0xef, 0xf0, 0x00]));
        assert!(is_classic(&[0xef, 0xf0, 0x00, 0x00]));
        assert!(!is_classic(&[0xef, 0xf0, 0x01, 0x00]));
        assert!(!is_classic(&[]));
    }

    #[test]
    fn programs_round_trip() {
        let wasm: Vec<u8> = (0..100_000_u32).flat_map(|n| (n / 7).to_le_bytes()).take(100_000).collect();
        let code = compress(&wasm).unwrap();
        assert_eq!(code[..4], [0xef, 0xf0, 0x00, 0x00]);
        assert!(code.len() < wasm.len() / 2);
        assert_eq!(decompress(&code, 100_000), Ok(wasm));
    }

    #[test]
    fn the_limit_is_on_the_decompressed_size() {
        let code = compress(&[7; 100_000]).unwrap();
        assert_eq!(decompress(&code, 99_999), Err(FormatError::TooLarge(99_999)));
        assert_eq!(decompress(&code, 100_000).map(|wasm| wasm.len()), Ok(100_000));
    }

    #[test]
    fn what_is_not_a_stream_is_refused() {
        assert_eq!(decompress(&[0xef, 0xf0, 0x00], 10), Err(FormatError::NotAProgram));
        assert_eq!(decompress(&[0x60, 0x00, 0x60, 0x00], 10), Err(FormatError::NotAProgram));
        assert_eq!(decompress(&[0xef, 0xf0, 0x00, 0x01, 0x06], 10), Err(FormatError::UnsupportedDictionary(1)));
        assert_eq!(decompress(&[0xef, 0xf0, 0x00, 0x00], 10), Err(FormatError::Corrupt));
        let mut truncated = compress(b"a program of some length, which does not fit").unwrap();
        truncated.pop();
        assert_eq!(decompress(&truncated, 100), Err(FormatError::Corrupt));
    }

    #[test]
    fn bytes_after_the_stream_are_ignored() {
        let mut code = compress(b"program").unwrap();
        code.push(0xaa);
        assert_eq!(decompress(&code, 100), Ok(b"program".to_vec()));
    }

    #[test]
    fn init_code_copies_what_follows_it() {
        let init = init_code(&[0xef, 0xf0]);
        assert_eq!(init.len(), 43 + 2);
        assert_eq!(init[0], 0x7f);
        assert_eq!(init[1..33], {
            let mut length = [0; 32];
            length[31] = 2;
            length
        });
        assert_eq!(init[33..43], [0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00]);
        assert_eq!(init[43..], [0xef, 0xf0]);
    }
}
