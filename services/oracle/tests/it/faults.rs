//! Who does what it must not: an aggregator that proposes twice, an operator that answers twice, strangers.

use crate::folder::Folder;
use crate::stage::{Stage, counted, wait};
use alloy::primitives::{B256, U256};
use alloy::signers::local::PrivateKeySigner;
use eyre::{OptionExt, Result};
use restake_daemon::key::Key;
use restake_daemon::message::{Answer, Envelope, REFUSED};
use restake_daemon::metrics::Metrics;
use restake_daemon::transport::Transport;
use restake_oracle::operator::{ANSWERS, DECLINED, REPORTS};
use restake_oracle::proposal::Proposal;
use restake_oracle::report::{Report, to_sign};
use std::collections::BTreeMap;

const PRICE: u64 = 200_000_000_000;

/// Four operators reported for a slot; what they said, by their price.
async fn reported(stage: &Stage, listener: &mut restake_daemon::transport::Listener) -> Result<BTreeMap<U256, Report>> {
    stage.after_listening().await?;
    let mut reports = BTreeMap::new();
    while reports.len() < 4 {
        let heard = listener.next().await.ok_or_eyre("nothing comes")?;
        if let Some(report) = heard.open::<Report>()? {
            reports.insert(report.price, report);
        }
    }
    Ok(reports)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aggregator_that_proposes_two_prices_finds_no_two_signatures_of_one_operator() -> Result<()> {
    let stage = Stage::new().await?;
    let crooked = stage.network.join(stage.feed.domain.clone(), Metrics::default());
    let mut listener = crooked.listen();
    let operators = stage.all_operators([PRICE, PRICE + 1, PRICE + 2, PRICE + 3]).await?;
    let reports = reported(&stage, &mut listener).await?;
    let reports: Vec<Report> = reports.into_values().collect();
    let slot = reports[0].slot;
    let key = Key::from(stage.world.cast.bob.key.clone());
    // Three of four carry enough: both medians are right.
    for chosen in [&reports[..3], &reports[1..]] {
        let (task, price) = (stage.feed.terms.task, chosen[1].price);
        let proposal = Proposal { task, slot, price, reports: chosen.to_vec() };
        crooked.publish(Envelope::seal(&stage.feed.domain, &key, &proposal).await?).await;
    }
    for (operator, _) in &operators {
        counted(&operator.metrics, &ANSWERS, 1).await?;
        counted(&operator.metrics, &DECLINED, 1).await?;
        assert_eq!(operator.metrics.get(&DECLINED, &[("reason", "answered")]), 1);
    }
    // All that they ever said is in the network by now.
    let mut answers = BTreeMap::<_, Vec<B256>>::new();
    let nobody = stage.network.join(stage.feed.domain.clone(), Metrics::default());
    nobody.publish(Envelope::seal(&stage.feed.domain, &key, &reports[0]).await?).await;
    while answers.values().map(Vec::len).sum::<usize>() < 4 {
        let heard = listener.next().await.ok_or_eyre("nothing comes")?;
        if let Some(answer) = heard.open::<Answer>()? {
            answers.entry(answer.signer(&stage.feed.domain)?).or_default().push(answer.answer);
        }
    }
    assert_eq!(answers.len(), 4, "each answered once: {answers:?}");
    for operator in stage.operators() {
        let Some(given) = answers.get(&operator.address) else { eyre::bail!("{} said nothing", operator.name) };
        assert_eq!(given.len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_report_and_propose_changes_nothing() -> Result<()> {
    let stage = Stage::new().await?;
    let stranger = Key::from(PrivateKeySigner::from_bytes(&B256::repeat_byte(0x77))?);
    let outside = stage.network.join(stage.feed.domain.clone(), Metrics::default());
    let mut listener = outside.listen();
    let operators = stage.all_operators([PRICE, PRICE + 1, PRICE + 2, PRICE + 3]).await?;
    let mut reports: Vec<Report> = reported(&stage, &mut listener).await?.into_values().collect();
    let (slot, task) = (reports[0].slot, stage.feed.terms.task);
    let domain = &stage.feed.domain;

    let price = U256::from(PRICE + 3);
    let signature = stranger.sign(&to_sign(domain, task, slot, price)).await?.into();
    reports.push(Report { task, slot, price, signature });
    for (price, reports) in [(PRICE + 1, &reports[..]), (PRICE + 2, &reports[..4]), (PRICE, &reports[..2])] {
        let proposal = Proposal { task, slot, price: U256::from(price), reports: reports.to_vec() };
        outside.publish(Envelope::seal(domain, &stranger, &proposal).await?).await;
    }
    for (operator, _) in &operators {
        let look = async || {
            let unfounded = operator.metrics.get(&REFUSED, &[("reason", "unfounded")]);
            Ok((unfounded >= 3).then_some(()))
        };
        wait("three refusals", look).await?;
        assert_eq!(operator.metrics.sum(&ANSWERS), 0);
    }

    // An aggregator that comes now hears of the slot from the operators once more, and from the stranger.
    let aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    outside.publish(Envelope::seal(domain, &stranger, &reports[4]).await?).await;
    counted(&aggregator.metrics, &REFUSED, 1).await?;
    stage.world.chain.travel_to(slot + 30).await?;
    assert_eq!(stage.stored(slot).await?, U256::from(PRICE + 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_that_lies_gives_two_answers_and_the_others_store_the_right_one() -> Result<()> {
    let stage = Stage::new().await?;
    let ear = stage.network.join(stage.feed.domain.clone(), Metrics::default());
    let mut listener = ear.listen();
    let (folder, honest) = (Folder::new()?, stage.operators());
    let market = crate::market::Market::at(PRICE);
    let chain = &stage.world.chain;
    let mut running = vec![stage.operator_in(folder.path(), chain, honest[0], &market, true).await?];
    for who in &honest[1..] {
        running.push(stage.operator(who, &market).await?);
    }
    let _aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    let slot = stage.after_listening().await?;
    assert_eq!(stage.stored(slot).await?, U256::from(PRICE));
    let mut given = BTreeMap::<_, Vec<U256>>::new();
    while given.get(&honest[0].address).map_or(0, Vec::len) < 2 {
        let heard = listener.next().await.ok_or_eyre("nothing comes")?;
        if let Some(answer) = heard.open::<Answer>()? {
            given.entry(answer.signer(&stage.feed.domain)?).or_default().push(answer.answer.into());
        }
    }
    assert_eq!(given.get(&honest[0].address), Some(&vec![U256::from(PRICE), U256::from(2 * PRICE)]));
    for operator in &running {
        counted(&operator.metrics, &REPORTS, 1).await?;
        assert!(operator.is_running());
    }
    Ok(())
}
