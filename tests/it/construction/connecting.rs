//! Contracts that are told of others: by the account that their constructor named, once, and idle until then.

use super::{NOBODY, construction};
use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolError, SolValue};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::{Connected, NotAContract, NotConnected, Unauthorized};
use interfaces::IDisputeResolution::{self, InvalidWindows, answerWindowCall, evidenceWindowCall};
use interfaces::{IRedemptionDesk, IRestakingVault, IServiceManager, ISlasher, ITokenPool};
use restake::chain::event;
use restake_tests::World;

/// The evidence window of the suite's service, the longest: three days.
const LONGEST: u64 = 259_200;

/// A contract with the code of `original`, constructed with these arguments.
async fn made(world: &World, original: Address, arguments: &[u8]) -> Result<Address> {
    let copy = world.copy_of(original).await?;
    world.chain.transact(construction(world, copy, arguments)).await?;
    Ok(copy)
}

/// A contract of each kind that is told of others, constructed with the owner as its connector and not connected:
/// TokenPool, Slasher, ServiceManager, DisputeResolution, RestakingVault, RedemptionDesk.
async fn unconnected(world: &World) -> Result<[Address; 6]> {
    let (suite, owner) = (world.suite, world.cast.owner.address);
    let service = suite.service;
    let terms = ([ONE, 0, 0, 0], 0u64, 0u64, 0u128);
    let manager = ((owner, owner, suite.slasher), terms, (owner, Address::ZERO)).abi_encode_params();
    let disputes = (owner, U256::ONE, 86_400u64).abi_encode_params();
    let vault = [owner, suite.token, suite.token_pool, suite.strategy_manager, suite.slasher].abi_encode();
    Ok([
        made(world, suite.token_pool, &owner.abi_encode()).await?,
        made(world, suite.slasher, &owner.abi_encode()).await?,
        made(world, service.service_manager, &manager).await?,
        made(world, service.dispute_resolution, &disputes).await?,
        made(world, suite.restaking_vault, &vault).await?,
        made(world, suite.redemption_desk, &owner.abi_encode()).await?,
    ])
}

