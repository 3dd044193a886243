//! Data is dispersed to operators, comes back, and what they sign is what the chain counts.

use crate::random::Random;
use crate::stage::{Stage, THRESHOLD};
use alloy::primitives::{B256, keccak256};
use eyre::{OptionExt, Result, bail, ensure};
use restake::availability::LEAF_BYTES;
use restake_data_store::certificate::Certificate;
use restake_data_store::client::{DisperseError, RetrieveError};
use restake_data_store::coding::CodingError;
use restake_data_store::keeper::{BYTES, Refusal, TAKEN};
use restake_data_store::message::Dispersal;

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
    let (task, time, leaves) = stage.ask_for(blob).await?;
    let tried = stage.client()?.disperse(&stage.setting, (task, time), blob, leaves, THRESHOLD).await;
    let Err(DisperseError::TooFew { signed, total, kept, needed, refused }) = tried else { bail!("{tried:?}") };
    assert_eq!((signed * 2, kept, needed, refused.len()), (total, leaves / 2, leaves / 2, 2));
    Ok(())
}

#[tokio::test]
async fn an_operator_signs_only_what_a_task_asks_for_and_only_once() -> Result<()> {
    let stage = Stage::new(false).await?;
    let keeper = &stage.last()?.keeper;
    let (blob, other) = (Random(3).bytes(5_000), Random(4).bytes(5_000));
    let (task, time, leaves) = stage.ask_for(&blob).await?;
    let asked = |blob: &[u8]| Dispersal { task, taskTime: time, leafCount: leaves, blob: blob.to_vec().into() };
    let refused = |dispersal| async { keeper.disperse(dispersal).await.err().ok_or_eyre("it was signed") };
    // Neither the data of another task, nor of none, nor before or after its time, nor with too few leaves.
    assert_eq!(refused(asked(&other)).await?.told().0, "other_data");
    assert_eq!(refused(Dispersal { task: B256::ZERO, ..asked(&blob) }).await?.told().0, "no_task");
    assert_eq!(refused(Dispersal { taskTime: time + 1, ..asked(&blob) }).await?.told().0, "no_task");
    assert_eq!(refused(Dispersal { leafCount: leaves - 2, ..asked(&blob) }).await?.told().0, "few_leaves");
    assert_eq!(refused(Dispersal { leafCount: leaves + 2, ..asked(&blob) }).await?.told().0, "other_data");
    assert_eq!(stage.last()?.store.used()?, (0, 0), "nothing of that is kept");
    let promise = keeper.disperse(asked(&blob)).await?;
    assert_eq!(promise.signer(&stage.setting.domain)?, stage.last()?.actor.address);
    assert_eq!(keeper.disperse(asked(&blob)).await?, promise, "the same again is the same");
    // Whoever sets tasks says something else now.
    let (_, _, same) = stage.ask_for(&other).await?;
    assert_eq!(same, leaves);
    stage.board.set(task, time, restake_data_store::coding::Encoded::to(&other, leaves)?.tree().root());
    let contradiction = refused(asked(&other)).await?;
    assert_eq!(contradiction.told().0, "contradiction");
    ensure!(matches!(contradiction, Refusal::Sign(_)) && stage.last()?.store.used()?.0 == 1);
    // Nor when nobody can be asked about a quorum any more.
    stage.world.chain.travel_to(time + stage.setting.evidence_window().await? / 2 + 1).await?;
    assert_eq!(refused(asked(&blob)).await?.told().0, "no_task");
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
    use alloy::transports::http::reqwest::{Client, StatusCode};
    let stage = Stage::new(false).await?;
    let (operator, http) = (stage.last()?, Client::new());
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
async fn whoever_withholds_is_found_by_sampling_and_nobody_else() -> Result<()> {
    let stage = Stage::new(true).await?;
    let certificate = stage.disperse(&Random(6).bytes(100_000)).await?.certificate;
    let sampled = stage.client()?.sample(&stage.setting.domain, &certificate, 5).await?;
    assert_eq!(sampled.len(), 4);
    for (key, sampled) in sampled {
        let withholds = key == stage.last()?.actor.address;
        assert_eq!((sampled.asked.len(), sampled.missing.len()), (5, if withholds { 5 } else { 0 }), "{key}");
    }
    Ok(())
}
