//! Which chain this is. A chain that begins again has the number that it had, and contracts at the addresses that they
//! had; it is told by a block that is another one.

use alloy::primitives::B256;
use alloy::providers::Provider;
use eyre::WrapErr;
use restake::chain::Chain;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A block by which a chain is known: the first, or better that before the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
}

/// The chain is another one, or may be.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// It is.
    #[error("the chain began again: its block {number} is another one")]
    BeganAgain {
        /// The block's number.
        number: u64,
    },
    /// The node cannot be asked.
    #[error("{0:#}")]
    Node(eyre::Report),
}

impl Origin {
    /// The block with this number: [`Deployment::since`](restake::deployment::Deployment::since), or the first.
    ///
    /// # Errors
    /// If the node does not have it, or cannot be asked.
    pub async fn of(chain: &Chain, number: u64) -> eyre::Result<Self> {
        let hash = hash(chain, number).await?;
        Ok(Self { number, hash: hash.ok_or_else(|| eyre::eyre!("the node does not have block {number}"))? })
    }

    /// Whether the chain is still the same.
    ///
    /// # Errors
    /// [`OriginError`].
    pub async fn check(&self, chain: &Chain) -> Result<(), OriginError> {
        let found = hash(chain, self.number).await.map_err(OriginError::Node)?;
        if found == Some(self.hash) { Ok(()) } else { Err(OriginError::BeganAgain { number: self.number }) }
    }
}

/// The blocks after the last one that was looked at, and the last of them; all from `since` on, if the chain began
/// again or took that one back.
///
/// # Errors
/// If the node cannot be asked.
pub async fn unseen(chain: &Chain, since: u64, looked: Option<Origin>) -> eyre::Result<(RangeInclusive<u64>, Origin)> {
    let head = chain.provider().get_block_number().await.wrap_err("cannot ask for the latest block")?;
    let first = match looked {
        None => since,
        Some(before) => match before.check(chain).await {
            Ok(()) => before.number.saturating_add(1),
            Err(OriginError::BeganAgain { .. }) => since,
            Err(failure) => return Err(failure.into()),
        },
    };
    Ok((first..=head, Origin::of(chain, head).await?))
}

async fn hash(chain: &Chain, number: u64) -> eyre::Result<Option<B256>> {
    Ok(chain.provider().get_block_by_number(number.into()).await?.map(|block| block.header.hash))
}
