//! What the tests with hostile input draw from.

/// A small deterministic generator (xorshift64*), so that a failure can be repeated.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 8;
        usize::try_from(number % u64::try_from(bound).expect("small")).expect("small")
    }

    /// One of these.
    pub(crate) fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// How many inputs a test tries: as many as `STYLUS_FUZZ_INPUTS` says, or `usual`.
pub(crate) fn inputs(usual: usize) -> usize {
    let inputs = std::env::var("STYLUS_FUZZ_INPUTS");
    inputs.map_or(usual, |text| text.parse().expect("STYLUS_FUZZ_INPUTS is a number"))
}
