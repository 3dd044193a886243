//! Bonds: what comes in goes out, to whom it belongs.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::ZeroAddress;
use interfaces::IDisputeResolution::{
    BondTransferFailed, BondWithdrawn, NoBond, bondOfCall, challengeCall, withdrawBondCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::World;

/// Init code of a contract that refuses everything: `PUSH1 5, DUP1, PUSH1 9, RETURNDATASIZE, CODECOPY, RETURNDATASIZE,
/// RETURN`, and then `PUSH1 0, PUSH1 0, REVERT`.
const REFUSER: [u8; 14] = [0x60, 5, 0x80, 0x60, 9, 0x3d, 0x39, 0x3d, 0xf3, 0x60, 0, 0x60, 0, 0xfd];

/// Where bonds are withdrawn to.
const PURSE: Address = Address::repeat_byte(0x99);

/// A world where the challenger has won and can withdraw its bond.
async fn won() -> Result<World> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    world.freeze(&world.cast.dishonest).await?;
    Ok(world)
}

fn withdraw(recipient: Address) -> withdrawBondCall {
    withdrawBondCall { recipient }
}

async fn bond_of(world: &World, account: &Actor) -> Result<U256> {
    let call = bondOfCall { account: account.address };
    Ok(world.chain.view(world.suite.service.dispute_resolution, &call).await?)
}

#[tokio::test]
async fn a_bond_is_withdrawn_to_any_recipient() -> Result<()> {
    let world = won().await?;
    let (challenger, disputes, bond) =
        (&world.cast.challenger, world.suite.service.dispute_resolution, world.parameters.bond);
    let receipt = world.act(challenger, disputes, &withdraw(PURSE)).await?;
    let withdrawn = BondWithdrawn { account: challenger.address, amount: bond, recipient: PURSE };
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), Some(withdrawn));
    assert_eq!(world.chain.balance(PURSE).await?, bond);
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    assert_eq!(bond_of(&world, challenger).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn who_has_no_bond_withdraws_none() -> Result<()> {
    let world = won().await?;
    let disputes = world.suite.service.dispute_resolution;
    world.refuse(&world.cast.accuser, disputes, &withdraw(PURSE), &NoBond {}).await
}

#[tokio::test]
async fn a_bond_is_withdrawn_once() -> Result<()> {
    let world = won().await?;
    let (challenger, disputes) = (&world.cast.challenger, world.suite.service.dispute_resolution);
    // Somebody else's bond is there to be taken.
    world.join(&world.cast.honest, ONE).await?;
    world.challenge(&world.cast.accuser, &false_challenge(&world, 1).await?).await?;
    world.act(challenger, disputes, &withdraw(PURSE)).await?;
    world.refuse(challenger, disputes, &withdraw(PURSE), &NoBond {}).await
}

#[tokio::test]
async fn a_bond_is_not_withdrawn_to_nobody() -> Result<()> {
    let world = won().await?;
    let disputes = world.suite.service.dispute_resolution;
    world.refuse(&world.cast.challenger, disputes, &withdraw(Address::ZERO), &ZeroAddress {}).await
}

#[tokio::test]
async fn a_bond_that_its_recipient_refuses_stays() -> Result<()> {
    let world = won().await?;
    let (challenger, disputes) = (&world.cast.challenger, world.suite.service.dispute_resolution);
    let create = TransactionRequest::default().with_from(challenger.address).with_deploy_code(REFUSER);
    let recipient = world.chain.transact(create).await?.contract_address.ok_or_eyre("no address")?;
    world.refuse(challenger, disputes, &withdraw(recipient), &BondTransferFailed { recipient }).await?;
    assert_eq!(bond_of(&world, challenger).await?, world.parameters.bond);
    world.act(challenger, disputes, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, world.parameters.bond);
    Ok(())
}

/// A challenge of the honest operator that does not hold: the same answer twice.
async fn false_challenge(world: &World, answer: u64) -> Result<challengeCall> {
    let signed = world.attest(&world.cast.honest, answer).await?;
    Ok(World::challenge_call(world.honest(), signed.clone(), signed))
}

#[tokio::test]
async fn all_bonds_that_came_in_go_out() -> Result<()> {
    let world = won().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    world.join(&world.cast.honest, ONE).await?;
    for answer in [1, 2, 3] {
        world.challenge(&world.cast.accuser, &false_challenge(&world, answer).await?).await?;
    }
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    world.freeze(&world.cast.dishonest).await?;

    // Two proven faults and three false accusations: five bonds.
    assert_eq!(world.chain.balance(disputes).await?, bond * U256::from(5));
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, bond * U256::from(2));
    assert_eq!(bond_of(&world, &world.cast.honest).await?, bond * U256::from(3));
    assert_eq!(bond_of(&world, &world.cast.accuser).await?, U256::ZERO);
    assert_eq!(bond_of(&world, &world.cast.dishonest).await?, U256::ZERO);

    world.act(&world.cast.honest, disputes, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, bond * U256::from(3));
    world.act(&world.cast.challenger, disputes, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, bond * U256::from(5));
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    Ok(())
}
