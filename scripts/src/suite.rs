//! The contracts as they belong together, and deploying them.

pub mod cache;
mod config;
mod configuring;
mod deploying;
pub mod for_services;
mod forecast;
pub mod judged;
mod parameters;
mod service;
mod steps;
pub mod stylus_deployer;
mod verify;

pub use config::{Config, ConfigError};
pub use deploying::{Deploying, Progress};
pub use forecast::{CALL_GAS, Forecast};
pub use parameters::Parameters;
pub use service::{Service, code_of_service};
pub use steps::Scope;

use crate::actors::Actor;
use crate::build::{PROGRAMS, Program};
use crate::chain::Chain;
use crate::deployment::Deployment;
use alloy::primitives::Address;
use eyre::{OptionExt, Result, WrapErr};
use interfaces::IERC20;
use std::fmt;
use steps::TOKEN;
use stylus_deployer::STYLUS_DEPLOYER;

/// The addresses of a deployed suite: the protocol, one service, a token to stake, and a receipt for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suite {
    /// The stakers' door.
    pub token_pool: Address,
    /// The ledger.
    pub strategy_manager: Address,
    /// Permissions and slash requests.
    pub slasher: Address,
    /// Several things at the door at once.
    pub batch: Address,
    /// Where services pay rewards.
    pub rewards: Address,
    /// Where the owner acts.
    pub governance: Address,
    /// Where everything can be looked at.
    pub lens: Address,
    /// The service.
    pub service: Service,
    /// The token to stake.
    pub token: Address,
    /// What restakes it for the holders of the receipt.
    pub restaking_vault: Address,
    /// Where that restakes it.
    pub restaking_weights: Address,
    /// What redemptions of the receipt get.
    pub redemption_desk: Address,
    /// The receipt.
    pub restaking_token: Address,
}

impl Suite {
    /// The contracts that are programs, with their names: all but a token that was there before.
    pub fn programs(&self, parameters: &Parameters) -> Vec<(&'static str, Address)> {
        PROGRAMS.into_iter().zip(self.contracts()).filter(|(_, contract)| *contract != parameters.token).collect()
    }

    /// All contracts, in the order of [`PROGRAMS`].
    pub fn contracts(&self) -> [Address; PROGRAMS.len()] {
        let Service { registry, quorum, service_manager, dispute_resolution } = self.service;
        [
            self.token_pool,
            self.strategy_manager,
            self.slasher,
            self.batch,
            self.rewards,
            self.governance,
            self.lens,
            registry,
            quorum,
            service_manager,
            dispute_resolution,
            self.token,
            self.restaking_vault,
            self.restaking_weights,
            self.redemption_desk,
            self.restaking_token,
        ]
    }

    /// Deploys everything; `owner` pays, and owns where the parameters do not say otherwise.
    ///
    /// # Errors
    /// If a program is missing, or the chain refuses a step.
    pub async fn deploy(chain: &Chain, programs: &[Program], owner: &Actor, parameters: &Parameters) -> Result<Self> {
        Ok(Self::deploy_recorded(chain, programs, owner, parameters).await?.0)
    }

    /// The same; returns also what a deployment file says.
    ///
    /// # Errors
    /// The same.
    pub async fn deploy_recorded(
        chain: &Chain,
        programs: &[Program],
        owner: &Actor,
        parameters: &Parameters,
    ) -> Result<(Self, Deployment)> {
        let config = Config::of(parameters, decimals(chain, parameters.token).await?);
        let mut record = Deployment::begin(chain, owner.address, config).await?;
        let keep = |_: &Deployment, _: &Progress| Ok(());
        let (scope, stylus_deployer) = (Scope::Suite, STYLUS_DEPLOYER);
        let deploying = Deploying { scope, chain, programs, parameters, stylus_deployer, keep: &keep };
        let suite = deploying.run(&mut record).await?;
        Ok((suite, record))
    }

    /// The suite whose programs are at these addresses, by the names of [`PROGRAMS`].
    ///
    /// # Errors
    /// If one of them has no address.
    pub fn at(address: impl Fn(&str) -> Option<Address>) -> Result<Self> {
        let at = |name: &str| address(name).ok_or_eyre(format!("{name} was not deployed"));
        Ok(Self {
            token_pool: at("token-pool")?,
            strategy_manager: at("strategy-manager")?,
            slasher: at("slasher")?,
            batch: at("batch")?,
            rewards: at("rewards")?,
            governance: at("governance")?,
            lens: at("lens")?,
            service: Service {
                registry: at("registry")?,
                quorum: at("quorum")?,
                service_manager: at("service-manager")?,
                dispute_resolution: at("dispute-resolution")?,
            },
            token: at(TOKEN)?,
            restaking_vault: at("restaking-vault")?,
            restaking_weights: at("restaking-weights")?,
            redemption_desk: at("redemption-desk")?,
            restaking_token: at("liquid-restaking-token")?,
        })
    }
}

/// The decimals of a token; of the suite's own, which is not there yet, for the zero address.
///
/// # Errors
/// If the token does not say.
pub async fn decimals(chain: &Chain, token: Address) -> Result<u8> {
    const OWN: u8 = 18;
    match token {
        Address::ZERO => Ok(OWN),
        token => chain.view(token, &IERC20::decimalsCall {}).await.wrap_err_with(|| format!("{token} is no token")),
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Service { registry, quorum, service_manager, dispute_resolution } = self.service;
        writeln!(f, "TokenPool            {}", self.token_pool)?;
        writeln!(f, "StrategyManager      {}", self.strategy_manager)?;
        writeln!(f, "Slasher              {}", self.slasher)?;
        writeln!(f, "Batch                {}", self.batch)?;
        writeln!(f, "Rewards              {}", self.rewards)?;
        writeln!(f, "Governance           {}", self.governance)?;
        writeln!(f, "Lens                 {}", self.lens)?;
        writeln!(f, "Registry             {registry}")?;
        writeln!(f, "Quorum               {quorum}")?;
        writeln!(f, "ServiceManager       {service_manager}")?;
        writeln!(f, "DisputeResolution    {dispute_resolution}")?;
        writeln!(f, "LiquidStakingToken   {}", self.token)?;
        writeln!(f, "RestakingVault       {}", self.restaking_vault)?;
        writeln!(f, "RestakingWeights     {}", self.restaking_weights)?;
        writeln!(f, "RedemptionDesk       {}", self.redemption_desk)?;
        write!(f, "LiquidRestakingToken {}", self.restaking_token)
    }
}
