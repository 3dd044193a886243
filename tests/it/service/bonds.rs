//! Bonds: what comes in goes out, to whom it belongs.

use super::support::forwarder;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::ZeroAddress;
use interfaces::IDisputeResolution::{
    BondTransferFailed, BondWithdrawn, ChallengeUpheld, NoBond, bondOfCall, challengeCall, withdrawBondCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::World;

/// Init code of a contract that refuses everything: `PUSH1 5, DUP1, PUSH1 9, RETURNDATASIZE, CODECOPY, RETURNDATASIZE,
/// RETURN`, and then `PUSH1 0, PUSH1 0, REVERT`.
const REFUSER: [u8; 14] = [0x60, 5, 0x80, 0x60, 9, 0x3d, 0x39, 0x3d, 0xf3, 0x60, 0, 0x60, 0, 0xfd];

/// Where bonds are withdrawn to.
const PURSE: Address = Address::repeat_byte(0x99);

/// A world where the honest operator was accused falsely and can withdraw the bond.
async fn won() -> Result<World> {
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    world.challenge(&world.cast.accuser, &false_challenge(&world, &world.cast.honest).await?).await?;
    Ok(world)
}

/// A challenge of an operator that does not hold: the same answer twice.
async fn false_challenge(world: &World, operator: &Actor) -> Result<challengeCall> {
    let signed = world.attest(operator, 1).await?;
    Ok(World::challenge_call(operator.address, signed.clone(), signed))
}

/// A challenge of the crooked operator that holds.
async fn proof(world: &World) -> Result<challengeCall> {
    let operator = &world.cast.dishonest;
    Ok(World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?))
}

fn withdraw(recipient: Address) -> withdrawBondCall {
    withdrawBondCall { recipient }
}

async fn bond_of(world: &World, account: Address) -> Result<U256> {
    let call = bondOfCall { account };
    Ok(world.chain.view(world.suite.service.dispute_resolution, &call).await?)
}

#[tokio::test]
async fn a_bond_is_withdrawn_to_any_recipient() -> Result<()> {
    let world = won().await?;
    let (winner, disputes, bond) = (&world.cast.honest, world.suite.service.dispute_resolution, world.parameters.bond);
    let receipt = world.act(winner, disputes, &withdraw(PURSE)).await?;
    let withdrawn = BondWithdrawn { account: winner.address, amount: bond, recipient: PURSE };
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), Some(withdrawn));
    assert_eq!(world.chain.balance(PURSE).await?, bond);
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    assert_eq!(bond_of(&world, winner.address).await?, U256::ZERO);
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
    let (winner, disputes) = (&world.cast.honest, world.suite.service.dispute_resolution);
    // Somebody else's bond is there to be taken.
    world.join(&world.cast.dishonest, ONE).await?;
    world.challenge(&world.cast.accuser, &false_challenge(&world, &world.cast.dishonest).await?).await?;
    world.act(winner, disputes, &withdraw(PURSE)).await?;
    world.refuse(winner, disputes, &withdraw(PURSE), &NoBond {}).await
}

#[tokio::test]
async fn a_bond_is_not_withdrawn_to_nobody() -> Result<()> {
    let world = won().await?;
    let disputes = world.suite.service.dispute_resolution;
    world.refuse(&world.cast.honest, disputes, &withdraw(Address::ZERO), &ZeroAddress {}).await
}

#[tokio::test]
async fn a_bond_that_its_recipient_refuses_stays() -> Result<()> {
    let world = won().await?;
    let (winner, disputes) = (&world.cast.honest, world.suite.service.dispute_resolution);
    let create = TransactionRequest::default().with_from(winner.address).with_deploy_code(REFUSER);
    let recipient = world.chain.transact(create).await?.contract_address.ok_or_eyre("no address")?;
    world.refuse(winner, disputes, &withdraw(recipient), &BondTransferFailed { recipient }).await?;
    assert_eq!(bond_of(&world, winner.address).await?, world.parameters.bond);
    world.act(winner, disputes, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, world.parameters.bond);
    Ok(())
}

/// Guards against: a challenger that blocks its own verdict, and with it the freeze that others wait for.
#[tokio::test]
async fn a_challenger_that_refuses_its_bond_is_credited_and_the_verdict_stands() -> Result<()> {
    let world = World::new().await?;
    let (sender, disputes, bond) = (&world.cast.bob, world.suite.service.dispute_resolution, world.parameters.bond);
    world.join(&world.cast.dishonest, ONE).await?;
    // It passes on what it is sent, and plain ETH is refused where it passes it on to.
    let challenger = forwarder(&world, disputes).await?;
    let receipt = world.chain.send(sender.address, challenger, &proof(&world).await?, bond).await?;
    let upheld = event::<ChallengeUpheld>(&receipt, disputes).ok_or_eyre("it was not upheld")?;
    assert_eq!(upheld.challenger, challenger);
    assert!(world.is_frozen(world.dishonest()).await?);
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), None);
    assert_eq!(bond_of(&world, challenger).await?, bond);
    assert_eq!(world.chain.balance(disputes).await?, bond);

    world.act(sender, challenger, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, bond);
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_accuses_itself_falsely_is_paid_what_it_paid() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.honest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let receipt = world.challenge(operator, &false_challenge(&world, operator).await?).await?;
    let account = operator.address;
    let paid = BondWithdrawn { account, amount: world.parameters.bond, recipient: account };
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), Some(paid));
    assert_eq!(bond_of(&world, account).await?, U256::ZERO);
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn all_bonds_that_came_in_go_out() -> Result<()> {
    let world = World::new().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let (honest, crooked) = (&world.cast.honest, &world.cast.dishonest);
    world.join(honest, ONE).await?;
    world.join(crooked, ONE).await?;
    for accused in [honest, honest, honest, crooked] {
        world.challenge(&world.cast.accuser, &false_challenge(&world, accused).await?).await?;
    }
    world.freeze(crooked).await?;
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let challenger = forwarder(&world, disputes).await?;
    world.chain.send(world.cast.bob.address, challenger, &proof(&world).await?, bond).await?;

    // Four false accusations and two proven faults: of six bonds one was paid at once.
    assert_eq!(world.chain.balance(disputes).await?, bond * U256::from(5));
    let owed = [(honest.address, 3), (crooked.address, 1), (challenger, 1)];
    for (account, bonds) in owed {
        assert_eq!(bond_of(&world, account).await?, bond * U256::from(bonds));
    }
    for account in [world.cast.accuser.address, world.cast.challenger.address] {
        assert_eq!(bond_of(&world, account).await?, U256::ZERO);
    }

    world.act(honest, disputes, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, bond * U256::from(3));
    world.act(crooked, disputes, &withdraw(PURSE)).await?;
    world.act(&world.cast.bob, challenger, &withdraw(PURSE)).await?;
    assert_eq!(world.chain.balance(PURSE).await?, bond * U256::from(5));
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    Ok(())
}
