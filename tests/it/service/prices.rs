//! A PriceFeed: rounds on a grid of time that a quorum signs, and a consumer that refuses what is stale or weak.

use super::support::{serving, tick};
use alloy::primitives::aliases::U80;
use alloy::primitives::{Address, B256, Bytes, I256, U256};
use eyre::Result;
use interfaces::ILendingCheck::{
    InvalidLoanToValue, StalePrice, ValueTooLarge, WeakPrice, borrowableCall, isCoveredCall, termsCall as lendingTerms,
};
use interfaces::IPriceFeed::{
    AnswerUpdated, InvalidPrice, InvalidTimes, NoRound, NothingToReport, OffGrid, QuorumNotReached, RoundNotNew,
    RoundSigned, RoundTooOld, decimalsCall, descriptionCall, getRoundDataCall, guaranteeOfCall, latestRoundDataCall,
    quorumCall, taskCall, termsCall, updateCall, versionCall,
};
use interfaces::IQuorum::{InvalidThreshold, TaskInFuture};
use restake::actors::Actor;
use restake::attestation::{CompactSignature, quorum};
use restake::chain::{CallError, event};
use restake::suite::for_services::{FeedTerms, lending_check, price_feed};
use restake::verbs::challenge;
use restake_tests::programs::for_services;
use restake_tests::{World, ether};

/// Two thousand, with eight decimals.
const PRICE: u64 = 200_000_000_000;

/// A minute between slots, an hour between heartbeats, half a percent of deviation; two thirds of the stake sign.
fn terms() -> FeedTerms {
    FeedTerms {
        description: "ETH / USD".to_owned(),
        decimals: 8,
        interval: 60,
        heartbeat: 3_600,
        deviation: 50,
        threshold: 6_667,
    }
}

/// A world in which 96 and 32 ETH serve, with a feed, at the beginning of a slot.
async fn with_feed() -> Result<(World, Address)> {
    let world = serving().await?;
    let (owner, programs) = (world.cast.owner.address, for_services().await?);
    let feed = price_feed(&world.chain, owner, programs, world.suite.service.quorum, &terms()).await?;
    next_slot(&world).await?;
    Ok((world, feed))
}

/// Goes to the next slot.
async fn next_slot(world: &World) -> Result<u64> {
    let slot = (world.chain.now().await? / 60 + 1) * 60;
    world.chain.travel_to(slot).await?;
    Ok(slot)
}

/// The price of a slot, signed.
async fn signed(world: &World, feed: Address, slot: u64, price: u64, signers: &[&Actor]) -> Result<updateCall> {
    let (task, price) = (world.chain.view(feed, &taskCall {}).await?, U256::from(price));
    let domain = world.domain().await?;
    let mut signatures = Vec::new();
    for signer in signers {
        let signed = domain.attest(&signer.key, task, slot, price.into())?;
        let hash = domain.attestation_hash(&interfaces::IDisputeResolution::Attestation {
            task,
            taskTime: slot,
            answer: price.into(),
        });
        signatures.push((hash, CompactSignature { r: signed.r, vs: signed.vs }));
    }
    Ok(updateCall { slot, price, signatures: quorum(signatures)? })
}

/// Both operators sign the price of now; it is stored.
async fn store(world: &World, feed: Address, price: u64) -> Result<u64> {
    let slot = world.chain.now().await? / 60 * 60;
    let call = signed(world, feed, slot, price, &[&world.cast.honest, &world.cast.dishonest]).await?;
    world.act(&world.cast.alice, feed, &call).await?;
    Ok(slot)
}

