//! Opening a game.

use crate::computation::Miscomputation;
use crate::storage::Bisection;
use alloy_primitives::{Address, U64};
use alloy_sol_types::SolEvent;
use arithmetic::bisection::Position;
use arithmetic::fault::MISCOMPUTATION as KIND;
use common::stored::{number, set_number};
use common::words::word;
use common::{bonds, disputes, ids, Outcome};
use interfaces::{IBisection, IDisputeResolution};
use stylus_sdk::prelude::*;

impl Bisection {
    pub(crate) fn _challenge_computation(
        &mut self,
        challenger: Address,
        operator: Address,
        evidence: &[u8],
    ) -> Outcome<u64> {
        // The bond stays here until the game is over.
        bonds::take(self.vm(), bonds::bond_in(&self.bond))?;
        let claim = Miscomputation::decode(evidence).ok_or(IDisputeResolution::MalformedEvidence {})?;
        let clock = number(&self.clock);
        // Both sides' time lies inside the window.
        let reserve = clock.saturating_mul(2);
        disputes::require_in_window(self.vm(), claim.task_time, number(&self.evidence_window).saturating_sub(reserve))?;
        let computation = self.signed_hash(&claim.signed);
        let fault = ids::judgement(operator, KIND, computation, &[]);
        if self.judged.get(fault) {
            return Err(IDisputeResolution::AlreadyJudged { evidence: fault }.into());
        }
        let not_signed = || IBisection::NotSigned { operator };
        let key = disputes::signer(self.vm(), computation, claim.r, claim.vs)?.ok_or_else(not_signed)?;
        if !disputes::accuses(self.vm(), self.registry.get(), key, operator, claim.task_time)? {
            return Err(not_signed().into());
        }
        disputes::require_punished(self.vm(), self.service_manager.get(), KIND, claim.task_time)?;

        let game_id = number(&self.game_count);
        set_number(&mut self.game_count, game_id.saturating_add(1));
        let mut player = self.operators.setter(operator);
        let open_games = number(&player.open_games).saturating_add(1);
        set_number(&mut player.open_games, open_games);
        // Below three days.
        let seconds = u32::try_from(clock).unwrap_or(u32::MAX);
        let position = Position::opened(claim.steps, self.vm().block_timestamp(), seconds);
        let mut game = self.games.setter(U64::from(game_id));
        game.set_position(position);
        game.operator.set(operator);
        set_number(&mut game.task_time, claim.task_time);
        game.challenger.set(challenger);
        game.signing_key.set(key);
        game.program.set(claim.program);
        game.computation.set(computation);
        game.first_state.set(claim.input);
        game.last_state.set(claim.output);
        let data = [computation, word(claim.steps), word(position.deadline())];
        self.log(IBisection::ComputationChallenged::SIGNATURE_HASH, game_id, &[operator, challenger], &data);
        Ok(game_id)
    }
}
