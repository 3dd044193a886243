//! What constructors take.

use super::{NOBODY, construction, refusal, refuse};
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolValue;
use arithmetic::wad::{MAX_CHALLENGER_SHARE, ONE};
use eyre::Result;
use interfaces::IAccess::{NotAContract, ZeroAddress};
use interfaces::IDisputeResolution::{BondTooLarge, bondCall};
use interfaces::IRegistry::InvalidEvidenceWindow;
use interfaces::IServiceManager::InvalidTerms;
use interfaces::{IDisputeResolution, IQuorum, IRegistry, IServiceManager};
use restake::suite::Service;
use restake_tests::World;

/// One day in seconds.
const DAY: u64 = 86_400;

/// The evidence window of the suite's service, the longest: three days.
const LONGEST: u64 = 259_200;

/// A DisputeResolution with this bond, whose operators have so long to answer.
fn dispute_arguments(world: &World, bond: U256, answers: u64) -> Vec<u8> {
    (world.cast.owner.address, bond, answers).abi_encode_params()
}

/// A Registry for the suite's service, with `window` as its evidence window.
fn registry_arguments(world: &World, window: u64, admission: Address) -> Vec<u8> {
    let (suite, service) = (world.suite, world.suite.service);
    (
        (service.service_manager, suite.strategy_manager, suite.slasher, service.dispute_resolution),
        (0u128, window, false, admission),
    )
        .abi_encode_params()
}

fn service_arguments(world: &World, owner: Address, (wads, share): ([u64; 4], u64), recipient: Address) -> Vec<u8> {
    ((world.cast.owner.address, owner, world.suite.slasher), (wads, share, 0u64, 0u128), (recipient, owner))
        .abi_encode_params()
}

/// Terms that take everything for an equivocation.
const EVERYTHING: [u64; 4] = [ONE, 0, 0, 0];

