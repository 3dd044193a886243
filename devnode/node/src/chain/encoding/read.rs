//! From records to a chain.

use super::parts::SettingsRecord;
use super::record::{Line, Lines, Record};
use super::{StateDecodeError, inconsistent, malformed};
use crate::chain::block::Block;
use crate::chain::chain_state::{ChainState, Settings};
use crate::chain::clock::{StoppedClock, wall_time};
use crate::chain::fork::Origin;
use crate::chain::ledger::Ledger;
use crate::chain::state::State;
use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::time::Duration;
use stylus_vm::Vm;
use stylus_vm::revm::state::Bytecode;

/// A chain, and where in its bytes it ends.
#[derive(Debug)]
pub(in crate::chain) struct Found {
    /// The chain.
    pub(in crate::chain) state: ChainState,
    /// The first byte after the last record that was read. What follows was not written to its end.
    pub(in crate::chain) end: u64,
}

/// Reads a chain.
///
/// # Errors
///
/// Those of the input outside, and inside what is wrong with what was read.
pub(in crate::chain) fn read(input: impl BufRead) -> io::Result<Result<Found, StateDecodeError>> {
    let mut lines = match Lines::begin(input)? {
        Ok(lines) => lines,
        Err(error) => return Ok(Err(error)),
    };
    let mut making = Making::default();
    // What belongs together and is not complete yet. The first of it is the whole chain, and not kept aside.
    let mut waiting = Vec::new();
    let mut complete = None;
    loop {
        let start = lines.passed;
        let record = match lines.next()? {
            Ok(Line::Record(record)) => *record,
            Ok(Line::End) => break,
            Ok(Line::Damaged) if is_the_end(&mut lines)? => break,
            Ok(Line::Damaged) => return Ok(Err(StateDecodeError::Damaged(start))),
            Err(error) => return Ok(Err(error)),
        };
        let made = match record {
            Record::Clock { clock, saved } => {
                complete = Some((clock, saved, lines.passed));
                waiting.drain(..).try_for_each(|record| making.add(record))
            }
            record if complete.is_some() => {
                waiting.push(record);
                Ok(())
            }
            record => making.add(record),
        };
        if let Err(error) = made {
            return Ok(Err(error));
        }
    }
    Ok(match complete {
        Some((clock, saved, end)) => making.finish(clock, saved).map(|state| Found { state, end }),
        None => Err(malformed("it is not complete")),
    })
}

/// Whether nothing that is whole follows.
fn is_the_end(lines: &mut Lines<impl BufRead>) -> io::Result<bool> {
    loop {
        match lines.next()? {
            Ok(Line::End) => return Ok(true),
            Ok(Line::Damaged) => {}
            Ok(Line::Record(_)) | Err(_) => return Ok(false),
        }
    }
}

/// A chain in the making.
#[derive(Debug, Default)]
struct Making {
    settings: Option<Settings>,
    origin: Option<Origin>,
    blocks: Vec<Block>,
    state: State,
    /// The states after the last blocks, by their numbers.
    states: BTreeMap<u64, State>,
}

impl Making {
    fn add(&mut self, record: Record) -> Result<(), StateDecodeError> {
        let Some(settings) = &self.settings else {
            let Record::Settings(settings) = record else { return Err(inconsistent("the settings are missing")) };
            self.settings = Some(SettingsRecord::into(settings));
            return Ok(());
        };
        match record {
            Record::Settings(_) => return Err(inconsistent("there are two settings")),
            Record::Fork(_) if !self.blocks.is_empty() => return Err(inconsistent("a fork begins after its blocks")),
            Record::Fork(point) => {
                let origin = Origin::fetched(point);
                self.state.fetch_from(origin.clone());
                self.origin = Some(origin);
            }
            Record::Fetched(piece) => {
                let origin = self.origin.as_ref().ok_or_else(|| inconsistent("it is no fork, and was fetched"))?;
                origin.add(piece).map_err(|address| inconsistent(format!("the code of {address} is another")))?;
            }
            Record::Code(code) => {
                self.state.remember(Bytecode::new_raw_checked(code).map_err(malformed)?);
            }
            Record::Block(image) => {
                let block = match &self.origin {
                    Some(origin) if self.blocks.is_empty() => image.of_another_chain(origin.point().hash)?,
                    _ => image.try_into()?,
                };
                self.blocks.push(block);
            }
            Record::Changes(changes) => {
                let unknown = |address| inconsistent(format!("the code of {address} is missing"));
                self.state.change(changes).map_err(unknown)?;
            }
            Record::State => {
                let head = self.blocks.last().ok_or_else(|| inconsistent("the first block is missing"))?.number();
                self.states.insert(head, self.state.clone());
                self.states = self.states.split_off(&head.saturating_sub(settings.kept_states()));
            }
            Record::Back(number) => {
                let state = self.states.get(&number);
                self.state = state.ok_or_else(|| inconsistent(format!("no state after block {number}")))?.clone();
                self.states.split_off(&number.saturating_add(1));
                while self.blocks.last().is_some_and(|block| block.number() > number) {
                    self.blocks.pop();
                }
            }
            // It ends what belongs together, and is kept outside.
            Record::Clock { .. } => {}
        }
        Ok(())
    }

    fn finish(self, clock: StoppedClock, saved: Duration) -> Result<ChainState, StateDecodeError> {
        let settings = self.settings.ok_or_else(|| inconsistent("the settings are missing"))?;
        let ledger = Ledger::restore(self.blocks, self.states, settings.kept_states()).map_err(inconsistent)?;
        let passed = wall_time().saturating_sub(saved);
        Ok(ChainState { vm: Vm::new(settings.config), settings, ledger, clock: clock.after(passed) })
    }
}
