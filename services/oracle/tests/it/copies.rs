//! Starts: a key is listened for before it signs, twice it does not run, and a backup of yesterday learns.

use crate::folder::Folder;
use crate::market::Market;
use crate::stage::{INTERVAL, Stage, counted};
use alloy::primitives::U256;
use eyre::{Result, ensure};
use restake_daemon::guard::{GuardError, RESTORED};
use restake_daemon::record::{Identity, RecordError, SigningRecord};
use restake_oracle::operator::{Ended, REPORTS};

const PRICE: u64 = 200_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_that_was_killed_starts_again_and_signs_only_what_comes_later() -> Result<()> {
    let stage = Stage::new().await?;
    let mut operators = stage.all_operators([PRICE; 4]).await?;
    let _aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    let slot = stage.after_listening().await?;
    stage.stored(slot).await?;
    let (killed, market) = operators.remove(0);
    counted(&killed.metrics, &REPORTS, 1).await?;
    killed.kill().await;
    let again = stage.operator(stage.operators()[0], &market).await?;
    for (_, market) in &operators {
        market.set(PRICE * 2);
    }
    market.set(PRICE * 2);
    // It is listened for a round, so the others store this one.
    let second = stage.next_slot().await?;
    assert_eq!(stage.stored(second).await?, U256::from(PRICE * 2));
    assert_eq!(again.metrics.sum(&REPORTS), 0);
    stage.next_slot().await?;
    counted(&again.metrics, &REPORTS, 1).await?;
    ensure!(again.is_running(), "it took its own signatures for another's");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_copy_on_one_machine_does_not_start() -> Result<()> {
    let stage = Stage::new().await?;
    let who = stage.operators()[0];
    let running = stage.operator(who, &Market::at(PRICE)).await?;
    let identity = Identity::on(&stage.world.chain, 0, stage.feed.service, who.address).await?;
    let second = SigningRecord::open(stage.folder.path(), identity);
    ensure!(matches!(second, Err(RecordError::Locked(_))), "{second:?}");
    running.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_copy_on_another_machine_hears_the_first_and_stops() -> Result<()> {
    let stage = Stage::new().await?;
    let who = stage.operators()[0];
    let first = stage.operator(who, &Market::at(PRICE)).await?;
    stage.after_listening().await?;
    counted(&first.metrics, &REPORTS, 1).await?;
    let (elsewhere, other) = (Folder::new()?, Market::at(PRICE + 1));
    let second = stage.operator_in(elsewhere.path(), &stage.world.chain, who, &other, false).await?;
    let metrics = second.metrics.clone();
    let slot = stage.next_slot().await?;
    let ended = second.ended().await?;
    let Ended::Guard(GuardError::AnotherCopy(copy)) = &ended else { eyre::bail!("{ended:?}") };
    assert_eq!(copy.task_time, slot);
    assert_eq!(metrics.sum(&REPORTS), 0, "it signed nothing");
    ensure!(first.is_running(), "the first one goes on");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_yesterday_takes_in_what_it_lacks_and_listens_one_more_round() -> Result<()> {
    let stage = Stage::new().await?;
    let (who, market) = (stage.operators()[0], Market::at(PRICE));
    let first = stage.operator(who, &market).await?;
    let slot = stage.after_listening().await?;
    counted(&first.metrics, &REPORTS, 1).await?;
    first.kill().await;
    // A record that lacks it: the one before is somewhere else.
    let restored = Folder::new()?;
    let second = stage.operator_in(restored.path(), &stage.world.chain, who, &market, false).await?;
    // Somebody has what it signed, and says it again.
    let identity = Identity::on(&stage.world.chain, 0, stage.feed.service, who.address).await?;
    let old = SigningRecord::open(stage.folder.path(), identity)?;
    let subject = restake_daemon::record::Subject { task: stage.feed.terms.task, time: slot };
    let entries = old.signed(subject, "PriceReport").await?;
    let [entry] = &entries[..] else { eyre::bail!("{entries:?}") };
    let signature = entry.signature.map(Into::into);
    let Some(signature) = signature else { eyre::bail!("it is not signed") };
    let report = restake_oracle::report::Report { task: subject.task, slot, price: U256::from(PRICE), signature };
    let key = stage.world.cast.bob.key.clone().into();
    let said = restake_daemon::message::Envelope::seal(&stage.feed.domain, &key, &report).await?;
    stage.world.chain.travel_to(slot + INTERVAL - 1).await?;
    let peer = stage.network.join(stage.feed.domain.clone(), Default::default());
    restake_daemon::transport::Transport::publish(&peer, said).await;
    counted(&second.metrics, &RESTORED, 1).await?;
    // Without that it would sign the slot after the next.
    stage.next_slot().await?;
    stage.next_slot().await?;
    stage.next_slot().await?;
    counted(&second.metrics, &REPORTS, 1).await?;
    ensure!(second.is_running(), "what is older than its start says nothing of another copy");
    Ok(())
}
