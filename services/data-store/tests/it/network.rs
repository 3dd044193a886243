//! Data is dispersed to operators, comes back, and what they sign is what the chain counts.

use crate::folder::Folder;
use crate::random::Random;
use crate::stage::{Operator, Slate, Stage, THRESHOLD};
use alloy::primitives::keccak256;
use alloy::sol_types::SolEvent;
use alloy::transports::http::reqwest;
use alloy::transports::http::reqwest::StatusCode;
use arithmetic::fault::EQUIVOCATION;
use eyre::{OptionExt, Result, bail, ensure};
use interfaces::ITaskBoard::FeePaid;
use restake::availability::LEAF_BYTES;
use restake::verbs;
use restake_daemon::metrics::Metrics;
use restake_data_store::certificate::Certificate;
use restake_data_store::client::{DisperseError, RetrieveError};
use restake_data_store::coding::{CodingError, Encoded};
use restake_data_store::keeper::{BYTES, Limits, TAKEN};
use restake_data_store::message::Dispersal;
use restake_data_store::tasks::Task;
use std::sync::Arc;

impl Operator {
    /// Why it does not keep something.
    async fn refuses(&self, dispersal: Dispersal) -> Result<&'static str> {
        Ok(self.keeper.disperse(dispersal).await.err().ok_or_eyre("it was signed")?.told().0)
    }
}

#[tokio::test]
async fn what_is_dispersed_comes_back_and_the_chain_counts_its_quorum() -> Result<()> {
    let stage = Stage::new(false).await?;
    let blob = Random(1).bytes(200_000);
    let dispersed = stage.disperse(&blob).await?;
    let leaves = dispersed.certificate.leaf_count();
    assert_eq!((dispersed.signed, dispersed.kept), (dispersed.total, leaves), "{:?}", dispersed.refused);
    let verified = dispersed.certificate.verify(&stage.setting, 10_000).await?;
    assert_eq!((verified.reached, verified.keptLeaves), (true, leaves));
    assert_eq!((verified.signedStake, verified.totalStake), (dispersed.signed, dispersed.total));
    // What a certificate says travels as JSON.
    let certificate: Certificate = serde_json::from_str(&serde_json::to_string(&dispersed.certificate)?)?;
    assert_eq!(stage.client()?.retrieve(&stage.setting.domain, &certificate).await?, blob);
    for operator in &stage.operators {
        assert_eq!(operator.metrics.sum(&TAKEN), 1);
        // A quarter of twice the data, with proofs of nine siblings.
        let most = leaves.div_ceil(4) * u64::try_from(1 + LEAF_BYTES + 9 * 32)?;
        ensure!(operator.metrics.get(&BYTES, &[]) <= most && operator.store.used()?.0 == 1);
    }
    Ok(())
}

#[tokio::test]
async fn with_half_of_the_operators_gone_the_data_comes_back_and_with_more_it_does_not() -> Result<()> {
    let stage = Stage::new(false).await?;
    let blob = Random(2).bytes(30_000);
    let certificate = stage.disperse(&blob).await?.certificate;
    let client = stage.client()?;
    for gone in [0, 2] {
        stage.operators.get(gone).ok_or_eyre("no such operator")?.stop.stop();
    }
    assert_eq!(client.retrieve(&stage.setting.domain, &certificate).await?, blob);
    stage.last()?.stop.stop();
    match client.retrieve(&stage.setting.domain, &certificate).await {
        Err(RetrieveError::Coding { error: CodingError::Missing { found, needed }, failed }) => {
            ensure!(found < needed && failed.len() == 3, "{found} of {needed}, {failed:?}");
        }
        other => bail!("{other:?}"),
    }
    Ok(())
}

#[tokio::test]
async fn without_enough_of_the_stake_nothing_is_dispersed() -> Result<()> {
    let stage = Stage::new(false).await?;
    stage.operators.iter().take(2).for_each(|operator| operator.stop.stop());
    let blob = b"a blob";
    let (task, leaves) = stage.ask_for(blob).await?;
    let tried = stage.client()?.disperse(&stage.setting, &task, blob, leaves, THRESHOLD).await;
    let Err(DisperseError::TooFew { signed, total, kept, needed, refused }) = tried else { bail!("{tried:?}") };
    assert_eq!((signed * 2, kept, needed, refused.len()), (total, leaves / 2, leaves / 2, 2));
    Ok(())
}

