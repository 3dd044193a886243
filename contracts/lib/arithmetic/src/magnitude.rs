//! What the services of an operator may slash, and what a slash takes.
//!
//! The *magnitude* of an operator starts at [`wad::ONE`] and shrinks by what slashes take of it. Budgets and requests
//! are parts of the magnitude one, so a request for `w` takes w / magnitude of every pool at its execution: w / (the
//! magnitude at any earlier time) of what was there then, whatever was executed in between. So slashes commute.

use crate::wad;
use crate::wide::mul_div_up;

/// The smallest budget is this part of the magnitude (a hundredth), and the smallest request this part of the budget as
/// it came into force: it bounds how many grants and how many requests there can be.
pub const SMALLEST_PART: u64 = 100;

/// Below a millionth of it an operator takes no stake, grants or raises until its magnitude is one again.
pub const MIN_MAGNITUDE: u64 = wad::ONE / 1_000_000;

/// The budgets of an operator: all are parts of the magnitude one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budgets {
    /// What executed slashes took of the magnitude.
    pub lost: u64,
    /// Sum of the budgets of both tiers, of their open requests, and of what is announced.
    pub committed: u64,
    /// Budgets in force and open requests of the exclusive tier.
    pub exclusive: u64,
    /// What is announced for the exclusive tier.
    pub announced_exclusive: u64,
    /// What is announced for the shared tier.
    pub announced_shared: u64,
    /// Open requests of the shared tier; part of its budgets.
    pub open_shared: u64,
}

/// Why a grant or a raise does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// The exclusive tier would reach this size, above the magnitude.
    Exclusive(u64),
    /// The commitment would be this wad, above [`wad::MAX_COMMITMENT`].
    Commitment(u64),
}

impl Budgets {
    /// Unpacks two words of four 64-bit numbers, lowest bits first. The first holds what was lost, what is committed
    /// and the exclusive tier; the second [`Self::beside`] it.
    pub fn from_limbs([lost, committed, exclusive, _]: [u64; 4], beside: [u64; 4]) -> Self {
        let [announced_exclusive, announced_shared, open_shared, _] = beside;
        Self { lost, committed, exclusive, announced_exclusive, announced_shared, open_shared }
    }

    /// The numbers of the second word: what is announced for both tiers, and open requests of the shared one.
    pub fn beside(&self) -> [u64; 4] {
        [self.announced_exclusive, self.announced_shared, self.open_shared, 0]
    }

    /// Whether everything is of the exclusive tier and in force: then the second word is empty, because open shared
    /// requests are part of shared budgets.
    pub fn is_plain(&self) -> bool {
        self.committed == self.exclusive
    }

    /// What is announced for both tiers.
    pub fn announced(&self) -> u64 {
        self.announced_exclusive.saturating_add(self.announced_shared)
    }

    /// What is left of the operator.
    pub fn magnitude(&self) -> u64 {
        wad::ONE.saturating_sub(self.lost)
    }

    /// Budgets in force and open requests of the shared tier.
    pub fn shared(&self) -> u64 {
        self.committed
            .saturating_sub(self.exclusive)
            .saturating_sub(self.announced_exclusive)
            .saturating_sub(self.announced_shared)
    }

    /// The part of the magnitude that no exclusive budget or request needs: all that shared requests can take.
    pub fn beside_exclusive(&self) -> u64 {
        self.magnitude().saturating_sub(self.exclusive)
    }

    /// The operator's commitment: everything that is granted or announced, as a part of the magnitude (wad, rounded up
    /// against the operator, 2^64 - 1 at most).
    pub fn commitment(&self) -> u64 {
        commitment(self.committed, self.magnitude())
    }

    /// Adds `size` to what is in force, or to what is announced.
    pub fn add(&mut self, size: u64, exclusive: bool, announced: bool) {
        self.committed = self.committed.saturating_add(size);
        match (exclusive, announced) {
            (true, true) => self.announced_exclusive = self.announced_exclusive.saturating_add(size),
            (true, false) => self.exclusive = self.exclusive.saturating_add(size),
            (false, true) => self.announced_shared = self.announced_shared.saturating_add(size),
            (false, false) => {}
        }
    }

    /// Takes `size` out of what is in force, or out of what is announced.
    pub fn remove(&mut self, size: u64, exclusive: bool, announced: bool) {
        self.committed = self.committed.saturating_sub(size);
        match (exclusive, announced) {
            (true, true) => self.announced_exclusive = self.announced_exclusive.saturating_sub(size),
            (true, false) => self.exclusive = self.exclusive.saturating_sub(size),
            (false, true) => self.announced_shared = self.announced_shared.saturating_sub(size),
            (false, false) => {}
        }
    }

