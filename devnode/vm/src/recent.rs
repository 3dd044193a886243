//! Programs that were called in the block before.

use revm::primitives::B256;

/// The last programs that a block has called. From ArbOS 60 on these programs start as if they were cached. A block
/// begins with none, and reverts do not remove any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecentPrograms {
    /// Hashes of code, the last one called at the end.
    code_hashes: Vec<B256>,
    /// How many are kept, as the chain's parameters said at the first call.
    capacity: Option<usize>,
}

impl RecentPrograms {
    /// Notes a call of the program with this code, and returns whether it was here already. `capacity` is how many the
    /// chain wants to be kept: it is asked once in a block, and one is kept in any case.
    pub(crate) fn insert(&mut self, code_hash: B256, capacity: u16) -> bool {
        let capacity = *self.capacity.get_or_insert(usize::from(capacity.max(1)));
        let before = self.code_hashes.iter().position(|recent| *recent == code_hash);
        match before {
            Some(index) => drop(self.code_hashes.remove(index)),
            None if self.code_hashes.len() >= capacity => drop(self.code_hashes.remove(0)),
            None => {}
        }
        self.code_hashes.push(code_hash);
        before.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(recent: &mut RecentPrograms, program: u8) -> bool {
        recent.insert(B256::repeat_byte(program), 2)
    }

    #[test]
    fn the_least_recently_called_program_goes_first() {
        let mut recent = RecentPrograms::default();
        assert!(!call(&mut recent, 1) && !call(&mut recent, 2));
        assert!(call(&mut recent, 1));
        assert!(!call(&mut recent, 3), "takes the place of 2");
        assert!(call(&mut recent, 1) && call(&mut recent, 3) && !call(&mut recent, 2));
    }

    #[test]
    fn the_first_call_decides_how_many_are_kept() {
        let mut recent = RecentPrograms::default();
        assert!(!recent.insert(B256::repeat_byte(1), 0));
        assert!(recent.insert(B256::repeat_byte(1), 9), "at least one");
        assert!(!recent.insert(B256::repeat_byte(2), 9) && !recent.insert(B256::repeat_byte(1), 9));
    }
}
