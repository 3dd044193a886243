//! Chooses steps: mostly ones that could go through, by what the model knows, and always some that cannot.
//!
//! [`single`] steps of everybody come in any order. Between them the coalition carries out its
//! [`schemes`](crate::schemes).

mod amounts;
mod governing;
mod people;
mod serving;
mod slashing;
mod staking;
mod travel;

use crate::action::Action;
use crate::random::Random;
use crate::stage::{Stage, Who};
use restake_model::Model;

/// One step of somebody.
pub(crate) fn single(model: &Model, stage: &Stage, random: &mut Random) -> Action {
    loop {
        let action = Chooser { model, stage, random }.choose();
        // Nobody sends no transactions.
        if action.sender() != Some(Who::NOBODY) {
            return action;
        }
    }
}

/// Chooses with what is known.
pub(crate) struct Chooser<'a> {
    pub(crate) model: &'a Model,
    pub(crate) stage: &'a Stage,
    pub(crate) random: &'a mut Random,
}

impl Chooser<'_> {
    fn choose(&mut self) -> Action {
        // Without services there are no faults, and without faults most of the protocol sleeps.
        if self.random.one_in(4)
            && let Some(action) = self.joining()
        {
            return action;
        }
        // A keeper executes what can be executed: a request that expires shows nothing.
        if self.random.one_in(6)
            && let Some(action) = self.keeping()
        {
            return action;
        }
        if self.random.one_in(20)
            && let Some(action) = self.opening()
        {
            return action;
        }
        if self.random.one_in(6) {
            return self.receipts();
        }
        match self.random.below(100) {
            0..=15 => self.travel(),
            16..=51 => self.staking(),
            52..=69 => self.slashing(),
            70..=95 => self.serving(),
            _ => self.governing(),
        }
    }
}
