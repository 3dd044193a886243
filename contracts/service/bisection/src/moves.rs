//! The moves of a game: the operator names a state, the challenger judges it, until one step is left.

use crate::states::{CHALLENGER, NONE, OPERATOR, PASSED, PROVEN};
use crate::storage::{Bisection, Position, StoredGame};
use alloy_primitives::{Address, Uint, B256, U256, U64};
use arithmetic::bisection::{is_one_step, left, middle};
use common::{access, bonds, Emit, Outcome};
use interfaces::{IAccess, IBisection};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageGuard;

impl Bisection {
    pub(crate) fn _name_state(&mut self, game_id: u64, at: u64, state: B256) -> Outcome {
        let position = self.require_turn(game_id, OPERATOR)?;
        let game = self.games.getter(U64::from(game_id));
        let (operator, caller) = (game.operator.get(), self.vm().msg_sender());
        if caller != operator && caller != game.signing_key.get() {
            return Err(IAccess::Unauthorized { caller }.into());
        }
        require_state(at, middle(position.first, position.last))?;
        self.games.setter(U64::from(game_id)).middle_state.set(state);
        let deadline = self.pass_turn(game_id, position, CHALLENGER)?;
        self.take_deposit(operator)?;
        self.vm().emit(&IBisection::StateNamed { gameId: game_id, at, state, deadline });
        Ok(())
    }

    pub(crate) fn _judge_state(&mut self, game_id: u64, at: u64, state: B256, agrees: bool) -> Outcome {
        let mut position = self.require_turn(game_id, CHALLENGER)?;
        let named = self.require_challenger(game_id)?.middle_state.get();
        let expected = middle(position.first, position.last);
        // Of what is one step no state was named.
        if is_one_step(position.first, position.last) || named != state {
            return Err(IBisection::OtherState { at, expected }.into());
        }
        require_state(at, expected)?;
        let mut game = self.games.setter(U64::from(game_id));
        if agrees {
            position.first = at;
            game.first_state.set(state);
        } else {
            position.last = at;
            game.last_state.set(state);
        }
        let (first, last) = (position.first, position.last);
        let next = if is_one_step(first, last) { CHALLENGER } else { OPERATOR };
        let deadline = self.pass_turn(game_id, position, next)?;
        self.vm().emit(&IBisection::StateJudged { gameId: game_id, at, agrees, first, last, deadline });
        Ok(())
    }

    pub(crate) fn _pass_step(&mut self, game_id: u64) -> Outcome {
        let position = self.require_turn(game_id, CHALLENGER)?;
        self.require_challenger(game_id)?;
        require_one_step(&position)?;
        let deadline = self.pass_turn(game_id, position, PASSED)?;
        self.vm().emit(&IBisection::StepPassed { gameId: game_id, deadline });
        Ok(())
    }

    /// Checks that the challenger calls. Returns the game.
    fn require_challenger(&self, game_id: u64) -> Outcome<StorageGuard<'_, StoredGame>> {
        let game = self.games.getter(U64::from(game_id));
        access::only(self.vm(), game.challenger.get())?;
        Ok(game)
    }

    /// Checks that the game waits for a move of this state, in time. Returns how it stands.
    fn require_turn(&self, game_id: u64, state: u8) -> Outcome<Position> {
        let position = self.require_running(game_id)?;
        if position.state != state {
            return Err(IBisection::OtherMove { gameId: game_id, state: position.state }.into());
        }
        Ok(position)
    }

    /// Checks that the game runs, in time. Returns how it stands.
    pub(crate) fn require_running(&self, game_id: u64) -> Outcome<Position> {
        let position = self.require_open(game_id)?;
        let deadline = position.deadline();
        if position.state == PROVEN || self.vm().block_timestamp() > deadline {
            return Err(IBisection::ClockRanOut { deadline }.into());
        }
        Ok(position)
    }

    /// Checks that the game is not over. Returns how it stands.
    pub(crate) fn require_open(&self, game_id: u64) -> Outcome<Position> {
        let position = self.games.getter(U64::from(game_id)).position();
        if position.state == NONE || position.state > PROVEN {
            return Err(IBisection::NoOpenGame { gameId: game_id }.into());
        }
        Ok(position)
    }

    /// Stops the clock that runs, and starts that of `state`. Returns until when it can run.
    fn pass_turn(&mut self, game_id: u64, position: Position, state: u8) -> Outcome<u64> {
        let now = self.vm().block_timestamp();
        let deadline = position.deadline();
        let clock = left(position.clock(), position.since, now).ok_or(IBisection::ClockRanOut { deadline })?;
        let (operator_clock, challenger_clock) = if position.is_challengers_turn() {
            (position.operator_clock, clock)
        } else {
            (clock, position.challenger_clock)
        };
        let position = Position { since: now, operator_clock, challenger_clock, state, ..position };
        self.games.setter(U64::from(game_id)).set_position(&position);
        Ok(position.deadline())
    }

    /// The call must carry an operator's deposit if it has none, and nothing otherwise.
    fn take_deposit(&mut self, operator: Address) -> Outcome {
        let none = self.operators.getter(operator).deposit.get().is_zero();
        let due = if none { bonds::bond_in(&self.bond) } else { U256::ZERO };
        let amount = bonds::take(self.vm(), due)?;
        if !amount.is_zero() {
            let [low, high, ..] = *amount.as_limbs();
            self.operators.setter(operator).deposit.set(Uint::from_limbs([low, high]));
            self.vm().emit(&IBisection::Deposited { operator, amount });
        }
        Ok(())
    }
}

/// Checks that one step is left, or none.
pub(crate) fn require_one_step(position: &Position) -> Outcome {
    let Position { first, last, .. } = *position;
    if is_one_step(first, last) {
        Ok(())
    } else {
        Err(IBisection::NotOneStep { first, last }.into())
    }
}

fn require_state(at: u64, expected: u64) -> Outcome {
    if at == expected {
        Ok(())
    } else {
        Err(IBisection::OtherState { at, expected }.into())
    }
}
