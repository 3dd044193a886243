//! Who may do what with the vault, and how the receipt and it are constructed.

use super::restaked::shared;
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall, SolError, SolValue};
use arithmetic::wad::ONE;
use eyre::{Result, bail};
use interfaces::IAccess::{NotAContract, Unauthorized, ZeroAddress};
use interfaces::IERC20::allowanceCall;
use interfaces::IRestakingVault::{
    self, IsItself, PlaceTaken, accountOfCall, contractsCall, holdCall, idOfCall, isEmptyAtCall, payCall, redeemCall,
    stakeWithCall, takeCall, unstakeFromCall,
};
use interfaces::{IRedemptionDesk, IRestakingWeights};
use restake::chain::CallError;
use restake_tests::programs::construction;
use restake_tests::{World, ether};

/// An account without code.
const NOBODY: Address = Address::repeat_byte(0x99);

async fn refuse_all<C: SolCall>(world: &World, call: &C) -> Result<()> {
    for actor in [&world.cast.alice, &world.cast.owner] {
        world.refuse(actor, world.suite.restaking_vault, call, &Unauthorized { caller: actor.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn only_the_receipt_puts_in_only_the_desk_takes_out_and_only_the_weights_move() -> Result<()> {
    let world = shared(ether(10)).await?;
    let account = world.cast.alice.address;
    refuse_all(&world, &takeCall { account, amount: 1 }).await?;
    refuse_all(&world, &redeemCall { account, shares: 1, supply: 1, minAssets: 0 }).await?;
    refuse_all(&world, &IRestakingVault::collectCall { id: 1, releaseEpoch: 3_000 }).await?;
    refuse_all(&world, &IRestakingVault::queueWaitingCall { id: 1, shares: 1 }).await?;
    refuse_all(&world, &payCall { account, amount: 1 }).await?;
    refuse_all(&world, &holdCall { index: 2, operator: account }).await?;
    refuse_all(&world, &stakeWithCall { index: 0, amount: 1, maxCommitment: ONE }).await?;
    refuse_all(&world, &unstakeFromCall { index: 0, amount: 1, everything: true }).await?;
    let alice = &world.cast.alice;
    let open = IRedemptionDesk::openCall { account, shares: 1, supply: 1, minAssets: 0 };
    world.refuse(alice, world.suite.redemption_desk, &open, &Unauthorized { caller: account }).await
}

#[tokio::test]
async fn an_operator_has_a_place_and_a_number_of_its_own() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (chain, vault) = (&world.chain, world.suite.restaking_vault);
    for (id, operator) in [(1, world.honest()), (2, world.dishonest())] {
        assert_eq!(chain.view(vault, &idOfCall { operator }).await?, id);
        assert_eq!(chain.view(vault, &accountOfCall { id }).await?, operator);
        assert!(!chain.view(vault, &isEmptyAtCall { index: id - 1 }).await?);
    }
    assert_eq!(chain.view(vault, &idOfCall { operator: NOBODY }).await?, 0);
    for id in [0, 3, 4_096, u64::MAX] {
        assert_eq!(chain.view(vault, &accountOfCall { id }).await?, Address::ZERO);
    }
    assert!(chain.view(vault, &isEmptyAtCall { index: 2 }).await?);
    // Even the weights cannot put another in the place of one with stake.
    let call = holdCall { index: 0, operator: NOBODY };
    let simulated = chain.simulate(world.suite.restaking_weights, vault, &call, U256::ZERO).await;
    let Err(CallError::Refused(refusal)) = simulated else { bail!("it was taken") };
    assert_eq!(refusal.decode(), Some(PlaceTaken {}));
    Ok(())
}

#[tokio::test]
async fn the_vault_names_its_parts_and_lets_the_token_pool_take_its_tokens() -> Result<()> {
    let world = World::new().await?;
    let suite = world.suite;
    let parts = world.chain.view(suite.restaking_vault, &contractsCall {}).await?;
    assert_eq!((parts.receipt, parts.token, parts.tokenPool), (suite.restaking_token, suite.token, suite.token_pool));
    assert_eq!((parts.desk, parts.weights), (suite.redemption_desk, suite.restaking_weights));
    let desk = world.chain.view(suite.redemption_desk, &IRedemptionDesk::contractsCall {}).await?;
    assert_eq!((desk.receipt, desk.vault), (suite.restaking_token, suite.restaking_vault));
    let weights = world.chain.view(suite.restaking_weights, &IRestakingWeights::contractsCall {}).await?;
    assert_eq!((weights.vault, weights.slasher), (suite.restaking_vault, suite.slasher));
    assert_eq!((parts.strategyManager, parts.slasher), (suite.strategy_manager, suite.slasher));
    let allowance = allowanceCall { owner: suite.restaking_vault, spender: suite.token_pool };
    assert_eq!(world.chain.view(suite.token, &allowance).await?, U256::MAX);
    Ok(())
}

/// What a constructor refuses these arguments with.
async fn refusal(world: &World, contract: Address, arguments: &[u8]) -> Result<Bytes> {
    match world.chain.transact(construction(world.cast.owner.address, contract, arguments)).await {
        Err(CallError::Refused(refusal)) => Ok(refusal.data),
        other => bail!("the constructor answered {other:?}"),
    }
}

/// The arguments of a vault's constructor: connector, token, TokenPool, StrategyManager, Slasher.
fn arguments(world: &World) -> [Address; 5] {
    let suite = world.suite;
    [world.cast.owner.address, suite.token, suite.token_pool, suite.strategy_manager, suite.slasher]
}

/// The arguments with another one at `index`.
fn with<const N: usize>(mut arguments: [Address; N], index: usize, other: Address) -> [Address; N] {
    arguments[index] = other;
    arguments
}

/// A new contract with the code of `original` refuses these arguments.
async fn refuse_new<E: SolError>(world: &World, original: Address, arguments: &[u8], expected: &E) -> Result<()> {
    let copy = world.copy_of(original).await?;
    let data = refusal(world, copy, arguments).await?;
    assert_eq!(data, Bytes::from(expected.abi_encode()), "{}", E::SIGNATURE);
    Ok(())
}

#[tokio::test]
async fn the_collaborators_of_a_receipt_are_contracts_and_its_weights_have_an_owner() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner, nobody) = (world.suite, world.cast.owner.address, NotAContract { account: NOBODY });
    for index in 1..5 {
        let arguments = with(arguments(&world), index, NOBODY).abi_encode();
        refuse_new(&world, suite.restaking_vault, &arguments, &nobody).await?;
    }
    for index in 1..3 {
        let arguments = with([owner, suite.restaking_vault, suite.slasher], index, NOBODY).abi_encode();
        refuse_new(&world, suite.restaking_weights, &arguments, &nobody).await?;
    }
    for index in 0..4 {
        let good = [suite.restaking_vault, suite.redemption_desk, suite.restaking_weights, suite.token];
        refuse_new(&world, suite.restaking_token, &with(good, index, NOBODY).abi_encode(), &nobody).await?;
    }
    let unconnected = with(arguments(&world), 0, Address::ZERO).abi_encode();
    refuse_new(&world, suite.restaking_vault, &unconnected, &ZeroAddress {}).await?;
    let unowned = [Address::ZERO, suite.restaking_vault, suite.slasher].abi_encode();
    refuse_new(&world, suite.restaking_weights, &unowned, &ZeroAddress {}).await
}

#[tokio::test]
async fn a_receipt_does_not_back_itself() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner) = (world.suite, &world.cast.owner);
    let copy = world.copy_of(suite.restaking_vault).await?;
    world.chain.transact(construction(owner.address, copy, &arguments(&world).abi_encode())).await?;
    let (receipt, desk, weights) = (suite.restaking_token, suite.redemption_desk, suite.restaking_weights);
    for (receipt, desk) in [(suite.token, desk), (receipt, suite.token)] {
        let itself = IRestakingVault::connectCall { receipt, desk, weights };
        world.refuse(owner, copy, &itself, &IsItself {}).await?;
    }
    world.act(owner, copy, &IRestakingVault::connectCall { receipt, desk, weights }).await?;
    Ok(())
}

#[tokio::test]
async fn a_receipt_and_what_belongs_to_it_are_constructed_once() -> Result<()> {
    let world = World::new().await?;
    let (suite, owner) = (world.suite, world.cast.owner.address);
    for (contract, arguments) in [
        (suite.restaking_vault, arguments(&world).abi_encode()),
        (suite.redemption_desk, owner.abi_encode()),
        (suite.restaking_weights, [owner, suite.restaking_vault, suite.slasher].abi_encode()),
        (
            suite.restaking_token,
            [suite.restaking_vault, suite.redemption_desk, suite.restaking_weights, suite.token].abi_encode(),
        ),
    ] {
        assert!(refusal(&world, contract, &arguments).await?.is_empty(), "{contract}");
    }
    Ok(())
}
