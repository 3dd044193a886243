//! A picture of everything the protocol stores about the people of a test, as the contracts' own views tell it.

use crate::world::World;
use alloy::primitives::{Address, U256};
use eyre::{Result, ensure};
use interfaces::{
    IDisputeResolution, IERC20, IERC20Permit, IGovernance, ILens, ILiquidRestakingToken, ILiquidStakingToken, IOwnable,
    IRedemptionDesk, IRegistry, IRestakingVault, IRestakingWeights, IServiceManager, ISlasher,
};
use restake::actors::Actor;
use restake::balances::Balances;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// Facts by name. Two pictures are equal exactly if nothing changed between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    balances: Balances,
    facts: BTreeMap<String, String>,
}

impl Picture {
    /// Asks the chain about everything.
    ///
    /// # Errors
    /// If it cannot be asked.
    pub async fn take(world: &World) -> Result<Self> {
        let balances = Balances::take(&world.chain, &world.suite, &world.cast).await?;
        let mut picture = Self { balances, facts: BTreeMap::new() };
        picture.take_ledger(world).await?;
        picture.take_slasher(world).await?;
        picture.take_service(world).await?;
        picture.take_tokens(world).await?;
        Ok(picture)
    }

    /// # Errors
    /// Names the first difference, if there is one.
    pub fn must_equal(&self, after: &Self) -> Result<()> {
        for (name, before) in &self.facts {
            let now = after.facts.get(name);
            ensure!(now == Some(before), "{name} changed from {before} to {now:?}");
        }
        let changes = after.balances.changes_since(&self.balances);
        ensure!(self == after, "something changed: {changes:?}");
        Ok(())
    }

    async fn take_ledger(&mut self, world: &World) -> Result<()> {
        let (chain, ledger, token) = (&world.chain, world.suite.lens, world.token());
        self.note("strategy", &chain.view(ledger, &ILens::strategyCall { token }).await?);
        self.note("pause", &chain.view(world.suite.governance, &IGovernance::pausedCall {}).await?);
        let scheduled = IGovernance::scheduledLimitsCall { token };
        self.note("scheduled limits", &chain.view(world.suite.governance, &scheduled).await?);
        self.note("strategies", &chain.view(ledger, &ILens::strategyCountCall {}).await?);
        self.note("vault", &chain.view(token, &IERC20::balanceOfCall { account: world.suite.token_pool }).await?);
        self.note("token supply", &chain.view(token, &IERC20::totalSupplyCall {}).await?);
        let epoch = chain.view(ledger, &ILens::currentEpochCall {}).await?;
        for operator in [Address::ZERO, world.honest(), world.dishonest()] {
            self.note(&format!("pool of {operator}"), &chain.view(ledger, &ILens::poolCall { operator, token }).await?);
            for release_epoch in epoch.saturating_sub(1)..=epoch.saturating_add(2) {
                let bucket = ILens::bucketCall { operator, token, releaseEpoch: release_epoch };
                self.note(&format!("bucket {release_epoch} of {operator}"), &chain.view(ledger, &bucket).await?);
            }
        }
        Ok(())
    }

    async fn take_slasher(&mut self, world: &World) -> Result<()> {
        let (chain, slasher, lens) = (&world.chain, world.suite.slasher, world.suite.lens);
        let count = chain.view(slasher, &ISlasher::requestCountCall {}).await?;
        self.note("slash requests", &count);
        for request_id in 0..count {
            let request = ISlasher::requestHashCall { requestId: request_id };
            self.note(&format!("slash request {request_id}"), &chain.view(slasher, &request).await?);
        }
        // What is announced is asked about for the operators only: it is two calls a pair.
        for operator in [world.honest(), world.dishonest()] {
            for service_manager in
                [world.cast.owner.address, world.cast.bob.address, world.suite.service.service_manager]
            {
                let pending = ILens::pendingGrantCall { operator, serviceManager: service_manager };
                self.note(&format!("announced by {operator} to {service_manager}"), &chain.view(lens, &pending).await?);
            }
        }
        for actor in world.cast.all() {
            let operator = actor.address;
            self.note(
                &format!("status of {}", actor.name),
                &chain.view(lens, &ILens::operatorStatusCall { operator }).await?,
            );
            let commitment = chain.view(lens, &ILens::commitmentOfCall { operator }).await?;
            self.note(&format!("commitment of {}", actor.name), &commitment);
            let pending = chain.view(slasher, &ISlasher::pendingSlashCall { operator }).await?;
            self.note(&format!("pending slashes of {}", actor.name), &pending);
            // Accounts of people can be services too: tests use them as such.
            let services = world
                .cast
                .all()
                .map(|service| service.address)
                .into_iter()
                .chain([world.suite.service.service_manager]);
            for service_manager in services {
                let grant = ILens::grantCall { operator, serviceManager: service_manager };
                self.note(&format!("grant of {} to {service_manager}", actor.name), &chain.view(lens, &grant).await?);
            }
        }
        Ok(())
    }

