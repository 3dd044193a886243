//! What the chain says, as tests ask for it.

use crate::world::World;
use alloy::primitives::{Address, U256};
use eyre::Result;
use interfaces::{IERC20, ILens, ISlasher, IStrategyManager};

impl World {
    /// Whether `operator` is frozen.
    pub async fn is_frozen(&self, operator: Address) -> Result<bool> {
        Ok(self.chain.view(self.suite.slasher, &ISlasher::isFrozenCall { operator }).await?)
    }

    /// The staker's shares of `operator`'s pool and what they are worth.
    pub async fn position(&self, staker: Address, operator: Address) -> Result<(u128, u128)> {
        let call = IStrategyManager::positionCall { staker, operator, token: self.token() };
        let position = self.chain.view(self.suite.strategy_manager, &call).await?;
        Ok((position.shares, position.assets))
    }

    /// The tokens that `account` holds, outside the protocol.
    pub async fn held(&self, account: Address) -> Result<U256> {
        Ok(self.chain.view(self.token(), &IERC20::balanceOfCall { account }).await?)
    }

    /// `operator`'s active stake in the token: base units, shares, and how often it was slashed to nothing.
    pub async fn pool(&self, operator: Address) -> Result<(u128, u128, u32)> {
        let call = ILens::poolCall { operator, token: self.token() };
        let pool = self.chain.view(self.suite.lens, &call).await?;
        Ok((pool.assets, pool.shares, pool.generation))
    }

    /// The staker's shares of the bucket of `operator`'s pool that is released at `release_epoch`, and what they pay
    /// now.
    pub async fn withdrawal(&self, staker: Address, operator: Address, release_epoch: u64) -> Result<(u128, u128)> {
        let call =
            IStrategyManager::withdrawalCall { staker, operator, token: self.token(), releaseEpoch: release_epoch };
        let withdrawal = self.chain.view(self.suite.strategy_manager, &call).await?;
        Ok((withdrawal.shares, withdrawal.assets))
    }

    /// What is set aside of the token for `claimant` until `release_epoch`.
    pub async fn slashed_funds(&self, claimant: Address, release_epoch: u64) -> Result<u128> {
        let call = IStrategyManager::fundsOfCall { claimant, token: self.token(), releaseEpoch: release_epoch };
        Ok(self.chain.view(self.suite.strategy_manager, &call).await?.amount)
    }

    /// The release epoch of what is queued or set aside now.
    pub async fn release_epoch(&self) -> Result<u64> {
        Ok(arithmetic::epoch::release_of(self.chain.now().await?))
    }

    /// What the protocol owes of the token, in all.
    pub async fn owed(&self) -> Result<u128> {
        let call = ILens::strategyCall { token: self.token() };
        Ok(self.chain.view(self.suite.lens, &call).await?.owed)
    }
}
