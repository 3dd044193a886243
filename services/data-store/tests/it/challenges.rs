//! Who gives nothing is challenged; who answers wins the bond, and who does not is slashed.

use crate::random::Random;
use crate::stage::Stage;
use alloy::primitives::{B256, U256};
use alloy::providers::Provider;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::{challengeCountCall, challengeOfCall};
use interfaces::IRegistry::isSuspendedCall;
use interfaces::ISlasher::requestCountCall;
use restake::chain::Chain;
use restake_daemon::claims::{CLAIMED, REFUSED};
use restake_daemon::metrics::Metrics;
use restake_daemon::origin::Origin;
use restake_data_store::answering::{ANSWERED, FAILED, LOST};
use restake_data_store::certificate::Certificate;
use restake_data_store::client::Client;
use restake_data_store::store::Store;
use restake_data_store::watching::{CHALLENGED, FAILED as NOT_DONE, Watcher};
use std::time::Duration;

/// The states of a challenge.
const OPEN: u8 = 1;
const ANSWERED_STATE: u8 = 2;

impl Stage {
    async fn challenges(&self) -> Result<u64> {
        let disputes = self.world.suite.service.dispute_resolution;
        Ok(self.world.chain.view(disputes, &challengeCountCall {}).await?)
    }

    async fn state(&self, id: u64) -> Result<(u8, u64)> {
        let disputes = self.world.suite.service.dispute_resolution;
        let challenge = self.world.chain.view(disputes, &challengeOfCall { challengeId: id }).await?;
        Ok((challenge.state, challenge.deadline))
    }

    /// Data is dispersed and watched; the last operator gives nothing, and is challenged.
    async fn challenged(last_withholds: bool, metrics: &Metrics) -> Result<(Self, Watcher, Certificate)> {
        let stage = Self::new(last_withholds).await?;
        let certificate = stage.disperse(&Random(7).bytes(50_000)).await?.certificate;
        let (watcher, list) = stage.watcher(metrics)?;
        list.add(&certificate)?;
        list.add(&certificate)?;
        assert_eq!((list.len()?, list.since(certificate.task_time())?.len()), (1, 1), "once is enough");
        if !last_withholds {
            stage.last()?.stop.stop();
        }
        watcher.round().await?;
        assert_eq!(stage.challenges().await?, 0, "one answer that does not come is no reason");
        watcher.round().await?;
        assert_eq!((stage.challenges().await?, stage.state(0).await?.0), (1, OPEN));
        watcher.round().await?;
        assert_eq!(stage.challenges().await?, 1, "another leaf of the same is the same fault");
        Ok((stage, watcher, certificate))
    }
}

