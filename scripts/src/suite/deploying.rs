//! Deploying: one step after another, each found on the chain if it was done before. So whoever is interrupted, by
//! whatever, begins again and goes on.

use super::steps::{Plan, Scope, TOKEN};
use super::stylus_deployer::Creation;
use super::{Parameters, Suite, verify};
use crate::build::Program;
use crate::chain::{CallError, Chain};
use crate::deployment::{Deployment, DeploymentError};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use eyre::{OptionExt, Result, WrapErr, bail, ensure};

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

    async fn call(&self, from: Address, to: Address, input: Bytes) -> Result<TransactionReceipt, CallError> {
        self.chain.transact(TransactionRequest::default().with_from(from).with_to(to).with_input(input)).await
    }
}

/// Counts steps.
pub(super) struct Steps {
    all: usize,
    pub(super) done: usize,
}

impl Steps {
    pub(super) fn now(&self, what: String, gas: Option<u64>) -> Progress {
        Progress { done: self.done, all: self.all, what, gas }
    }
}
