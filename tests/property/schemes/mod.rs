//! What the coalition tries: moves of several steps, each a way in which somebody who sits on both sides once gained.
//! Between their steps everybody else goes on; and some of them are put in front of and behind a step of somebody else,
//! within its second.

mod around;
mod moves;
mod steps;

pub(crate) use moves::Move;
pub(crate) use steps::{executes, freezes, grants, leaves, stakes, vetoes, waits, waits_epochs};

use crate::action::Action;
use crate::generate::{Chooser, single};
use crate::random::Random;
use crate::stage::{Stage, Who};
use arithmetic::pause;
use around::{behind, concerns, evades, in_front};
use moves::begin;
use restake_model::Model;
use std::collections::VecDeque;
use steps::does;

const DAY: u64 = 24 * 60 * 60;
const HOUR: u64 = 60 * 60;

/// How many moves the coalition makes at a time.
const AT_A_TIME: usize = 4;

/// A step that is decided when it is its turn; none is left out.
pub(crate) type Intent = Box<dyn Fn(&mut Chooser<'_>) -> Option<Action>>;
type Scheme = VecDeque<Intent>;

/// Who chooses the steps of a play.
pub(crate) struct Director {
    random: Random,
    running: Vec<Scheme>,
    /// What happens next, before anything else does.
    now: Scheme,
}

impl Director {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random(seed), running: Vec::new(), now: Scheme::new() }
    }

    /// The next step.
    pub(crate) fn next(&mut self, model: &Model, stage: &Stage) -> Action {
        loop {
            if let Some(intent) = self.now.pop_front() {
                match intent(&mut Chooser { model, stage, random: &mut self.random }) {
                    Some(action) => return action,
                    None => continue,
                }
            }
            if self.running.len() < AT_A_TIME && self.random.one_in(12) {
                let scheme = begin(&mut Chooser { model, stage, random: &mut self.random });
                self.running.push(scheme);
            }
            if !self.running.is_empty() && self.random.below(5) < 2 {
                let index = usize::try_from(self.random.below(4)).unwrap_or(0) % self.running.len();
                let scheme = &mut self.running[index];
                self.now.extend(scheme.pop_front());
                if scheme.is_empty() {
                    self.running.swap_remove(index);
                }
                continue;
            }
            let action = single(model, stage, &mut self.random);
            if !self.random.one_in(3) || !self.surround(model, stage, &action) {
                return action;
            }
        }
    }

    /// Puts something in front of and behind a step of somebody else that concerns an operator of the coalition.
    fn surround(&mut self, model: &Model, stage: &Stage, action: &Action) -> bool {
        let Some(operator) = concerns(model, stage, action).filter(|operator| operator.is_coalition()) else {
            return false;
        };
        if action.sender().is_none_or(Who::is_coalition) {
            return false;
        }
        let chooser = &mut Chooser { model, stage, random: &mut self.random };
        let mut steps = match *action {
            Action::Accuse { service, .. } | Action::Ask { service, .. } | Action::Resolve { service, .. } => {
                evades(chooser, operator, service)
            }
            Action::Execute { .. } => {
                Scheme::from([executes(operator), vetoes(operator), leaves(operator, 0, operator)])
            }
            _ => in_front(chooser, operator),
        };
        steps.push_back(does(*action));
        steps.extend(behind(chooser, operator));
        self.now = steps;
        true
    }
}

/// Bounded pauses, the actions of which somebody needs to leave.
pub(crate) const NEEDED: [u8; 3] = [pause::QUEUE, pause::COMPLETE, pause::EXECUTE];
