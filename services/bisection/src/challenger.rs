//! A challenger: it computes each result that is published, and plays a game about one that is wrong.

use crate::claim::Claim;
use crate::games::{Game, Games};
use crate::setting::{FAILURES, Setting};
use crate::store::{Store, StoreError};
use crate::{Trace, TraceError, Workload};
use alloy::primitives::{Address, B256};
use arithmetic::bisection::state::{CHALLENGER, PROVEN};
use eyre::{OptionExt, Report, Result, WrapErr, ensure};
use interfaces::IBisection::{StepFailed, clockCall, isJudgedCall};
use restake::chain::CallError;
use restake::judgements::miscomputation_id;
use restake::verbs::game;
use restake_daemon::claims::Claims;
use restake_daemon::message::{Envelope, REFUSED, Rejected};
use restake_daemon::metrics::Metric;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tracing::{info, warn};

/// The name of this part in `/health`.
const PART: &str = "doubting";

/// Results that were computed.
pub static COMPUTED: Metric = Metric::counter("restake_game_results_total", "Results that were computed, by outcome.");

/// What was refused is tried again after so many seconds of the chain.
const PAUSE: u64 = 600;

/// How many results are remembered as computed.
const REMEMBERED: usize = 65_536;

/// Whoever doubts.
pub struct Challenger<W: Workload> {
    setting: Setting,
    account: Address,
    workload: Arc<W>,
    /// Results that are wrong.
    store: Store,
    claims: Claims,
    games: Games,
    traces: BTreeMap<B256, Arc<Trace<W::State>>>,
    /// Results that were computed in this life.
    seen: BTreeSet<B256>,
    /// From when a game that is won can be tried again.
    proven: BTreeMap<u64, u64>,
    now: u64,
}

impl<W: Workload> Challenger<W> {
    /// One whose bonds are `account`'s, for which the setting's chain has the key.
    pub fn new(setting: Setting, account: Address, workload: Arc<W>, store: Store) -> Self {
        let (chain, suite, since) = (setting.chain.clone(), setting.suite, setting.origin.number);
        Self {
            claims: Claims::new(chain, suite, account, since, setting.metrics.clone()),
            setting,
            account,
            workload,
            store,
            games: Games::default(),
            traces: BTreeMap::new(),
            seen: BTreeSet::new(),
            proven: BTreeMap::new(),
            now: 0,
        }
    }

