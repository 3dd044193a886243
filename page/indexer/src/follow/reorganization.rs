//! Blocks that the chain took back.

use super::{FollowError, Follower, header};
use crate::schema::{self, Block};

/// How far the index went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rolled {
    /// The last block that it had.
    pub from: u64,
    /// The last one that it has now. Between it and the first that was taken back lie at most the blocks of a piece.
    pub to: u64,
}

impl Follower {
    /// Forgets all blocks after the last stored one that the chain still has.
    pub(super) async fn roll_back(&self, head: Block) -> Result<Rolled, FollowError> {
        let stored = self.index.read(schema::hashes).await?;
        let from = stored.last().map_or(0, |(number, _)| *number);
        // The blocks of the chain are the first ones, so that halving finds the last of them.
        let (mut known, mut gone) = (0, stored.len());
        while known < gone {
            let middle = known.midpoint(gone);
            let Some((number, hash)) = stored.get(middle).copied() else { break };
            let found = if number > head.number { None } else { header(&self.chain, number.into()).await? };
            if found.is_some_and(|found| found.hash == hash) {
                known = middle.saturating_add(1);
            } else {
                gone = middle;
            }
        }
        let Some((to, _)) = known.checked_sub(1).and_then(|last| stored.get(last).copied()) else {
            return Err(FollowError::BeganAgain);
        };
        self.index.write(move |storage| schema::roll_back(storage, to)).await?;
        Ok(Rolled { from, to })
    }
}
