//! Operators and aggregators on a network in memory and a chain with everything deployed, whose time the tests move.

mod copies;
mod electorate;
mod faults;
mod folder;
mod killing;
mod market;
mod nodes;
mod rounds;
mod stage;