    /// Whether what was added last fits: exclusive budgets with open shared requests into the magnitude, and everything
    /// into the highest commitment.
    ///
    /// # Errors
    /// What is exceeded.
    pub fn fit(&self, exclusive: bool) -> Result<(), Excess> {
        let size = self
            .exclusive
            .saturating_add(self.announced_exclusive)
            .saturating_add(self.open_shared.min(self.beside_exclusive()));
        if exclusive && size > self.magnitude() {
            return Err(Excess::Exclusive(size));
        }
        let commitment = self.commitment();
        if commitment > wad::MAX_COMMITMENT { Err(Excess::Commitment(commitment)) } else { Ok(()) }
    }

    /// Executes an open request for `wad`. Returns what it takes of the magnitude as it was: a shared one no more than
    /// is beside the exclusive tier.
    pub fn execute(&mut self, wad: u64, exclusive: bool) -> u64 {
        let taken = if exclusive { wad.min(self.magnitude()) } else { wad.min(self.beside_exclusive()) };
        self.remove(wad, exclusive, false);
        if !exclusive {
            self.open_shared = self.open_shared.saturating_sub(wad);
        }
        self.lost = self.lost.saturating_add(taken);
        taken
    }

    /// The magnitude is one again when nothing is granted, open or announced. Returns whether it changed.
    pub fn reset(&mut self) -> bool {
        let changed = self.committed == 0 && self.lost != 0;
        if changed {
            self.lost = 0;
        }
        changed
    }

    /// What a service of the shared tier can count of its `budget`, where `others` are open shared requests of others.
    pub fn countable_shared(&self, budget: u64, others: u64) -> u64 {
        budget.min(self.beside_exclusive().saturating_sub(others))
    }

    /// The fraction of what is at stake that open requests for `pending` in all, shared ones among them, take (wad,
    /// rounded up).
    pub fn pending(&self, pending: u64) -> u64 {
        let exclusive = pending.saturating_sub(self.open_shared);
        let takes = exclusive.saturating_add(self.open_shared.min(self.beside_exclusive()));
        commitment(takes, self.magnitude()).min(wad::ONE)
    }
}

/// `size` as a part of `magnitude` (wad, rounded up, 2^64 - 1 at most; that also where nothing is left).
fn commitment(size: u64, magnitude: u64) -> u64 {
    if size == 0 {
        return 0;
    }
    mul_div_up(size.into(), wad::ONE.into(), magnitude.into())
        .and_then(|part| u64::try_from(part).ok())
        .unwrap_or(u64::MAX)
}

/// What a fault takes that asks for `part` (wad) of what is left of a budget, `budget`, which came into force as
/// `full`: rounded up, at least a hundredth of `full`, at most all that is left. A rest that is less than a hundredth
/// goes with it: requests for such rests would be without number where vetoes give back what was taken before them.
pub fn requested(budget: u64, full: u64, part: u64) -> u64 {
    let least = full.div_ceil(SMALLEST_PART);
    // At most the budget for a part of at most one; the quotient fits then.
    let asked = mul_div_up(budget.into(), part.into(), wad::ONE.into());
    let asked = asked.and_then(|asked| u64::try_from(asked).ok()).unwrap_or(budget);
    let asked = asked.max(least).min(budget);
    if budget.saturating_sub(asked) < least { budget } else { asked }
}

