//! R2, R4 and R7: everybody gets out, in the time that is published, and slashed funds no sooner.

use super::{Seen, Step, ensure};
use crate::action::Action;
use crate::stage::{Stage, Who};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::pause::{EXECUTE, QUEUE};
use arithmetic::time::{EPOCH_SECONDS, LONGEST_QUEUE_REFUSAL_SECONDS, QUEUE_OPEN_SECONDS};
use restake_model::{Protocol, State};
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
    /// Whether R7 is checked, too.
    pub(super) turns: bool,
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
        if self.turns {
            turns(step)?;
        }
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

/// R7: in a run everybody waits at most 100 / limit epochs beyond the release.
fn turns(step: &Step<'_>) -> Result<(), String> {
    let longest = |token: Address| {
        let percent = u64::from(step.after.vault.outflow(token));
        100u64.checked_div(percent).map_or(u64::MAX, |epochs| epochs.saturating_add(1).saturating_mul(EPOCH_SECONDS))
    };
    for (withdrawal, ready) in &step.after.vault.deferrals {
        let (_, _, token, release) = *withdrawal;
        if step.before.vault.deferrals.get(withdrawal) == Some(ready) {
            continue;
        }
        let waits = ready.saturating_sub(epoch::start(release));
        ensure(waits <= longest(token), || format!("R7: {withdrawal:?} waits {waits} seconds beyond its release"))?;
    }
    for (of, fund) in &step.after.ledger.funds {
        if step.before.ledger.funds.get(of).is_some_and(|had| had.ready_at == fund.ready_at) || fund.ready_at == 0 {
            continue;
        }
        let waits = fund.ready_at.saturating_sub(epoch::start(epoch::release_of(step.after.now)));
        ensure(waits <= longest(of.1), || format!("R7: {of:?} waits {waits} seconds beyond its release"))?;
    }
    Ok(())
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