#[tokio::test]
async fn a_price_that_a_quorum_signed_is_read_as_feeds_are_read() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let none = NoRound { roundId: U80::ZERO };
    world.refuse(&world.cast.alice, feed, &latestRoundDataCall {}, &none).await?;
    let slot = world.chain.now().await?;
    let call = signed(&world, feed, slot, PRICE, &[&world.cast.honest]).await?;
    let receipt = world.act(&world.cast.bob, feed, &call).await?;
    let (answer, round) = (I256::try_from(PRICE)?, U256::ONE);
    let updated = AnswerUpdated { current: answer, roundId: round, updatedAt: U256::from(slot) };
    assert_eq!(event::<AnswerUpdated>(&receipt, feed), Some(updated));
    let guarantee = RoundSigned { roundId: round, signedStake: ether(96), totalStake: ether(128) };
    assert_eq!(event::<RoundSigned>(&receipt, feed), Some(guarantee));
    let latest = world.chain.view(feed, &latestRoundDataCall {}).await?;
    assert_eq!((latest.roundId, latest.answer, latest.answeredInRound), (U80::from(1), answer, U80::from(1)));
    assert_eq!((latest.startedAt, latest.updatedAt), (U256::from(slot), U256::from(slot)));

    next_slot(&world).await?;
    store(&world, feed, PRICE * 2).await?;
    let first = world.chain.view(feed, &getRoundDataCall { roundId: U80::from(1) }).await?;
    assert_eq!((first.id, first.answer, first.updatedAt), (U80::from(1), answer, U256::from(slot)));
    let guarantee = world.chain.view(feed, &guaranteeOfCall { roundId: U80::from(2) }).await?;
    assert_eq!((guarantee.signedStake, guarantee.totalStake), (ether(128), ether(128)));
    for number in [0, 3, 1u128 << 65] {
        let round = U80::from(number);
        let none = NoRound { roundId: round };
        world.refuse(&world.cast.alice, feed, &getRoundDataCall { roundId: round }, &none).await?;
        world.refuse(&world.cast.alice, feed, &guaranteeOfCall { roundId: round }, &none).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_feed_says_what_it_is() -> Result<()> {
    let (world, feed) = with_feed().await?;
    assert_eq!(world.chain.view(feed, &decimalsCall {}).await?, 8);
    assert_eq!(world.chain.view(feed, &descriptionCall {}).await?, "ETH / USD");
    assert_eq!(world.chain.view(feed, &versionCall {}).await?, U256::ONE);
    assert_eq!(world.chain.view(feed, &quorumCall {}).await?, world.suite.service.quorum);
    let terms = world.chain.view(feed, &termsCall {}).await?;
    assert_eq!((terms.interval, terms.heartbeat, terms.deviation, terms.threshold), (60, 3_600, 50, 6_667));
    Ok(())
}

#[tokio::test]
async fn too_little_stake_makes_no_price() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let slot = world.chain.now().await?;
    let call = signed(&world, feed, slot, PRICE, &[&world.cast.dishonest]).await?;
    let refusal = QuorumNotReached { signedStake: ether(32), totalStake: ether(128) };
    world.refuse(&world.cast.alice, feed, &call, &refusal).await?;
    // What was signed for another price, slot or feed is nobody's signature here.
    let good = signed(&world, feed, slot, PRICE, &[&world.cast.honest]).await?;
    let (owner, programs) = (world.cast.owner.address, for_services().await?);
    let other = price_feed(&world.chain, owner, programs, world.suite.service.quorum, &terms()).await?;
    let nobody = QuorumNotReached { signedStake: 0, totalStake: ether(128) };
    world.refuse(&world.cast.alice, other, &good, &nobody).await?;
    let dearer = updateCall { price: good.price + U256::ONE, ..good.clone() };
    world.refuse(&world.cast.alice, feed, &dearer, &nobody).await?;
    let later = updateCall { slot: next_slot(&world).await?, ..good };
    world.refuse(&world.cast.alice, feed, &later, &nobody).await
}

#[tokio::test]
async fn what_was_signed_is_not_held_back_for_two_intervals() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let (alice, slot) = (&world.cast.alice, world.chain.now().await?);
    let call = signed(&world, feed, slot, PRICE, &[&world.cast.honest]).await?;
    let until = slot + 120;
    world.chain.travel_to(until).await?;
    world.refuse(alice, feed, &call, &RoundTooOld { until }).await?;
    let fresh = signed(&world, feed, until, PRICE, &[&world.cast.honest]).await?;
    world.chain.travel_to(until + 119).await?;
    world.act(alice, feed, &fresh).await?;
    let future = signed(&world, feed, until + 180, PRICE, &[&world.cast.honest]).await?;
    let refusal = NothingToReport { dueAt: until + 3_600 };
    world.refuse(alice, feed, &future, &refusal).await?;
    let future = signed(&world, feed, until + 180, PRICE * 2, &[&world.cast.honest]).await?;
    world.refuse(alice, feed, &future, &TaskInFuture { taskTime: until + 180 }).await
}

