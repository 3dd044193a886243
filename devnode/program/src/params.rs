//! The chain's parameters for Stylus programs, and the storage word that holds them.

/// The ArbOS versions at which something in this crate changes.
pub mod arbos_versions {
    /// Stylus version 2: programs pay for their cached start on every call.
    pub const STYLUS_FIXES: u64 = 31;
    /// Activation pays for the WASM's length and limits its imports.
    pub const CHARGING_FIXES: u64 = 32;
    /// The maximum WASM size becomes a parameter.
    pub const STORED_WASM_SIZE: u64 = 40;
    /// The stack depth is capped.
    pub const LOWER_STACK: u64 = 50;
    /// Programs made of several code fragments; multiple results are no longer accepted.
    pub const FRAGMENTS: u64 = 60;
    /// Programs that the block has called before start as if they were cached.
    pub const RECENT_PROGRAMS: u64 = 60;
    /// Activations pay what the chain's owner asks for, first of all.
    pub const ACTIVATION_GAS: u64 = 60;
}

/// Bytes of WASM that a program may decompress to, where the chain does not say otherwise.
pub const DEFAULT_MAX_WASM_SIZE: u32 = 128 * 1024;

/// What a chain asks of its programs. One storage word of ArbOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramParams {
    /// The Stylus version: programs activated for another one must be activated again.
    pub version: u16,
    /// Ink per gas; 24 bits are stored.
    pub ink_price: u32,
    /// Words of stack that one program invocation may use.
    pub max_stack_depth: u32,
    /// Pages of memory that a transaction has for free.
    pub free_pages: u16,
    /// Gas of a page beyond those.
    pub page_gas: u16,
    /// Pages that an activation may leave open.
    pub page_limit: u16,
    /// Gas of starting any program that is not cached, in units of 128.
    pub min_init_gas: u8,
    /// Gas of starting any cached program, in units of 32.
    pub min_cached_init_gas: u8,
    /// Multiplier of a program's own cost of starting, in units of 2 %.
    pub init_cost_scalar: u8,
    /// Multiplier of a program's own cost of starting from the cache, in units of 2 %.
    pub cached_cost_scalar: u8,
    /// Days until an activation expires.
    pub expiry_days: u16,
    /// Days until an activation can be prolonged.
    pub keepalive_days: u16,
    /// Programs that stay cached within a block.
    pub block_cache_size: u16,
    /// Bytes that a program may decompress to.
    pub max_wasm_size: u32,
    /// Code fragments that a program may consist of; zero before they exist.
    pub max_fragment_count: u8,
}

impl ProgramParams {
    /// The parameters of a chain that starts at `arbos_version` (30 or later).
    pub fn initial(arbos_version: u64) -> Self {
        let fixed = arbos_version >= arbos_versions::STYLUS_FIXES;
        // As released, where cargo-stylus deploys programs of three fragments; earlier drafts had two, and 128 KiB.
        let fragments = arbos_version >= arbos_versions::FRAGMENTS;
        Self {
            version: if fixed { 2 } else { 1 },
            ink_price: 10_000,
            max_stack_depth: if arbos_version >= arbos_versions::LOWER_STACK { 22_000 } else { 262_144 },
            free_pages: 2,
            page_gas: 1_000,
            page_limit: 128,
            min_init_gas: if fixed { 69 } else { 72 },
            min_cached_init_gas: 11,
            init_cost_scalar: 50,
            cached_cost_scalar: 50,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            max_wasm_size: if fragments { 262_144 } else { DEFAULT_MAX_WASM_SIZE },
            max_fragment_count: if fragments { 4 } else { 0 },
        }
    }

    /// The storage word: the fields in order, big-endian and left-aligned, without the fields that `arbos_version` does
    /// not know. The word keeps the low 24 bits of the ink price.
    pub fn encode(&self, arbos_version: u64) -> [u8; 32] {
        let mut word = WordWriter::default();
        let [_, ink_price @ ..] = self.ink_price.to_be_bytes();
        word.put(self.version.to_be_bytes());
        word.put(ink_price);
        word.put(self.max_stack_depth.to_be_bytes());
        word.put(self.free_pages.to_be_bytes());
        word.put(self.page_gas.to_be_bytes());
        word.put(self.page_limit.to_be_bytes());
        word.put([self.min_init_gas, self.min_cached_init_gas, self.init_cost_scalar, self.cached_cost_scalar]);
        word.put(self.expiry_days.to_be_bytes());
        word.put(self.keepalive_days.to_be_bytes());
        word.put(self.block_cache_size.to_be_bytes());
        if arbos_version >= arbos_versions::STORED_WASM_SIZE {
            word.put(self.max_wasm_size.to_be_bytes());
        }
        if arbos_version >= arbos_versions::FRAGMENTS {
            word.put([self.max_fragment_count]);
        }
        word.bytes
    }

