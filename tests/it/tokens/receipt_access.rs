//! Who may do what with the vault, and how the receipt and it are constructed.

use super::restaked::{shared, weighted};
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall, SolError, SolValue};
use arithmetic::wad::ONE;
use eyre::{Result, bail};
use interfaces::IAccess::{NotAContract, Unauthorized, ZeroAddress};
use interfaces::IERC20::allowanceCall;
use interfaces::IRestakingVault::{
    IsItself, NoReleaseAt, collectCall, contractsCall, payCall, stakeIdleCall, takeCall, unstakeCall,
};
use restake::chain::CallError;
use restake::suite::construction;
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
async fn only_the_receipt_puts_in_takes_out_and_moves() -> Result<()> {
    let world = shared(ether(10)).await?;
    let account = world.cast.alice.address;
    refuse_all(&world, &takeCall { account, amount: 1 }).await?;
    refuse_all(&world, &payCall { account, amount: 1 }).await?;
    refuse_all(&world, &stakeIdleCall { kept: 0 }).await?;
    refuse_all(&world, &unstakeCall { kept: u128::MAX }).await
}

#[tokio::test]
async fn only_withdrawals_on_their_way_are_collected() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    for (operator, epoch) in [(world.honest(), 0), (world.honest(), 3_000), (NOBODY, 3_000), (Address::ZERO, 0)] {
        let call = collectCall { operator, releaseEpoch: epoch };
        let expected = NoReleaseAt { releaseEpoch: epoch };
        world.refuse(&world.cast.alice, world.suite.restaking_vault, &call, &expected).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_vault_names_its_parts_and_lets_the_token_pool_take_its_tokens() -> Result<()> {
    let world = World::new().await?;
    let suite = world.suite;
    let parts = world.chain.view(suite.restaking_vault, &contractsCall {}).await?;
    assert_eq!((parts.receipt, parts.token, parts.tokenPool), (suite.restaking_token, suite.token, suite.token_pool));
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

/// The arguments of a vault's constructor: owner, receipt, token, TokenPool, StrategyManager, Slasher.
fn arguments(world: &World) -> [Address; 6] {
    let suite = world.suite;
    let owner = world.cast.owner.address;
    [owner, suite.restaking_token, suite.token, suite.token_pool, suite.strategy_manager, suite.slasher]
}

/// The arguments with another one at `index`.
fn with(mut arguments: [Address; 6], index: usize, other: Address) -> Vec<u8> {
    arguments[index] = other;
    arguments.abi_encode()
}

async fn refuse_vault<E: SolError>(world: &World, index: usize, other: Address, expected: &E) -> Result<()> {
    let copy = world.copy_of(world.suite.restaking_vault).await?;
    let data = refusal(world, copy, &with(arguments(world), index, other)).await?;
    assert_eq!(data, Bytes::from(expected.abi_encode()), "{index}: {other}");
    Ok(())
}

#[tokio::test]
async fn the_collaborators_of_a_vault_are_contracts_and_it_has_an_owner() -> Result<()> {
    let world = World::new().await?;
    refuse_vault(&world, 0, Address::ZERO, &ZeroAddress {}).await?;
    for index in 1..6 {
        refuse_vault(&world, index, NOBODY, &NotAContract { account: NOBODY }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_receipt_does_not_back_itself() -> Result<()> {
    let world = World::new().await?;
    refuse_vault(&world, 2, world.suite.restaking_token, &IsItself {}).await?;
    let (copy, good) = (world.copy_of(world.suite.restaking_vault).await?, arguments(&world));
    assert_eq!(refusal(&world, copy, &with(good, 2, copy)).await?, Bytes::from(IsItself {}.abi_encode()));
    world.chain.transact(construction(world.cast.owner.address, copy, &good.abi_encode())).await?;
    Ok(())
}

#[tokio::test]
async fn a_receipt_and_its_vault_are_constructed_once() -> Result<()> {
    let world = World::new().await?;
    let (receipt, vault) = (world.suite.restaking_token, world.suite.restaking_vault);
    assert!(refusal(&world, vault, &arguments(&world).abi_encode()).await?.is_empty());
    assert!(refusal(&world, receipt, &(vault,).abi_encode_params()).await?.is_empty());
    let copy = world.copy_of(receipt).await?;
    let expected = Bytes::from(NotAContract { account: NOBODY }.abi_encode());
    assert_eq!(refusal(&world, copy, &(NOBODY,).abi_encode_params()).await?, expected);
    Ok(())
}
