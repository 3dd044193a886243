//! R2, R4 and R7: everybody gets out, in the time that is published, and slashed funds no sooner.

use super::{Seen, Step, ensure};
use crate::action::Action;
use crate::stage::{Stage, Who};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::pause::{EXECUTE, QUEUE};
use arithmetic::time::{EPOCH_SECONDS, LONGEST_QUEUE_REFUSAL_SECONDS, QUEUE_OPEN_SECONDS};
use restake_model::{Bag, Protocol, State};
use std::collections::{BTreeMap, BTreeSet};

/// How often it is tried whether a withdrawal could be queued, while time passes.
const SAMPLE: u64 = 6 * 60 * 60;

/// Since when, and for how long, withdrawals from an operator could be queued.
#[derive(Debug, Clone, Default)]
struct Door {
    last_open: u64,
    sampled: u64,
    seconds: u64,
    /// Time, seconds until then.
    history: Vec<(u64, u64)>,
}

/// Operator => when its stakers could leave.
#[derive(Debug, Clone, Default)]
pub(super) struct Exits {
    doors: BTreeMap<Address, Door>,
    pub(super) seen: Seen,
}

impl Exits {
    pub(super) fn begin(&mut self, stage: &Stage, state: &Protocol) {
        for operator in Who::operators().map(|who| stage.of(who)) {
            let now = state.now;
            self.doors.insert(operator, Door { last_open: now, sampled: now, seconds: 0, history: vec![(now, 0)] });
        }
    }

    pub(super) fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        self.sample(step)?;
        self.queued_through_the_door(step)?;
        turns(step)?;
        turns_are_used(step)?;
        matured(step)?;
        funds_wait(step)?;
        if matches!(step.action, Action::Travel { .. }) {
            self.released_in_time(step)?;
        }
        Ok(())
    }

    /// For how long withdrawals from an operator could be queued between two times, as sampled.
    pub(super) fn open_between(&self, operator: Address, from: u64, to: u64) -> u64 {
        let Some(door) = self.doors.get(&operator) else { return u64::MAX };
        let until = |time: u64| door.history.iter().rfind(|(at, _)| *at <= time).map_or(0, |(_, seconds)| *seconds);
        until(to).saturating_sub(until(from))
    }

    /// An upper bound of the time by which refusals and pauses since a time can have made a notice longer: what was
    /// sampled, and what counts in favour of stakers.
    pub(super) fn longest_refusal(&self, state: &Protocol, operator: Address, since: u64) -> u64 {
        let closed = (state.now - since).saturating_sub(self.open_between(operator, since, state.now));
        let paused = state.governance.paused_seconds(QUEUE, state.now) - state.governance.paused_seconds(QUEUE, since);
        let freezes = state.freezes(operator).iter().filter(|freeze| freeze.until.is_none_or(|until| until > since));
        let windows = freezes.map(|_| SAMPLE + QUEUE_OPEN_SECONDS).sum::<u64>();
        closed + paused + windows + SAMPLE
    }

    /// R4: queueing is refused for nine days in a row at most, and as long as it is paused.
    fn sample(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (operator, door) in &mut self.doors {
            let is_open = |state: &Protocol, time: u64| {
                !state.refuses_queueing(*operator, time) && !state.governance.is_paused(QUEUE, time)
            };
            // While time passes nothing happens: what was there before the step says when it is open.
            while door.sampled < step.after.now {
                let time = door.sampled;
                let next = (time + SAMPLE).min(step.after.now);
                if is_open(step.before, time) {
                    (door.last_open, door.seconds) = (time, door.seconds + (next - time));
                }
                (door.sampled, _) = (next, door.history.push((next, door.seconds)));
            }
            let now = step.after.now;
            if is_open(step.after, now) {
                door.last_open = now;
            }
            let paused = |time| step.after.governance.paused_seconds(QUEUE, time);
            let refused = (now - door.last_open).saturating_sub(paused(now) - paused(door.last_open));
            ensure(refused <= LONGEST_QUEUE_REFUSAL_SECONDS + SAMPLE, || {
                format!("R4: nobody could queue out of {operator} for {refused} seconds")
            })?;
        }
        Ok(())
    }

    /// Stake that is queued while its operator is frozen was let out by the door.
    fn queued_through_the_door(&mut self, step: &Step<'_>) -> Result<(), String> {
        let operators = match *step.action {
            Action::Queue { operator, .. } => [operator; 2],
            Action::QueueBoth { operators, .. } => operators,
            _ => return Ok(()),
        };
        for operator in operators.map(|who| step.stage.of(who)) {
            self.seen.windows += u64::from(step.before.is_frozen(operator));
            let open = !step.before.refuses_queueing(operator, step.before.now);
            ensure(open, || format!("R4: {operator} was frozen, and {}", step.action))?;
        }
        Ok(())
    }

    /// R4: a withdrawal is held for nine days beyond its release at most, and as long as executing was paused: then all
    /// that hold it have expired, and anybody closes them.
    fn released_in_time(&mut self, step: &Step<'_>) -> Result<(), String> {
        let after = step.after;
        let released = after.ledger.positions.keys().filter_map(|(bag, _)| Some((bag.operator, bag.release?)));
        let released: BTreeSet<(Address, u64)> = released.collect();
        for (operator, release) in released {
            let held = after.holds_release(operator, release);
            self.seen.held += u64::from(held && epoch::start(release) <= after.now);
            let (start, paused) = (epoch::start(release), |time| after.governance.paused_seconds(EXECUTE, time));
            let pauses = paused(after.now) - paused(start.saturating_sub(3 * EPOCH_SECONDS));
            if after.now < start + LONGEST_QUEUE_REFUSAL_SECONDS + pauses || !held {
                continue;
            }
            let mut closed = after.clone();
            for (id, request) in (0..).zip(&after.requests.all) {
                if request.state == State::Open && request.operator == operator {
                    // What has not expired stays open.
                    let _ = closed.close_expired_request(id);
                }
            }
            ensure(!closed.holds_release(operator, release), || {
                format!("R4: what {operator} released in epoch {release} is held at {}", after.now)
            })?;
        }
        Ok(())
    }
}

