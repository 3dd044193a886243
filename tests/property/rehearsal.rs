//! Plays without a chain: the invariants hold on the model alone, and break where a rule is taken away.

use crate::act::act;
use crate::action::Action;
use crate::epilogue::Epilogue;
use crate::schemes::Director;
use crate::shrink::shrink;
use crate::stage::Stage;
use crate::watch::{Seen, Step, Watch};
use restake_model::{Mistake, Model};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How often a failing script is played to make it short.
const TRIES: usize = 1_000;

/// When the plays begin (Unix seconds): some seconds into an epoch.
pub(crate) const BEGINS: u64 = 2_900 * arithmetic::time::EPOCH_SECONDS + 12_345;

/// How long the steps of a play may take, and how long it may last in all: programs on Arbitrum expire after 365 days
/// unless somebody keeps them alive.
pub(crate) const LONGEST_PLAY_SECONDS: u64 = 260 * 24 * 60 * 60;
pub(crate) const LAST_SECOND: u64 = 350 * 24 * 60 * 60;

/// A script whose last step shows a difference.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) script: Vec<Action>,
    pub(crate) difference: String,
}

impl Failure {
    /// A script to read.
    pub(crate) fn text(&self, stage: &Stage) -> String {
        let mut text = format!("{} steps:\n", self.script.len());
        for (number, action) in self.script.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:4}  {action}", number + 1);
        }
        text + &stage.named(&self.difference)
    }
}

/// Kind of step => how often it went through, and how often it was refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<String, (u64, u64)>,
    pub(crate) seen: Seen,
}

impl Tally {
    pub(crate) fn count(&mut self, action: &Action, done: bool) {
        let count = self.counts.entry(action.kind()).or_default();
        if done { count.0 += 1 } else { count.1 += 1 }
    }

    pub(crate) fn steps(&self) -> u64 {
        self.counts.values().map(|(done, refused)| done + refused).sum()
    }

    pub(crate) fn text(&self) -> String {
        let done: u64 = self.counts.values().map(|(done, _)| done).sum();
        let kinds: Vec<String> =
            self.counts.iter().map(|(kind, (done, refused))| format!("{kind} {done}/{}", done + refused)).collect();
        let refused = self.steps() - done;
        format!("{done} went through, {refused} were refused ({}); {:?}", kinds.join(", "), self.seen)
    }
}

/// The model on its stage, and whoever watches.
struct Rehearsal<'a> {
    stage: &'a Stage,
    model: Model,
    watch: Watch,
}

impl<'a> Rehearsal<'a> {
    fn begin(stage: &'a Stage, mistake: Mistake) -> Self {
        let model = Model::with_mistake(stage.setup.clone(), BEGINS, mistake);
        let watch = Watch::new(stage, &model);
        Self { stage, model, watch }
    }

    /// Plays a step. Returns whether it went through.
    fn step(&mut self, action: &Action) -> Result<Result<(), Vec<u8>>, String> {
        let before = self.model.clone();
        match act(&mut self.model, self.stage, action) {
            Ok(logs) => {
                let step = Step { stage: self.stage, before: &before, after: &self.model, action, logs: &logs };
                self.watch.step(&step).map(Ok)
            }
            Err(revert) => self.watch.refused(self.stage, &self.model, action).map(|()| Err(revert)),
        }
    }
}

/// Whether a play ends before a step, because that would take too long.
pub(crate) fn ends(action: &Action, begins: u64) -> bool {
    matches!(action, Action::Travel { to } if *to > begins + LONGEST_PLAY_SECONDS)
}

/// Plays steps that are chosen on the way, and in the end lets everybody go.
pub(crate) fn rehearse(stage: &Stage, seed: u64, length: u64, mistake: Mistake, tally: &mut Tally) -> Option<Failure> {
    let (mut rehearsal, mut director) = (Rehearsal::begin(stage, mistake), Director::new(seed));
    let mut script = Vec::new();
    for _ in 0..length {
        let action = director.next(&rehearsal.model, stage);
        if ends(&action, BEGINS) {
            break;
        }
        script.push(action);
        match rehearsal.step(&action) {
            Ok(answer) => tally.count(&action, answer.is_ok()),
            Err(difference) => return Some(Failure { script, difference }),
        }
    }
    let mut epilogue = Epilogue::new(BEGINS + LAST_SECOND);
    while let Some(action) = epilogue.next(&rehearsal.model, stage) {
        script.push(action);
        let answer = rehearsal.step(&action);
        let forgiven = answer.and_then(|answer| match answer {
            Ok(()) => Ok(()),
            Err(revert) => Epilogue::forgives(&action, &revert),
        });
        if let Err(difference) = forgiven {
            return Some(Failure { script, difference });
        }
    }
    tally.seen += rehearsal.watch.seen();
    None
}

/// Plays a script again, up to the first difference.
fn replay(stage: &Stage, script: &[Action], mistake: Mistake) -> Option<Failure> {
    let mut rehearsal = Rehearsal::begin(stage, mistake);
    for (index, action) in script.iter().enumerate() {
        if let Err(difference) = rehearsal.step(action) {
            return Some(Failure { script: script[..=index].to_vec(), difference });
        }
    }
    None
}

/// The shortest script that fails, whatever the difference is that it shows; as it is, where only the end of a play
/// fails.
pub(crate) fn shorten(stage: &Stage, failure: &Failure, mistake: Mistake) -> Failure {
    let script = shrink(&failure.script, TRIES, |candidate| replay(stage, candidate, mistake).is_some());
    replay(stage, &script, mistake).unwrap_or_else(|| failure.clone())
}
