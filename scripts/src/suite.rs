//! Deploying the contracts and wiring them to each other.

pub mod cache;
mod deploy;
mod parameters;
mod service;

pub use deploy::{construction, copy_program, deploy_program};
pub use parameters::Parameters;
pub use service::Service;

use crate::actors::Actor;
use crate::build::{PROGRAMS, Program};
use crate::chain::Chain;
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result, WrapErr};
use interfaces::IGovernance;
use std::collections::BTreeMap;
use std::fmt;

/// The program of the suite's own token.
const TOKEN: &str = "liquid-staking-token";

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

    /// Deploys, activates and wires everything; `owner` pays and owns.
    ///
    /// # Errors
    /// If a program is missing, or the chain refuses a step.
    pub async fn deploy(chain: &Chain, programs: &[Program], owner: &Actor, parameters: &Parameters) -> Result<Self> {
        let mut addresses = BTreeMap::new();
        // All code first: constructors refuse collaborators without code.
        let own_token = parameters.token.is_zero();
        for name in PROGRAMS.into_iter().filter(|name| own_token || *name != TOKEN) {
            let program = programs.iter().find(|program| program.name == name);
            let program = program.ok_or_eyre(format!("no program {name}"))?;
            addresses.insert(name, deploy_program(chain, owner.address, program).await?);
        }
        addresses.entry(TOKEN).or_insert(parameters.token);
        let suite = Self::at(|name| addresses.get(name).copied())?;
        suite.construct(chain, owner, parameters).await?;
        let list = IGovernance::addStrategyCall {
            token: suite.token,
            cap: parameters.cap,
            depositPercent: parameters.deposit_percent,
            outflowPercent: parameters.outflow_percent,
        };
        chain.send(owner.address, suite.governance, &list, U256::ZERO).await?;
        Ok(suite)
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

    async fn construct(&self, chain: &Chain, owner: &Actor, parameters: &Parameters) -> Result<()> {
        let calls: [(Address, Bytes); 11] = [
            (
                self.token_pool,
                (self.strategy_manager, self.governance, self.rewards, self.batch).abi_encode_params().into(),
            ),
            (self.strategy_manager, (self.token_pool, self.slasher).abi_encode_params().into()),
            (self.slasher, (self.governance, self.strategy_manager).abi_encode_params().into()),
            (self.batch, (self.token_pool,).abi_encode_params().into()),
            (self.rewards, (self.strategy_manager, self.token_pool).abi_encode_params().into()),
            // One account is owner, pauser and unpauser to begin with; a protocol in production appoints others.
            (
                self.governance,
                (owner.address, owner.address, owner.address, self.token_pool, self.slasher).abi_encode_params().into(),
            ),
            (self.lens, (self.token_pool, self.strategy_manager, self.slasher).abi_encode_params().into()),
            (
                self.restaking_vault,
                (
                    (self.restaking_token, self.redemption_desk, self.restaking_weights, self.token),
                    (self.token_pool, self.strategy_manager, self.slasher),
                )
                    .abi_encode_params()
                    .into(),
            ),
            (self.restaking_weights, (owner.address, self.restaking_vault, self.slasher).abi_encode_params().into()),
            (self.redemption_desk, (self.restaking_token, self.restaking_vault).abi_encode_params().into()),
            (
                self.restaking_token,
                (self.restaking_vault, self.redemption_desk, self.restaking_weights, self.token)
                    .abi_encode_params()
                    .into(),
            ),
        ];
        // First the token: the vault lets the TokenPool take it.
        let token = (self.token, (owner.address,).abi_encode_params().into());
        let token = parameters.token.is_zero().then_some(token);
        for (contract, arguments) in token.into_iter().chain(calls) {
            let call = construction(owner.address, contract, &arguments);
            chain.transact(call).await.wrap_err_with(|| format!("cannot construct {contract}"))?;
        }
        self.service.construct(chain, self, owner, parameters).await
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
