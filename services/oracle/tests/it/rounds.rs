//! Rounds: what is stored, what is not, and what is lost.

use crate::stage::{INTERVAL, Stage, counted};
use alloy::primitives::U256;
use alloy::primitives::aliases::U80;
use eyre::{Result, ensure};
use interfaces::IPriceFeed::guaranteeOfCall;
use restake_oracle::aggregator::{PROPOSALS, ROUNDS};
use restake_oracle::operator::{ANSWERS, BLIND, DECLINED, REPORTS};

const PRICE: u64 = 200_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn four_operators_see_different_prices_and_store_the_median_of_each_round_in_one_transaction() -> Result<()> {
    let stage = Stage::new().await?;
    let operators = stage.all_operators([PRICE, PRICE + 1_000, PRICE + 2_000, PRICE + 3_000]).await?;
    let aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    let mut slots = vec![stage.after_listening().await?];
    assert_eq!(stage.stored(slots[0]).await?, U256::from(PRICE + 1_000));
    for round in 1..4 {
        for (number, (_, market)) in (0..).zip(&operators) {
            market.set(PRICE + PRICE / 100 * round + 1_000 * number);
        }
        slots.push(stage.next_slot().await?);
        assert_eq!(stage.stored(slots[slots.len() - 1]).await?, U256::from(PRICE + PRICE / 100 * round + 1_000));
    }
    assert_eq!(stage.rounds().await?, slots);
    let guarantee = guaranteeOfCall { roundId: U80::from(4) };
    let guarantee = stage.world.chain.view(stage.feed.address, &guarantee).await?;
    ensure!(guarantee.signedStake * 3 >= guarantee.totalStake * 2, "{guarantee:?}");
    for (operator, _) in operators {
        assert_eq!(operator.metrics.sum(&REPORTS), 4);
        operator.stop().await?;
    }
    assert_eq!(aggregator.metrics.get(&ROUNDS, &[("outcome", "stored")]), 4);
    aggregator.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_while_the_price_has_not_moved_until_the_heartbeat() -> Result<()> {
    let stage = Stage::new().await?;
    let _operators = stage.all_operators([PRICE; 4]).await?;
    let aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    let first = stage.after_listening().await?;
    stage.stored(first).await?;
    for quiet in 1..10 {
        stage.next_slot().await?;
        counted(&aggregator.metrics, &ROUNDS, 1 + quiet).await?;
    }
    assert_eq!(aggregator.metrics.get(&ROUNDS, &[("outcome", "quiet")]), 9);
    let beat = stage.next_slot().await?;
    stage.stored(beat).await?;
    assert_eq!(stage.rounds().await?, [first, first + 10 * INTERVAL]);
    assert_eq!(aggregator.metrics.sum(&PROPOSALS), 2, "nobody is asked to sign what need not be stored");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_round_is_lost_and_the_next_one_follows() -> Result<()> {
    let stage = Stage::new().await?;
    let operators = stage.all_operators([PRICE, PRICE, PRICE * 2, PRICE * 2]).await?;
    let aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    stage.after_listening().await?;
    for (operator, _) in &operators[2..] {
        counted(&operator.metrics, &DECLINED, 1).await?;
    }
    for (operator, _) in &operators[..2] {
        counted(&operator.metrics, &ANSWERS, 1).await?;
    }
    for (_, market) in &operators {
        market.set(PRICE);
    }
    let slot = stage.next_slot().await?;
    assert_eq!(stage.stored(slot).await?, U256::from(PRICE));
    stage.next_slot().await?;
    counted(&aggregator.metrics, &ROUNDS, 2).await?;
    assert_eq!(aggregator.metrics.get(&ROUNDS, &[("outcome", "lost")]), 1);
    assert_eq!(stage.rounds().await?, [slot]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_whose_source_is_down_reports_nothing_and_the_others_go_on() -> Result<()> {
    let stage = Stage::new().await?;
    let operators = stage.all_operators([PRICE, PRICE, PRICE, 0]).await?;
    let _aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    let slot = stage.after_listening().await?;
    stage.stored(slot).await?;
    let (blind, market) = &operators[3];
    counted(&blind.metrics, &BLIND, 1).await?;
    assert_eq!((blind.metrics.sum(&REPORTS), blind.metrics.sum(&ANSWERS)), (0, 0));
    ensure!(!blind.health.tell().0, "it says that it is not well");
    market.set(PRICE);
    stage.next_slot().await?;
    counted(&blind.metrics, &REPORTS, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn several_aggregators_store_each_round_once() -> Result<()> {
    let stage = Stage::new().await?;
    let operators = stage.all_operators([PRICE; 4]).await?;
    let cast = &stage.world.cast;
    let aggregators = [stage.aggregator(&cast.bob).await?, stage.aggregator(&cast.challenger).await?];
    let mut slots = vec![stage.after_listening().await?];
    stage.stored(slots[0]).await?;
    for round in 1..4 {
        for (_, market) in &operators {
            market.set(PRICE + PRICE / 100 * round);
        }
        slots.push(stage.next_slot().await?);
        stage.stored(slots[slots.len() - 1]).await?;
    }
    for aggregator in &aggregators {
        counted(&aggregator.metrics, &ROUNDS, 4).await?;
        assert_eq!(aggregator.metrics.get(&ROUNDS, &[("outcome", "lost")]), 0);
    }
    assert_eq!(stage.rounds().await?, slots);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_was_lost_on_the_way_is_said_again() -> Result<()> {
    let stage = Stage::new().await?;
    let operators = stage.all_operators([PRICE; 4]).await?;
    let aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    stage.next_slot().await?;
    let slot = stage.next_slot().await?;
    for (operator, _) in &operators {
        counted(&operator.metrics, &REPORTS, 1).await?;
    }
    stage.stored(slot).await?;
    // They speak, and hear nothing.
    for (operator, market) in &operators {
        market.set(PRICE * 2);
        operator.transport.deafen(true);
    }
    let slot = stage.next_slot().await?;
    counted(&aggregator.metrics, &PROPOSALS, 2).await?;
    for (operator, _) in &operators {
        assert_eq!(operator.metrics.sum(&ANSWERS), 1);
        operator.transport.deafen(false);
    }
    stage.world.chain.travel_to(slot + INTERVAL / 2).await?;
    assert_eq!(stage.stored(slot).await?, U256::from(PRICE * 2));
    Ok(())
}