    /// The inverse of [`encode`](Self::encode). Fields that `arbos_version` does not store get their fixed values.
    pub fn decode(word: [u8; 32], arbos_version: u64) -> Self {
        let mut word = WordReader { bytes: word, next: 0 };
        let version = u16::from_be_bytes(word.take());
        let [high, middle, low] = word.take();
        Self {
            version,
            ink_price: u32::from_be_bytes([0, high, middle, low]),
            max_stack_depth: u32::from_be_bytes(word.take()),
            free_pages: u16::from_be_bytes(word.take()),
            page_gas: u16::from_be_bytes(word.take()),
            page_limit: u16::from_be_bytes(word.take()),
            min_init_gas: u8::from_be_bytes(word.take()),
            min_cached_init_gas: u8::from_be_bytes(word.take()),
            init_cost_scalar: u8::from_be_bytes(word.take()),
            cached_cost_scalar: u8::from_be_bytes(word.take()),
            expiry_days: u16::from_be_bytes(word.take()),
            keepalive_days: u16::from_be_bytes(word.take()),
            block_cache_size: u16::from_be_bytes(word.take()),
            max_wasm_size: if arbos_version >= arbos_versions::STORED_WASM_SIZE {
                u32::from_be_bytes(word.take())
            } else {
                DEFAULT_MAX_WASM_SIZE
            },
            max_fragment_count: if arbos_version >= arbos_versions::FRAGMENTS {
                u8::from_be_bytes(word.take())
            } else {
                0
            },
        }
    }
}

/// Fills a word from the left. The fields above need at most 30 of the 32 bytes.
#[derive(Default)]
struct WordWriter {
    bytes: [u8; 32],
    next: usize,
}

impl WordWriter {
    fn put<const N: usize>(&mut self, field: [u8; N]) {
        for byte in field {
            self.bytes[self.next] = byte;
            self.next += 1;
        }
    }
}

/// Reads a word from the left.
struct WordReader {
    bytes: [u8; 32],
    next: usize,
}

impl WordReader {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let start = self.next;
        self.next += N;
        std::array::from_fn(|index| self.bytes[start + index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_change_the_initial_values() {
        let first = ProgramParams::initial(30);
        assert_eq!((first.version, first.min_init_gas, first.max_stack_depth), (1, 72, 262_144));
        let second = ProgramParams::initial(31);
        assert_eq!((second.version, second.min_init_gas, second.max_stack_depth), (2, 69, 262_144));
        let current = ProgramParams::initial(51);
        assert_eq!((current.version, current.min_init_gas, current.max_stack_depth), (2, 69, 22_000));
        assert_eq!(current.max_fragment_count, 0);
        let next = ProgramParams::initial(60);
        assert_eq!((next.max_fragment_count, current.max_wasm_size, next.max_wasm_size), (4, 131_072, 262_144));
    }

    #[test]
    fn word_has_the_documented_layout() {
        let word = ProgramParams::initial(60).encode(60);
        let expected = [
            &[0, 2][..],               // version
            &[0x00, 0x27, 0x10],       // ink price 10,000
            &[0x00, 0x00, 0x55, 0xf0], // stack depth 22,000
            &[0, 2],                   // free pages
            &[0x03, 0xe8],             // page gas 1,000
            &[0, 128],                 // page limit
            &[69, 11, 50, 50],         // minimum gas and scalars
            &[0x01, 0x6d],             // expiry 365
            &[0, 31],                  // keepalive
            &[0, 32],                  // block cache
            &[0x00, 0x04, 0x00, 0x00], // maximum wasm size 262,144
            &[4],                      // fragments
            &[0, 0],                   // unused
        ]
        .concat();
        assert_eq!(word.as_slice(), expected);
    }

    #[test]
    fn words_round_trip() {
        for version in [30, 31, 32, 40, 50, 51, 60] {
            let params = ProgramParams::initial(version);
            assert_eq!(ProgramParams::decode(params.encode(version), version), params, "ArbOS {version}");
        }
        let unusual = ProgramParams {
            version: 0x0102,
            ink_price: 0x03_0405,
            max_stack_depth: 0x0607_0809,
            free_pages: 0x0a0b,
            page_gas: 0x0c0d,
            page_limit: 0x0e0f,
            min_init_gas: 0x10,
            min_cached_init_gas: 0x11,
            init_cost_scalar: 0x12,
            cached_cost_scalar: 0x13,
            expiry_days: 0x1415,
            keepalive_days: 0x1617,
            block_cache_size: 0x1819,
            max_wasm_size: 0x1a1b_1c1d,
            max_fragment_count: 0x1e,
        };
        let word = unusual.encode(60);
        let counting: Vec<u8> = (1..=0x1e).chain([0, 0]).collect();
        assert_eq!(word.as_slice(), counting);
        assert_eq!(ProgramParams::decode(word, 60), unusual);
    }

    #[test]
    fn older_versions_leave_the_tail_empty() {
        let word = ProgramParams::initial(32).encode(32);
        assert_eq!(word[25..], [0; 7]);
        assert_eq!(ProgramParams::decode(word, 32).max_wasm_size, 131_072);
    }
}
