//! The suite on its chain, with the index that follows it.

use crate::place::Place;
use alloy::primitives::{Address, B256, Bytes};
use eyre::Result;
use restake::actors::Cast;
use restake::chain::Chain;
use restake::deployment::Deployment;
use restake::people::People;
use restake::suite::Suite;
use restake_indexer::{Block, Follower, Index};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What contracts said at the block whose hash comes first: the same is not asked twice.
pub(crate) type Answers = (B256, HashMap<(Address, Bytes), Bytes>);

/// Everything that answers need.
pub(crate) struct Site {
    pub(crate) chain: Chain,
    pub(crate) suite: Suite,
    pub(crate) people: People,
    pub(crate) index: Arc<Index>,
    pub(crate) genesis: Block,
    pub(crate) chain_id: u64,
    pub(crate) is_development: bool,
    pub(crate) said: Mutex<Answers>,
}

impl Site {
    /// Connects, finds the suite, and opens its index.
    pub(crate) async fn open(place: &Place) -> Result<(Arc<Self>, Follower)> {
        let chain = place.connect().await?;
        let deployment = Deployment::load(&chain, place.deployment.as_deref()).await?;
        let suite = deployment.suite(&chain).await?;
        let mut people = People::of(&suite);
        let is_development = chain.development().await.is_ok();
        if is_development {
            people = people.with_development_accounts(&Cast::development()?);
        }
        let chain_id = chain.id().await?;
        let index = Index::open(&place.index(chain_id)).await?;
        let follower = Follower::open(chain.clone(), suite, deployment.since(), index.clone()).await?;
        let genesis = follower.genesis();
        let said = Mutex::default();
        Ok((Arc::new(Self { chain, suite, people, index, genesis, chain_id, is_development, said }), follower))
    }

    /// The name of an account, where it has one.
    pub(crate) fn name(&self, account: Address) -> Option<String> {
        let name = self.people.name(account);
        (!account.is_zero() && name != account.to_string()).then_some(name)
    }
}
