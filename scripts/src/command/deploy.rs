//! Deploying a suite, or another service, on any chain with Stylus: step by step, resumably.

mod telling;

use super::account::KeySource;
use super::key;
use super::sending::{Declined, confirmed};
use super::session::Node;
use alloy::primitives::Address;
use alloy::providers::Provider;
use clap::Args;
use eyre::{OptionExt, Result, WrapErr, ensure};
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::deployment::{Deployment, DeploymentError, default_path};
use restake::people::People;
use restake::suite::cache::{self, Bid};
use restake::suite::stylus_deployer::{self, STYLUS_DEPLOYER};
use restake::suite::{Config, Deploying, Parameters, Progress, Scope, Suite, decimals};
use std::path::PathBuf;
use std::time::Duration;
use telling::{Telling, ether};

/// A suite.
#[derive(Debug, Args)]
pub(crate) struct DeployCommand {
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    how: How,
    /// Bid for places in the chain's cache of programs: what is in it starts for an eighth of the gas
    #[arg(long)]
    cache: bool,
}

/// Another service.
#[derive(Debug, Args)]
pub(crate) struct DeployServiceCommand {
    /// The file to write: it says where this service and the protocol are, for --deployment
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    how: How,
}

/// How it is deployed, by whom, and with what.
#[derive(Debug, Args)]
struct How {
    #[command(flatten)]
    keys: KeySource,
    /// What to deploy with, in JSON; what it leaves out is as --print-config says
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print what is deployed with by default, and end
    #[arg(long)]
    print_config: bool,
    /// Say what it would cost, and end
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before sending
    #[arg(long, short)]
    yes: bool,
    /// Where the chain's StylusDeployer is
    #[arg(long, value_name = "ADDRESS", default_value_t = STYLUS_DEPLOYER)]
    stylus_deployer: Address,
}

/// The account has too little for what is to be done.
#[derive(Debug, thiserror::Error)]
#[error("{from} has {has} ETH and needs {needs}: nothing was sent")]
pub(crate) struct TooPoor {
    from: Address,
    has: String,
    needs: String,
}

pub(crate) async fn run(command: DeployCommand) -> Result<()> {
    let DeployCommand { node, how, cache } = command;
    if how.print_config {
        return print_config();
    }
    let (chain, from) = who(&node, &how).await?;
    let chain_id = chain.provider().get_chain_id().await.wrap_err("cannot ask for the chain id")?;
    let file = node.deployment.clone().unwrap_or_else(|| default_path(chain_id));
    Prepared::new(&how, chain, from, file, None).await?.run(&how, cache, node.json).await
}

/// Deploys another service on the suite of the deployment file.
pub(crate) async fn run_service(command: DeployServiceCommand) -> Result<()> {
    let DeployServiceCommand { to, node, how } = command;
    if how.print_config {
        return print_config();
    }
    let (chain, from) = who(&node, &how).await?;
    let suite = Deployment::load(&chain, node.deployment.as_deref()).await?.suite(&chain).await?;
    Prepared::new(&how, chain, from, to, Some(suite)).await?.run(&how, false, node.json).await
}

fn print_config() -> Result<()> {
    println!("{}", serde_json::to_string_pretty(&Config::default())?);
    Ok(())
}

/// Connects for who deploys.
async fn who(node: &Node, how: &How) -> Result<(Chain, Address)> {
    let looking = node.connect(None).await?;
    let cast = if looking.development().await.is_ok() { Some(Cast::development()?) } else { None };
    let key = key::find(&how.keys, cast.as_ref(), Duration::from_secs(node.timeout)).await?;
    let from = match &key {
        Some(key) => key.address(),
        None => {
            // Only named.
            let name = how.keys.from.as_deref().ok_or_eyre("who deploys? Give --from, or a key")?;
            let people = cast.as_ref().map(|cast| People::default().with_development_accounts(cast));
            people.unwrap_or_default().find(name)?
        }
    };
    ensure!(
        key.is_some() || how.dry_run,
        "no key for {from}: give --keystore, --signer-url or --private-key, or --dry-run"
    );
    Ok((node.connect(key.as_ref()).await?, from))
}