    /// Listens and plays until everything stops.
    ///
    /// # Errors
    /// If the store cannot be used.
    pub async fn run(mut self) -> Result<(), StoreError> {
        let (stop, mut listener) = (self.setting.stop.clone(), self.setting.transport.listen());
        let mut ticks = tokio::time::interval(self.setting.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let work = async {
            loop {
                tokio::select! {
                    heard = listener.next() => match heard {
                        Some(envelope) => self.hear(&envelope).await?,
                        None => return Ok(()),
                    },
                    _ = ticks.tick() => match self.round().await {
                        Ok(()) => self.setting.health.well(PART, Duration::from_secs(60).max(self.setting.tick * 20)),
                        Err(why) => self.failed(&why),
                    },
                }
            }
        };
        // Whatever it is about to do may end at any moment: what became of it is asked of the chain after a start.
        stop.or(work).await.unwrap_or(Ok(()))
    }

    async fn hear(&mut self, envelope: &Envelope) -> Result<(), StoreError> {
        let taken = match envelope.open::<Claim>() {
            Ok(None) => return Ok(()),
            Ok(Some(claim)) => self.take(claim).await,
            Err(why) => Err(Report::from(why)),
        };
        match taken.map_err(|failure| failure.downcast::<Rejected>()) {
            Ok(()) => {}
            Err(Ok(why)) => self.setting.metrics.count(&REFUSED, &[("reason", why.name())]),
            Err(Err(failure)) => match failure.downcast::<StoreError>() {
                Ok(broken) => return Err(broken),
                Err(other) => self.failed(&other),
            },
        }
        Ok(())
    }

    /// Computes a result, and remembers it if it is wrong.
    async fn take(&mut self, claim: Claim) -> Result<()> {
        let domain = &self.setting.domain;
        let (hash, time) = (claim.hash(domain), claim.task_time);
        let signer = claim.signer(domain).map_err(|_| Rejected::NotSigned)?;
        if claim.program != self.setting.program || self.seen.contains(&hash) {
            return Ok(());
        }
        let (now, window) = (self.setting.chain.now().await?, self.setting.evidence_window().await?);
        ensure!(time <= now.saturating_add(window) && now <= time.saturating_add(window), Rejected::Untimely);
        ensure!(!self.setting.operator_of(signer, time).await?.is_zero(), Rejected::Unfounded);
        let (workload, result) = (self.workload.clone(), claim.clone());
        let computed = tokio::task::spawn_blocking(move || {
            let trace = Trace::right(&*workload, &result)?;
            Ok::<_, TraceError>(trace.hash_at(result.steps)?)
        });
        let output = match computed.await? {
            Ok(output) => output,
            Err(failure) => {
                info!("the result of {signer} for {time} cannot be computed: {failure:#}");
                self.setting.metrics.count(&COMPUTED, &[("outcome", "unknown")]);
                return Err(Rejected::Unfounded.into());
            }
        };
        if self.seen.len() >= REMEMBERED {
            // What is published again is computed once more.
            self.seen.clear();
        }
        self.seen.insert(hash);
        if output == claim.output {
            self.setting.metrics.count(&COMPUTED, &[("outcome", "right")]);
            return Ok(());
        }
        self.setting.metrics.count(&COMPUTED, &[("outcome", "wrong")]);
        warn!("the result of {signer} for {time} is wrong: {}, and not {output}", claim.output);
        // On the disk before anything is done about it.
        let (store, expires) = (self.store.clone(), time.saturating_add(window));
        Ok(tokio::task::spawn_blocking(move || store.keep(hash, &claim, expires)).await??)
    }

    /// Opens games about what is wrong, makes each move that is due, and takes what that brings.
    ///
    /// # Errors
    /// If the chain or the store cannot be asked, or something is not done yet; everything else is.
    pub async fn round(&mut self) -> Result<()> {
        let chain = self.setting.chain.clone();
        ensure!(chain.is_settled(self.account).await?, "transactions of {} wait to be mined", self.account);
        self.now = chain.now().await?;
        let (account, store, now) = (self.account, self.store.clone(), self.now);
        let games = self.games.look(&self.setting, |game| game.challenger == account).await?;
        let read = move || {
            store.prune(now)?;
            store.claims()
        };
        let wrong = tokio::task::spawn_blocking(read).await??;
        let mut first = None::<Report>;
        let mut note = |done: Result<()>, what: String| {
            if let Err(failure) = done {
                self.setting.metrics.count(&FAILURES, &[("part", PART)]);
                first.get_or_insert(failure.wrap_err(what));
            }
        };
        let known: BTreeMap<B256, Claim> = wrong.into_iter().collect();
        for (hash, claim) in &known {
            if !self.games.had(*hash) {
                let opened = open(&self.setting, self.account, self.now, *hash, claim).await;
                note(opened, format!("the result {hash} is not challenged yet"));
            }
        }
        for game in &games {
            let claim = known.get(&game.of.computation);
            let played = Playing {
                setting: &self.setting,
                account,
                now,
                workload: &self.workload,
                traces: &mut self.traces,
                proven: &mut self.proven,
            };
            note(played.play(game, claim).await, format!("game {} waits for a move", game.id));
        }
        self.traces.retain(|computation, _| games.iter().any(|game| game.of.computation == *computation));
        self.claims.round(now).await?;
        self.setting.take_bonds(self.account).await?;
        first.map_or(Ok(()), Err)
    }

    fn failed(&self, why: &Report) {
        warn!("{PART}: not done yet: {why:#}");
        self.setting.metrics.count(&FAILURES, &[("part", PART)]);
        self.setting.health.ill(PART, format!("{why:#}"));
    }
}

/// Opens a game about a wrong result, unless it was proven wrong, or it is too late.
async fn open(setting: &Setting, account: Address, now: u64, hash: B256, claim: &Claim) -> Result<()> {
    let (chain, bisection) = (&setting.chain, setting.bisection);
    let operator = setting.operator_of(claim.signer(&setting.domain)?, claim.task_time).await?;
    let evidence = miscomputation_id(operator, hash);
    let clocks = chain.view(bisection, &clockCall {}).await?.saturating_mul(2);
    let until = claim.task_time.saturating_add(setting.evidence_window().await?).saturating_sub(clocks);
    if now > until || now < claim.task_time || chain.view(bisection, &isJudgedCall { evidence }).await? {
        return Ok(());
    }
    let verb = game::open(bisection, operator, &claim.signed(), setting.bond().await?);
    let receipt = verb.send(chain, account).await.wrap_err("the challenge was not sent")?;
    warn!("challenges {operator} for its result of {}, for {} gas", claim.task_time, receipt.gas_used);
    Ok(())
}

/// What a move is made with.
struct Playing<'a, W: Workload> {
    setting: &'a Setting,
    account: Address,
    now: u64,
    workload: &'a Arc<W>,
    traces: &'a mut BTreeMap<B256, Arc<Trace<W::State>>>,
    proven: &'a mut BTreeMap<u64, u64>,
}

