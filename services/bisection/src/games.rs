//! Games as the chain has them.

use crate::setting::{MOVES, Setting};
use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use arithmetic::bisection::Position;
use arithmetic::bisection::state::{OPERATOR, PROVEN};
use eyre::Result;
use interfaces::IBisection::{
    bondCall, bondOfCall, gameCountCall, gameOfCall, gameOfReturn, positionOfCall, positionOfReturn,
};
use restake::verbs::{Verb, game};
use std::collections::{BTreeMap, BTreeSet};
use tracing::info;

/// A game that is not over.
#[derive(Debug, Clone)]
pub struct Game {
    /// Its number.
    pub id: u64,
    /// Who plays about what.
    pub of: gameOfReturn,
    /// How it stands.
    pub at: positionOfReturn,
}

impl Game {
    /// The number of steps after which the state is named.
    pub fn middle(&self) -> u64 {
        self.range().middle()
    }

    /// Whether one step is left, or none.
    pub fn is_one_step(&self) -> bool {
        self.range().is_one_step()
    }

    /// What they differ about.
    fn range(&self) -> Position {
        Position { first: self.at.first, last: self.at.last, ..Position::default() }
    }

    /// Whether the side whose turn it is can move no more at `now`.
    pub fn ran_out(&self, now: u64) -> bool {
        now > self.at.deadline
    }
}

/// The games that somebody plays. Copies of the chain's answers are kept of games that are over only: a block that is
/// taken back may have had another game with the same number.
#[derive(Debug, Default)]
pub struct Games {
    next: u64,
    mine: BTreeSet<u64>,
    /// The last game about each computation, also if it is over.
    about: BTreeMap<B256, u64>,
}

impl Games {
    /// Asks for games that were not seen yet. Returns the own ones that are not over.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn look(&mut self, setting: &Setting, is_mine: impl Fn(&gameOfReturn) -> bool) -> Result<Vec<Game>> {
        let (chain, bisection) = (&setting.chain, setting.bisection);
        let count = chain.view(bisection, &gameCountCall {}).await?;
        if count < self.next {
            // The chain took blocks back.
            *self = Self::default();
        }
        while self.next < count {
            let of = chain.view(bisection, &gameOfCall { gameId: self.next }).await?;
            if is_mine(&of) {
                self.mine.insert(self.next);
                self.about.insert(of.computation, self.next);
            }
            self.next = self.next.saturating_add(1);
        }
        let mut open = Vec::new();
        for id in self.mine.clone() {
            let of = chain.view(bisection, &gameOfCall { gameId: id }).await?;
            let at = chain.view(bisection, &positionOfCall { gameId: id }).await?;
            if is_mine(&of) && (OPERATOR..=PROVEN).contains(&at.state) {
                open.push(Game { id, of, at });
            } else {
                self.mine.remove(&id);
            }
        }
        Ok(open)
    }

    /// Whether one of them was ever about this computation.
    pub fn had(&self, computation: B256) -> bool {
        self.about.contains_key(&computation)
    }
}

impl Setting {
    /// Makes a move for `account`.
    ///
    /// # Errors
    /// If the node cannot be asked, or the contract refuses: then somebody moved, or it is too late.
    pub(crate) async fn make<C: SolCall>(&self, account: Address, id: u64, verb: &Verb<C>) -> Result<()> {
        let receipt = verb.send(&self.chain, account).await?;
        self.metrics.count(&MOVES, &[("call", verb.name())]);
        info!("game {id}: {} is done, for {} gas", verb.name(), receipt.gas_used);
        Ok(())
    }

    /// The bond of a game (wei).
    pub(crate) async fn bond(&self) -> Result<U256> {
        Ok(self.chain.view(self.bisection, &bondCall {}).await?)
    }

    /// Takes what games brought.
    pub(crate) async fn take_bonds(&self, account: Address) -> Result<()> {
        let credit = self.chain.view(self.bisection, &bondOfCall { account }).await?;
        if credit > U256::ZERO {
            game::withdraw_bond(self.bisection, account).send(&self.chain, account).await?;
            info!("took {credit} wei of bonds");
        }
        Ok(())
    }
}
