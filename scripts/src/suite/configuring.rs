//! The end of a deployment: the token is listed, and counts for the service. Its owner does that, who may be somebody
//! else than who deploys.

use super::deploying::Steps;
use super::steps::{Scope, TOKEN};
use super::{Deploying, Suite, verify};
use crate::chain::CallError;
use crate::deployment::Deployment;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use eyre::{OptionExt, Result, WrapErr};
use interfaces::{IGovernance, ILens, IRegistry};

impl Deploying<'_> {
    /// Whether who deploys owns, and so configures.
    pub fn owns(&self, record: &Deployment) -> bool {
        self.parameters.owner.is_none_or(|owner| owner == record.from())
    }

    /// How many steps the owner takes in the end, if it is who deploys.
    pub(super) fn configured(&self, record: &Deployment) -> usize {
        match self.scope {
            _ if !self.owns(record) => 0,
            Scope::Suite => 2,
            Scope::Service => 1,
        }
    }

    /// The token can be staked, and counts for the service. The owner does that, who may be somebody else.
    pub(super) async fn configure(&self, suite: &Suite, record: &Deployment, steps: &mut Steps) -> Result<()> {
        let token = suite.token;
        if self.scope == Scope::Suite && !self.is_listed(suite.lens, token).await? {
            let receipt = self.chain.send(record.from(), suite.governance, &self.listing(token), U256::ZERO).await;
            let receipt = receipt.wrap_err("cannot list the token")?;
            (self.keep)(record, &steps.now("the token can be staked".to_owned(), Some(receipt.gas_used)))?;
        }
        steps.done += usize::from(self.scope == Scope::Suite);
        let registry = suite.service.registry;
        if !self.is_weighed(registry, token).await? {
            let receipt = self.chain.send(record.from(), registry, &weighing(token), U256::ZERO).await;
            let receipt = receipt.wrap_err("cannot weigh the token")?;
            (self.keep)(record, &steps.now("it counts for the service".to_owned(), Some(receipt.gas_used)))?;
        }
        steps.done += 1;
        Ok(())
    }

    fn listing(&self, token: Address) -> IGovernance::addStrategyCall {
        let p = self.parameters;
        let (deposit, outflow) = (p.deposit_percent, p.outflow_percent);
        IGovernance::addStrategyCall { token, cap: p.cap, depositPercent: deposit, outflowPercent: outflow }
    }

    async fn is_listed(&self, lens: Address, token: Address) -> Result<bool, CallError> {
        Ok(self.chain.view(lens, &ILens::strategyCall { token }).await?.listed)
    }

    async fn is_weighed(&self, registry: Address, token: Address) -> Result<bool, CallError> {
        let weight = self.chain.view(registry, &IRegistry::strategyWeightCall { token }).await?;
        Ok(weight.weight != 0 || weight.nextWeight != 0)
    }

    /// The calls of [`Self::configure`] that are left.
    pub(super) async fn left_to_configure(&self, record: &Deployment) -> Result<Vec<Bytes>> {
        if !self.owns(record) {
            return Ok(Vec::new());
        }
        let plan = self.plan(record);
        let token = plan.at(TOKEN)?;
        let (list, weigh) = (self.listing(token).abi_encode().into(), weighing(token).abi_encode().into());
        // The first that is told of the others is told when all are there, so they are asked only after that.
        let first = self.scope.connected().next().ok_or_eyre("nothing is connected")?;
        let (address, lens, registry) = (plan.at(first)?, plan.at("lens")?, plan.at("registry")?);
        let is_there = !self.chain.provider().get_code_at(address).await?.is_empty();
        let all = is_there && verify::is_connected(self.chain, first, address).await?;
        let is_listed = self.scope == Scope::Service || all && self.is_listed(lens, token).await?;
        let is_weighed = all && self.is_weighed(registry, token).await?;
        let left = [(is_listed, list), (is_weighed, weigh)].into_iter().filter(|(is_done, _)| !is_done);
        Ok(left.map(|(_, call)| call).collect())
    }
}

/// Base units count for what they are.
fn weighing(token: Address) -> IRegistry::scheduleStrategyWeightCall {
    IRegistry::scheduleStrategyWeightCall { token, weight: arithmetic::wad::ONE }
}