/// All that a deployment needs.
struct Prepared {
    scope: Scope,
    chain: Chain,
    record: Deployment,
    parameters: Parameters,
    file: PathBuf,
    programs: Vec<build::Program>,
}

impl Prepared {
    /// Finds how far the deployment is that `file` tells of, or begins it: of a service, where there is a suite.
    async fn new(how: &How, chain: Chain, from: Address, file: PathBuf, suite: Option<Suite>) -> Result<Self> {
        stylus_deployer::require(&chain, how.stylus_deployer).await?;
        let mut wanted = how.config.as_deref().map(read_config).transpose()?;
        if let Some(suite) = &suite {
            // What it counts, and what its amounts are in.
            wanted = Some(Config { token: Some(suite.token), ..wanted.unwrap_or_default() });
        }
        let record = match Deployment::read(&chain, Some(&file)).await {
            Ok((record, _)) => {
                record.require_chain(&chain).await?;
                ensure!(
                    record.from() == from,
                    "{} was begun by {}, who has to go on with it; another file begins another deployment",
                    file.display(),
                    record.from()
                );
                let is_other = wanted.as_ref().is_some_and(|wanted| wanted != record.parameters());
                ensure!(!is_other, "{} was begun with other parameters than these", file.display());
                record
            }
            Err(DeploymentError::Missing { .. }) => match &suite {
                None => Deployment::begin(&chain, from, wanted.unwrap_or_default()).await?,
                Some(suite) => Deployment::begin_service(&chain, from, wanted.unwrap_or_default(), suite).await?,
            },
            Err(error) => return Err(error.into()),
        };
        let scope = if suite.is_some() { Scope::Service } else { Scope::Suite };
        let config = record.parameters();
        let parameters = config.parameters(decimals(&chain, config.token.unwrap_or_default()).await?)?;
        let programs =
            tokio::task::spawn_blocking(|| build::build(false)).await?.wrap_err("cannot build the contracts")?;
        Ok(Self { scope, chain, record, parameters, file, programs })
    }

    async fn run(&mut self, how: &How, cache: bool, json: bool) -> Result<()> {
        let (file, telling) = (self.file.clone(), Telling::new(json));
        let keep = |record: &Deployment, progress: &Progress| {
            record.save(Some(&file))?;
            telling.step(progress);
            Ok(())
        };
        let deploying = Deploying {
            scope: self.scope,
            chain: &self.chain,
            programs: &self.programs,
            parameters: &self.parameters,
            stylus_deployer: how.stylus_deployer,
            keep: &keep,
        };
        let forecast = deploying.forecast(&self.record).await?;
        telling.introduce(self.chain.id().await?, self.record.from(), &forecast);
        if how.dry_run {
            telling.estimated(&forecast);
            return Ok(());
        }
        if forecast.steps > 0 {
            if forecast.balance < forecast.total() {
                let (has, needs) = (ether(forecast.balance), ether(forecast.total()));
                return Err(TooPoor { from: self.record.from(), has, needs }.into());
            }
            if !how.yes && !confirmed("Deploy?")? {
                return Err(Declined.into());
            }
        }
        let suite = deploying.run(&mut self.record).await.wrap_err("the same command goes on from here")?;
        let bids = if cache { self.bid(&suite, &telling).await? } else { Vec::new() };
        telling.ended(&suite, &self.record, &self.file, &bids);
        if !deploying.owns(&self.record) {
            telling.owner_is_left();
        }
        Ok(())
    }

    async fn bid(&self, suite: &Suite, telling: &Telling) -> Result<Vec<Bid>> {
        let mut bids = Vec::new();
        for (name, program) in suite.programs(&self.parameters) {
            let bid = cache::bid(&self.chain, self.record.from(), program).await;
            let bid = bid.wrap_err_with(|| format!("cannot bid for {name}"))?;
            telling.bid(name, &bid);
            bids.push(bid);
        }
        Ok(bids)
    }
}

fn read_config(file: &std::path::Path) -> Result<Config> {
    let text = std::fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).wrap_err_with(|| format!("{} is no configuration", file.display()))
}