impl<W: Workload> Playing<'_, W> {
    async fn play(self, game: &Game, claim: Option<&Claim>) -> Result<()> {
        let (setting, account, id, at) = (self.setting, self.account, game.id, &game.at);
        let bisection = setting.bisection;
        if at.state == PROVEN {
            if self.proven.get(&id).is_some_and(|again| self.now < *again) {
                return Ok(());
            }
            self.proven.insert(id, self.now.saturating_add(PAUSE));
            return setting.make(account, id, &game::resolve(bisection, id)).await;
        }
        if at.state != CHALLENGER {
            if game.ran_out(self.now) {
                info!("game {id}: the operator's clock ran out");
                return setting.make(account, id, &game::resolve(bisection, id)).await;
            }
            return Ok(());
        }
        if game.ran_out(self.now) {
            warn!("game {id} is lost: it was this side's turn until {}", at.deadline);
            return setting.make(account, id, &game::resolve(bisection, id)).await;
        }
        let trace = self.trace(game.of.computation, claim).await?;
        if game.is_one_step() {
            let witness = if at.first == at.last { Vec::new() } else { trace.witness_at(at.first)? };
            let verb = game::execute(bisection, id, witness.into());
            return match setting.chain.simulate(account, bisection, &verb.call, verb.value).await {
                Err(CallError::Refused(refusal)) if refusal.decode::<StepFailed>().is_some() => {
                    warn!("game {id}: the step cannot be executed, and is left to the operator");
                    setting.make(account, id, &game::pass(bisection, id)).await
                }
                _ => {
                    info!("game {id}: executes the step after {}", at.first);
                    setting.make(account, id, &verb).await
                }
            };
        }
        let step = game.middle();
        let agrees = trace.hash_at(step)? == at.middleState;
        info!("game {id}: {} the state after {step}", if agrees { "agrees to" } else { "does not agree to" });
        setting.make(account, id, &game::judge(bisection, id, step, at.middleState, agrees)).await
    }

    /// The right states of a result.
    async fn trace(self, computation: B256, claim: Option<&Claim>) -> Result<Arc<Trace<W::State>>> {
        if let Some(trace) = self.traces.get(&computation) {
            return Ok(trace.clone());
        }
        let claim = claim.cloned().ok_or_eyre("this store has no such result")?;
        let workload = self.workload.clone();
        let computed = tokio::task::spawn_blocking(move || Trace::right(&*workload, &claim)).await?;
        let trace = Arc::new(computed?);
        self.traces.insert(computation, trace.clone());
        Ok(trace)
    }
}
