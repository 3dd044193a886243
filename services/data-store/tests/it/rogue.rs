//! An operator that promises what it was not asked for, and gives what it likes.

use crate::random::Random;
use crate::stage::{Stage, THRESHOLD};
use alloy::primitives::B256;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolValue;
use async_trait::async_trait;
use eyre::{OptionExt, Result, ensure};
use restake::attestation::Domain;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::serving::{Asked, Method, Reply, Route, Server, StatusCode};
use restake_daemon::stop::Stop;
use restake_data_store::client::Client;
use restake_data_store::coding::Encoded;
use restake_data_store::message::{Dispersal, Promise};
use restake_data_store::opening::Opening;
use restake_data_store::tasks::Task;
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

struct Rogue {
    domain: Domain,
    key: PrivateKeySigner,
    task: Task,
}

impl Rogue {
    /// A promise to keep everything, which spoils a quorum with the promises of others.
    fn promise(&self, body: &[u8]) -> Result<Promise> {
        let Dispersal { leafCount: leaves, blob, .. } = Dispersal::abi_decode_validate(body)?;
        let encoded = Encoded::to(&blob, leaves)?;
        let Task { task, time, .. } = self.task;
        Ok(self.domain.commit_to(&self.key, task, time, encoded.tree(), 0..leaves)?.into())
    }
}

#[async_trait]
impl Route for Rogue {
    fn longest_body(&self) -> usize {
        1 << 20
    }

    async fn reply(&self, asked: Asked) -> Reply {
        match asked.method {
            Method::POST => match self.promise(&asked.body) {
                Ok(promise) => Reply::json(StatusCode::OK, &json!(promise)),
                Err(failure) => Reply::text(StatusCode::BAD_REQUEST, failure.to_string()),
            },
            // Any leaves, all of them at once.
            _ => {
                let leaf = |index| Opening { index, leaf: vec![7; 64].into(), proof: vec![7; 32 * 8].into() };
                Reply::json(StatusCode::OK, &json!({ "leaves": (0..200).map(leaf).collect::<Vec<_>>() }))
            }
        }
    }
}

#[tokio::test]
async fn one_that_promises_something_else_and_gives_garbage_spoils_nothing() -> Result<()> {
    let stage = Stage::new(false).await?;
    let blob = Random(11).bytes(40_000);
    let (task, leaves) = stage.ask_for(&blob).await?;
    let (domain, key) = (stage.setting.domain.clone(), stage.world.cast.accuser.key.clone());
    let rogue = Arc::new(Rogue { domain: domain.clone(), key, task });
    let stop = Stop::default();
    let server = Server::new(Health::default(), Metrics::default()).route("/data", rogue);
    let serving = server.serve(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), stop.clone()).await?;
    let (rogue, url) = (stage.last()?.key, format!("http://{}", serving.address).parse()?);
    let honest = stage.operators.iter().take(3).map(|operator| (operator.key, operator.url.clone()));
    let client = Client::new(honest.chain([(rogue, url)]), Duration::from_secs(5))?;
    let dispersed = client.disperse(&stage.setting, &task, &blob, leaves, THRESHOLD).await?;
    let why = dispersed.refused.get(&rogue).ok_or_eyre("its promise was taken")?;
    ensure!(dispersed.refused.len() == 1 && why.contains("something else"), "{:?}", dispersed.refused);
    let verified = dispersed.certificate.verify(&stage.setting, 7_500).await?;
    assert_eq!((verified.reached, verified.signedStake), (true, dispersed.signed));
    // As if it had promised its part, and others did not give theirs.
    let parts = restake_data_store::assignment::parts(&stage.setting.signers_at(task.time).await?, leaves);
    let part = parts.get(&rogue).cloned().ok_or_eyre("it has no part")?;
    let encoded = Encoded::to(&blob, leaves)?;
    let key = &stage.world.cast.accuser.key;
    let promise = Promise::from(domain.commit_to(key, task.task, task.time, encoded.tree(), part)?);
    let promises: Vec<Promise> = dispersed.certificate.into();
    let certificate = promises.into_iter().chain([promise]).collect::<Vec<_>>().try_into()?;
    assert_eq!(client.retrieve(&domain, &certificate).await?, blob);
    let sampled = client.sample(&domain, &certificate, 3).await?;
    for (key, sampled) in sampled {
        assert_eq!(sampled.missing.len(), if key == rogue { 3 } else { 0 }, "{key}");
    }
    Ok(())
}

#[test]
fn promises_about_several_data_or_beyond_them_are_no_certificate() -> Result<()> {
    use restake_data_store::certificate::Certificate;
    let (domain, key) = (Domain::new(1, Default::default()), PrivateKeySigner::from_bytes(&B256::repeat_byte(1))?);
    let encoded = [b"one", b"two"].map(|blob| Encoded::new(blob, 4));
    let mut promises = Vec::new();
    for encoded in encoded {
        promises.push(Promise::from(domain.commit_to(&key, B256::ZERO, 1, encoded?.tree(), 0..8)?));
    }
    ensure!(Certificate::try_from(promises.clone()).is_err() && Certificate::try_from(vec![]).is_err());
    promises.truncate(1);
    ensure!(Certificate::try_from(promises.clone())?.keepers(&domain)?.contains_key(&key.address()));
    promises.iter_mut().for_each(|promise| promise.kept_leaves = 33);
    ensure!(Certificate::try_from(promises)?.keepers(&domain).is_err());
    Ok(())
}
