//! Ownership moves in two steps.

use alloy::primitives::Address;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::IGovernance::{RolesSet, rolesCall, setRolesCall};
use interfaces::IOwnable::{
    OwnershipTransferStarted, OwnershipTransferred, acceptOwnershipCall, ownerCall, pendingOwnerCall,
    transferOwnershipCall,
};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn ownership_goes_to_who_was_offered_it_and_accepts() -> Result<()> {
    let world = World::new().await?;
    let (owner, bob, governance) = (&world.cast.owner, &world.cast.bob, world.suite.governance);
    let offer = transferOwnershipCall { newOwner: bob.address };
    let receipt = world.act(owner, governance, &offer).await?;
    let started = OwnershipTransferStarted { owner: owner.address, pendingOwner: bob.address };
    assert_eq!(event::<OwnershipTransferStarted>(&receipt, governance), Some(started));
    assert_eq!(world.chain.view(governance, &ownerCall {}).await?, owner.address, "not before it is accepted");
    assert_eq!(world.chain.view(governance, &pendingOwnerCall {}).await?, bob.address);

    let alice = &world.cast.alice;
    let refusal = Unauthorized { caller: alice.address };
    world.refuse(alice, governance, &acceptOwnershipCall {}, &refusal).await?;
    let receipt = world.act(bob, governance, &acceptOwnershipCall {}).await?;
    let transferred = OwnershipTransferred { previousOwner: owner.address, newOwner: bob.address };
    assert_eq!(event::<OwnershipTransferred>(&receipt, governance), Some(transferred));
    assert_eq!(world.chain.view(governance, &ownerCall {}).await?, bob.address);
    assert_eq!(world.chain.view(governance, &pendingOwnerCall {}).await?, Address::ZERO);
    world.refuse(owner, governance, &offer, &Unauthorized { caller: owner.address }).await
}

#[tokio::test]
async fn whatever_has_an_owner_changes_hands_in_two_steps() -> Result<()> {
    let world = World::new().await?;
    let (owner, alice, bob, suite) = (&world.cast.owner, &world.cast.alice, &world.cast.bob, world.suite);
    for owned in [suite.service.service_manager, suite.token, suite.restaking_weights] {
        let offer = transferOwnershipCall { newOwner: bob.address };
        world.refuse(alice, owned, &offer, &Unauthorized { caller: alice.address }).await?;
        world.act(owner, owned, &offer).await?;
        assert_eq!(world.chain.view(owned, &ownerCall {}).await?, owner.address, "{owned}");
        world.refuse(alice, owned, &acceptOwnershipCall {}, &Unauthorized { caller: alice.address }).await?;
        let receipt = world.act(bob, owned, &acceptOwnershipCall {}).await?;
        let transferred = OwnershipTransferred { previousOwner: owner.address, newOwner: bob.address };
        assert_eq!(event::<OwnershipTransferred>(&receipt, owned), Some(transferred));
        assert_eq!(world.chain.view(owned, &ownerCall {}).await?, bob.address);
        assert_eq!(world.chain.view(owned, &pendingOwnerCall {}).await?, Address::ZERO);
    }
    Ok(())
}

#[tokio::test]
async fn only_the_owner_offers_the_ownership() -> Result<()> {
    let world = World::new().await?;
    let bob = &world.cast.bob;
    let offer = transferOwnershipCall { newOwner: bob.address };
    world.refuse(bob, world.suite.governance, &offer, &Unauthorized { caller: bob.address }).await
}

#[tokio::test]
async fn an_offer_that_was_withdrawn_is_not_accepted() -> Result<()> {
    let world = World::new().await?;
    let (owner, bob, governance) = (&world.cast.owner, &world.cast.bob, world.suite.governance);
    world.act(owner, governance, &transferOwnershipCall { newOwner: bob.address }).await?;
    world.act(owner, governance, &transferOwnershipCall { newOwner: Address::ZERO }).await?;
    world.refuse(bob, governance, &acceptOwnershipCall {}, &Unauthorized { caller: bob.address }).await
}

#[tokio::test]
async fn only_the_owner_appoints_who_pauses() -> Result<()> {
    let world = World::new().await?;
    let (owner, alice, governance) = (&world.cast.owner, &world.cast.alice, world.suite.governance);
    let appoint = setRolesCall { pauser: alice.address, unpauser: world.cast.bob.address };
    world.refuse(alice, governance, &appoint, &Unauthorized { caller: alice.address }).await?;
    let receipt = world.act(owner, governance, &appoint).await?;
    let set = RolesSet { pauser: alice.address, unpauser: world.cast.bob.address };
    assert_eq!(event::<RolesSet>(&receipt, governance), Some(set));
    let roles = world.chain.view(governance, &rolesCall {}).await?;
    assert_eq!((roles.pauser, roles.unpauser), (alice.address, world.cast.bob.address));
    Ok(())
}
