//! Pools that a slash may have taken whole: shares of before are void then, which no event says. Where the shares of
//! all positions are not those of the pool any more, the ledger is asked about each.

use super::{FollowError, Follower};
use crate::projection::{ProjectionError, set_position};
use crate::schema::Block;
use crate::storage::{Row, StorageError, Value, text};
use crate::tables::{DOUBTS, POSITIONS};
use alloy::eips::BlockId;
use alloy::primitives::{Address, U256};
use eyre::WrapErr;
use interfaces::{ILens, IStrategyManager};

impl Follower {
    /// Asks the chain as it is after its last block, up to which everything is indexed.
    pub(super) async fn settle_doubts(&self, head: Block) -> Result<(), FollowError> {
        for pool in self.index.read(|storage| DOUBTS.current(storage, &[])).await? {
            let (operator, token): (Address, Address) = (text(&pool, 0)?, text(&pool, 1)?);
            let equal = [("operator", operator.into()), ("token", token.into())];
            let positions = self.index.read(move |storage| POSITIONS.current(storage, &equal)).await?;
            let at = BlockId::hash(head.hash);
            let asked = self.chain.view_at(self.suite.lens, &ILens::poolCall { operator, token }, at).await;
            let shares = asked.wrap_err("cannot ask for a pool")?.shares;
            let all: Vec<U256> = positions.iter().map(|row| text(row, 3)).collect::<Result<_, StorageError>>()?;
            let mut found = Vec::new();
            if all.into_iter().fold(U256::ZERO, U256::saturating_add) != U256::from(shares) {
                for row in &positions {
                    found.push((key(row), self.shares(row, head).await?));
                }
            }
            let settled = move |storage: &mut dyn crate::storage::Storage| -> Result<(), ProjectionError> {
                for (position, shares) in found {
                    set_position(storage, head.number, &position, shares)?;
                }
                Ok(DOUBTS.end(storage, head.number, &[operator.into(), token.into()])?)
            };
            self.index.write(settled).await?;
        }
        Ok(())
    }

    async fn shares(&self, row: &Row, head: Block) -> Result<U256, FollowError> {
        let call =
            IStrategyManager::positionCall { staker: text(row, 0)?, operator: text(row, 1)?, token: text(row, 2)? };
        let asked = self.chain.view_at(self.suite.strategy_manager, &call, BlockId::hash(head.hash)).await;
        Ok(U256::from(asked.wrap_err("cannot ask for a position")?.shares))
    }
}

fn key(row: &Row) -> Vec<Value> {
    row.iter().take(POSITIONS.keys.len()).cloned().collect()
}
