//! Chooses a move, and what it is about.

mod evidence;
mod slashes;
mod stakes;
mod weights;

use crate::generate::Chooser;
use crate::redeeming;
use crate::schemes::{Intent, Scheme};
use crate::stage::Who;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use evidence::{
    changes_terms, dates_evidence, is_asked_for_leaves, is_rejected_first, pays_in_advance, rotates_around_a_task,
};
use slashes::{
    crosses_epochs, freezes_a_notice, freezes_and_vetoes, has_two_tiers, keeps_in_a_drawer, opts_in_again,
    slashes_itself, slashes_itself_in_a_run, storms, vetoes_its_verdict,
};
use stakes::{fills_a_pool, queues_and_restakes};
use weights::{is_admitted_and_not, lets_expire, updates_at_the_edge};

/// What a move is about.
#[derive(Clone, Copy)]
pub(crate) struct Move {
    pub(crate) operator: Who,
    pub(crate) service: usize,
    pub(crate) wad: u64,
    pub(crate) budget: u64,
    pub(crate) seconds: u64,
    pub(crate) exclusive: bool,
}

/// One of the moves.
pub(super) fn begin(chooser: &mut Chooser<'_>) -> Scheme {
    let operator = if chooser.random.one_in(2) { Who::REX } else { Who::ROB };
    let service = usize::try_from(chooser.random.below(2)).unwrap_or(0);
    let wad = chooser.wad().clamp(1, ONE);
    let budget = chooser.budget();
    let moves: [fn(Move) -> Vec<Intent>; 21] = [
        slashes_itself,
        slashes_itself_in_a_run,
        freezes_and_vetoes,
        vetoes_its_verdict,
        storms,
        freezes_a_notice,
        keeps_in_a_drawer,
        queues_and_restakes,
        rotates_around_a_task,
        dates_evidence,
        is_rejected_first,
        pays_in_advance,
        updates_at_the_edge,
        lets_expire,
        has_two_tiers,
        opts_in_again,
        fills_a_pool,
        crosses_epochs,
        is_asked_for_leaves,
        changes_terms,
        is_admitted_and_not,
    ];
    let with_receipts = chooser.random.one_in(3);
    let chosen = chooser.random.pick(if with_receipts { &redeeming::MOVES[..] } else { &moves[..] });
    let chosen = chosen.unwrap_or(slashes_itself);
    let seconds = chooser.random.below(2 * EPOCH_SECONDS);
    chosen(Move { operator, service, wad, budget, seconds, exclusive: !chooser.random.one_in(3) }).into()
}
