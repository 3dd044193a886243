//! Plays steps on model and chain.

use crate::act::act;
use crate::action::Action;
use crate::chain::Chain;
use crate::compare::Comparison;
use crate::epilogue::Epilogue;
use crate::rehearsal::{Failure, LAST_SECOND, Tally, ends};
use crate::schemes::Director;
use crate::set::set;
use crate::shrink::shrink;
use crate::stage::Stage;
use crate::watch::{Step, Watch};
use eyre::{Result, eyre};
use restake_model::{Mistake, Model};

/// How often a failing script is played to make it short.
const TRIES: usize = 3_000;

/// The chain and the stage, to play on again and again.
pub(crate) struct Theatre {
    pub(crate) stage: Stage,
    chain: Chain,
    comparison: Comparison,
    begins: u64,
    pub(crate) tally: Tally,
}

/// A play that has begun.
struct Play {
    model: Model,
    watch: Watch,
}

impl Theatre {
    /// Sets the stage.
    pub(crate) async fn open() -> Result<Self> {
        let (stage, quorums, lens, node) = set().await?;
        let chain = Chain::new(node)?;
        let begins = chain.state()?.timestamp();
        Ok(Self { stage, chain, comparison: Comparison::new(quorums, lens), begins, tally: Tally::default() })
    }

    /// Plays steps that are chosen on the way, and in the end lets everybody go.
    pub(crate) fn improvise(&mut self, seed: u64, length: u64, mistake: Mistake) -> Result<Option<Failure>> {
        let (mut play, mut director, mut script) = (self.begin(mistake)?, Director::new(seed), Vec::new());
        for _ in 0..length {
            let action = director.next(&play.model, &self.stage);
            if ends(&action, self.begins) {
                break;
            }
            script.push(action);
            if let Err(difference) = self.step(&mut play, &action)? {
                return Ok(Some(Failure { script, difference }));
            }
        }
        if let Err(difference) = self.comparison.views(&self.stage, &self.chain, &play.model) {
            return Ok(Some(Failure { script, difference }));
        }
        let mut epilogue = Epilogue::new(self.begins + LAST_SECOND);
        while let Some(action) = epilogue.next(&play.model, &self.stage) {
            script.push(action);
            let answer = self.step(&mut play, &action)?;
            let forgiven = answer.and_then(|revert| match revert {
                None => Ok(()),
                Some(revert) => Epilogue::forgives(&action, &revert),
            });
            if let Err(difference) = forgiven {
                return Ok(Some(Failure { script, difference }));
            }
        }
        self.tally.seen += play.watch.seen();
        let views = self.comparison.views(&self.stage, &self.chain, &play.model);
        Ok(views.err().map(|difference| Failure { script, difference }))
    }

    /// Plays a script again, up to the first difference.
    fn replay(&mut self, script: &[Action], mistake: Mistake) -> Result<Option<Failure>> {
        let mut play = self.begin(mistake)?;
        for (index, action) in script.iter().enumerate() {
            if let Err(difference) = self.step(&mut play, action)? {
                return Ok(Some(Failure { script: script[..=index].to_vec(), difference }));
            }
        }
        let difference = self.comparison.views(&self.stage, &self.chain, &play.model).err();
        Ok(difference.map(|difference| Failure { script: script.to_vec(), difference }))
    }

    /// The shortest script that fails, whatever the difference is that it shows.
    pub(crate) fn shorten(&mut self, failure: &Failure, mistake: Mistake) -> Result<Failure> {
        let mut broken = None;
        let script = shrink(&failure.script, TRIES, |candidate| match self.replay(candidate, mistake) {
            Ok(failure) => failure.is_some(),
            Err(error) => {
                broken = Some(error);
                false
            }
        });
        match broken {
            Some(error) => Err(error),
            None => Ok(self.replay(&script, mistake)?.unwrap_or_else(|| failure.clone())),
        }
    }

    fn begin(&mut self, mistake: Mistake) -> Result<Play> {
        self.chain.rewind()?;
        let model = Model::with_mistake(self.stage.setup.clone(), self.begins, mistake);
        self.comparison.rewind(&model);
        let same = self.comparison.facts(&self.stage, &model, &self.chain.state()?, &[]);
        same.map_err(|difference| {
            eyre!("the play does not begin as the model does: {}", self.stage.named(&difference))
        })?;
        let watch = Watch::new(&self.stage, &model);
        Ok(Play { model, watch })
    }

    /// Plays a step. Returns what it reverted with, if it did, or a difference.
    fn step(&mut self, play: &mut Play, action: &Action) -> Result<Result<Option<Vec<u8>>, String>> {
        let before = play.model.clone();
        let answer = act(&mut play.model, &self.stage, action);
        let changed = match self.chain.play(&self.stage, action)? {
            None => Vec::new(),
            Some(executed) => {
                if let Some(payer) = action.sender() {
                    play.model.pay_fee(self.stage.of(payer), executed.fee);
                }
                if let Err(difference) = Comparison::answers(&answer, &executed) {
                    return Ok(Err(difference));
                }
                executed.changed
            }
        };
        self.tally.count(action, answer.is_ok());
        let (stage, state) = (&self.stage, self.chain.state()?);
        let logs = match answer {
            Ok(logs) => logs,
            Err(revert) => {
                let nothing = self.comparison.nothing_changed(stage, &play.model, &state, &changed);
                let refused = nothing.and_then(|()| play.watch.refused(stage, &play.model, action));
                return Ok(refused.map(|()| Some(revert)));
            }
        };
        let facts = self.comparison.facts(stage, &play.model, &state, &changed);
        let step = Step { stage, before: &before, after: &play.model, action, logs: &logs };
        Ok(facts.and_then(|()| play.watch.step(&step)).map(|()| None))
    }
}
