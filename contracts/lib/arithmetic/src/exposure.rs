//! What the budgets of an operator say about it: what its stakers risk, and how far it is utilised at most.

use crate::grant::Grant;
use crate::magnitude::Budgets;
use crate::risk::shared_part;
use crate::wad::{self, ONE};
use crate::wide::{mul_div_down, mul_div_up};

/// How much of an operator's stake is promised, as parts of it (wads).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exposure {
    /// What services of the exclusive tier can take together: nobody else takes it. Rounded down, against who counts
    /// on it.
    pub guaranteed: u64,
    /// What services of the shared tier can take together: no more than exclusive ones leave. Rounded down.
    pub shared: u64,
    /// What is announced beside both. Rounded up, against the operator, as what follows.
    pub announced: u64,
    /// The restaking degree: all budgets in force and open requests. 2^64 - 1 at most.
    pub degree: u64,
    /// What is lost if every service takes all that it can. One at most.
    pub worst_loss: u64,
}

impl Exposure {
    /// That of an operator with these budgets.
    pub fn of(budgets: &Budgets) -> Self {
        let (exclusive, shared) = (budgets.exclusive, budgets.shared().min(budgets.beside_exclusive()));
        let down = |size: u64| narrow(mul_div_down(size.into(), ONE.into(), budgets.magnitude().into()));
        let up = |size: u64| match size {
            0 => 0,
            _ => narrow(mul_div_up(size.into(), ONE.into(), budgets.magnitude().into())),
        };
        Self {
            guaranteed: down(exclusive).min(ONE),
            shared: down(shared).min(ONE),
            announced: up(budgets.announced()),
            degree: up(exclusive.saturating_add(budgets.shared())),
            worst_loss: up(exclusive.saturating_add(shared)).min(ONE),
        }
    }

    /// What is lost at most of `amount` that is staked with the operator, rounded up.
    pub fn loses(&self, amount: u128) -> u128 {
        wad::portion_up(amount, self.worst_loss).unwrap_or(amount)
    }
}

/// More than 64 bits, and parts of nothing, are the most.
fn narrow(part: Option<u128>) -> u64 {
    part.and_then(|part| u64::try_from(part).ok()).unwrap_or(u64::MAX)
}

/// The part of a budget's magnitude (wad of the magnitude one) that a service takes by its mildest fault, `penalty`
/// (wad): of a shared one no more than the operator's room. Rounded up: against who says that a network is safe.
pub fn takes(budgets: &Budgets, grant: &Grant, penalty: u64) -> u128 {
    let reach = if grant.exclusive { grant.budget } else { grant.budget.min(budgets.beside_exclusive()) };
    wad::portion_up(reach.into(), penalty).unwrap_or(reach.into())
}

/// What a service knows about the utilisation of its operators without asking anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// The ratio of the service itself (wad).
    pub ratio: u128,
    /// What a fault costs at least of its budgets (wad).
    pub penalty: u64,
    /// The largest ratio that every other service is taken to have (wad).
    pub assumed: u128,
}

