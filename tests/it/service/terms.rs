//! The terms of the service: announced, in force after a notice, and applied to the faults of their time.

use alloy::primitives::Address;
use arithmetic::wad::{MAX_CHALLENGER_SHARE, ONE};
use eyre::{OptionExt, Result};
use interfaces::IAccess::{Unauthorized, ZeroAddress};
use interfaces::IOwnable::{acceptOwnershipCall, ownerCall, pendingOwnerCall, transferOwnershipCall};
use interfaces::IServiceManager::{
    InvalidTerms, NoTermsScheduled, TermsCancelled, TermsPending, TermsScheduled, cancelTermsCall, scheduleTermsCall,
    termsAtCall, termsCall, termsEffectiveAtCall, termsReturn,
};
use interfaces::ISlasher::SlashVetoed;
use restake::chain::event;
use restake_tests::World;

/// Other terms than the service begins with: a quarter for an equivocation, and Bob may veto.
fn terms(world: &World) -> scheduleTermsCall {
    scheduleTermsCall {
        wads: [ONE / 4, ONE / 5, 0, 0],
        challengerShare: ONE / 50,
        rewardRate: ONE / 30,
        profitFromCorruption: u128::MAX,
        recipient: world.cast.bob.address,
        resolver: world.cast.bob.address,
    }
}

/// The owner schedules [`terms`]. Returns when they take effect (Unix seconds).
async fn schedule(world: &World) -> Result<u64> {
    let service = world.suite.service.service_manager;
    let receipt = world.act(&world.cast.owner, service, &terms(world)).await?;
    let scheduled = event::<TermsScheduled>(&receipt, service).ok_or_eyre("no TermsScheduled event")?;
    // Five epochs: 28 to 35 days.
    assert_eq!(scheduled.effectiveAt, (world.chain.now().await? / 604_800 + 5) * 604_800);
    assert_eq!(scheduled.resolver, world.cast.bob.address);
    Ok(scheduled.effectiveAt)
}

async fn equivocation_wad(world: &World) -> Result<u64> {
    Ok(world.chain.view(world.suite.service.service_manager, &termsCall {}).await?.wads[0])
}

#[tokio::test]
async fn new_terms_hold_from_the_end_of_their_notice_and_not_one_second_before() -> Result<()> {
    let world = World::new().await?;
    let service = world.suite.service.service_manager;
    let effective_at = schedule(&world).await?;
    assert_eq!(world.chain.view(service, &termsEffectiveAtCall {}).await?, effective_at);
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(equivocation_wad(&world).await?, ONE / 2);
    world.chain.travel_to(effective_at).await?;
    let scheduleTermsCall { wads, challengerShare, rewardRate, profitFromCorruption, recipient, resolver } =
        terms(&world);
    let expected = termsReturn { wads, challengerShare, rewardRate, profitFromCorruption, recipient, resolver };
    assert_eq!(world.chain.view(service, &termsCall {}).await?, expected);
    let before = world.chain.view(service, &termsAtCall { time: effective_at - 1 }).await?;
    assert_eq!(before.wads[0], ONE / 2);
    Ok(())
}

#[tokio::test]
async fn terms_change_once_at_a_time() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    let effective_at = schedule(&world).await?;
    let allowed_at = effective_at + 2 * 604_800;
    let pending = TermsPending { allowedAt: allowed_at };
    world.refuse(owner, service, &terms(&world), &pending).await?;
    // Also not right after: faults of the time before are still judged, those that found the budget in use for two
    // epochs.
    world.chain.travel_to(allowed_at - 1).await?;
    world.refuse(owner, service, &terms(&world), &pending).await?;
    world.chain.travel_to(allowed_at).await?;
    world.act(owner, service, &terms(&world)).await?;
    Ok(())
}

#[tokio::test]
async fn scheduled_terms_can_be_cancelled_until_they_hold() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    world.refuse(owner, service, &cancelTermsCall {}, &NoTermsScheduled {}).await?;
    schedule(&world).await?;
    let receipt = world.act(owner, service, &cancelTermsCall {}).await?;
    assert_eq!(event::<TermsCancelled>(&receipt, service), Some(TermsCancelled {}));
    let effective_at = schedule(&world).await?;
    world.chain.travel_to(effective_at).await?;
    assert_eq!(equivocation_wad(&world).await?, ONE / 4);
    world.refuse(owner, service, &cancelTermsCall {}, &NoTermsScheduled {}).await
}

#[tokio::test]
async fn scheduled_terms_are_cancelled_in_the_last_second_of_their_notice_and_not_when_they_hold() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    let effective_at = schedule(&world).await?;
    world.chain.travel_to(effective_at).await?;
    world.refuse(owner, service, &cancelTermsCall {}, &NoTermsScheduled {}).await?;
    world.chain.travel_to(effective_at + 2 * 604_800).await?;
    let again = scheduleTermsCall { wads: [ONE, 0, 0, 0], ..terms(&world) };
    let receipt = world.act(owner, service, &again).await?;
    let scheduled = event::<TermsScheduled>(&receipt, service).ok_or_eyre("no TermsScheduled event")?;
    world.chain.travel_to(scheduled.effectiveAt - 1).await?;
    world.act(owner, service, &cancelTermsCall {}).await?;
    world.chain.travel_to(scheduled.effectiveAt).await?;
    assert_eq!(equivocation_wad(&world).await?, ONE / 4, "the terms before");
    Ok(())
}