/// The smallest budget of an operator with this magnitude, rounded up.
pub fn smallest_budget(magnitude: u64) -> u64 {
    magnitude.div_ceil(SMALLEST_PART)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u64 = wad::ONE / 2;

    fn granted(exclusive: u64, shared: u64) -> Budgets {
        let mut budgets = Budgets::default();
        budgets.add(exclusive, true, false);
        budgets.add(shared, false, false);
        budgets
    }

    #[test]
    fn budgets_are_unpacked_as_they_were_packed() {
        let budgets = Budgets {
            lost: 1,
            committed: 2,
            exclusive: 3,
            announced_exclusive: 4,
            announced_shared: 5,
            open_shared: 6,
        };
        assert_eq!(Budgets::from_limbs([1, 2, 3, 9], budgets.beside()), budgets);
        assert_eq!((budgets.beside(), budgets.announced()), ([4, 5, 6, 0], 9));
    }

    #[test]
    fn what_is_committed_is_in_one_tier_or_announced() {
        let mut budgets = granted(7, 5);
        budgets.open_shared = 2;
        assert_eq!((budgets.committed, budgets.exclusive, budgets.shared(), budgets.announced()), (12, 7, 5, 0));
        budgets.add(3, true, true);
        budgets.add(4, false, true);
        assert_eq!((budgets.committed, budgets.exclusive, budgets.shared(), budgets.announced()), (19, 7, 5, 7));
        budgets.remove(1, false, false);
        assert_eq!((budgets.committed, budgets.exclusive, budgets.shared(), budgets.announced()), (18, 7, 4, 7));
    }

    #[test]
    fn nothing_stands_beside_the_exclusive_tier_where_all_is_exclusive_and_in_force() {
        // Grants of both tiers come, announced or not, are slashed, and go, in several orders.
        type Step = fn(&mut Budgets);
        let steps: [(Step, Step); 4] = [
            (|budgets| budgets.add(HALF, true, false), |budgets| budgets.remove(HALF, true, false)),
            (|budgets| budgets.add(HALF, true, true), |budgets| budgets.remove(HALF, true, true)),
            (|budgets| budgets.add(HALF, false, true), |budgets| budgets.remove(HALF, false, true)),
            (
                |budgets| {
                    budgets.add(HALF, false, false);
                    budgets.open_shared += HALF;
                },
                |budgets| {
                    budgets.execute(HALF, false);
                },
            ),
        ];
        for order in 0..4 {
            let mut budgets = Budgets::default();
            assert!(budgets.is_plain());
            for (place, begin) in [(0, true), (1, true), (2, true), (1, false), (3, true), (2, false), (3, false)] {
                let (begins, ends) = steps[(place + order) % 4];
                if begin {
                    begins(&mut budgets)
                } else {
                    ends(&mut budgets)
                }
                assert_eq!(budgets.is_plain(), budgets.beside() == [0; 4], "{budgets:?}");
            }
        }
    }

    #[test]
    fn exclusive_budgets_and_what_is_announced_never_exceed_the_magnitude() {
        let mut budgets = granted(HALF, 0);
        assert_eq!(budgets.fit(true), Ok(()));
        budgets.add(HALF, true, true);
        assert_eq!(budgets.fit(true), Ok(()), "exactly the magnitude");
        budgets.add(1, true, true);
        assert_eq!(budgets.fit(true), Err(Excess::Exclusive(wad::ONE + 1)));
        budgets.remove(1, true, true);
        assert_eq!(budgets.commitment(), wad::ONE);
    }

    #[test]
    fn an_open_shared_request_takes_room_from_the_exclusive_tier() {
        let mut budgets = granted(HALF, HALF);
        budgets.open_shared = HALF / 2;
        budgets.add(HALF / 2, true, true);
        assert_eq!(budgets.fit(true), Ok(()));
        budgets.add(1, true, true);
        assert_eq!(budgets.fit(true), Err(Excess::Exclusive(wad::ONE + 1)));
        assert_eq!(budgets.fit(false), Ok(()), "no matter for the shared tier");
    }

    #[test]
    fn the_commitment_is_bounded_by_the_published_degree() {
        let mut budgets = granted(0, 2 * wad::ONE);
        assert_eq!(budgets.fit(false), Ok(()));
        budgets.add(1, false, true);
        assert_eq!(budgets.fit(false), Err(Excess::Commitment(2 * wad::ONE + 1)));
        // Half of the magnitude: the same budgets are twice the commitment.
        let mut budgets = granted(0, HALF);
        budgets.lost = HALF;
        assert_eq!(budgets.commitment(), wad::ONE);
        budgets.lost = wad::ONE;
        assert_eq!((budgets.commitment(), granted(0, 0).commitment()), (u64::MAX, 0));
        budgets.lost = wad::ONE - 3;
        budgets.committed = 1;
        assert_eq!(budgets.commitment(), wad::ONE / 3 + 1, "rounded up");
    }

    #[test]
    fn a_shared_request_takes_only_what_is_beside_the_exclusive_tier() {
        let mut budgets = granted(HALF, wad::ONE);
        budgets.open_shared = wad::ONE;
        assert_eq!(budgets.execute(wad::ONE, false), HALF);
        assert_eq!((budgets.magnitude(), budgets.exclusive, budgets.shared(), budgets.open_shared), (HALF, HALF, 0, 0));
        assert_eq!(budgets.execute(HALF, true), HALF, "the exclusive one still takes all of it");
        assert_eq!((budgets.magnitude(), budgets.committed), (0, 0));
        assert!(budgets.reset());
        assert_eq!(budgets, Budgets::default());
        assert!(!budgets.reset(), "nothing to change");
    }

    #[test]
    fn the_magnitude_is_one_again_only_when_nothing_is_granted_or_announced() {
        let mut budgets = granted(HALF, 0);
        budgets.execute(HALF / 2, true);
        assert!(!budgets.reset());
        budgets.add(1, false, true);
        budgets.remove(HALF / 2, true, false);
        assert!(!budgets.reset(), "one is announced");
        budgets.remove(1, false, true);
        assert!(budgets.reset());
    }

    #[test]
    fn slashes_commute() {
        // Two requests executed in both orders take the same of a stake, within a base unit each.
        let stake = 1_000_000_007u128;
        let (first, second) = (wad::ONE / 7, wad::ONE / 3);
        let after = |order: [u64; 2]| {
            let (mut budgets, mut rest) = (granted(wad::ONE, 0), stake);
            for wad in order {
                let magnitude = budgets.magnitude();
                let taken = budgets.execute(wad, true);
                rest -= mul_div_up(rest, taken.into(), magnitude.into()).unwrap();
            }
            rest
        };
        assert!(after([first, second]).abs_diff(after([second, first])) <= 2);
        assert!(after([first, second]).abs_diff(stake - stake / 7 - stake / 3) <= 2);
    }

    #[test]
    fn a_request_is_at_least_a_hundredth_of_the_budget_as_it_came_into_force() {
        assert_eq!(requested(wad::ONE, wad::ONE, HALF), HALF);
        assert_eq!(requested(wad::ONE, wad::ONE, 1), wad::ONE / 100);
        assert_eq!(requested(5, wad::ONE, 1), 5, "or what is left");
        assert_eq!(requested(3, 3, HALF), 2, "rounded up");
        assert_eq!(requested(0, wad::ONE, wad::ONE), 0);
        assert_eq!(requested(101, 101, 1), 2, "a hundredth is rounded up, too");
        assert_eq!(requested(5, wad::ONE, u64::MAX), 5, "never more than is left");
    }

    #[test]
    fn a_rest_below_a_hundredth_goes_with_the_request() {
        assert_eq!(requested(1_000, 1_000, wad::ONE / 1_000 * 990), 990, "a hundredth is left");
        assert_eq!(requested(1_000, 1_000, wad::ONE / 1_000 * 991), 1_000);
        assert_eq!(requested(20, 1_000, 1), 10, "a hundredth twice");
        assert_eq!(requested(19, 1_000, 1), 19);
    }

    #[test]
    fn vetoes_never_split_a_budget_into_more_than_a_hundred_requests() {
        extern crate std;
        // Whoever requests and vetoes as it likes: a part, what is left, and the larger of them comes back.
        let full = 1_000_007;
        for part in [1, wad::ONE / 3, wad::ONE / 1_000 * 999] {
            let (mut budget, mut open) = (full, std::vec::Vec::new());
            for _ in 0..200 {
                for asked in [part, 1] {
                    let wad = requested(budget, full, asked);
                    budget -= wad;
                    open.extend((wad != 0).then_some(wad));
                }
                open.sort_unstable();
                budget += open.pop().unwrap();
                assert!(open.len() < 100, "{part}: {}", open.len());
            }
        }
    }

    #[test]
    fn the_smallest_magnitude_is_a_millionth() {
        assert_eq!(MIN_MAGNITUDE, 1_000_000_000_000);
    }

    #[test]
    fn the_smallest_budget_is_a_hundredth_rounded_up() {
        assert_eq!(smallest_budget(wad::ONE), wad::ONE / 100);
        assert_eq!(smallest_budget(101), 2);
    }

    #[test]
    fn a_shared_service_counts_what_others_cannot_take_before_it() {
        let budgets = granted(HALF, wad::ONE);
        assert_eq!(budgets.countable_shared(wad::ONE, 0), HALF);
        assert_eq!(budgets.countable_shared(wad::ONE, HALF / 2), HALF / 2);
        assert_eq!(budgets.countable_shared(5, HALF - 5), 5);
        assert_eq!(budgets.countable_shared(5, wad::ONE), 0);
    }

    #[test]
    fn pending_is_the_part_of_the_stake_that_open_requests_take() {
        let mut budgets = granted(HALF, wad::ONE);
        assert_eq!(budgets.pending(0), 0);
        assert_eq!(budgets.pending(HALF), HALF);
        budgets.open_shared = wad::ONE;
        assert_eq!(budgets.pending(wad::ONE), HALF, "shared ones take no more than is beside the exclusive tier");
        assert_eq!(budgets.pending(wad::ONE + HALF), wad::ONE);
        budgets.lost = HALF;
        budgets.open_shared = 0;
        assert_eq!(budgets.pending(HALF / 2), HALF);
    }
}
