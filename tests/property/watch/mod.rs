//! What must hold whatever happens: the invariants of the design, checked on the state that model and chain agree on,
//! after each step. Some need to remember: what was counted when, what somebody accepted when it staked, since when
//! nobody can leave.

mod books;
mod consent;
mod exits;
mod guarantees;
mod receipts;
mod verdicts;
mod wealth;
mod weights;

use crate::action::Action;
use crate::stage::Stage;
use alloy::primitives::{Address, Log};
use restake_model::{Model, Protocol};

/// One step that went through.
pub(crate) struct Step<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) before: &'a Protocol,
    pub(crate) after: &'a Protocol,
    pub(crate) action: &'a Action,
    pub(crate) logs: &'a [Log],
}

impl Step<'_> {
    /// Who acts; the zero address where only time passes.
    fn actor(&self) -> Address {
        self.action.sender().map(|who| self.stage.of(who)).unwrap_or_default()
    }
}

/// What is remembered of a play.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    guarantees: guarantees::Guarantees,
    consent: consent::Consent,
    verdicts: verdicts::Verdicts,
    exits: exits::Exits,
    weights: weights::Weights,
    wealth: wealth::Wealth,
}

/// How often something was seen that an invariant is about: a play that never shows it proves nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// Verdicts of exclusive services that had counted something, and executions that took of it.
    pub(crate) guaranteed: u64,
    pub(crate) taken: u64,
    /// Of these, executions of faults that a checkpoint had carried.
    pub(crate) carried: u64,
    /// Budgets that grew at once, and after a notice.
    pub(crate) at_once: u64,
    pub(crate) after_notice: u64,
    /// Slashes of honest stakers.
    pub(crate) victims: u64,
    /// Withdrawals that were queued while their operator was frozen.
    pub(crate) windows: u64,
    /// Buckets that were held beyond their release.
    pub(crate) held: u64,
    /// Slashes that were executed while others were ready.
    pub(crate) commuted: u64,
}

impl std::ops::AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.guaranteed += other.guaranteed;
        self.taken += other.taken;
        self.carried += other.carried;
        self.at_once += other.at_once;
        self.after_notice += other.after_notice;
        self.victims += other.victims;
        self.windows += other.windows;
        self.held += other.held;
        self.commuted += other.commuted;
    }
}

impl Watch {
    /// What was seen until now.
    pub(crate) fn seen(&self) -> Seen {
        let mut seen = self.guarantees.seen;
        seen += self.consent.seen;
        seen += self.exits.seen;
        seen += self.wealth.seen;
        seen
    }

    /// From where a play begins.
    pub(crate) fn new(stage: &Stage, model: &Model) -> Self {
        let mut watch = Self::default();
        watch.guarantees.note(stage, model);
        watch.exits.begin(stage, model);
        watch.wealth.begin(model);
        watch
    }

    /// All invariants, after a step that went through.
    ///
    /// # Errors
    /// Names the one that is broken.
    pub(crate) fn step(&mut self, step: &Step<'_>) -> Result<(), String> {
        books::check(step)?;
        self.verdicts.check(step)?;
        self.guarantees.check(step)?;
        self.consent.check(step, &self.exits)?;
        self.exits.check(step)?;
        self.weights.check(step)?;
        receipts::check(step)?;
        self.wealth.check(step)
    }

    /// What must not be refused, after a step that reverted.
    ///
    /// # Errors
    /// It was.
    pub(crate) fn refused(&self, stage: &Stage, state: &Protocol, action: &Action) -> Result<(), String> {
        self.verdicts.refused(stage, state, action)
    }
}

pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("invariant: {}", otherwise())) }
}
