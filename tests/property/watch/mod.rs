//! What must hold whatever happens: the invariants of the design, checked on the state that model and chain agree on, after
//! each step. Some need to remember: what was counted when, what somebody accepted when it staked, since when nobody can leave.

mod books;
mod consent;
mod exits;
mod guarantees;
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
    exits: exits::Exits,
    weights: weights::Weights,
    wealth: wealth::Wealth,
}

impl Watch {
    /// Whoever queues has its turn in the time that R7 says. The contracts do not keep that yet.
    pub(crate) fn with_turns(mut self) -> Self {
        self.exits.turns = true;
        self
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
        verdicts::check(step)?;
        self.guarantees.check(step)?;
        self.consent.check(step, &self.exits)?;
        self.exits.check(step)?;
        self.weights.check(step)?;
        self.wealth.check(step)
    }
}

pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("invariant: {}", otherwise())) }
}
