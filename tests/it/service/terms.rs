//! The terms of the service.

use alloy::primitives::Address;
use arithmetic::wad::{MAX_CHALLENGER_SHARE, ONE};
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::IServiceManager::{InvalidTerms, TermsSet, setTermsCall, termsCall, termsReturn};
use interfaces::ISlasher::slashRequestCall;
use restake::chain::event;
use restake_tests::World;

fn terms(world: &World) -> setTermsCall {
    setTermsCall { slashWad: ONE / 4, challengerShare: ONE / 50, recipient: world.cast.bob.address }
}

#[tokio::test]
async fn the_owner_sets_terms() -> Result<()> {
    let world = World::new().await?;
    let service = world.suite.service.service_manager;
    let setTermsCall { slashWad, challengerShare, recipient } = terms(&world);
    let receipt = world.act(&world.cast.owner, service, &terms(&world)).await?;
    assert_eq!(event::<TermsSet>(&receipt, service), Some(TermsSet { slashWad, challengerShare, recipient }));
    let expected = termsReturn { slashWad, challengerShare, recipient };
    assert_eq!(world.chain.view(service, &termsCall {}).await?, expected);
    Ok(())
}

#[tokio::test]
async fn terms_slash_something_and_at_most_everything() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    for wad in [0, ONE + 1] {
        world.refuse(owner, service, &setTermsCall { slashWad: wad, ..terms(&world) }, &InvalidTerms {}).await?;
    }
    for wad in [1, ONE] {
        world.act(owner, service, &setTermsCall { slashWad: wad, ..terms(&world) }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn terms_promise_a_challenger_at_most_a_tenth() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    let share = MAX_CHALLENGER_SHARE;
    let greedy = setTermsCall { challengerShare: share + 1, ..terms(&world) };
    world.refuse(owner, service, &greedy, &InvalidTerms {}).await?;
    world.act(owner, service, &setTermsCall { challengerShare: share, ..terms(&world) }).await?;
    world.act(owner, service, &setTermsCall { challengerShare: 0, ..terms(&world) }).await?;
    Ok(())
}

#[tokio::test]
async fn terms_name_a_recipient() -> Result<()> {
    let world = World::new().await?;
    let nobody = setTermsCall { recipient: Address::ZERO, ..terms(&world) };
    world.refuse(&world.cast.owner, world.suite.service.service_manager, &nobody, &ZeroAddress {}).await
}

#[tokio::test]
async fn new_terms_apply_to_faults_proven_from_then_on() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let before = world.freeze(&world.cast.dishonest).await?;
    world.act(&world.cast.owner, world.suite.service.service_manager, &terms(&world)).await?;
    let after = world.freeze(&world.cast.honest).await?;

    let asked = async |request_id: u64| -> Result<(u64, u64, Address)> {
        let request = slashRequestCall { requestId: request_id };
        let request = world.chain.view(world.suite.slasher, &request).await?;
        Ok((request.wad, request.challengerShare, request.recipient))
    };
    let old = (ONE / 2, MAX_CHALLENGER_SHARE, world.cast.fund.address);
    assert_eq!(asked(before.request_id).await?, old, "the open request keeps the old terms");
    assert_eq!(asked(after.request_id).await?, (ONE / 4, ONE / 50, world.cast.bob.address));
    Ok(())
}
