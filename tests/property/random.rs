//! Numbers that look random and are the same in each run.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and good enough to choose with.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A number up to and including `limit`.
    pub(crate) fn up_to(&mut self, limit: u128) -> u128 {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        limit.checked_add(1).map_or(wide, |count| wide % count)
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of several, unless there are none.
    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let index = self.below(u64::try_from(of.len().max(1)).ok()?);
        of.get(usize::try_from(index).ok()?).cloned()
    }
}
