//! A sequencer on a chain of a test's own: operators that sign, defend and lie, and challengers.

mod folder;
mod games;
mod killing;
mod stage;
mod traces;