#[tokio::test]
async fn nothing_is_constructed_twice() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner) = (world.suite, world.cast.accuser.address);
    let service = suite.service;
    let constructions = [
        (suite.token_pool, owner.abi_encode()),
        (suite.strategy_manager, (suite.token_pool, suite.slasher).abi_encode_params()),
        (suite.slasher, owner.abi_encode()),
        (suite.batch, (suite.token_pool,).abi_encode_params()),
        (suite.rewards, (suite.strategy_manager, suite.token_pool).abi_encode_params()),
        (suite.governance, (owner, owner, owner, suite.token_pool, suite.slasher).abi_encode_params()),
        (suite.lens, (suite.token_pool, suite.strategy_manager, suite.slasher).abi_encode_params()),
        (service.registry, registry_arguments(&world, LONGEST, Address::ZERO)),
        (service.quorum, (service.registry, service.service_manager).abi_encode_params()),
        (service.service_manager, service_arguments(&world, owner, (EVERYTHING, 0), owner)),
        (service.dispute_resolution, dispute_arguments(&world, U256::ONE, 1)),
    ];
    for (contract, arguments) in constructions {
        assert_eq!(refusal(&world, contract, &arguments).await?, Bytes::new(), "{contract}");
        // The same arguments are good for a contract that is new.
        let copy = world.copy_of(contract).await?;
        world.chain.transact(construction(&world, copy, &arguments)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_service_names_its_parts() -> Result<()> {
    let world = World::new().await?;
    let Service { registry, quorum, service_manager, dispute_resolution } = world.suite.service;
    let parts = world.chain.view(service_manager, &IServiceManager::contractsCall {}).await?;
    let named = (parts.slasher, parts.registry, parts.disputeResolution);
    assert_eq!(named, (world.suite.slasher, registry, dispute_resolution));
    let parts = world.chain.view(dispute_resolution, &IDisputeResolution::contractsCall {}).await?;
    assert_eq!((parts.registry, parts.serviceManager), (registry, service_manager));
    let parts = world.chain.view(quorum, &IQuorum::contractsCall {}).await?;
    assert_eq!((parts.registry, parts.serviceManager), (registry, service_manager));
    Ok(())
}

#[tokio::test]
async fn evidence_is_good_for_three_days_at_most() -> Result<()> {
    let world = World::new().await?;
    let original = world.suite.service.registry;
    for window in [0, 259_201, u64::MAX] {
        let expected = InvalidEvidenceWindow { evidenceWindow: window, limit: 259_200 };
        refuse(&world, original, &registry_arguments(&world, window, Address::ZERO), &expected).await?;
    }
    let longest = world.copy_of(original).await?;
    let arguments = registry_arguments(&world, 259_200, Address::ZERO);
    world.chain.transact(construction(&world, longest, &arguments)).await?;
    assert_eq!(world.chain.view(longest, &IRegistry::evidenceWindowCall {}).await?, 259_200);
    Ok(())
}

#[tokio::test]
async fn a_bond_fits_96_bits() -> Result<()> {
    let world = World::new().await?;
    let original = world.suite.service.dispute_resolution;
    let largest = (U256::ONE << 96) - U256::ONE;
    for bond in [largest + U256::ONE, U256::ONE << 128, U256::MAX] {
        let arguments = dispute_arguments(&world, bond, DAY);
        refuse(&world, original, &arguments, &BondTooLarge { bond }).await?;
    }
    let dear = world.copy_of(original).await?;
    world.chain.transact(construction(&world, dear, &dispute_arguments(&world, largest, DAY))).await?;
    assert_eq!(world.chain.view(dear, &bondCall {}).await?, largest);
    Ok(())
}

#[tokio::test]
async fn a_service_begins_with_terms_in_range() -> Result<()> {
    let world = World::new().await?;
    let (original, owner) = (world.suite.service.service_manager, world.cast.owner.address);
    let terms = [
        ([0; 4], 0),
        ([ONE + 1, 0, 0, 0], 0),
        ([0, ONE + 1, 0, 0], 0),
        ([ONE, 0, ONE + 1, 0], 0),
        ([ONE, 0, 0, 1], 0),
        (EVERYTHING, MAX_CHALLENGER_SHARE + 1),
    ];
    for terms in terms {
        refuse(&world, original, &service_arguments(&world, owner, terms, owner), &InvalidTerms {}).await?;
    }
    refuse(&world, original, &service_arguments(&world, owner, (EVERYTHING, 0), Address::ZERO), &ZeroAddress {}).await
}

#[tokio::test]
async fn nothing_is_owned_by_nobody() -> Result<()> {
    let world = World::new().await?;
    let (suite, service) = (world.suite, world.suite.service);
    let governance = (Address::ZERO, NOBODY, NOBODY, suite.token_pool, suite.slasher).abi_encode_params();
    refuse(&world, suite.governance, &governance, &ZeroAddress {}).await?;
    let manager = service_arguments(&world, Address::ZERO, (EVERYTHING, 0), NOBODY);
    refuse(&world, service.service_manager, &manager, &ZeroAddress {}).await
}

/// A new contract with the code of `original` refuses each of these constructions, because [`NOBODY`] is not a
/// contract.
async fn refuse_nobody<const N: usize>(world: &World, original: Address, constructions: [Vec<u8>; N]) -> Result<()> {
    for arguments in constructions {
        refuse(world, original, &arguments, &NotAContract { account: NOBODY }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_collaborators_of_batch_rewards_governance_and_lens_are_contracts() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner, other) = (world.suite, world.cast.owner.address, world.suite.slasher);
    let two = [(NOBODY, other).abi_encode_params(), (other, NOBODY).abi_encode_params()];
    refuse_nobody(&world, suite.rewards, two).await?;
    refuse_nobody(&world, suite.batch, [(NOBODY,).abi_encode_params()]).await?;
    let governed = [
        (owner, owner, owner, NOBODY, other).abi_encode_params(),
        (owner, owner, owner, other, NOBODY).abi_encode_params(),
    ];
    refuse_nobody(&world, suite.governance, governed).await?;
    let looked_at = [
        (NOBODY, other, other).abi_encode_params(),
        (other, NOBODY, other).abi_encode_params(),
        (other, other, NOBODY).abi_encode_params(),
    ];
    refuse_nobody(&world, suite.lens, looked_at).await
}

#[tokio::test]
async fn the_collaborators_of_a_strategy_manager_are_contracts() -> Result<()> {
    let world = World::new().await?;
    let suite = world.suite;
    let constructions = [(NOBODY, suite.slasher).abi_encode_params(), (suite.token_pool, NOBODY).abi_encode_params()];
    refuse_nobody(&world, suite.strategy_manager, constructions).await
}

#[tokio::test]
async fn the_collaborators_of_a_registry_are_contracts() -> Result<()> {
    let world = World::new().await?;
    let other = world.suite.slasher;
    let rest = (0u128, LONGEST, false, Address::ZERO);
    let constructions = [
        ((NOBODY, other, other, other), rest).abi_encode_params(),
        ((other, NOBODY, other, other), rest).abi_encode_params(),
        ((other, other, NOBODY, other), rest).abi_encode_params(),
        ((other, other, other, NOBODY), rest).abi_encode_params(),
        ((other, other, other, other), (0u128, LONGEST, false, NOBODY)).abi_encode_params(),
    ];
    refuse_nobody(&world, world.suite.service.registry, constructions).await
}

#[tokio::test]
async fn the_collaborators_of_a_quorum_are_contracts() -> Result<()> {
    let world = World::new().await?;
    let other = world.suite.slasher;
    let constructions = [(NOBODY, other).abi_encode_params(), (other, NOBODY).abi_encode_params()];
    refuse_nobody(&world, world.suite.service.quorum, constructions).await
}

#[tokio::test]
async fn the_slasher_of_a_service_manager_is_a_contract() -> Result<()> {
    let world = World::new().await?;
    let owner = world.cast.owner.address;
    let arguments = ((owner, owner, NOBODY), (EVERYTHING, 0u64, 0u64, 0u128), (owner, owner)).abi_encode_params();
    refuse_nobody(&world, world.suite.service.service_manager, [arguments]).await
}

#[tokio::test]
async fn somebody_connects_what_is_told_of_others() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner) = (world.suite, world.cast.owner.address);
    for program in [suite.token_pool, suite.slasher, suite.redemption_desk] {
        refuse(&world, program, &Address::ZERO.abi_encode(), &ZeroAddress {}).await?;
    }
    let disputes = (Address::ZERO, U256::ONE, DAY).abi_encode_params();
    refuse(&world, suite.service.dispute_resolution, &disputes, &ZeroAddress {}).await?;
    let manager = ((Address::ZERO, owner, suite.slasher), (EVERYTHING, 0u64, 0u64, 0u128), (owner, owner));
    refuse(&world, suite.service.service_manager, &manager.abi_encode_params(), &ZeroAddress {}).await
}