    async fn take_service(&mut self, world: &World) -> Result<()> {
        let (chain, service) = (&world.chain, world.suite.service);
        self.note("terms", &chain.view(service.service_manager, &IServiceManager::termsCall {}).await?);
        let effective_at = chain.view(service.service_manager, &IServiceManager::termsEffectiveAtCall {}).await?;
        let scheduled = IServiceManager::termsAtCall { time: effective_at };
        self.note("scheduled terms", &(effective_at, chain.view(service.service_manager, &scheduled).await?));
        let total = IRegistry::totalStakeAtCall { time: u64::MAX };
        self.note("total stake", &chain.view(service.registry, &total).await?);
        self.note("operators", &chain.view(service.registry, &IRegistry::operatorCountCall {}).await?);
        self.note("minimum stake", &chain.view(service.registry, &IRegistry::minimumStakeCall {}).await?);
        self.note(
            "weight",
            &chain.view(service.registry, &IRegistry::strategyWeightCall { token: world.token() }).await?,
        );
        for (name, owned) in [
            ("service", service.service_manager),
            ("protocol", world.suite.governance),
            ("token", world.suite.token),
            ("weights", world.suite.restaking_weights),
        ] {
            let owner = chain.view(owned, &IOwnable::ownerCall {}).await?;
            let pending = chain.view(owned, &IOwnable::pendingOwnerCall {}).await?;
            self.note(&format!("owner of the {name}"), &(owner, pending));
        }
        self.note("bonds held", &chain.balance(service.dispute_resolution).await?);
        let count = chain.view(service.dispute_resolution, &IDisputeResolution::challengeCountCall {}).await?;
        self.note("challenges", &count);
        for challenge_id in 0..count {
            let challenge = IDisputeResolution::challengeOfCall { challengeId: challenge_id };
            self.note(&format!("challenge {challenge_id}"), &chain.view(service.dispute_resolution, &challenge).await?);
        }
        self.note("bond", &chain.view(service.dispute_resolution, &IDisputeResolution::bondCall {}).await?);
        for actor in world.cast.all() {
            self.take_member(world, actor).await?;
        }
        Ok(())
    }

    async fn take_member(&mut self, world: &World, actor: &Actor) -> Result<()> {
        let (chain, registry, operator) = (&world.chain, world.suite.service.registry, actor.address);
        let counts = IRegistry::stakeAtCall { operator, time: u64::MAX };
        self.note(&format!("stake that counts of {}", actor.name), &chain.view(registry, &counts).await?);
        let serves: bool = chain.view(registry, &IRegistry::isRegisteredCall { operator }).await?;
        let key: Address = chain.view(registry, &IRegistry::signingKeyOfCall { operator }).await?;
        let suspended: bool = chain.view(registry, &IRegistry::isSuspendedCall { operator }).await?;
        let owner = chain.view(registry, &IRegistry::keyOfCall { signingKey: operator }).await?;
        self.note(&format!("membership of {}", actor.name), &(serves, suspended, key, owner));
        let allowance = IERC20::allowanceCall { owner: operator, spender: world.suite.token_pool };
        let allowance: U256 = chain.view(world.token(), &allowance).await?;
        self.note(&format!("allowance of {}", actor.name), &allowance);
        Ok(())
    }

    async fn take_tokens(&mut self, world: &World) -> Result<()> {
        let (chain, token) = (&world.chain, world.token());
        self.note("ETH in the token", &chain.balance(token).await?);
        self.note("assets of the token", &chain.view(token, &ILiquidStakingToken::totalAssetsCall {}).await?);
        for actor in world.cast.all() {
            let owner = actor.address;
            let nonce: U256 = chain.view(token, &IERC20Permit::noncesCall { owner }).await?;
            self.note(&format!("permits of {}", actor.name), &nonce);
        }
        self.take_receipt(world).await
    }

    async fn take_receipt(&mut self, world: &World) -> Result<()> {
        let (chain, receipt, vault) = (&world.chain, world.suite.restaking_token, world.suite.restaking_vault);
        self.note("receipts", &chain.view(receipt, &IERC20::totalSupplyCall {}).await?);
        let desk = world.suite.redemption_desk;
        self.note("redemptions", &chain.view(desk, &IRedemptionDesk::countsCall {}).await?);
        self.note("rate", &chain.view(receipt, &ILiquidRestakingToken::exitRateCall {}).await?);
        self.note("assets of the vault", &chain.view(vault, &IRestakingVault::totalAssetsCall {}).await?);
        self.note("tokens of the vault", &chain.view(world.token(), &IERC20::balanceOfCall { account: vault }).await?);
        for id in 0..2 {
            let redemption = chain.view(desk, &IRedemptionDesk::redemptionCall { id }).await?;
            let first = chain.view(desk, &IRedemptionDesk::partOfCall { id, index: 0 }).await?;
            self.note(&format!("redemption {id}"), &(redemption, first));
        }
        for index in 0..3 {
            let weights = world.suite.restaking_weights;
            let operator = chain.view(weights, &IRestakingWeights::operatorAtCall { index }).await?;
            let releases = chain.view(vault, &IRestakingVault::transitAtCall { index, transit: 0 }).await?;
            let set_apart = chain.view(vault, &IRestakingVault::setApartAtCall { index }).await?;
            self.note(&format!("operator {index} of the vault"), &(operator, releases, set_apart));
        }
        for actor in world.cast.all() {
            let held = chain.view(receipt, &IERC20::balanceOfCall { account: actor.address }).await?;
            self.note(&format!("receipts of {}", actor.name), &held);
        }
        Ok(())
    }

    fn note(&mut self, name: &str, fact: &impl Debug) {
        self.facts.insert(name.to_owned(), format!("{fact:?}"));
    }
}