/// R7: in a run everybody waits at most 100 / limit epochs beyond the release, less the one whose part leaves at the
/// release itself. Where a limit changed, what already waited keeps its turn.
fn turns(step: &Step<'_>) -> Result<(), String> {
    let latest = |token: Address, release: u64| {
        let percent = u64::from(step.after.vault.outflow(token));
        let longest = if percent == 0 { 0 } else { (100 * EPOCH_SECONDS).div_ceil(percent) - EPOCH_SECONDS };
        epoch::start(release) + longest
    };
    for (withdrawal, ready) in &step.after.vault.deferrals {
        let (staker, operator, token, release) = *withdrawal;
        let had = step.before.vault.deferrals.get(withdrawal).copied().unwrap_or(0);
        let latest = latest(token, release).max(had);
        ensure(*ready <= latest, || format!("R7: {withdrawal:?} has its turn at {ready}"))?;
        // What is added moves a turn as much as it weighs, but for a second and the base units that were rounded off.
        let bucket = Bag::pool(operator, token).bucket(release);
        let worth = |state: &Protocol| state.ledger.worth(bucket, staker, state.now).1;
        let (was, is) = (worth(step.before), worth(step.after));
        let moved = u128::from(ready.saturating_sub(had.max(epoch::start(release))));
        let most = u128::from(latest - epoch::start(release)) * (is.saturating_sub(was) + 2) + is;
        ensure(was == 0 || moved * is <= most, || format!("R7: {withdrawal:?} moved by {moved} seconds"))?;
    }
    for (of, fund) in &step.after.ledger.funds {
        let had = step.before.ledger.funds.get(of).map_or(0, |fund| fund.ready_at);
        let latest = latest(of.1, epoch::release_of(step.after.now)).max(had);
        ensure(fund.ready_at <= latest, || format!("R7: {of:?} has its turn at {}", fund.ready_at))?;
    }
    Ok(())
}

/// R7: whatever leaves a bucket has waited for its turn, also what is staked again.
fn turns_are_used(step: &Step<'_>) -> Result<(), String> {
    let (staker, token, operator, release) = match *step.action {
        Action::Complete { who, token, operator, epoch, .. } => (who, token, operator, epoch),
        Action::Restake { who, token, operator, epoch, .. } => (who, token, operator, epoch),
        _ => return Ok(()),
    };
    let token = step.stage.tokens[token];
    let withdrawal = (step.stage.of(staker), step.stage.of(operator), token, release);
    let ready = step.before.vault.deferrals.get(&withdrawal).copied().unwrap_or(0);
    let limited = step.before.vault.outflow(token) != 0;
    ensure(!limited || ready <= step.after.now, || format!("R7: {} before its turn at {ready}", step.action))
}

/// Nothing leaves a bucket before its release, nor what was set aside.
fn matured(step: &Step<'_>) -> Result<(), String> {
    let epochs = match *step.action {
        Action::Complete { epoch, .. } | Action::Restake { epoch, .. } | Action::Claim { epoch, .. } => epoch,
        _ => return Ok(()),
    };
    ensure(epoch::start(epochs) <= step.after.now, || format!("R2: {} before its release", step.action))
}

/// R2: what is set aside leaves no faster than stake that is queued now.
fn funds_wait(step: &Step<'_>) -> Result<(), String> {
    for ((claimant, token, release), fund) in &step.after.ledger.funds {
        let had = step.before.ledger.funds.get(&(*claimant, *token, *release)).map_or(0, |fund| fund.amount);
        ensure(fund.amount <= had || *release >= epoch::release_of(step.after.now), || {
            format!("R2: {claimant} can claim what was set aside now in epoch {release}")
        })?;
    }
    Ok(())
}
