//! Plays steps on model and chain.

use crate::action::Action;
use crate::chain::Chain;
use crate::compare::Comparison;
use crate::model::{Mistake, Model};
use crate::random::Random;
use crate::shrink::shrink;
use crate::stage::{Stage, Who};
use crate::{generate, invariants};
use eyre::{Result, eyre};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;

/// How often a failing script is played to make it short.
const TRIES: usize = 3_000;

/// How long a play may last: programs on Arbitrum expire after 365 days unless somebody keeps them alive.
const LONGEST_PLAY_SECONDS: u64 = 340 * 24 * 60 * 60;

/// The chain and the stage, to play on again and again.
pub(crate) struct Theatre {
    stage: Rc<Stage>,
    chain: Chain,
    comparison: Comparison,
    begins: u64,
    steps: u64,
    /// Kind of step => how often it went through, and how often it was refused.
    counts: BTreeMap<String, (u64, u64)>,
}

/// A script whose last step shows a difference.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) script: Vec<Action>,
    pub(crate) difference: String,
}

impl Theatre {
    /// Sets the stage.
    pub(crate) async fn open() -> Result<Self> {
        let (stage, node) = Stage::set().await?;
        let chain = Chain::new(node)?;
        let begins = chain.state()?.timestamp();
        Ok(Self {
            stage: Rc::new(stage),
            chain,
            comparison: Comparison::new(),
            begins,
            steps: 0,
            counts: BTreeMap::new(),
        })
    }

    /// Plays steps that are chosen on the way, and in the end lets everybody go.
    pub(crate) fn improvise(&mut self, seed: u64, length: u64, mistake: Mistake) -> Result<Option<Failure>> {
        let (mut model, mut random, mut script) = (self.begin(mistake)?, Random(seed), Vec::new());
        for _ in 0..length {
            if model.now > self.begins + LONGEST_PLAY_SECONDS {
                break;
            }
            let action = generate::next(&model, &mut random);
            script.push(action);
            if let Err(difference) = self.step(&mut model, &action)? {
                return Ok(Some(Failure { script, difference }));
            }
        }
        for action in invariants::release_everybody(&model) {
            script.push(action);
            if let Err(difference) = self.step(&mut model, &action)? {
                return Ok(Some(Failure { script, difference }));
            }
        }
        let difference = invariants::nobody_is_frozen(&model).and_then(|()| self.comparison.views(&self.chain, &model));
        Ok(difference.err().map(|difference| Failure { script, difference }))
    }

    /// Plays a script again, up to the first difference.
    fn replay(&mut self, script: &[Action], mistake: Mistake) -> Result<Option<Failure>> {
        let mut model = self.begin(mistake)?;
        for (index, action) in script.iter().enumerate() {
            if let Err(difference) = self.step(&mut model, action)? {
                return Ok(Some(Failure { script: script[..=index].to_vec(), difference }));
            }
        }
        let difference = self.comparison.views(&self.chain, &model).err();
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
            None => self.replay(&script, mistake)?.ok_or_else(|| eyre!("what failed once does not fail again")),
        }
    }

    /// What went wrong, with the shortest script.
    pub(crate) fn explain(&mut self, failure: &Failure, mistake: Mistake) -> Result<String> {
        let short = self.shorten(failure, mistake)?;
        Ok(self.script(&short))
    }

    /// A script to read.
    pub(crate) fn script(&self, failure: &Failure) -> String {
        let mut text = format!("{} steps:\n", failure.script.len());
        for (number, action) in failure.script.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:4}  {action}", number + 1);
        }
        text + &self.named(&failure.difference)
    }

    /// How many steps were played so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// How many steps of each kind went through.
    pub(crate) fn tally(&self) -> String {
        let done: u64 = self.counts.values().map(|(done, _)| done).sum();
        let refused: u64 = self.counts.values().map(|(_, refused)| refused).sum();
        let kinds: Vec<String> =
            self.counts.iter().map(|(kind, (done, refused))| format!("{kind} {done}/{}", done + refused)).collect();
        format!("{done} went through, {refused} were refused ({})", kinds.join(", "))
    }

    fn begin(&mut self, mistake: Mistake) -> Result<Model> {
        self.chain.rewind()?;
        let model = Model::new(Rc::clone(&self.stage), self.begins, mistake);
        self.comparison.rewind(&model);
        let same = self.comparison.facts(&self.stage, &model, &self.chain.state()?, &[]);
        same.map_err(|difference| eyre!("the play does not begin as the model does: {}", self.named(&difference)))?;
        Ok(model)
    }

    fn step(&mut self, model: &mut Model, action: &Action) -> Result<Result<(), String>> {
        self.steps += 1;
        let before = model.clone();
        let answer = model.play(action);
        let Some(executed) = self.chain.play(&self.stage, action)? else {
            let facts = self.comparison.facts(&self.stage, model, &self.chain.state()?, &[]);
            return Ok(facts.and_then(|()| invariants::check(&before, model, action)));
        };
        model.pay_fee(action, executed.fee);
        let kind = format!("{action:?}").split([' ', '{']).next().unwrap_or_default().to_owned();
        let count = self.counts.entry(kind).or_default();
        if executed.success {
            count.0 += 1
        } else {
            count.1 += 1
        }
        if let Err(difference) = Comparison::answers(&answer, &executed) {
            return Ok(Err(difference));
        }
        let state = self.chain.state()?;
        if answer.is_err() {
            return Ok(self.comparison.nothing_changed(&self.stage, model, &state, &executed.changed));
        }
        let facts = self.comparison.facts(&self.stage, model, &state, &executed.changed);
        Ok(facts.and_then(|()| invariants::check(&before, model, action)))
    }

    /// A message with the names of people and contracts instead of their addresses.
    fn named(&self, message: &str) -> String {
        let (stage, suite) = (&self.stage, &self.stage.suite);
        let mut names: Vec<(String, _)> = Who::all().map(|who| (who.to_string(), stage.of(who))).collect();
        names.extend(stage.tokens.iter().enumerate().map(|(n, token)| (format!("token {n}"), *token)));
        for (n, service) in stage.services.iter().enumerate() {
            names.push((format!("service {n}"), service.service_manager));
            names.push((format!("the registry of service {n}"), service.registry));
            names.push((format!("the disputes of service {n}"), service.dispute_resolution));
        }
        names.push(("the TokenPool".into(), suite.token_pool));
        names.push(("the StrategyManager".into(), suite.strategy_manager));
        names.push(("the Slasher".into(), suite.slasher));
        names.into_iter().fold(message.to_owned(), |text, (name, address)| {
            text.replace(&address.to_string(), &name).replace(&format!("{address:?}"), &name)
        })
    }
}
