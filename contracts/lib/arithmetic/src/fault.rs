//! The kinds of faults, by the number that contracts, terms and evidence give them.

/// Two answers of one operator to one task, proven by its two signatures.
pub const EQUIVOCATION: u8 = 0;
/// Data that an operator committed to and did not open when it was asked for a leaf.
pub const UNAVAILABILITY: u8 = 1;
/// A wrong result of a computation, proven by a game that leaves one step of it to be executed.
pub const MISCOMPUTATION: u8 = 2;

/// How many kinds there are: [`NAMES`] has a name for each.
pub const COUNT: usize = 3;
/// How many kinds the terms of a service have room for, in one storage word.
pub const ROOM: usize = 4;

/// The names of the kinds, in order.
pub const NAMES: [&str; COUNT] = ["equivocation", "unavailability", "miscomputation"];

/// The fraction that `wads` asks for a fault of `kind` (wad, zero: the kind is off). `None` if there is no such kind.
pub fn wad_of(wads: &[u64; ROOM], kind: u8) -> Option<u64> {
    let index = usize::from(kind);
    if index >= COUNT { None } else { wads.get(index).copied() }
}

/// What the mildest fault costs that `wads` punish (wad): whoever attacks a service chooses how. All of a budget where
/// they punish nothing, which terms cannot say.
pub fn mildest(wads: &[u64; ROOM]) -> u64 {
    wads.iter().copied().filter(|wad| *wad != 0).min().unwrap_or(crate::wad::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_does_not_exist_has_no_wad() {
        let wads = [1, 2, 3, 4];
        let known = [EQUIVOCATION, UNAVAILABILITY, MISCOMPUTATION].map(|kind| wad_of(&wads, kind));
        assert_eq!(known, [Some(1), Some(2), Some(3)]);
        assert_eq!((wad_of(&wads, 3), wad_of(&wads, u8::MAX)), (None, None));
    }

    #[test]
    fn the_mildest_fault_is_one_that_is_punished() {
        assert_eq!(mildest(&[5, 0, 3, 0]), 3);
        assert_eq!(mildest(&[0; ROOM]), crate::wad::ONE);
    }
}
