//! Deploying: one step after another, each found on the chain if it was done before. So whoever is interrupted, by
//! whatever, begins again and goes on.

use super::steps::{Plan, Scope, TOKEN};
use super::stylus_deployer::Creation;
use super::{Parameters, Suite, verify};
use crate::build::Program;
use crate::chain::{CallError, Chain};
use crate::deployment::{Deployment, DeploymentError};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolCall;
use eyre::{OptionExt, Result, WrapErr, bail, ensure};
use interfaces::{IGovernance, ILens, IRegistry};

/// A deployment, and who hears of it.
pub struct Deploying<'a> {
    /// What is deployed.
    pub scope: Scope,
    /// The chain, with the key of who deploys.
    pub chain: &'a Chain,
    /// The code.
    pub programs: &'a [Program],
    /// With what.
    pub parameters: &'a Parameters,
    /// The chain's StylusDeployer.
    pub stylus_deployer: Address,
    /// Keeps how far it is, before anything is sent that depends on it, and hears what was done.
    pub keep: &'a dyn Fn(&Deployment, &Progress) -> Result<()>,
}

/// How far a deployment is.
#[derive(Debug, Clone)]
pub struct Progress {
    /// How many steps are done.
    pub done: usize,
    /// How many there are.
    pub all: usize,
    /// What happens next, or has happened.
    pub what: String,
    /// What it cost, once it has.
    pub gas: Option<u64>,
}

