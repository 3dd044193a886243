//! How games end, and who gets what.

use crate::logs::flag;
use crate::storage::Bisection;
use alloy_primitives::{Address, U256, U64};
use alloy_sol_types::SolEvent;
use arithmetic::bisection::state::{CHALLENGER, DRAWN, PASSED, PROVEN, REJECTED, UPHELD};
use arithmetic::bisection::Position;
use arithmetic::epoch;
use arithmetic::fault::MISCOMPUTATION as KIND;
use common::bonds::{self, Bonds, StorageU96};
use common::stored::{number, set_number};
use common::words::word;
use common::{access, calls, disputes, ids, Emit, Outcome};
use interfaces::{IBisection, IDisputeResolution, ISlasher};
use stylus_sdk::prelude::*;

impl Bisection {
    pub(crate) fn _resolve_game(&mut self, game_id: u64) -> Outcome {
        let position = self.require_open(game_id)?;
        if position.is_in_time(self.vm().block_timestamp()) {
            return Err(IBisection::ClockRuns { deadline: position.deadline() }.into());
        }
        match position.state {
            CHALLENGER => self.reject(game_id),
            PASSED => self.draw(game_id),
            _ => return self.uphold(game_id),
        }
        Ok(())
    }

    /// The result was not shown to be wrong: the bond is the operator's.
    pub(crate) fn reject(&mut self, game_id: u64) {
        let (operator, challenger) = self.players(game_id);
        let bond = self.end(game_id, REJECTED, operator);
        self.log_end(game_id, [operator, challenger], REJECTED, bond, None);
        self.settle_bond(operator, bond);
    }

    /// Nobody could execute the step: the bond goes back, and the deposit stays where it is.
    fn draw(&mut self, game_id: u64) {
        let (operator, challenger) = self.players(game_id);
        let bond = self.end(game_id, DRAWN, operator);
        self.log_end(game_id, [operator, challenger], DRAWN, bond, None);
        self.settle_bond(challenger, bond);
    }

    /// Upholds a game that was decided by its step. What keeps the service from freezing now, and be it the gas that
    /// the caller chose, does not undo that: the game stays proven, and can be resolved.
    pub(crate) fn uphold_now_or_later(&mut self, game_id: u64) {
        self.set_state(game_id, PROVEN);
        // Whatever the reason, `resolve_game` tells it.
        let _ = self.uphold(game_id);
    }

    /// The result is wrong: freezes the operator, once for each result, and gives bond and deposit to the challenger.
    /// Where the grant has ended, which nothing undoes, there is no freeze. Everything else is passed on, and changes
    /// nothing: a budget in open requests may come back.
    fn uphold(&mut self, game_id: u64) -> Outcome {
        let (operator, challenger) = self.players(game_id);
        let game = self.games.getter(U64::from(game_id));
        let (computation, task_time) = (game.computation.get(), number(&game.task_time));
        let fault = ids::judgement(operator, KIND, computation, &[]);
        let over = self.judged.get(fault) || self.vm().block_timestamp() >= epoch::disputes_over(task_time);
        let request_id = if over {
            None
        } else {
            let service = self.service_manager.get();
            self.judged.insert(fault, true);
            match disputes::freeze(self, service, [operator, challenger], KIND, task_time) {
                Ok(request_id) => Some(request_id),
                Err(revert) => {
                    self.judged.insert(fault, false);
                    if !revert.is::<ISlasher::CannotSlash>() {
                        return Err(revert);
                    }
                    None
                }
            }
        };
        let bond = self.end(game_id, UPHELD, operator);
        let paid = bond.saturating_add(take(&mut self.operators.setter(operator).deposit));
        self.log_end(game_id, [operator, challenger], UPHELD, paid, request_id);
        self.settle_bond(challenger, paid);
        Ok(())
    }

    pub(crate) fn _withdraw_deposit(&mut self, operator: Address, recipient: Address) -> Outcome<U256> {
        access::nonzero(recipient)?;
        let mut stored = self.operators.setter(operator);
        let count = number(&stored.open_games);
        if count != 0 {
            return Err(IBisection::GamesOpen { count }.into());
        }
        let amount = take(&mut stored.deposit);
        if amount.is_zero() {
            return Err(IDisputeResolution::NoBond {}.into());
        }
        self.vm().emit(&IDisputeResolution::BondWithdrawn { account: operator, amount, recipient });
        calls::send_raw(self, recipient, amount, &[])
            .map_err(|_| IDisputeResolution::BondTransferFailed { recipient })?;
        Ok(amount)
    }

    /// Sets how a game ended. Returns its bond.
    fn end(&mut self, game_id: u64, outcome: u8, operator: Address) -> U256 {
        self.set_state(game_id, outcome);
        let mut stored = self.operators.setter(operator);
        // It was counted when it was opened.
        let open_games = number(&stored.open_games).saturating_sub(1);
        set_number(&mut stored.open_games, open_games);
        bonds::bond_in(&self.bond)
    }

    fn set_state(&mut self, game_id: u64, state: u8) {
        let mut game = self.games.setter(U64::from(game_id));
        let position = game.position();
        game.set_position(Position { state, ..position });
    }

    fn players(&self, game_id: u64) -> (Address, Address) {
        let game = self.games.getter(U64::from(game_id));
        (game.operator.get(), game.challenger.get())
    }

    fn log_end(&self, game_id: u64, players: [Address; 2], outcome: u8, paid: U256, request_id: Option<u64>) {
        let data = [word(outcome.into()), paid.into(), flag(request_id.is_some()), word(request_id.unwrap_or(0))];
        self.log(IBisection::GameEnded::SIGNATURE_HASH, game_id, &players, &data);
    }
}

/// Takes a deposit out of its word.
fn take(deposit: &mut StorageU96) -> U256 {
    let amount = bonds::bond_in(deposit);
    deposit.set(Default::default());
    amount
}
