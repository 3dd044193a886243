//! Moves with stake, queues and rewards.

use super::Move;
use crate::action::Action;
use crate::schemes::Intent;
use crate::schemes::steps::{does, leaves, stakes, takes, waits, waits_epochs};
use crate::stage::{WHOLE, Who};
use arithmetic::time::EPOCH_SECONDS;

/// Idle stake that queues and is staked again, so that the queue fills with money that never leaves.
pub(super) fn queues_and_restakes(Move { seconds, .. }: Move) -> Vec<Intent> {
    let (who, idle) = (Who::LOU, Who::NOBODY);
    let mut steps = vec![stakes(who, 2, idle, 150 * WHOLE)];
    for _ in 0..4 {
        steps.extend([leaves(who, 2, idle), waits_epochs(2, seconds % 3), takes(who, idle, Some(idle))]);
    }
    steps.extend([leaves(who, 2, idle), waits_epochs(2, 0), takes(who, idle, None)]);
    steps
}

/// A pool of dust, and a reward that would bring a share to its cap.
pub(super) fn fills_a_pool(Move { operator, seconds, .. }: Move) -> Vec<Intent> {
    let token = usize::try_from(seconds % 3).unwrap_or(0);
    let pays = |amount| does(Action::PayReward { who: Who::LOU, operator, token, amount });
    vec![
        stakes(Who::LOU, token, operator, 1),
        pays(1_000_000_000_000),
        pays(999_999),
        pays(1),
        waits(1),
        stakes(Who(0), token, operator, 1_000_000),
        waits(EPOCH_SECONDS / 2),
        pays(1_000),
        waits(EPOCH_SECONDS),
        leaves(Who::LOU, token, operator),
    ]
}