impl Deploying<'_> {
    /// Does what is not done yet, and looks in the end whether all is as it should be.
    ///
    /// # Errors
    /// If the chain refuses a step, or something there is not what it should be.
    pub async fn run(&self, record: &mut Deployment) -> Result<Suite> {
        self.settle(record.from()).await?;
        self.adopt_token(record).await?;
        let names = self.scope.names(self.parameters);
        let all = names.len() + self.scope.connected().count() + self.configured(record);
        let mut steps = Steps { all, done: 0 };
        for name in names {
            self.create(record, &mut steps, name).await?;
        }
        for name in self.scope.connected() {
            self.connect(record, &mut steps, name).await?;
        }
        let addresses = record.addresses();
        let suite = Suite::at(|name| addresses.get(name).copied())?;
        if self.owns(record) {
            self.configure(&suite, record, &mut steps).await?;
        }
        match self.scope {
            Scope::Suite => verify::collaborators(self.chain, &suite).await?,
            Scope::Service => verify::service(self.chain, &suite).await?,
        }
        record.finish();
        (self.keep)(record, &steps.now("deployed, and read back".to_owned(), None))?;
        Ok(suite)
    }

    /// A token that was there before counts as deployed.
    pub(super) async fn adopt_token(&self, record: &mut Deployment) -> Result<(), DeploymentError> {
        match self.parameters.token {
            Address::ZERO => Ok(()),
            token => record.adopt(self.chain, TOKEN, token).await,
        }
    }

    /// Whether who deploys owns, and so configures.
    pub fn owns(&self, record: &Deployment) -> bool {
        self.parameters.owner.is_none_or(|owner| owner == record.from())
    }

    /// How many steps the owner takes in the end, if it is who deploys.
    fn configured(&self, record: &Deployment) -> usize {
        match self.scope {
            _ if !self.owns(record) => 0,
            Scope::Suite => 2,
            Scope::Service => 1,
        }
    }

    /// Waits until nothing of the account is on its way: it may be a step.
    async fn settle(&self, from: Address) -> Result<()> {
        const PATIENCE: u32 = 120;
        for _ in 0..PATIENCE {
            let provider = self.chain.provider();
            let mined = provider.get_transaction_count(from).await?;
            if provider.get_transaction_count(from).pending().await? <= mined {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        bail!("transactions of {from} are still waiting in the node: run this again when they are mined")
    }

    /// What creates a program of this name, once those are planned that its constructor names.
    ///
    /// # Errors
    /// If they are not, or there is no such program.
    pub fn creation<'b>(&'b self, record: &Deployment, name: &'b str) -> Result<Creation<'b>> {
        let program = self.programs.iter().find(|program| program.name == name);
        Ok(Creation {
            stylus_deployer: self.stylus_deployer,
            from: record.from(),
            name,
            code: &program.ok_or_eyre(format!("no program {name}"))?.code,
            construction: self.plan(record).construction(name)?,
            salt: record.salt(),
        })
    }

    pub(super) fn plan(&self, record: &Deployment) -> Plan<'_> {
        Plan { from: record.from(), parameters: self.parameters, addresses: record.addresses() }
    }

    async fn create(&self, record: &mut Deployment, steps: &mut Steps, name: &'static str) -> Result<()> {
        let creation = self.creation(record, name)?;
        let (code, hash) = (creation.code, keccak256(creation.code));
        let planned = record.addresses().get(name).copied();
        if let Some(address) = planned {
            ensure!(
                record.code_hash(name) == Some(hash),
                "{name} was begun with other code than is built here: go on with that version, or begin anew with \
                 another --deployment"
            );
            if self.is_there(name, address, code).await? {
                steps.done += 1;
                return Ok(());
            }
        }
        let fee = creation.fee(self.chain).await?;
        let address = match planned {
            Some(address) => address,
            None => creation.address(self.chain, fee, Default::default()).await?,
        };
        record.plan(name, address, hash);
        (self.keep)(record, &steps.now(format!("{name} will be at {address}"), None))?;
        let gas = match self.chain.transact(creation.transaction(fee)).await {
            Ok(receipt) => {
                record.created(name, receipt.block_number);
                Some(receipt.gas_used)
            }
            // Somebody else did exactly this: salt, code, constructor and so the address are the same.
            Err(_) if self.is_there(name, address, code).await? => None,
            Err(error) => return Err(creation.reason(error)),
        };
        ensure!(self.is_there(name, address, code).await?, "{name} was created, and is not at {address}");
        steps.done += 1;
        (self.keep)(record, &steps.now(format!("{name} is at {address}"), gas))
    }

    /// Whether a contract is there. Other code there is an error.
    pub(super) async fn is_there(&self, name: &str, address: Address, code: &Bytes) -> Result<bool> {
        let there = self.chain.provider().get_code_at(address).await?;
        let is_other = !there.is_empty() && there != *code;
        if is_other {
            return Err(DeploymentError::OtherCode { name: name.to_owned(), address }.into());
        }
        Ok(!there.is_empty())
    }

    async fn connect(&self, record: &Deployment, steps: &mut Steps, name: &str) -> Result<()> {
        let plan = self.plan(record);
        let address = plan.at(name)?;
        if !verify::is_connected(self.chain, name, address).await? {
            let call = self.call(plan.from, address, plan.connection(name)?);
            let receipt = call.await.wrap_err_with(|| format!("cannot connect {name}"))?;
            steps.done += 1;
            return (self.keep)(record, &steps.now(format!("{name} knows the others"), Some(receipt.gas_used)));
        }
        steps.done += 1;
        Ok(())
    }

    /// The token can be staked, and counts for the service. The owner does that, who may be somebody else.
    async fn configure(&self, suite: &Suite, record: &Deployment, steps: &mut Steps) -> Result<()> {
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

    pub(super) fn listing(&self, token: Address) -> IGovernance::addStrategyCall {
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

    async fn call(&self, from: Address, to: Address, input: Bytes) -> Result<TransactionReceipt, CallError> {
        self.chain.transact(TransactionRequest::default().with_from(from).with_to(to).with_input(input)).await
    }
}

/// Base units count for what they are.
pub(super) fn weighing(token: Address) -> IRegistry::scheduleStrategyWeightCall {
    IRegistry::scheduleStrategyWeightCall { token, weight: arithmetic::wad::ONE }
}

/// Counts steps.
struct Steps {
    all: usize,
    done: usize,
}

impl Steps {
    fn now(&self, what: String, gas: Option<u64>) -> Progress {
        Progress { done: self.done, all: self.all, what, gas }
    }
}
