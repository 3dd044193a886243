//! Programs in several contracts, from ArbOS 60 on. Each fragment holds a part of the brotli stream. A root, the
//! program that is activated and called, names the fragments in order.
//!
//! * a fragment's code is the prefix `EF F0 01` and its part of the stream;
//! * a root's code is the prefix `EF F0 02`, the dictionary byte, the length of the WASM in bytes (four bytes,
//!   big-endian) and the addresses of the fragments.
//!
//! Source: go-ethereum as Nitro uses it, core/state/statedb_arbitrum.go.

use crate::format::{self, FormatError};
use crate::params::arbos_versions;

/// The first bytes of a fragment.
pub const FRAGMENT_PREFIX: [u8; 3] = [0xef, 0xf0, 0x01];

/// The first bytes of a root.
pub const ROOT_PREFIX: [u8; 3] = [0xef, 0xf0, 0x02];

/// Bytes before a root's addresses.
const ROOT_HEAD: usize = 8;

/// What a root says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    dictionary: u8,
    /// Bytes of WASM.
    pub wasm_size: u32,
    /// The contracts with the fragments, in order.
    pub addresses: Vec<[u8; 20]>,
}

/// Whether code that begins like this is a program that can be called at `arbos_version`: a classic one, or a root.
pub fn is_program(code: &[u8], arbos_version: u64) -> bool {
    format::is_classic(code) || (arbos_version >= arbos_versions::FRAGMENTS && is_root(code))
}

/// Whether code that begins like this may be created at `arbos_version` although it begins with `EF` (EIP-3541): a
/// program, or a fragment of one.
pub fn is_part_of_a_program(code: &[u8], arbos_version: u64) -> bool {
    is_program(code, arbos_version) || (arbos_version >= arbos_versions::FRAGMENTS && is_fragment(code))
}

/// Whether `code` has the prefix of a root and at least one byte more.
pub fn is_root(code: &[u8]) -> bool {
    code.len() > ROOT_PREFIX.len() && code.starts_with(&ROOT_PREFIX)
}

/// Whether `code` has the prefix of a fragment and at least one byte more.
pub fn is_fragment(code: &[u8]) -> bool {
    code.len() > FRAGMENT_PREFIX.len() && code.starts_with(&FRAGMENT_PREFIX)
}

impl Root {
    /// Reads a root's code.
    ///
    /// # Errors
    /// [`NotAProgram`](FormatError::NotAProgram), [`RootLength`](FormatError::RootLength) or
    /// [`NoFragments`](FormatError::NoFragments).
    pub fn read(code: &[u8]) -> Result<Self, FormatError> {
        if !is_root(code) {
            return Err(FormatError::NotAProgram);
        }
        let Some(([_, _, _, dictionary, wasm_size @ ..], addresses)) = code.split_first_chunk::<ROOT_HEAD>() else {
            return Err(FormatError::RootLength(code.len()));
        };
        let (addresses, []) = addresses.as_chunks() else {
            return Err(FormatError::RootLength(code.len()));
        };
        if addresses.is_empty() {
            return Err(FormatError::NoFragments);
        }
        Ok(Self { dictionary: *dictionary, wasm_size: u32::from_be_bytes(*wasm_size), addresses: addresses.to_vec() })
    }