#[tokio::test]
async fn an_operator_whose_server_is_gone_answers_on_chain_and_wins_the_bond() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, watcher, _) = Stage::challenged(false, &metrics).await?;
    let (operator, chain) = (stage.last()?, &stage.world.chain);
    let before = chain.balance(operator.actor.address).await?;
    stage.answerer(operator, operator.store.clone(), false)?.round().await?;
    assert_eq!((stage.state(0).await?.0, operator.metrics.sum(&ANSWERED)), (ANSWERED_STATE, 1));
    let (bond, after) = (stage.world.parameters.bond, chain.balance(operator.actor.address).await?);
    // What it costs is less than a hundredth of the bond.
    ensure!(after > before + bond - bond / U256::from(100), "{before}, {after}");
    // Nothing is done twice: neither an answer, nor a challenge that it would win again.
    stage.answerer(operator, operator.store.clone(), false)?.round().await?;
    assert_eq!((operator.metrics.sum(&ANSWERED), operator.store.asked()?), (1, vec![]));
    watcher.round().await?;
    ensure!(stage.challenges().await? == 1 && !stage.world.is_frozen(operator.actor.address).await?);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_withholds_is_frozen_and_slashed_without_anyones_hand() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, watcher, _) = Stage::challenged(true, &metrics).await?;
    let (operator, world) = (stage.last()?, &stage.world);
    let account = operator.actor.address;
    let answerer = stage.answerer(operator, operator.store.clone(), true)?;
    answerer.round().await?;
    let (state, deadline) = stage.state(0).await?;
    assert_eq!(state, OPEN);
    world.chain.travel_to(deadline).await?;
    // A watcher that was started again knows its challenges.
    drop(watcher);
    let (watcher, _) = stage.watcher(&metrics)?;
    watcher.round().await?;
    ensure!(!world.is_frozen(account).await?, "it can answer in this second");
    world.chain.travel_to(deadline + 1).await?;
    answerer.round().await?;
    assert_eq!((operator.metrics.sum(&LOST), operator.metrics.sum(&ANSWERED)), (1, 0));
    let (bond, challenger) = (world.parameters.bond, world.cast.challenger.address);
    let before = world.chain.balance(challenger).await?;
    watcher.round().await?;
    ensure!(world.is_frozen(account).await?);
    ensure!(world.chain.view(world.suite.service.registry, &isSuspendedCall { operator: account }).await?);
    ensure!(world.chain.balance(challenger).await? > before + bond - bond / U256::from(100), "the bond came back");
    assert_eq!(world.chain.view(world.suite.slasher, &requestCountCall {}).await?, 1);
    let attack = world.attack(0).await?;
    let (stake, _, _) = world.pool(account).await?;
    world.chain.travel_to(attack.executable_at).await?;
    watcher.round().await?;
    let (left, _, _) = world.pool(account).await?;
    assert_eq!(stake - left, stake / 10, "the terms take a tenth for data that is withheld");
    ensure!(!world.is_frozen(account).await?);
    let bounty = world.slashed_funds(challenger, world.release_epoch().await?).await?;
    assert_eq!(bounty, (stake - left) / 10, "of which a tenth is the challenger's");
    assert_eq!((metrics.sum(&NOT_DONE), metrics.sum(&REFUSED)), (0, 0), "nothing was tried too early");
    // The bounty is paid when it is released.
    let before = world.held(challenger).await?;
    world.enter_epoch(world.release_epoch().await?).await?;
    watcher.round().await?;
    assert_eq!(world.held(challenger).await? - before, U256::from(bounty));
    let claims = [("resolveChallenge", 1), ("executeSlash", 1)];
    claims.iter().for_each(|(call, times)| assert_eq!(metrics.get(&CLAIMED, &[("call", call)]), *times));
    assert_eq!(metrics.sum(&CHALLENGED), 1);
    Ok(())
}

#[tokio::test]
async fn after_a_start_an_operator_answers_what_it_was_asked_meanwhile() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, _, _) = Stage::challenged(false, &metrics).await?;
    let operator = stage.last()?;
    // It saw the challenge, and its node was gone when it was to answer.
    let gone = Chain::connect("http://127.0.0.1:1", [operator.actor.key.clone()])?;
    let away = stage.setting.through(gone);
    let mut answerer = stage.answerer(operator, operator.store.clone(), false)?;
    let here = std::mem::replace(&mut answerer.setting, away);
    let looked = tokio::time::timeout(Duration::from_secs(1), answerer.round()).await;
    ensure!(looked.is_err() || looked.is_ok_and(|round| round.is_err()));
    answerer.setting = here;
    let deadline = stage.state(0).await?.1;
    stage.world.chain.travel_to(deadline).await?;
    answerer.round().await?;
    assert_eq!(stage.state(0).await?.0, ANSWERED_STATE, "in the last second");
    Ok(())
}

#[tokio::test]
async fn a_chain_that_took_blocks_back_is_looked_through_again() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, _, _) = Stage::challenged(false, &metrics).await?;
    let operator = stage.last()?;
    let head = stage.world.chain.provider().get_block_number().await?;
    operator.store.note(&[], Origin { number: head, hash: B256::repeat_byte(1) })?;
    stage.answerer(operator, operator.store.clone(), false)?.round().await?;
    assert_eq!(stage.state(0).await?.0, ANSWERED_STATE);
    assert_eq!(operator.store.looked()?, Some(Origin::of(&stage.world.chain, head).await?));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_lost_its_leaves_gets_them_from_the_others() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, _, certificate) = Stage::challenged(false, &metrics).await?;
    let operator = stage.last()?;
    let promise = certificate.keepers(&stage.setting.domain)?.remove(&operator.key).ok_or_eyre("no promise")?;
    let hash = stage.setting.domain.data_commitment_hash(&promise.commitment());
    let empty = Store::open(&stage.folder.file("empty.redb"), 1 << 20)?;
    empty.keep(hash, &promise.commitment(), [], u64::MAX)?;
    stage.answerer(operator, empty, false)?.round().await?;
    assert_eq!(stage.state(0).await?.0, ANSWERED_STATE);
    Ok(())
}