#[tokio::test]
async fn slots_only_grow_and_lie_on_the_grid() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let alice = &world.cast.alice;
    let slot = store(&world, feed, PRICE).await?;
    let again = signed(&world, feed, slot, PRICE * 2, &[&world.cast.honest]).await?;
    world.refuse(alice, feed, &again, &RoundNotNew { slot }).await?;
    let before = signed(&world, feed, slot - 60, PRICE * 2, &[&world.cast.honest]).await?;
    world.refuse(alice, feed, &before, &RoundNotNew { slot }).await?;
    tick(&world).await?;
    let between = signed(&world, feed, slot + 1, PRICE * 2, &[&world.cast.honest]).await?;
    world.refuse(alice, feed, &between, &OffGrid { slot: slot + 1, interval: 60 }).await
}

#[tokio::test]
async fn a_price_is_stored_when_it_moved_by_the_deviation_or_a_heartbeat_passed() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let alice = &world.cast.alice;
    let first = store(&world, feed, PRICE).await?;
    let refusal = NothingToReport { dueAt: first + 3_600 };
    // Half a percent is a billion.
    let slot = next_slot(&world).await?;
    for near in [PRICE, PRICE + 999_999_999, PRICE - 999_999_999] {
        let call = signed(&world, feed, slot, near, &[&world.cast.honest]).await?;
        world.refuse(alice, feed, &call, &refusal).await?;
    }
    store(&world, feed, PRICE + 1_000_000_000).await?;
    let last = next_slot(&world).await?;
    store(&world, feed, PRICE - 1_000_000_000).await?;
    world.chain.travel_to(last + 3_540).await?;
    let early = signed(&world, feed, last + 3_540, PRICE - 1_000_000_000, &[&world.cast.honest]).await?;
    world.refuse(alice, feed, &early, &NothingToReport { dueAt: last + 3_600 }).await?;
    world.chain.travel_to(last + 3_600).await?;
    store(&world, feed, PRICE - 1_000_000_000).await?;
    Ok(())
}

#[tokio::test]
async fn a_price_is_above_zero_and_fits_a_signed_word() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let slot = world.chain.now().await?;
    for price in [U256::ZERO, U256::ONE << 127, U256::MAX] {
        let call = updateCall { slot, price, signatures: Bytes::new() };
        world.refuse(&world.cast.alice, feed, &call, &InvalidPrice { price }).await?;
    }
    Ok(())
}

/// Why a feed with these terms is not made.
async fn refused(change: impl Fn(&mut FeedTerms)) -> Result<restake::refusal::Refusal> {
    let world = World::new().await?;
    let (owner, mut terms) = (world.cast.owner.address, terms());
    change(&mut terms);
    let made = price_feed(&world.chain, owner, for_services().await?, world.suite.service.quorum, &terms).await;
    let error = made.err().ok_or_else(|| eyre::eyre!("it was made"))?;
    match error.downcast_ref::<CallError>() {
        Some(CallError::Refused(refusal)) => Ok(refusal.clone()),
        _ => Err(error),
    }
}

#[tokio::test]
async fn a_feed_has_times_that_leave_time_to_prove_faults() -> Result<()> {
    // A quarter of three days.
    let limit = 64_800;
    let times = |interval, heartbeat, deviation| InvalidTimes { interval, heartbeat, deviation, limit };
    for (interval, heartbeat, deviation) in [(0, 60, 50), (64_801, 64_801, 50), (60, 59, 50), (60, 60, 10_001)] {
        let change = |terms: &mut FeedTerms| {
            (terms.interval, terms.heartbeat, terms.deviation) = (interval, heartbeat, deviation);
        };
        let refusal = refused(change).await?;
        assert_eq!(refusal.decode::<InvalidTimes>(), Some(times(interval, heartbeat, deviation)));
    }
    for threshold in [0, 10_001] {
        let refusal = refused(|terms| terms.threshold = threshold).await?;
        assert_eq!(refusal.decode::<InvalidThreshold>(), Some(InvalidThreshold { threshold }));
    }
    Ok(())
}

