//! Makes a failing script short.
//!
//! Delta debugging (Zeller and Hildebrandt, 2002) of its own, not a library: a script is a list of concrete steps that
//! are played again as they are, on model and chain alike, so any part of it is a script as well, and a step that lost
//! its meaning is refused by both. Libraries shrink what they generate, by generating again, which the state that steps
//! are chosen by does not allow.

use crate::action::Action;

/// The shortest script it finds that `fails` still, within a number of tries.
pub(crate) fn shrink(script: &[Action], mut tries: usize, mut fails: impl FnMut(&[Action]) -> bool) -> Vec<Action> {
    let mut script = script.to_vec();
    let mut attempt = |candidate: &[Action]| {
        tries = tries.saturating_sub(1);
        tries > 0 && fails(candidate)
    };
    loop {
        let before = script.clone();
        leave_out(&mut script, &mut attempt);
        simplify(&mut script, &mut attempt);
        if script == before {
            return script;
        }
    }
}

/// Leaves out what is not needed: large parts first, then single steps, from the end, where most of it is.
fn leave_out(script: &mut Vec<Action>, attempt: &mut impl FnMut(&[Action]) -> bool) {
    let mut size = script.len().div_ceil(2);
    while size > 0 {
        let mut end = script.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let rest = [&script[..start], &script[end..]].concat();
            // Without a step that opened a request or a challenge, the ones after it have other numbers.
            let renumbered = [&script[..start], &script[end..].iter().map(renumber).collect::<Vec<_>>()].concat();
            let tries = if renumbered == rest { vec![rest] } else { vec![rest, renumbered] };
            if let Some(shorter) = tries.into_iter().find(|shorter| !shorter.is_empty() && attempt(shorter)) {
                *script = shorter;
            }
            end = start.min(script.len());
        }
        size /= 2;
    }
}

/// The step with the number of its request or challenge lowered by one.
fn renumber(action: &Action) -> Action {
    let mut action = *action;
    match &mut action {
        Action::Execute { request: id, .. } | Action::Veto { request: id, .. } | Action::Expire { request: id, .. } => {
            *id = id.saturating_sub(1);
        }
        Action::Answer { challenge: id, .. } | Action::Resolve { challenge: id, .. } => *id = id.saturating_sub(1),
        _ => {}
    }
    action
}

/// Makes numbers small where that does not matter.
fn simplify(script: &mut [Action], attempt: &mut impl FnMut(&[Action]) -> bool) {
    for index in 0..script.len() {
        let Some(number) = number(&mut script[index]).map(|number| *number) else { continue };
        for smaller in [
            0,
            1,
            number >> 64,
            number >> 32,
            number / 1_000_000,
            number / 1_000,
            number / 10,
            number / 2,
            number - number.min(1),
        ] {
            let mut candidate = script.to_vec();
            if let Some(place) = self::number(&mut candidate[index]).filter(|_| smaller < number) {
                *place = smaller;
                if attempt(&candidate) {
                    script.copy_from_slice(&candidate);
                    break;
                }
            }
        }
    }
}

/// The amount in a step.
fn number(action: &mut Action) -> Option<&mut u128> {
    match action {
        Action::Stake { amount, .. }
        | Action::StakeFor { amount, .. }
        | Action::StakeWithPermit { amount, .. }
        | Action::Transfer { amount, .. }
        | Action::Permit { amount, .. }
        | Action::Donate { amount, .. }
        | Action::Approve { amount, .. }
        | Action::PayReward { amount, .. } => Some(amount),
        Action::Delegate { shares, .. } | Action::Queue { shares, .. } => Some(shares),
        Action::SetMinimum { stake, .. } => Some(stake),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::shrink;
    use crate::action::Action;
    use crate::stage::Who;

    #[test]
    fn only_what_matters_is_left() {
        let queue = |shares| Action::Queue { who: Who(0), token: 0, operator: Who(3), shares };
        let script: Vec<Action> = (0..97).map(queue).collect();
        let fails = |candidate: &[Action]| {
            let shares = |action: &Action| matches!(action, Action::Queue { shares, .. } if *shares >= 40);
            candidate.iter().filter(|action| shares(action)).count() >= 2
        };
        assert_eq!(shrink(&script, 10_000, fails), [queue(40), queue(40)]);
    }
}
