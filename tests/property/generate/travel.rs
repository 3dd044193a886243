//! Goes ahead in time, mostly to where something begins or ends.

use super::Chooser;
use crate::action::Action;
use arithmetic::{epoch, time};
use restake_model::{NO_END, State};

impl Chooser<'_> {
    /// To a boundary that matters to somebody, or one second beside it; or a while ahead.
    pub(super) fn travel(&mut self) -> Action {
        let now = self.model.now;
        let mut times = self.boundaries();
        times.sort_unstable();
        times.dedup();
        // The nearest most often, so that what lies behind them is seen as well.
        times.truncate(if self.random.one_in(8) { times.len() } else { 3 });
        let to = match self.random.below(8) {
            0 => now + self.random.below(3),
            1 => now + self.random.below(time::EPOCH_SECONDS),
            2 | 3 => now + self.random.below(24 * 60 * 60),
            _ => self.random.pick(&times).unwrap_or(now + 1),
        };
        // Not years ahead: what happens there happens sooner as well.
        Action::Travel { to: to.min(now + 5 * time::EPOCH_SECONDS) }
    }

    fn boundaries(&self) -> Vec<u64> {
        let model = self.model;
        let this = epoch::at(model.now);
        let mut times: Vec<u64> = (1..=4).map(|later| epoch::start(this + later)).collect();
        times.extend([this, this + 1].map(|of| epoch::start(of) + time::CHECKPOINT_GRACE_SECONDS));
        for request in model.requests.all.iter().filter(|request| request.state == State::Open) {
            times.extend([request.executable_at, model.expiry(request)]);
        }
        for ((operator, service), grant) in &model.grants.all {
            if grant.until != NO_END {
                times.push(grant.until);
            }
            let (ends, lapses) = model.notice(*operator, *service);
            times.extend([ends, lapses]);
        }
        for freeze in model.requests.freezes.values().filter_map(|freezes| freezes.last()) {
            times.push(freeze.since + time::LONGEST_QUEUE_REFUSAL_SECONDS);
            times.extend(freeze.until.map(|until| until + time::QUEUE_OPEN_SECONDS));
        }
        times.extend(model.vault.deferrals.values());
        times.extend(model.ledger.funds.values().map(|fund| fund.ready_at));
        times.extend(model.ledger.streams.values().map(|stream| stream.ends));
        for (setup, disputes) in self.stage.setup.services.iter().zip(&model.disputes) {
            let open = disputes.challenges.iter().filter(|challenge| challenge.state == 1);
            times.extend(open.flat_map(|of| [of.deadline, of.task_time + setup.evidence_window]));
        }
        let effective = model.terms.iter().map(|terms| terms.effective_at);
        times.extend(effective.flat_map(|time| [time, time + 2 * time::EPOCH_SECONDS]));
        let until = model.governance.until;
        times.extend([until, until + time::QUEUE_OPEN_SECONDS, until + time::PAUSE_INTERVAL_SECONDS]);
        let scheduled = model.governance.scheduled.values().map(|scheduled| scheduled.effective_at);
        times.extend(scheduled.flat_map(|time| [time, time + time::LAPSE_SECONDS]));
        times.extend(model.rewards.commissions.values().map(|commission| commission.effective_at));
        for registry in &model.registries {
            times.extend([registry.minimum.effective_at, registry.admission.effective_at]);
            times.extend(registry.weights.iter().map(|(_, weight)| weight.effective_at));
            let refused = registry.members.values().filter(|member| member.refused_since != 0);
            times.extend(refused.map(|member| epoch::notice_ends(member.refused_since)));
        }
        let beside = times.iter().flat_map(|time| [time.saturating_sub(1), *time, time.saturating_add(1)]);
        beside.filter(|time| *time > model.now).collect()
    }
}