impl Knowledge {
    /// At least the utilisation of an operator with these budgets, `grant` among them the service's own, if no other
    /// service of the operator has a ratio above the assumed one (wad, rounded up).
    ///
    /// Other services enter by what the operator lets them take, and by nothing that they say: of a shared budget `b`
    /// another service takes at most `b`, so all of them bring at most `assumed * sum of b / room` by the operator's
    /// room. Where no room is left they take nothing.
    pub fn bounds(&self, budgets: &Budgets, grant: &Grant) -> u128 {
        let own = grant.budget.saturating_add(grant.pending);
        let (exclusive, shared) = if grant.exclusive { (own, 0) } else { (0, own) };
        let others_exclusive = budgets.exclusive.saturating_sub(exclusive);
        let others_shared = budgets.shared().saturating_sub(shared);
        let has_others = others_exclusive != 0 || others_shared != 0;
        let largest = if has_others { self.ratio.max(self.assumed) } else { self.ratio };
        let room = budgets.beside_exclusive();
        if room == 0 {
            return largest;
        }
        let mine = if grant.exclusive { 0 } else { takes(budgets, grant, self.penalty) };
        let of_this = shared_part(self.ratio, mine, room.into());
        let of_others = shared_part(self.assumed, others_shared.into(), room.into());
        largest.max(of_this.saturating_add(of_others))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::NO_END;
    use crate::risk::UNBOUNDED;

    const WAD: u128 = ONE as u128;
    const HALF: u64 = ONE / 2;

    fn budgets(exclusive: u64, shared: u64) -> Budgets {
        let mut budgets = Budgets::default();
        budgets.add(exclusive, true, false);
        budgets.add(shared, false, false);
        budgets
    }

    fn grant(budget: u64, exclusive: bool) -> Grant {
        Grant { budget, full_budget: budget, pending: 0, can_slash_until: NO_END, exclusive }
    }

    #[test]
    fn an_operator_that_promises_more_than_it_has_loses_all_at_most() {
        let mut both = budgets(HALF, ONE);
        let exposure = Exposure::of(&both);
        assert_eq!((exposure.guaranteed, exposure.shared, exposure.announced), (HALF, HALF, 0));
        assert_eq!((exposure.degree, exposure.worst_loss, exposure.loses(7)), (ONE + HALF, ONE, 7));
        both.add(ONE / 10, false, true);
        assert_eq!(Exposure::of(&both), Exposure { announced: ONE / 10, ..exposure }, "what is announced is beside");
        assert_eq!(Exposure::of(&Budgets::default()), Exposure::default());
    }

    #[test]
    fn parts_are_of_what_is_left_of_the_magnitude_and_rounded_against_who_relies_on_them() {
        let slashed = Budgets { lost: ONE - 3, committed: 1, exclusive: 1, ..Budgets::default() };
        let exposure = Exposure::of(&slashed);
        assert_eq!((exposure.guaranteed, exposure.worst_loss, exposure.degree), (ONE / 3, ONE / 3 + 1, ONE / 3 + 1));
        let gone = Budgets { lost: ONE, committed: 1, exclusive: 1, ..Budgets::default() };
        let exposure = Exposure::of(&gone);
        assert_eq!((exposure.degree, exposure.worst_loss, exposure.loses(9)), (u64::MAX, ONE, 9));
    }

    #[test]
    fn what_others_are_let_take_counts_at_the_assumed_ratio() {
        let knowledge = Knowledge { ratio: WAD / 2, penalty: ONE, assumed: WAD / 5 };
        let alone = knowledge.bounds(&budgets(0, ONE), &grant(ONE, false));
        assert_eq!(alone, WAD / 2, "nobody else: its own ratio");
        let shared = knowledge.bounds(&budgets(0, ONE + HALF), &grant(ONE, false));
        assert_eq!(shared, WAD / 2 + WAD / 10);
        // Half the stake is exclusive: the other half is the room of both.
        let crowded = knowledge.bounds(&budgets(HALF, ONE + HALF), &grant(ONE, false));
        assert_eq!(crowded, WAD / 2 + WAD / 5);
        let mild = Knowledge { penalty: HALF, ..knowledge };
        assert_eq!(mild.bounds(&budgets(0, ONE + HALF), &grant(ONE, false)), WAD / 4 + WAD / 10 + WAD / 10 + WAD / 20);
    }

    #[test]
    fn an_exclusive_budget_brings_its_own_ratio_whatever_is_shared_beside_it() {
        let knowledge = Knowledge { ratio: WAD / 2, penalty: ONE, assumed: WAD / 5 };
        assert_eq!(knowledge.bounds(&budgets(HALF, 0), &grant(HALF, true)), WAD / 2);
        assert_eq!(knowledge.bounds(&budgets(HALF, HALF), &grant(HALF, true)), WAD / 2);
        // 1.5 of a room of a half at a fifth each.
        assert_eq!(knowledge.bounds(&budgets(HALF, ONE + HALF), &grant(HALF, true)), WAD * 3 / 5);
    }

    #[test]
    fn other_services_count_at_least_at_the_assumed_ratio_and_nobody_does_where_nobody_is() {
        let knowledge = Knowledge { ratio: 0, penalty: ONE, assumed: WAD / 5 };
        assert_eq!(knowledge.bounds(&budgets(ONE, 0), &grant(ONE, true)), 0);
        assert_eq!(knowledge.bounds(&budgets(ONE, 0), &grant(HALF, true)), WAD / 5);
        assert_eq!(knowledge.bounds(&budgets(0, 0), &Grant::default()), 0, "no grant at all");
        assert_eq!(knowledge.bounds(&budgets(ONE, ONE), &grant(ONE, true)), WAD / 5, "no room, nothing shared is lost");
    }

    #[test]
    fn what_the_service_asks_for_already_is_not_anothers() {
        let knowledge = Knowledge { ratio: WAD / 2, penalty: ONE, assumed: WAD };
        let asked = Grant { pending: HALF, ..grant(HALF, false) };
        assert_eq!(knowledge.bounds(&budgets(0, ONE), &asked), WAD / 2);
        assert_eq!(knowledge.bounds(&budgets(0, ONE), &grant(HALF, false)), WAD, "the same, asked for by another");
    }

    #[test]
    fn a_ratio_without_a_bound_leaves_none() {
        let knowledge = Knowledge { ratio: UNBOUNDED, penalty: ONE, assumed: WAD };
        assert_eq!(knowledge.bounds(&budgets(0, ONE), &grant(ONE, false)), UNBOUNDED);
        let split = Knowledge { ratio: UNBOUNDED / 2, penalty: ONE, assumed: UNBOUNDED };
        assert_eq!(split.bounds(&budgets(0, ONE), &grant(HALF, false)), UNBOUNDED, "no sum wraps");
    }
}
