//! The development accounts by name. Their keys are public, from the mnemonic `test test test test test test test test
//! test test test junk`: anyone can spend what they hold on any chain, so they are for development chains only.

use alloy::primitives::{Address, B256, b256};
use alloy::signers::local::PrivateKeySigner;
use eyre::Result;

/// Somebody who acts on the chain.
#[derive(Debug, Clone)]
pub struct Actor {
    /// What to call them.
    pub name: &'static str,
    /// The account they act with.
    pub address: Address,
    /// The key they sign with: their transactions, and as an operator their answers.
    pub key: PrivateKeySigner,
}

/// Everyone in the story.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Deploys the contracts, owns the protocol's list of strategies and the service.
    pub owner: Actor,
    /// A staker.
    pub alice: Actor,
    /// Another staker.
    pub bob: Actor,
    /// An operator who keeps to the rules.
    pub honest: Actor,
    /// An operator who will not.
    pub dishonest: Actor,
    /// A challenger with a proof.
    pub challenger: Actor,
    /// A challenger without one; in the story an operator that tries to save its stake when it is caught.
    pub accuser: Actor,
    /// Who gets slashed funds by the service's terms, for the users that were harmed.
    pub fund: Actor,
}

/// Development keys, well known and worthless.
const DEVELOPMENT_KEYS: [B256; 8] = [
    b256!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
    b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
    b256!("5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
    b256!("7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
    b256!("47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"),
    b256!("8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
    b256!("92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e"),
    b256!("4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
];

impl Cast {
    /// The cast, with the well-known development keys.
    ///
    /// # Errors
    /// If a key were not a valid one.
    pub fn development() -> Result<Self> {
        let [owner, alice, bob, honest, dishonest, challenger, accuser, fund] = DEVELOPMENT_KEYS;
        Ok(Self {
            owner: actor("Owner", owner)?,
            alice: actor("Alice", alice)?,
            bob: actor("Bob", bob)?,
            honest: actor("Honest Op", honest)?,
            dishonest: actor("Crooked Op", dishonest)?,
            challenger: actor("Challenger", challenger)?,
            accuser: actor("Sly Op", accuser)?,
            fund: actor("Insurance Fund", fund)?,
        })
    }

    /// All of them.
    pub fn all(&self) -> [&Actor; 8] {
        [
            &self.owner,
            &self.alice,
            &self.bob,
            &self.honest,
            &self.dishonest,
            &self.challenger,
            &self.accuser,
            &self.fund,
        ]
    }
}

fn actor(name: &'static str, key: B256) -> Result<Actor> {
    let key = PrivateKeySigner::from_bytes(&key)?;
    Ok(Actor { name, address: key.address(), key })
}
