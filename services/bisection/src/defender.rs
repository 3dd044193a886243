//! An operator's side of games: it names states until one step is left, as soon as it is its turn.

use crate::games::{Game, Games};
use crate::setting::{FAILURES, Setting};
use crate::store::Store;
use crate::{Trace, Workload};
use alloy::primitives::{Address, B256, U256};
use arithmetic::bisection::state::{CHALLENGER, OPERATOR, PASSED};
use eyre::{OptionExt, Report, Result, ensure};
use interfaces::IBisection::depositOfCall;
use restake::verbs::game;
use restake_daemon::rounds::Rounds;
use std::collections::BTreeMap;
use std::sync::Arc;
use tracing::{error, info};

/// The name of this part in `/health`.
const PART: &str = "defending";

/// Whoever defends an operator's results.
pub struct Defender<W: Workload> {
    setting: Setting,
    /// Whose results.
    operator: Address,
    /// Who sends the moves: the operator, or the key that signed.
    sender: Address,
    workload: Arc<W>,
    store: Store,
    games: Games,
    /// By the hash of the computation.
    traces: BTreeMap<B256, Arc<Trace<W::State>>>,
}

impl<W: Workload> Defender<W> {
    /// One that has what was signed in a store.
    pub fn new(setting: Setting, operator: Address, sender: Address, workload: Arc<W>, store: Store) -> Self {
        let (games, traces) = (Games::default(), BTreeMap::new());
        Self { setting, operator, sender, workload, store, games, traces }
    }

    /// Looks and moves until everything stops.
    pub async fn run(mut self) {
        let Setting { tick, health, stop, .. } = self.setting.clone();
        let rounds = Rounds::new(PART, tick, health, stop);
        while rounds.next(self.round()).await {}
    }

    /// Makes each move that is due. One that cannot be made is no reason not to make the others.
    ///
    /// # Errors
    /// If the chain cannot be asked, or a move is not made yet.
    pub async fn round(&mut self) -> Result<()> {
        let chain = self.setting.chain.clone();
        ensure!(chain.is_settled(self.sender).await?, "transactions of {} wait to be mined", self.sender);
        let operator = self.operator;
        let games = self.games.look(&self.setting, |game| game.operator == operator).await?;
        self.traces.retain(|computation, _| games.iter().any(|game| game.of.computation == *computation));
        let (now, mut first) = (chain.now().await?, None::<Report>);
        for game in games {
            if let Err(failure) = self.play(&game, now).await {
                self.setting.metrics.count(&FAILURES, &[("part", PART)]);
                first.get_or_insert(failure.wrap_err(format!("game {} waits for a move", game.id)));
            }
        }
        if self.operator == self.sender {
            self.setting.take_bonds(self.sender).await?;
        }
        first.map_or(Ok(()), Err)
    }

    async fn play(&mut self, game: &Game, now: u64) -> Result<()> {
        let (bisection, id, at) = (self.setting.bisection, game.id, &game.at);
        if game.ran_out(now) {
            if at.state == CHALLENGER {
                info!("game {id}: the challenger's clock ran out");
                self.setting.make(self.sender, id, &game::resolve(bisection, id)).await?;
            } else if at.state == OPERATOR {
                error!("game {id} is lost: no state was named by {}", at.deadline);
            }
            return Ok(());
        }
        if at.state == OPERATOR {
            let trace = self.trace(game.of.computation).await?;
            let step = game.middle();
            let (state, deposit) = (trace.hash_at(step)?, self.deposit().await?);
            info!("game {id}: names the state after {step} of {} steps", at.last);
            return self.setting.make(self.sender, id, &game::name(bisection, id, step, state, deposit)).await;
        }
        if (at.state == CHALLENGER || at.state == PASSED) && game.is_one_step() {
            // Anyone may execute it: who is right need not wait.
            let trace = self.trace(game.of.computation).await?;
            if trace.is_right() && trace.hash_at(at.first)? == at.firstState && trace.hash_at(at.last)? == at.lastState
            {
                let witness = if at.first == at.last { Vec::new() } else { trace.witness_at(at.first)? };
                info!("game {id}: executes the step after {}, which leads to what was claimed", at.first);
                return self.setting.make(self.sender, id, &game::execute(bisection, id, witness.into())).await;
            }
        }
        Ok(())
    }

    /// What the next move must carry.
    async fn deposit(&self) -> Result<U256> {
        let call = depositOfCall { operator: self.operator };
        let deposit = self.setting.chain.view(self.setting.bisection, &call).await?.deposit;
        if deposit.is_zero() { self.setting.bond().await } else { Ok(U256::ZERO) }
    }

    /// The states of a result that was signed here.
    async fn trace(&mut self, computation: B256) -> Result<Arc<Trace<W::State>>> {
        if let Some(trace) = self.traces.get(&computation) {
            return Ok(trace.clone());
        }
        let (store, workload) = (self.store.clone(), self.workload.clone());
        let computed = tokio::task::spawn_blocking(move || {
            let claim = store.claim(computation)?.ok_or_eyre("this store has no such result")?;
            Ok::<_, Report>(Arc::new(Trace::as_claimed(&*workload, &claim)?))
        });
        let trace = computed.await??;
        self.traces.insert(computation, trace.clone());
        Ok(trace)
    }
}
