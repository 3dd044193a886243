//! Deploying the contracts and wiring them to each other.

pub mod cache;
mod deploy;
mod service;

pub use deploy::{construction, copy_program, deploy_program};
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

/// What a suite is deployed with.
#[derive(Debug, Clone, Copy)]
pub struct Parameters {
    /// Most base units of the token that the protocol may hold.
    pub cap: u128,
    /// Most of the cap that one deposit may bring (percent).
    pub deposit_percent: u8,
    /// Most of what the protocol owes of the token that may leave per epoch (percent), zero for no limit.
    pub outflow_percent: u8,
    /// Weighted stake that an operator needs to join the service.
    pub minimum_stake: u128,
    /// What a fault of each kind costs (wad of what is left of the operator's budget), by the numbers of
    /// [`arithmetic::fault`]; zero for a kind that is off.
    pub wads: [u64; arithmetic::fault::ROOM],
    /// The challenger's part of it (wad).
    pub challenger_share: u64,
    /// What the service promises to pay (wad of the weighted stake per year).
    pub reward_rate: u64,
    /// What the service says that corrupting it could earn at most (weighted stake).
    pub profit_from_corruption: u128,
    /// Who gets the rest of a slash.
    pub recipient: Address,
    /// Who may veto a slash; the zero address for nobody.
    pub resolver: Address,
    /// The bond of a challenge (wei).
    pub bond: U256,
    /// How long evidence of a task is good (seconds).
    pub evidence_window: u64,
    /// How long an operator has to open a leaf (seconds).
    pub answer_window: u64,
    /// Whether stake of the shared tier counts for the service.
    pub accepts_shared: bool,
    /// The contract that decides who signs; the zero address for none.
    pub admission: Address,
}

impl Parameters {
    /// What the story and the tests use: a cap of a million tokens, a minimum stake of 32, half of the budget for an
    /// equivocation, a tenth of that for the challenger, a bond of one ETH, three days of evidence.
    pub fn example(recipient: Address) -> Self {
        const ETHER: u128 = 1_000_000_000_000_000_000;
        Self {
            cap: 1_000_000 * ETHER,
            deposit_percent: 100,
            outflow_percent: 0,
            minimum_stake: 32 * ETHER,
            wads: [arithmetic::wad::ONE / 2, arithmetic::wad::ONE / 10, 0, 0],
            challenger_share: arithmetic::wad::MAX_CHALLENGER_SHARE,
            reward_rate: arithmetic::wad::ONE / 20,
            profit_from_corruption: 16 * ETHER,
            recipient,
            resolver: Address::ZERO,
            bond: U256::from(ETHER),
            evidence_window: 3 * 24 * 60 * 60,
            answer_window: 24 * 60 * 60,
            accepts_shared: false,
            admission: Address::ZERO,
        }
    }
}

impl Suite {
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
        for name in PROGRAMS {
            let program = programs.iter().find(|program| program.name == name);
            let program = program.ok_or_eyre(format!("no program {name}"))?;
            addresses.insert(name, deploy_program(chain, owner.address, program).await?);
        }
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
            token: at("liquid-staking-token")?,
            restaking_vault: at("restaking-vault")?,
            restaking_weights: at("restaking-weights")?,
            redemption_desk: at("redemption-desk")?,
            restaking_token: at("liquid-restaking-token")?,
        })
    }

    async fn construct(&self, chain: &Chain, owner: &Actor, parameters: &Parameters) -> Result<()> {
        let calls: [(Address, Bytes); 12] = [
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
            (self.token, (owner.address,).abi_encode_params().into()),
            // After the token, which it lets the TokenPool take.
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
        for (contract, arguments) in calls {
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
