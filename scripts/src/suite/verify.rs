//! Reading a deployed suite back: who knows whom.

use super::{Service, Suite};
use crate::chain::{CallError, Chain};
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use eyre::{Result, bail, ensure};
use interfaces::{
    IBatch, IDisputeResolution, IGovernance, ILens, ILiquidRestakingToken, IQuorum, IRedemptionDesk, IRestakingVault,
    IRestakingWeights, IRewards, IServiceManager, ISlasher, ITokenPool,
};

/// Whether a contract was told of the others: it knows one of them.
pub(super) async fn is_connected(chain: &Chain, name: &str, at: Address) -> Result<bool, CallError> {
    let known = match name {
        "token-pool" => chain.view(at, &ITokenPool::strategyManagerCall {}).await?,
        "slasher" => chain.view(at, &ISlasher::strategyManagerCall {}).await?,
        "service-manager" => chain.view(at, &IServiceManager::contractsCall {}).await?.registry,
        "dispute-resolution" => chain.view(at, &IDisputeResolution::contractsCall {}).await?.registry,
        "restaking-vault" => chain.view(at, &IRestakingVault::contractsCall {}).await?.receipt,
        _ => chain.view(at, &IRedemptionDesk::contractsCall {}).await?.vault,
    };
    Ok(!known.is_zero())
}

/// Looks that each contract of a suite knows those of the suite and no others.
///
/// # Errors
/// If one does not.
pub(super) async fn collaborators(chain: &Chain, suite: &Suite) -> Result<()> {
    let Suite { token_pool, strategy_manager, slasher, .. } = *suite;
    let (receipt, desk, vault) = (suite.restaking_token, suite.redemption_desk, suite.restaking_vault);
    // Their first words, in the order in which they are stored: no function tells.
    let pool = stored::<4>(chain, token_pool).await?;
    agree("token-pool", &pool, &[strategy_manager, suite.governance, suite.rewards, suite.batch])?;
    agree("slasher", &stored::<2>(chain, slasher).await?, &[strategy_manager, suite.governance])?;
    agree("strategy-manager", &stored::<2>(chain, strategy_manager).await?, &[token_pool, slasher])?;
    let batch = chain.view(suite.batch, &IBatch::tokenPoolCall {}).await?;
    agree("batch", &[batch], &[token_pool])?;
    let known = chain.view(suite.rewards, &IRewards::contractsCall {}).await?;
    agree("rewards", &[known.strategyManager, known.tokenPool], &[strategy_manager, token_pool])?;
    let known = chain.view(suite.governance, &IGovernance::contractsCall {}).await?;
    agree("governance", &[known.tokenPool, known.slasher], &[token_pool, slasher])?;
    let known = chain.view(suite.lens, &ILens::contractsCall {}).await?;
    let known = [known.tokenPool, known.strategyManager, known.slasher];
    agree("lens", &known, &[token_pool, strategy_manager, slasher])?;
    service(chain, suite).await?;
    let known = chain.view(vault, &IRestakingVault::contractsCall {}).await?;
    agree(
        "restaking-vault",
        &[known.receipt, known.desk, known.weights, known.token, known.tokenPool, known.strategyManager, known.slasher],
        &[receipt, desk, suite.restaking_weights, suite.token, token_pool, strategy_manager, slasher],
    )?;
    let known = chain.view(desk, &IRedemptionDesk::contractsCall {}).await?;
    agree("redemption-desk", &[known.receipt, known.vault], &[receipt, vault])?;
    let known = chain.view(suite.restaking_weights, &IRestakingWeights::contractsCall {}).await?;
    agree("restaking-weights", &[known.vault, known.slasher], &[vault, slasher])?;
    let known = chain.view(receipt, &ILiquidRestakingToken::contractsCall {}).await?;
    let token = chain.view(receipt, &ILiquidRestakingToken::assetCall {}).await?;
    let known = [known.vault, known.desk, known.weights, token];
    agree("liquid-restaking-token", &known, &[vault, desk, suite.restaking_weights, suite.token])
}

/// The same for the contracts of its service alone.
///
/// # Errors
/// The same.
pub(super) async fn service(chain: &Chain, suite: &Suite) -> Result<()> {
    let Service { registry, quorum, service_manager, dispute_resolution } = suite.service;
    let known = chain.view(service_manager, &IServiceManager::contractsCall {}).await?;
    let known = [known.slasher, known.registry, known.disputeResolution];
    agree("service-manager", &known, &[suite.slasher, registry, dispute_resolution])?;
    let known = chain.view(dispute_resolution, &IDisputeResolution::contractsCall {}).await?;
    agree("dispute-resolution", &[known.registry, known.serviceManager], &[registry, service_manager])?;
    let known = chain.view(quorum, &IQuorum::contractsCall {}).await?;
    agree("quorum", &[known.registry, known.serviceManager], &[registry, service_manager])?;
    let known = stored::<4>(chain, registry).await?;
    agree("registry", &known, &[service_manager, suite.strategy_manager, suite.slasher, dispute_resolution])
}

/// The addresses in the lowest bits of the first words of a contract.
async fn stored<const N: usize>(chain: &Chain, contract: Address) -> Result<[Address; N]> {
    let mut words = [Address::ZERO; N];
    for (slot, word) in (0u64..).zip(&mut words) {
        let stored = chain.provider().get_storage_at(contract, U256::from(slot)).await?;
        *word = Address::from_word(stored.into());
    }
    Ok(words)
}

fn agree(name: &str, known: &[Address], expected: &[Address]) -> Result<()> {
    ensure!(known.len() == expected.len(), "{name} knows {} contracts", known.len());
    for (known, expected) in known.iter().zip(expected) {
        if known != expected {
            bail!("{name} knows {known} where it should know {expected}");
        }
    }
    Ok(())
}
