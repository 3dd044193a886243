//! Finds operators that gave two answers to one task, and challenges them.
//!
//! Answers come from the messages of operators, and from the chain: what was sent there to feeds and boards carries the
//! signatures. The [`book`] keeps them as long as they can be held against somebody; a key that has two different
//! answers to one task is accused, once, where the challenge is upheld and pays more than it costs ([`watcher`]).
#![deny(missing_docs)]

pub mod book;
mod bounty;
mod chain_answers;
pub mod watcher;
