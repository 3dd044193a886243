//! Deploying what services take what they need of: a board for tasks, a feed for a price, and who
//! reads it, games about computations, a rule of admission; and views of what all of them risk.

use super::stylus_deployer::{Creation, STYLUS_DEPLOYER};
use super::{Service, Suite};
use crate::build::Program;
use crate::chain::Chain;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result, WrapErr, ensure};

/// What a PriceFeed is constructed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedTerms {
    /// What it is the price of: at most 32 bytes of text.
    pub description: String,
    /// The decimals of the price.
    pub decimals: u8,
    /// Seconds between two slots.
    pub interval: u64,
    /// After how many seconds a price is stored whatever it is.
    pub heartbeat: u64,
    /// By how much it must have moved before (basis points).
    pub deviation: u16,
    /// How much of the stake must sign (basis points).
    pub threshold: u16,
}

/// Deploys a TaskBoard for the suite's service, which pays fees in the suite's token: the stake that must sign, and the
/// leaves that must be kept (basis points).
///
/// # Errors
/// If the chain or the constructor refuses.
pub async fn task_board(
    chain: &Chain,
    from: Address,
    programs: &[Program],
    suite: &Suite,
    thresholds: (u16, u16),
) -> Result<Address> {
    let (stake, leaves) = thresholds;
    let arguments = (suite.service.quorum, suite.rewards, suite.token, stake, leaves).abi_encode_params();
    deploy(chain, from, find(programs, "task-board")?, &arguments).await
}

/// Deploys a PriceFeed for the service with this Quorum.
///
/// # Errors
/// If the description is too long, or the chain or the constructor refuses.
pub async fn price_feed(
    chain: &Chain,
    from: Address,
    programs: &[Program],
    quorum: Address,
    terms: &FeedTerms,
) -> Result<Address> {
    let FeedTerms { description, decimals, interval, heartbeat, deviation, threshold } = terms;
    ensure!(description.len() <= 32, "'{description}' has more than 32 bytes");
    let description = B256::right_padding_from(description.as_bytes());
    // A byte is encoded as any number.
    let decimals = u16::from(*decimals);
    let arguments = (quorum, description, decimals, *interval, *heartbeat, *deviation, *threshold).abi_encode_params();
    deploy(chain, from, find(programs, "price-feed")?, &arguments).await
}

/// Deploys a LendingCheck: how old a price may be (seconds), how much stake must have signed it, and the part of the
/// value that can be borrowed (basis points).
///
/// # Errors
/// If the chain or the constructor refuses.
pub async fn lending_check(
    chain: &Chain,
    from: Address,
    programs: &[Program],
    feed: Address,
    (max_age, minimum_stake, loan_to_value): (u64, u128, u16),
) -> Result<Address> {
    let arguments = (feed, max_age, minimum_stake, loan_to_value).abi_encode_params();
    deploy(chain, from, find(programs, "lending-check")?, &arguments).await
}

/// Deploys a Bisection for the suite's service: the bond (wei), and what each side has on its clock (seconds). It
/// judges nothing until the owner of the service names it.
///
/// # Errors
/// If the chain or the constructor refuses.
pub async fn bisection(
    chain: &Chain,
    from: Address,
    programs: &[Program],
    service: &Service,
    (bond, clock): (U256, u64),
) -> Result<Address> {
    let arguments = (service.service_manager, service.registry, bond, clock).abi_encode_params();
    deploy(chain, from, find(programs, "bisection")?, &arguments).await
}

/// The rule of a RiskAdmission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdmissionRule {
    /// The highest utilisation (wad).
    pub cap: u64,
    /// The ratio that other services are taken to have (wad).
    pub assumed_ratio: u64,
    /// The part of the service's stake that corrupts it (wad).
    pub threshold: u64,
    /// The stake (weighted) below which nobody should rely on the service.
    pub counted_stake: u128,
}

/// Deploys a RiskAdmission for a service. It decides nothing until the owner of the service names it.
///
/// # Errors
/// If the chain or the constructor refuses.
pub async fn risk_admission(
    chain: &Chain,
    from: Address,
    programs: &[Program],
    service_manager: Address,
    rule: AdmissionRule,
) -> Result<Address> {
    let AdmissionRule { cap, assumed_ratio, threshold, counted_stake } = rule;
    let arguments = (service_manager, cap, assumed_ratio, threshold, counted_stake).abi_encode_params();
    deploy(chain, from, find(programs, "risk-admission")?, &arguments).await
}

/// Deploys the views of risk for the protocol with this Slasher.
///
/// # Errors
/// If the chain or the constructor refuses.
pub async fn risk(chain: &Chain, from: Address, programs: &[Program], slasher: Address) -> Result<Address> {
    deploy(chain, from, find(programs, "risk")?, &slasher.abi_encode()).await
}

/// Deploys the program of a step function, which has no constructor. Returns its address.
///
/// # Errors
/// If the chain refuses.
pub async fn deploy_step(chain: &Chain, from: Address, program: &Program) -> Result<Address> {
    deploy_with(chain, from, program, Bytes::new()).await
}

fn find<'a>(programs: &'a [Program], name: &str) -> Result<&'a Program> {
    programs.iter().find(|program| program.name == name).ok_or_eyre(format!("no program {name}"))
}

/// Creates, activates and constructs a program in one transaction. Returns its address.
///
/// # Errors
/// If the chain or the constructor refuses.
pub async fn deploy(chain: &Chain, from: Address, program: &Program, arguments: &[u8]) -> Result<Address> {
    let selector = keccak256("stylus_constructor()");
    deploy_with(chain, from, program, [&selector[..4], arguments].concat().into()).await
}

/// Creates and activates a program, and calls it unless there is nothing to call it with.
async fn deploy_with(chain: &Chain, from: Address, program: &Program, construction: Bytes) -> Result<Address> {
    let nonce = chain.provider().get_transaction_count(from).await?;
    let salt = keccak256((from, nonce).abi_encode());
    let (name, code) = (&program.name, &program.code);
    let creation = Creation { stylus_deployer: STYLUS_DEPLOYER, from, name, code, construction, salt };
    let fee = creation.fee(chain).await?;
    let address = creation.address(chain, fee, Default::default()).await?;
    let sent = chain.transact(creation.transaction(fee)).await.map_err(|error| creation.reason(error));
    sent.wrap_err_with(|| format!("cannot deploy {name}"))?;
    let deployed = chain.provider().get_code_at(address).await?;
    ensure!(deployed == *code, "{name} is not at {address}");
    Ok(address)
}