#[tokio::test]
async fn a_consumer_lends_against_a_price_and_refuses_one_that_is_stale_or_weak() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let (owner, programs) = (world.cast.owner.address, for_services().await?);
    // Prices of the last hour, with a hundred tokens of stake behind them; three quarters of the value.
    let lending = lending_check(&world.chain, owner, programs, feed, (3_600, ether(100), 7_500)).await?;
    let none = NoRound { roundId: U80::ZERO };
    world.refuse(&world.cast.alice, lending, &borrowableCall { collateral: 1 }, &none).await?;
    let slot = store(&world, feed, PRICE).await?;
    assert_eq!(world.chain.view(lending, &borrowableCall { collateral: ether(2) }).await?, ether(3_000));
    // 2,000 x 3/4 of one base unit, and nothing of none.
    assert_eq!(world.chain.view(lending, &borrowableCall { collateral: 1 }).await?, 1_500);
    let covered = |debt| isCoveredCall { collateral: 1, debt };
    assert!(world.chain.view(lending, &covered(1_500)).await?);
    assert!(!world.chain.view(lending, &covered(1_501)).await?);
    let too_large = borrowableCall { collateral: u128::MAX };
    world.refuse(&world.cast.alice, lending, &too_large, &ValueTooLarge {}).await?;
    let terms = world.chain.view(lending, &lendingTerms {}).await?;
    assert_eq!((terms.feed, terms.maxAge, terms.minimumStake, terms.loanToValue), (feed, 3_600, ether(100), 7_500));

    world.chain.travel_to(slot + 3_600).await?;
    assert!(world.chain.view(lending, &covered(1_500)).await?, "in its last second");
    tick(&world).await?;
    let stale = StalePrice { updatedAt: slot, maxAge: 3_600 };
    world.refuse(&world.cast.alice, lending, &covered(1), &stale).await?;
    // Enough for the feed, too little for this consumer.
    let slot = world.chain.now().await? / 60 * 60;
    let call = signed(&world, feed, slot, PRICE, &[&world.cast.honest]).await?;
    world.act(&world.cast.alice, feed, &call).await?;
    let weak = WeakPrice { signedStake: ether(96), minimum: ether(100) };
    world.refuse(&world.cast.alice, lending, &covered(1), &weak).await
}

#[tokio::test]
async fn a_consumer_lends_a_part_of_the_value() -> Result<()> {
    let (world, feed) = with_feed().await?;
    for part in [0, 10_001] {
        let (owner, programs) = (world.cast.owner.address, for_services().await?);
        let made = lending_check(&world.chain, owner, programs, feed, (3_600, 0, part)).await;
        let error = made.err().ok_or_else(|| eyre::eyre!("it was made"))?;
        let Some(CallError::Refused(refusal)) = error.downcast_ref() else { return Err(error) };
        assert_eq!(refusal.decode::<InvalidLoanToValue>(), Some(InvalidLoanToValue { loanToValue: part }));
    }
    Ok(())
}

#[tokio::test]
async fn a_fault_in_a_price_is_slashed_like_any() -> Result<()> {
    let (world, feed) = with_feed().await?;
    let (crooked, task) = (&world.cast.dishonest, world.chain.view(feed, &taskCall {}).await?);
    let slot = store(&world, feed, PRICE).await?;
    let domain = world.domain().await?;
    let attest = |price: u64| domain.attest(&crooked.key, task, slot, B256::from(U256::from(price)));
    let (first, second) = (attest(PRICE)?, attest(PRICE * 2)?);
    let proof = challenge::equivocation(&world.suite.service, crooked.address, first, second, world.parameters.bond);
    world.perform(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(crooked.address).await?);
    Ok(())
}
