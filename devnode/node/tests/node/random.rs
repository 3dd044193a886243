//! What the tests with hostile input draw from. Their seeds are fixed, so that a failure can be repeated.

use fastrand::Rng;

/// One of these.
pub(crate) fn pick<'a>(random: &mut Rng, of: &[&'a str]) -> &'a str {
    of[random.usize(..of.len())]
}

/// How many inputs a test tries: as many as `STYLUS_FUZZ_INPUTS` says, or `usual`.
pub(crate) fn inputs(usual: usize) -> usize {
    let inputs = std::env::var("STYLUS_FUZZ_INPUTS");
    inputs.map_or(usual, |text| text.parse().expect("STYLUS_FUZZ_INPUTS is a number"))
}