    /// The WASM that the codes of the fragments hold together.
    ///
    /// # Errors
    /// [`NotAFragment`](FormatError::NotAFragment), [`UnsupportedDictionary`](FormatError::UnsupportedDictionary),
    /// [`Corrupt`](FormatError::Corrupt) or [`OtherLength`](FormatError::OtherLength).
    pub fn decompress(&self, fragments: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, FormatError> {
        let mut compressed = Vec::new();
        for fragment in fragments {
            compressed.extend_from_slice(payload(fragment.as_ref())?);
        }
        format::known_dictionary(self.dictionary)?;
        let size = usize::try_from(self.wasm_size).unwrap_or(usize::MAX);
        match format::inflate(&compressed, size)? {
            Some(wasm) if wasm.len() == size => Ok(wasm),
            _ => Err(FormatError::OtherLength(self.wasm_size)),
        }
    }
}

/// A fragment's part of the stream.
///
/// # Errors
/// [`NotAFragment`](FormatError::NotAFragment).
pub fn payload(code: &[u8]) -> Result<&[u8], FormatError> {
    match code.strip_prefix(&FRAGMENT_PREFIX) {
        Some(payload) if !payload.is_empty() => Ok(payload),
        _ => Err(FormatError::NotAFragment),
    }
}

/// Cuts the code of a classic program (from [`compress`](format::compress)) into the codes of fragments of at most
/// `max_code_size` bytes, but at least one byte more than the prefix.
///
/// # Errors
/// [`NotAProgram`](FormatError::NotAProgram).
pub fn cut(code: &[u8], max_code_size: usize) -> Result<Vec<Vec<u8>>, FormatError> {
    let Some([_, stream @ ..]) = code.strip_prefix(&format::CLASSIC_PREFIX) else {
        return Err(FormatError::NotAProgram);
    };
    let room = max_code_size.saturating_sub(FRAGMENT_PREFIX.len()).max(1);
    Ok(stream.chunks(room).map(|part| [&FRAGMENT_PREFIX[..], part].concat()).collect())
}

/// The code of the root of fragments at these addresses, which hold a WASM of `wasm_size` bytes together, compressed
/// without a dictionary.
pub fn root(wasm_size: u32, addresses: &[[u8; 20]]) -> Vec<u8> {
    [&ROOT_PREFIX[..], &[format::NO_DICTIONARY], &wasm_size.to_be_bytes(), addresses.as_flattened()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESSES: [[u8; 20]; 2] = [[0x11; 20], [0x22; 20]];

    #[test]
    fn fragments_round_trip() {
        let wasm: Vec<u8> = (0..50_000_u32).flat_map(|n| (n / 7).to_le_bytes()).take(50_000).collect();
        let code = format::compress(&wasm).unwrap();
        let fragments = cut(&code, 103).unwrap();
        // The prefixes are not part of the stream: four bytes of the program, three of each fragment.
        assert_eq!(fragments.len(), (code.len() - 4).div_ceil(100));
        assert!(fragments.len() > 2 && fragments[0].len() == 103);
        let root = Root::read(&root(50_000, &ADDRESSES)).unwrap();
        assert_eq!(root.addresses, ADDRESSES);
        assert_eq!(root.decompress(&fragments), Ok(wasm));
    }

    #[test]
    fn the_length_must_be_exact() {
        let fragments = cut(&format::compress(b"a program").unwrap(), 100).unwrap();
        let decompress = |size| Root::read(&root(size, &ADDRESSES[..1])).unwrap().decompress(&fragments);
        assert_eq!(decompress(8), Err(FormatError::OtherLength(8)));
        assert_eq!(decompress(9).as_deref(), Ok(&b"a program"[..]));
        assert_eq!(decompress(10), Err(FormatError::OtherLength(10)));
    }

    #[test]
    fn roots_have_whole_addresses() {
        let code = root(9, &ADDRESSES);
        assert_eq!(code.len(), 48);
        assert_eq!(Root::read(&code[..47]), Err(FormatError::RootLength(47)));
        assert_eq!(Root::read(&code[..8]), Err(FormatError::NoFragments));
        assert_eq!(Root::read(&code[..7]), Err(FormatError::RootLength(7)));
        assert_eq!(Root::read(&code[..3]), Err(FormatError::NotAProgram));
    }

    #[test]
    fn what_is_named_must_be_a_fragment() {
        let root = Root::read(&root(9, &ADDRESSES[..1])).unwrap();
        for code in [&[][..], &FRAGMENT_PREFIX, &[0xef, 0xf0, 0x00, 0x00, 0x01], &[0xfe]] {
            assert_eq!(root.decompress(&[code]), Err(FormatError::NotAFragment));
        }
    }

    #[test]
    fn parts_come_with_arbos_60() {
        let (fragment, root) = ([&FRAGMENT_PREFIX[..], &[1]].concat(), root(9, &ADDRESSES));
        for code in [&fragment, &root] {
            assert!(!is_part_of_a_program(code, 59));
            assert!(is_part_of_a_program(code, 60));
        }
        assert!(is_program(&root, 60) && !is_program(&fragment, 60));
        assert!(!is_part_of_a_program(&FRAGMENT_PREFIX, 60) && !is_part_of_a_program(&ROOT_PREFIX, 60));
    }
}