#[tokio::test]
async fn terms_slash_something_and_at_most_everything() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    let nothing_and_too_much = [[0; 4], [ONE + 1, ONE, 0, 0], [ONE, ONE + 1, 0, 0], [0, u64::MAX, 0, 0]];
    // Kinds that do not exist.
    let unknown = [[ONE, ONE, ONE, 1], [ONE, 0, 0, 1], [0, 0, 0, ONE]];
    for wads in nothing_and_too_much.into_iter().chain(unknown) {
        let call = scheduleTermsCall { wads, ..terms(&world) };
        world.refuse(owner, service, &call, &InvalidTerms {}).await?;
    }
    for wads in [[1, ONE, 0, 0], [ONE, 0, 0, 0], [0, 1, 0, 0]] {
        world.act(owner, service, &scheduleTermsCall { wads, ..terms(&world) }).await?;
        world.act(owner, service, &cancelTermsCall {}).await?;
    }
    Ok(())
}

#[tokio::test]
async fn terms_promise_a_challenger_at_most_a_tenth_and_rewards_of_at_most_everything() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (&world.cast.owner, world.suite.service.service_manager);
    let most = scheduleTermsCall { challengerShare: MAX_CHALLENGER_SHARE, rewardRate: ONE, ..terms(&world) };
    let greedy = scheduleTermsCall { challengerShare: MAX_CHALLENGER_SHARE + 1, ..most.clone() };
    world.refuse(owner, service, &greedy, &InvalidTerms {}).await?;
    let lavish = scheduleTermsCall { rewardRate: ONE + 1, ..most.clone() };
    world.refuse(owner, service, &lavish, &InvalidTerms {}).await?;
    world.act(owner, service, &most).await?;
    Ok(())
}

#[tokio::test]
async fn terms_name_a_recipient() -> Result<()> {
    let world = World::new().await?;
    let nobody = scheduleTermsCall { recipient: Address::ZERO, ..terms(&world) };
    world.refuse(&world.cast.owner, world.suite.service.service_manager, &nobody, &ZeroAddress {}).await
}

#[tokio::test]
async fn a_fault_is_judged_by_the_terms_of_its_time() -> Result<()> {
    let world = World::new().await?;
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    world.join(honest, ONE).await?;
    world.join(dishonest, ONE).await?;
    let effective_at = schedule(&world).await?;
    // Signed in the last second of the old terms, proven a day later.
    world.chain.travel_to(effective_at - 1).await?;
    let (first, second) = (world.attest(dishonest, 1).await?, world.attest(dishonest, 2).await?);
    world.chain.travel_to(effective_at + 24 * 60 * 60).await?;
    let old_fault = World::challenge_call(dishonest.address, first, second);
    world.challenge(&world.cast.challenger, &old_fault).await?;
    let new_fault = world.freeze(honest).await?;

    let asked = async |request_id: u64| -> Result<(u64, u64, Address, Address)> {
        let request = world.attack(request_id).await?.request;
        Ok((request.wad, request.challengerShare, request.recipient, request.resolver))
    };
    let bob = world.cast.bob.address;
    let old = (ONE / 2, ONE / 10, world.cast.fund.address, Address::ZERO);
    assert_eq!(asked(0).await?, old);
    assert_eq!(asked(new_fault.request_id).await?, (ONE / 4, ONE / 50, bob, bob));
    Ok(())
}

#[tokio::test]
async fn a_resolver_vetoes_a_wrong_slash_and_none_that_was_not_named_before_the_fault() -> Result<()> {
    let world = World::new().await?;
    let (operator, bob, slasher) = (&world.cast.dishonest, &world.cast.bob, world.suite.slasher);
    world.join(operator, ONE).await?;
    let effective_at = schedule(&world).await?;
    let before = world.freeze(operator).await?;
    let veto = before.veto();
    world.refuse(bob, slasher, &veto, &Unauthorized { caller: bob.address }).await?;
    world.execute(&before).await?;

    world.chain.travel_to(effective_at).await?;
    let after = world.freeze(operator).await?;
    let stake = world.pool(operator.address).await?.0;
    let receipt = world.act(bob, slasher, &after.veto()).await?;
    event::<SlashVetoed>(&receipt, slasher).ok_or_eyre("no SlashVetoed event")?;
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(world.pool(operator.address).await?.0, stake);
    Ok(())
}

#[tokio::test]
async fn a_service_changes_its_owner_in_two_steps() -> Result<()> {
    let world = World::new().await?;
    let (owner, bob, service) = (&world.cast.owner, &world.cast.bob, world.suite.service.service_manager);
    let offer = transferOwnershipCall { newOwner: bob.address };
    world.refuse(bob, service, &offer, &Unauthorized { caller: bob.address }).await?;
    world.act(owner, service, &offer).await?;
    assert_eq!(world.chain.view(service, &pendingOwnerCall {}).await?, bob.address);
    world.refuse(owner, service, &acceptOwnershipCall {}, &Unauthorized { caller: owner.address }).await?;
    world.act(bob, service, &acceptOwnershipCall {}).await?;
    assert_eq!(world.chain.view(service, &ownerCall {}).await?, bob.address);
    world.act(bob, service, &terms(&world)).await?;
    Ok(())
}
