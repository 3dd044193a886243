//! What is there: views for people, and as JSON for programs.

mod game;
mod operator;
mod service;
mod staker;
mod suite;
mod token;

pub(crate) use game::game;
pub(crate) use operator::operator;
pub(crate) use service::{operators, terms};
pub(crate) use staker::{pools_of, position, set_aside, withdrawals, withdrawals_of};
pub(crate) use suite::status;
pub(crate) use token::{balance, rate};

use super::session::Session;
use alloy::primitives::Address;
use alloy::rpc::types::Filter;
use eyre::Result;
use restake::amounts::Fraction;
use serde_json::Value;
use std::collections::BTreeSet;

/// Prints the lines for people, or the value for programs.
fn show(session: &Session, lines: &[String], value: &Value) {
    lines.iter().for_each(|line| session.say(line));
    if session.json {
        println!("{value}");
    }
}

/// A part in percent.
fn percent(wad: u64) -> String {
    Fraction(wad).to_string()
}

/// The accounts that a topic of some events of a contract names.
async fn named(session: &Session, filter: Filter, topic: usize) -> Result<BTreeSet<Address>> {
    let logs = session.chain.logs_since(&filter, session.since).await?;
    Ok(logs.iter().filter_map(|log| log.topics().get(topic).copied().map(Address::from_word)).collect())
}
