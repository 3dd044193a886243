//! The development accounts by name. Their keys are public, from the mnemonic `test test test test test test test test
//! test test test junk`: anyone can spend what they hold on any chain, so they are for development chains only.

use alloy::primitives::{Address, B256};
use alloy::signers::local::PrivateKeySigner;
use eyre::Result;
use stylus_devnode::DEV_ACCOUNTS;

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

impl Cast {
    /// The cast, with the well-known development keys.
    ///
    /// # Errors
    /// If a key were not a valid one.
    pub fn development() -> Result<Self> {
        // The first is Nitro's own, which owns the chain.
        let [_, owner, alice, bob, honest, dishonest, challenger, accuser, fund, ..] =
            DEV_ACCOUNTS.map(|account| account.key);
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