#[tokio::test]
async fn an_operator_signs_only_what_a_task_asks_for() -> Result<()> {
    let stage = Stage::new(false).await?;
    let (operator, world) = (stage.last()?, &stage.world);
    let (blob, other) = (Random(3).bytes(5_000), Random(4).bytes(5_000));
    let (task, leaves) = stage.ask_for(&blob).await?;
    let asked = |blob: &[u8]| Dispersal { taskId: task.id, leafCount: leaves, blob: blob.to_vec().into() };
    // Neither the data of another task, nor of none, nor of one that asks for an answer; nor with other leaves.
    assert_eq!(operator.refuses(asked(&other)).await?, "other_data");
    assert_eq!(operator.refuses(Dispersal { taskId: task.id + 1, ..asked(&blob) }).await?, "no_task");
    assert_eq!(operator.refuses(Dispersal { leafCount: leaves - 2, ..asked(&blob) }).await?, "few_leaves");
    assert_eq!(operator.refuses(Dispersal { leafCount: leaves + 2, ..asked(&blob) }).await?, "other_data");
    let question = verbs::task::post(stage.board.address(), EQUIVOCATION, task.root, 0, task.deadline);
    world.perform(&world.cast.owner, &question).await?;
    assert_eq!(operator.refuses(Dispersal { taskId: task.id + 1, ..asked(&blob) }).await?, "no_task");
    assert_eq!(operator.store.used()?, (0, 0), "nothing of that is kept");
    let promise = operator.keeper.disperse(asked(&blob)).await?;
    assert_eq!(promise.signer(&stage.setting.domain)?, operator.key);
    assert_eq!(operator.keeper.disperse(asked(&blob)).await?, promise, "the same again is the same");
    // Nor when nobody can be asked about a quorum any more.
    world.chain.travel_to(task.time + stage.setting.evidence_window().await? / 2 + 1).await?;
    assert_eq!(operator.refuses(asked(&blob)).await?, "no_task");
    Ok(())
}

#[tokio::test]
async fn whoever_sets_tasks_pays_for_them_and_gets_one_promise_for_each() -> Result<()> {
    let (stage, folder, slate) = (Stage::new(false).await?, Folder::new()?, Arc::new(Slate::default()));
    let actor = &stage.last()?.actor;
    let key = &stage.world.cast.accuser;
    let operator = Operator::start(&stage.setting, slate.clone(), folder.path(), (actor, key), false).await?;
    let encoded = [b"one", b"two"].map(|blob| Encoded::new(blob, 4));
    let (task, time) = (keccak256("task"), stage.world.chain.now().await?);
    for (encoded, told) in encoded.into_iter().zip([None, Some("contradiction")]) {
        let (encoded, blob) = (encoded?, if told.is_none() { b"one" } else { b"two" });
        slate.set(Task { id: 0, task, time, root: encoded.tree().root(), fee: 10, deadline: u64::MAX });
        let dispersal = Dispersal { taskId: 0, leafCount: encoded.tree().leaf_count(), blob: blob.into() };
        let answered = operator.keeper.disperse(dispersal).await;
        assert_eq!(answered.err().map(|refusal| refusal.told().0), told);
    }
    assert_eq!(operator.store.used()?.0, 1, "what is not signed is not kept");
    // It was asked to take no less than ten for a begun mebibyte.
    let blob = vec![0; (1 << 20) + 1];
    let encoded = Encoded::new(&blob, 4)?;
    slate.set(Task { id: 1, task, time, root: encoded.tree().root(), fee: 19, deadline: u64::MAX });
    let dispersal = Dispersal { taskId: 1, leafCount: encoded.tree().leaf_count(), blob: blob.into() };
    assert_eq!(operator.refuses(dispersal).await?, "cheap");
    Ok(())
}

#[tokio::test]
async fn what_the_board_is_shown_is_found_by_watchers_and_gives_the_data_back() -> Result<()> {
    let stage = Stage::new(false).await?;
    let (blob, owner) = (Random(8).bytes(20_000), stage.world.cast.owner.address);
    let (task, leaves) = stage.ask_for(&blob).await?;
    let dispersed = stage.client()?.disperse(&stage.setting, &task, &blob, leaves, THRESHOLD).await?;
    let receipt = stage.board.answer(owner, task.id, &dispersed.certificate).await?;
    let paid = receipt.logs().iter().filter(|log| log.topic0() == Some(&FeePaid::SIGNATURE_HASH));
    assert_eq!(paid.count(), 4);
    let block = receipt.block_number.ok_or_eyre("no block")?;
    assert_eq!(stage.board.certificates(block + 1..=block + 1).await?, []);
    let found = stage.board.certificates(0..=block).await?;
    let [certificate] = found.as_slice() else { bail!("{found:?}") };
    let domain = &stage.setting.domain;
    assert_eq!(certificate.keepers(domain)?, dispersed.certificate.keepers(domain)?);
    assert_eq!(stage.client()?.retrieve(domain, certificate).await?, blob);
    let (watcher, list) = stage.watcher(&Metrics::default())?;
    let watcher = watcher.with_board(stage.board.clone());
    watcher.round().await?;
    assert_eq!((list.len()?, list.looked()?.map(|block| block.number)), (1, Some(block)));
    assert_eq!(
        stage.last()?.refuses(Dispersal { taskId: task.id, leafCount: leaves, blob: blob.into() }).await?,
        "no_task"
    );
    Ok(())
}

