//! From a chain to its records.

use super::record::{Record, add, begin};
use crate::chain::chain_state::ChainState;
use crate::chain::clock::wall_time;
use crate::chain::fork::Origin;
use crate::chain::ledger::Ledger;
use crate::chain::state::State;
use std::io::{self, Write};

/// Writes a whole chain. Returns how many of the pieces that a fork fetched are in it.
pub(in crate::chain) fn write(state: &ChainState, out: &mut impl Write) -> io::Result<usize> {
    let ledger = &state.ledger;
    begin(out)?;
    add(&Record::Settings((&state.settings).into()), out)?;
    let mut pieces = 0;
    if let Some(origin) = ledger.state().origin() {
        add(&Record::Fork(origin.point()), out)?;
        pieces = write_pieces(origin, 0, out)?;
    }
    write_codes(&State::default(), ledger.state(), out)?;
    write_blocks(ledger, ledger.first(), &State::default(), out)?;
    write_clock(state, out)?;
    Ok(pieces)
}

/// Adds to the records of one chain what makes another of it, if they have so much in common that it can be said like
/// that. `pieces` is how many pieces of a fork are written already. Returns how many of them are written then.
pub(in crate::chain) fn write_difference(
    before: &ChainState,
    after: &ChainState,
    pieces: usize,
    out: &mut impl Write,
) -> io::Result<Option<usize>> {
    let (old, new) = (&before.ledger, &after.ledger);
    let origin = new.state().origin();
    let same_origin = match (old.state().origin(), origin) {
        (Some(before), Some(after)) => before.is_same(after),
        (before, after) => before.is_none() && after.is_none(),
    };
    if before.settings != after.settings || !same_origin {
        return Ok(None);
    }
    let Some((common, old_world, new_world)) = common(old, new) else { return Ok(None) };
    let pieces = origin.map_or(Ok(pieces), |origin| write_pieces(origin, pieces, out))?;
    write_codes(old.state(), new.state(), out)?;
    if old.head().number() > common {
        add(&Record::Back(common), out)?;
    }
    if !new_world.is_same(old_world) {
        write_state(old_world, new_world, out)?;
    }
    write_blocks(new, common.saturating_add(1), new_world, out)?;
    write_clock(after, out)?;
    Ok(Some(pieces))
}

/// The last block up to which two chains are the same, with the two states after it. Only these two may differ: what
/// was changed by hand is in the state after the latest block.
fn common<'a>(old: &'a Ledger, new: &'a Ledger) -> Option<(u64, &'a State, &'a State)> {
    let first = old.first_kept();
    if new.first_kept() < first {
        return None;
    }
    let mut found = None;
    for number in new.first_kept()..=old.head().number().min(new.head().number()) {
        let (Some(before), Some(after)) = (old.block(number), new.block(number)) else { break };
        let (Some(old_world), Some(new_world)) = (old.state_after(number), new.state_after(number)) else { break };
        if before.hash() != after.hash() {
            break;
        }
        found = Some((number, old_world, new_world));
        if !old_world.is_same(new_world) {
            break;
        }
    }
    found
}

/// Writes the blocks from a number on, with the states that are kept. `before` is the state before the first of these.
fn write_blocks(ledger: &Ledger, from: u64, before: &State, out: &mut impl Write) -> io::Result<()> {
    let mut before = before;
    for number in from..=ledger.head().number() {
        let Some(block) = ledger.block(number) else { continue };
        add(&Record::Block(block.as_ref().into()), out)?;
        if let Some(state) = ledger.state_after(number) {
            write_state(before, state, out)?;
            before = state;
        }
    }
    Ok(())
}

fn write_state(before: &State, after: &State, out: &mut impl Write) -> io::Result<()> {
    after.changes_since(before, |changes| add(&Record::Changes(changes), out))?;
    add(&Record::State, out)
}

fn write_codes(before: &State, after: &State, out: &mut impl Write) -> io::Result<()> {
    after.codes_since(before).into_iter().try_for_each(|code| add(&Record::Code(code), out))
}

/// Writes the pieces of a fork after the first ones. Returns how many there are.
fn write_pieces(origin: &Origin, from: usize, out: &mut impl Write) -> io::Result<usize> {
    let mut written = from;
    loop {
        let pieces = origin.pieces(written);
        if pieces.is_empty() {
            return Ok(written);
        }
        written += pieces.len();
        pieces.into_iter().try_for_each(|piece| add(&Record::Fetched(piece), out))?;
    }
}

fn write_clock(state: &ChainState, out: &mut impl Write) -> io::Result<()> {
    add(&Record::Clock { clock: state.clock, saved: wall_time() }, out)
}
