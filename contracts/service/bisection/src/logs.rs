//! Events, word by word: all of them begin with the number of a game, or an operator. What the SDK and alloy have for
//! events brings an encoder for each.

use crate::storage::Bisection;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use common::words::word;
use stylus_sdk::prelude::*;

impl Bisection {
    /// Logs an event of a game: what it is known by, who plays where it says so, and its data.
    #[inline(never)]
    pub(crate) fn log(&self, event: B256, game_id: u64, players: &[Address], data: &[B256]) {
        let topics = [event, word(game_id)];
        let players = players.iter().map(|player| player.into_word());
        let words = topics.into_iter().chain(players.clone()).chain(data.iter().copied());
        let mut log = Vec::with_capacity(320);
        words.for_each(|word| log.extend_from_slice(word.as_slice()));
        self.vm().emit_log(&log, topics.len().saturating_add(players.count()));
    }
}

/// A yes or no as a word.
pub(crate) fn flag(yes: bool) -> B256 {
    word(yes.into())
}