#[tokio::test]
async fn what_nobody_can_ask_for_any_more_is_forgotten() -> Result<()> {
    let stage = Stage::new(false).await?;
    let certificate = stage.disperse(b"a blob").await?.certificate;
    let operator = stage.last()?;
    let end = certificate.task_time() + stage.setting.evidence_window().await?;
    stage.world.chain.travel_to(end).await?;
    operator.keeper.prune().await?;
    assert_eq!(operator.store.used()?.0, 1, "a challenge may end in this second");
    stage.world.chain.travel_to(end + 1).await?;
    operator.keeper.prune().await?;
    assert_eq!(operator.store.used()?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn what_strangers_send_changes_nothing() -> Result<()> {
    let stage = Stage::new(false).await?;
    let (operator, http) = (stage.last()?, reqwest::Client::new());
    let root = keccak256("unknown");
    for (path, status) in [
        ("/data".to_owned(), StatusCode::OK),
        ("/data/disperse".to_owned(), StatusCode::NOT_FOUND),
        (format!("/data/{root}/0"), StatusCode::NOT_FOUND),
        (format!("/data/{root}/0?count=18446744073709551616"), StatusCode::BAD_REQUEST),
        (format!("/data/{root}/-1"), StatusCode::BAD_REQUEST),
        (format!("/data/{root}/18446744073709551615?count=999"), StatusCode::NOT_FOUND),
        (format!("/data/{root}"), StatusCode::NOT_FOUND),
        ("/data/0x12/0".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(http.get(operator.url.join(&path)?).send().await?.status(), status, "{path}");
    }
    let post = async |body: Vec<u8>| {
        Ok::<_, eyre::Report>(http.post(operator.url.join("/data/disperse")?).body(body).send().await)
    };
    assert_eq!(post(Random(5).bytes(1_000)).await??.status(), StatusCode::BAD_REQUEST);
    assert_eq!(post(vec![0xff; 320]).await??.status(), StatusCode::BAD_REQUEST);
    // Too long: it is refused before it is read, so the connection may break first.
    let refused = post(vec![0; 9 * 1024 * 1024]).await?;
    ensure!(refused.is_err() || refused.is_ok_and(|answer| answer.status() == StatusCode::PAYLOAD_TOO_LARGE));
    assert_eq!((operator.store.used()?, operator.metrics.sum(&TAKEN)), ((0, 0), 0));
    Ok(())
}

#[tokio::test]
async fn a_client_that_takes_too_much_is_told_to_come_later() -> Result<()> {
    let (stage, folder) = (Stage::new(false).await?, Folder::new()?);
    let (actor, key, tasks) = (&stage.last()?.actor, &stage.world.cast.accuser, Arc::new(stage.board.clone()));
    let limits = Limits { bytes_per_second: 100, ..Limits::default() };
    let operator = Operator::start_within(&stage.setting, tasks, folder.path(), (actor, key), false, limits).await?;
    let blob = Random(14).bytes(4_000);
    let (task, leaves) = stage.ask_for(&blob).await?;
    let promise = operator.keeper.disperse(Dispersal { taskId: task.id, leafCount: leaves, blob: blob.into() }).await?;
    let url = operator.url.join(&format!("/data/{}/{}?count=128", promise.root, promise.first_leaf))?;
    let http = reqwest::Client::new();
    let asked = async || Ok::<_, eyre::Report>(http.get(url.clone()).send().await?.status());
    // What it may take in four seconds is less than all leaves of the part.
    let mut statuses = Vec::new();
    while statuses.len() < 5 && statuses.last() != Some(&StatusCode::TOO_MANY_REQUESTS) {
        statuses.push(asked().await?);
    }
    ensure!(statuses.len() > 1 && statuses.first() == Some(&StatusCode::OK), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    let posted = http.post(operator.url.join("/data/disperse")?).body("garbage").send().await?;
    assert_eq!(posted.status(), StatusCode::TOO_MANY_REQUESTS, "nothing is looked at either");
    Ok(())
}

#[tokio::test]
async fn whoever_withholds_is_found_by_sampling_and_nobody_else() -> Result<()> {
    let stage = Stage::new(true).await?;
    let certificate = stage.disperse(&Random(6).bytes(100_000)).await?.certificate;
    let sampled = stage.client()?.sample(&stage.setting.domain, &certificate, 5).await?;
    assert_eq!(sampled.len(), 4);
    for (key, sampled) in sampled {
        let withholds = key == stage.last()?.key;
        assert_eq!((sampled.asked.len(), sampled.missing.len()), (5, if withholds { 5 } else { 0 }), "{key}");
    }
    Ok(())
}