/// A stranger cannot connect a contract, its connector can, and nobody can again.
async fn connects_once<C: SolCall>(world: &World, contract: Address, call: &C) -> Result<()> {
    let (owner, stranger) = (&world.cast.owner, &world.cast.alice);
    world.refuse(stranger, contract, call, &Unauthorized { caller: stranger.address }).await?;
    let receipt = world.act(owner, contract, call).await?;
    event::<Connected>(&receipt, contract).ok_or_eyre("connected in silence")?;
    for actor in [owner, stranger] {
        world.refuse(actor, contract, call, &Unauthorized { caller: actor.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_contract_is_told_of_others_once_and_by_its_connector() -> Result<()> {
    let world = World::new().await?;
    let (suite, service) = (world.suite, world.suite.service);
    let [pool, slasher, manager, disputes, vault, desk] = unconnected(&world).await?;
    let connect = ITokenPool::connectCall {
        strategyManager: suite.strategy_manager,
        governance: suite.governance,
        rewards: suite.rewards,
        batch: suite.batch,
    };
    connects_once(&world, pool, &connect).await?;
    let (governance, ledger) = (suite.governance, suite.strategy_manager);
    connects_once(&world, slasher, &ISlasher::connectCall { governance, strategyManager: ledger }).await?;
    let (registry, disputes_of) = (service.registry, service.dispute_resolution);
    let connect = IServiceManager::connectCall { registry, disputeResolution: disputes_of };
    connects_once(&world, manager, &connect).await?;
    let connect = IDisputeResolution::connectCall { serviceManager: service.service_manager, registry };
    connects_once(&world, disputes, &connect).await?;
    let (receipt, weights) = (suite.restaking_token, suite.restaking_weights);
    let connect = IRestakingVault::connectCall { receipt, desk: suite.redemption_desk, weights };
    connects_once(&world, vault, &connect).await?;
    connects_once(&world, desk, &IRedemptionDesk::connectCall { receipt, vault: suite.restaking_vault }).await
}

#[tokio::test]
async fn nobody_can_tell_the_deployed_suite_of_others() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner) = (world.suite, &world.cast.owner);
    let refused = Unauthorized { caller: owner.address };
    let connect = ISlasher::connectCall { governance: suite.token_pool, strategyManager: suite.token_pool };
    world.refuse(owner, suite.slasher, &connect, &refused).await?;
    let connect = IRedemptionDesk::connectCall { receipt: suite.token, vault: suite.token };
    world.refuse(owner, suite.redemption_desk, &connect, &refused).await?;
    let connect = IRestakingVault::connectCall { receipt: suite.token, desk: suite.token, weights: suite.token };
    world.refuse(owner, suite.restaking_vault, &connect, &refused).await
}

#[tokio::test]
async fn all_that_a_contract_is_told_of_are_contracts() -> Result<()> {
    let world = World::new().await?;
    let (owner, other) = (&world.cast.owner, world.suite.slasher);
    let nobody = NotAContract { account: NOBODY };
    let [pool, slasher, manager, disputes, vault, desk] = unconnected(&world).await?;
    let at = |place: usize, index: usize| if place == index { NOBODY } else { other };
    for index in 0..4 {
        let connect = ITokenPool::connectCall {
            strategyManager: at(0, index),
            governance: at(1, index),
            rewards: at(2, index),
            batch: at(3, index),
        };
        world.refuse(owner, pool, &connect, &nobody).await?;
    }
    for index in 0..3 {
        let (receipt, desk, weights) = (at(0, index), at(1, index), at(2, index));
        world.refuse(owner, vault, &IRestakingVault::connectCall { receipt, desk, weights }, &nobody).await?;
    }
    for index in 0..2 {
        let (first, second) = (at(0, index), at(1, index));
        let connect = ISlasher::connectCall { governance: first, strategyManager: second };
        world.refuse(owner, slasher, &connect, &nobody).await?;
        let connect = IServiceManager::connectCall { registry: first, disputeResolution: second };
        world.refuse(owner, manager, &connect, &nobody).await?;
        let connect = IDisputeResolution::connectCall { serviceManager: first, registry: second };
        world.refuse(owner, disputes, &connect, &nobody).await?;
        world.refuse(owner, desk, &IRedemptionDesk::connectCall { receipt: first, vault: second }, &nobody).await?;
    }
    Ok(())
}

#[tokio::test]
async fn disputes_have_the_window_of_the_registry_and_answers_half_of_it_at_most() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service);
    let connect =
        IDisputeResolution::connectCall { serviceManager: service.service_manager, registry: service.registry };
    for answers in [0, LONGEST / 2 + 1, u64::MAX] {
        let arguments = (owner.address, U256::ONE, answers).abi_encode_params();
        let disputes = made(&world, service.dispute_resolution, &arguments).await?;
        let expected = InvalidWindows { evidenceWindow: LONGEST, answerWindow: answers, limit: 259_200 };
        world.refuse(owner, disputes, &connect, &expected).await?;
    }
    let arguments = (owner.address, U256::ONE, LONGEST / 2).abi_encode_params();
    let disputes = made(&world, service.dispute_resolution, &arguments).await?;
    world.act(owner, disputes, &connect).await?;
    assert_eq!(world.chain.view(disputes, &evidenceWindowCall {}).await?, 259_200);
    assert_eq!(world.chain.view(disputes, &answerWindowCall {}).await?, 129_600);
    Ok(())
}

#[tokio::test]
async fn what_is_not_connected_says_so() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    let [pool, slasher, _, disputes, _, desk] = unconnected(&world).await?;
    let (token, operator) = (world.token(), world.honest());
    let delegate = ITokenPool::delegateToCall { token, operator, shares: 1, maxCommitment: ONE };
    world.refuse(alice, pool, &delegate, &NotConnected {}).await?;
    let grant = World::grant_call(world.suite.service.service_manager, ONE);
    world.refuse(alice, slasher, &grant, &NotConnected {}).await?;
    world.refuse(alice, desk, &IRedemptionDesk::queueWaitingCall { operator, period: 0 }, &NotConnected {}).await?;
    // A bond is not lost to a service that is not there yet.
    let (first, second) =
        (world.attest(&world.cast.dishonest, 1).await?, world.attest(&world.cast.dishonest, 2).await?);
    let challenge = World::challenge_call(world.dishonest(), first, second);
    let refusal = world.refusal(alice, disputes, &challenge, U256::ONE).await?;
    assert_eq!(refusal.data.to_vec(), NotConnected {}.abi_encode());
    Ok(())
}