#[tokio::test]
async fn an_operator_whose_disk_is_lost_reads_in_the_challenge_what_it_promised() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, _, _) = Stage::challenged(false, &metrics).await?;
    let empty = Store::open(&stage.folder.file("empty.redb"), 1 << 20)?;
    stage.answerer(stage.last()?, empty, false)?.round().await?;
    assert_eq!(stage.state(0).await?.0, ANSWERED_STATE);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_answered_is_told_and_tried_again() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, _, _) = Stage::challenged(false, &metrics).await?;
    let operator = stage.last()?;
    let empty = Store::open(&stage.folder.file("empty.redb"), 1 << 20)?;
    let mut answerer = stage.answerer(operator, empty.clone(), false)?;
    let others = std::mem::replace(&mut answerer.others, Client::new([], Duration::from_secs(1))?);
    ensure!(answerer.round().await.is_err() && answerer.round().await.is_err());
    assert_eq!((operator.metrics.sum(&FAILED), empty.asked()?.len()), (2, 1));
    answerer.others = others;
    answerer.round().await?;
    assert_eq!((stage.state(0).await?.0, empty.asked()?.len()), (ANSWERED_STATE, 0));
    Ok(())
}

/// Guards against: a watcher that loses a bond for each of a thousand certificates to an operator that answers all.
#[tokio::test]
async fn an_operator_is_asked_for_one_thing_in_an_answer_window() -> Result<()> {
    let metrics = Metrics::default();
    let (stage, watcher, _) = Stage::challenged(true, &metrics).await?;
    let (operator, world) = (stage.last()?, &stage.world);
    let second = stage.disperse(b"another blob").await?.certificate;
    watcher.list().add(&second)?;
    for _ in 0..3 {
        watcher.round().await?;
    }
    assert_eq!(stage.challenges().await?, 1);
    // It answers on chain what it does not give: that is no reason to ask for more at once.
    stage.answerer(operator, operator.store.clone(), false)?.round().await?;
    watcher.round().await?;
    assert_eq!((stage.state(0).await?.0, stage.challenges().await?), (ANSWERED_STATE, 1));
    world.chain.travel_to(stage.state(0).await?.1 + 1).await?;
    watcher.round().await?;
    assert_eq!(stage.challenges().await?, 2);
    Ok(())
}

#[tokio::test]
async fn nobody_is_challenged_for_less_than_it_is_worth() -> Result<()> {
    let (stage, metrics) = (Stage::new(true).await?, Metrics::default());
    let certificate = stage.disperse(b"a blob").await?.certificate;
    // A hundredth of the stake of 32 tokens: a tenth of a tenth.
    let bounty = stage.world.parameters.minimum_stake / 100;
    let (watcher, list) = stage.watcher_for(&metrics, bounty + 1)?;
    list.add(&certificate)?;
    for _ in 0..3 {
        watcher.round().await?;
    }
    assert_eq!(stage.challenges().await?, 0);
    drop((watcher, list));
    let (watcher, _) = stage.watcher_for(&metrics, bounty)?;
    watcher.round().await?;
    watcher.round().await?;
    assert_eq!(stage.challenges().await?, 1);
    Ok(())
}

#[tokio::test]
async fn what_nobody_can_be_challenged_about_any_more_is_not_watched() -> Result<()> {
    let (stage, metrics) = (Stage::new(true).await?, Metrics::default());
    let certificate = stage.disperse(b"a blob").await?.certificate;
    let (watcher, list) = stage.watcher(&metrics)?;
    list.add(&certificate)?;
    let parameters = &stage.world.parameters;
    let last = certificate.task_time() + parameters.evidence_window - parameters.answer_window;
    stage.world.chain.travel_to(last).await?;
    watcher.round().await?;
    assert_eq!(list.since(0)?, std::slice::from_ref(&certificate));
    stage.world.chain.travel_to(last + 1).await?;
    watcher.round().await?;
    ensure!(list.is_empty()? && stage.challenges().await? == 0);
    Ok(())
}
