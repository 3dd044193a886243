//! The moves of a game: the operator names a state, the challenger judges it, until one step is left.

use crate::logs::flag;
use crate::storage::{Bisection, StoredGame};
use alloy_primitives::{Address, Uint, B256, U256, U64};
use alloy_sol_types::SolEvent;
use arithmetic::bisection::state::{CHALLENGER, OPERATOR, PASSED};
use arithmetic::bisection::Position;
use common::words::word;
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
        require_state(at, position.middle())?;
        self.games.setter(U64::from(game_id)).middle_state.set(state);
        let deadline = self.pass_turn(game_id, position, CHALLENGER);
        self.take_deposit(operator)?;
        self.log(IBisection::StateNamed::SIGNATURE_HASH, game_id, &[], &[word(at), state, word(deadline)]);
        Ok(())
    }

    pub(crate) fn _judge_state(&mut self, game_id: u64, at: u64, state: B256, agrees: bool) -> Outcome {
        let position = self.require_turn(game_id, CHALLENGER)?;
        let named = self.require_challenger(game_id)?.middle_state.get();
        let expected = position.middle();
        // Of what is one step no state was named.
        if position.is_one_step() || named != state {
            return Err(IBisection::OtherState { at, expected }.into());
        }
        require_state(at, expected)?;
        let mut game = self.games.setter(U64::from(game_id));
        if agrees {
            game.first_state.set(state);
        } else {
            game.last_state.set(state);
        }
        let position = position.judged(agrees);
        let Position { first, last, .. } = position;
        let deadline = self.pass_turn(game_id, position, position.next_state());
        let data = [word(at), flag(agrees), word(first), word(last), word(deadline)];
        self.log(IBisection::StateJudged::SIGNATURE_HASH, game_id, &[], &data);
        Ok(())
    }

    pub(crate) fn _pass_step(&mut self, game_id: u64) -> Outcome {
        let position = self.require_turn(game_id, CHALLENGER)?;
        self.require_challenger(game_id)?;
        require_one_step(&position)?;
        let deadline = self.pass_turn(game_id, position, PASSED);
        self.log(IBisection::StepPassed::SIGNATURE_HASH, game_id, &[], &[word(deadline)]);
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
        if !position.is_in_time(self.vm().block_timestamp()) {
            return Err(IBisection::ClockRanOut { deadline: position.deadline() }.into());
        }
        Ok(position)
    }

    /// Checks that the game is not over. Returns how it stands.
    pub(crate) fn require_open(&self, game_id: u64) -> Outcome<Position> {
        let position = self.games.getter(U64::from(game_id)).position();
        if !position.is_open() {
            return Err(IBisection::NoOpenGame { gameId: game_id }.into());
        }
        Ok(position)
    }

    /// Stops the clock that runs, and starts that of the turn `next`. Returns until when it can run.
    fn pass_turn(&mut self, game_id: u64, position: Position, next: u8) -> u64 {
        let position = position.moved(self.vm().block_timestamp(), next);
        self.games.setter(U64::from(game_id)).set_position(position);
        position.deadline()
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
    if position.is_one_step() {
        Ok(())
    } else {
        Err(IBisection::NotOneStep { first: position.first, last: position.last }.into())
    }
}

fn require_state(at: u64, expected: u64) -> Outcome {
    if at == expected {
        Ok(())
    } else {
        Err(IBisection::OtherState { at, expected }.into())
    }
}
