//! The storage of the TokenPool and the StrategyManager as it is laid out: fields, and the numbers packed into a word,
//! lowest bits first.

use alloy_primitives::{B256, U256};
use arithmetic::epoch;
use arithmetic::leaving::Leaving;
use arithmetic::outflow::Queue;
use arithmetic::pool::{Pool, Position};
use arithmetic::stream::Stream;

/// Fields of the TokenPool.
pub(crate) mod vault {
    pub(crate) const STRATEGIES: u64 = 4;
    pub(crate) const OUTFLOWS: u64 = 5;
    pub(crate) const DEFERRALS: u64 = 6;
    pub(crate) const TURNS: u64 = 7;
}

/// Fields of the StrategyManager.
pub(crate) mod ledger {
    pub(crate) const TOKENS: u64 = 2;
    pub(crate) const POOLS: u64 = 3;
    pub(crate) const POSITIONS: u64 = 4;
    pub(crate) const STREAMS: u64 = 5;
    pub(crate) const FUNDS: u64 = 6;
}

/// The number in the `bits` bits of a word above the lowest `above`, at most 128 of them.
pub(crate) fn bits(word: B256, above: usize, bits: usize) -> u128 {
    let shifted: U256 = U256::from_be_bytes(word.0) >> above;
    let [low, high, ..] = *shifted.as_limbs();
    let value = (u128::from(high) << 64) | u128::from(low);
    if bits >= 128 {
        value
    } else {
        value & (1u128 << bits).saturating_sub(1)
    }
}

/// The same for at most 64 bits.
pub(crate) fn small(word: B256, above: usize, count: usize) -> u64 {
    u64::try_from(bits(word, above, count)).unwrap_or(u64::MAX)
}

/// A pool: assets (112 bits), shares (112), generation (24), streaming (8).
pub(crate) fn pool(word: B256) -> Pool {
    Pool {
        assets: bits(word, 0, 112),
        shares: bits(word, 112, 112),
        generation: u32::try_from(small(word, 224, 24)).unwrap_or(u32::MAX),
        streaming: small(word, 248, 8) != 0,
    }
}

/// What is kept of withdrawals with a position in a pool, above its shares (112 bits) and generation (16): shares
/// (112), release (15), whether others are beside (1).
pub(crate) fn leaving(word: B256) -> Leaving {
    Leaving { shares: bits(word, 128, 112), release: small(word, 240, 15), beside: small(word, 255, 1) != 0 }
}

/// A position in a bucket: shares (112 bits), generation (32).
pub(crate) fn position(word: B256) -> Position {
    Position { shares: bits(word, 0, 112), generation: u32::try_from(small(word, 112, 32)).unwrap_or(u32::MAX) }
}

/// A stream: remaining (112 bits), updated (64), ends (64), carry (16).
pub(crate) fn stream(word: B256) -> Stream {
    Stream {
        remaining: bits(word, 0, 112),
        updated: small(word, 112, 64),
        ends: small(word, 176, 64),
        carry: u16::try_from(small(word, 240, 16)).unwrap_or(u16::MAX),
    }
}

/// The outflow queue of a token: backlog (112 bits), end (112), the epoch in which it begins (32).
pub(crate) fn queue(word: B256) -> Queue {
    Queue { backlog: bits(word, 0, 112), begins: epoch::start(small(word, 224, 32)), ends: bits(word, 112, 112) }
}

/// The turn of funds set aside: their amount (112 bits), when it comes (64).
pub(crate) fn turn(word: B256) -> (u128, u64) {
    (bits(word, 0, 112), small(word, 112, 64))
}

/// A listed token.
pub(crate) struct Strategy {
    pub(crate) cap: u128,
    pub(crate) owed: u128,
    /// 0 never listed, 1 open, 2 closed.
    pub(crate) status: u64,
    pub(crate) deposit_percent: u8,
    pub(crate) outflow_percent: u8,
}

/// A listed token: cap (112 bits), owed (112), status (8), deposit percent (8), outflow percent (8).
pub(crate) fn strategy(word: B256) -> Strategy {
    let percent = |above| u8::try_from(small(word, above, 8)).unwrap_or(u8::MAX);
    Strategy {
        cap: bits(word, 0, 112),
        owed: bits(word, 112, 112),
        status: small(word, 224, 8),
        deposit_percent: percent(232),
        outflow_percent: percent(240),
    }
}
