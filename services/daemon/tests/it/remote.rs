//! A signer elsewhere: it may know a signature that this process never got.

use crate::folder::Folder;
use crate::setting::{answer, identity, subject};
use alloy::primitives::{Address, B256, U256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use async_trait::async_trait;
use eyre::{Result, ensure};
use restake_daemon::health::Health;
use restake_daemon::key::Key;
use restake_daemon::metrics::Metrics;
use restake_daemon::record::{SignError, SigningRecord};
use restake_daemon::serving::{Asked, Reply, Route, Server, StatusCode};
use restake_daemon::stop::Stop;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// A signer that can be kept from answering.
struct Signer {
    key: PrivateKeySigner,
    is_mute: AtomicBool,
    asked: Notify,
}

impl Signer {
    fn answer(&self, body: &[u8]) -> Result<Value> {
        let asked: Value = serde_json::from_slice(body)?;
        let result = match asked["method"].as_str() {
            Some("eth_accounts") => json!([self.key.address()]),
            _ => {
                let text = asked["params"][1].as_str().unwrap_or_default();
                let data: alloy_dyn_abi::TypedData = serde_json::from_str(text)?;
                json!(self.key.sign_hash_sync(&data.eip712_signing_hash()?)?.to_string())
            }
        };
        Ok(json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result }))
    }
}

#[async_trait]
impl Route for Signer {
    fn longest_body(&self) -> usize {
        65_536
    }

    async fn reply(&self, asked: Asked) -> Reply {
        if self.is_mute.load(Ordering::SeqCst) {
            self.asked.notify_one();
            std::future::pending::<()>().await;
        }
        match self.answer(&asked.body) {
            Ok(answer) => Reply::json(StatusCode::OK, &answer),
            Err(error) => Reply::text(StatusCode::BAD_REQUEST, error.to_string()),
        }
    }
}

#[tokio::test]
async fn what_a_signer_was_asked_for_is_recorded_before_it_is_asked() -> Result<()> {
    let (folder, stop) = (Folder::new()?, Stop::default());
    let key = PrivateKeySigner::from_bytes(&B256::from(U256::from(3)))?;
    let account: Address = key.address();
    let signer = Arc::new(Signer { key, is_mute: AtomicBool::new(false), asked: Notify::new() });
    let server = Server::new(Health::default(), Metrics::default()).route("/", signer.clone());
    let serving = server.serve(([127, 0, 0, 1], 0).into(), stop.clone()).await?;
    let url = format!("http://{}/", serving.address);
    let key = Key::remote(&url, Some(account), Duration::from_secs(60)).await?;

    let record = SigningRecord::open(folder.path(), identity(account))?;
    let first = record.sign_once(&key, subject(60), &answer(60, 1)).await?;
    assert_eq!(first.signer(answer(60, 1).hash)?, account);

    // The signer is asked, and this process ends before it hears the answer.
    signer.is_mute.store(true, Ordering::SeqCst);
    let data = answer(120, 1);
    tokio::select! {
        signed = record.sign_once(&key, subject(120), &data) => eyre::bail!("{signed:?}"),
        () = signer.asked.notified() => {}
    }
    drop(record);
    signer.is_mute.store(false, Ordering::SeqCst);

    let record = SigningRecord::open(folder.path(), identity(account))?;
    let other = record.sign_once(&key, subject(120), &answer(120, 2)).await;
    ensure!(matches!(other, Err(SignError::Contradiction(_))), "the first may be known: {other:?}");
    let same = record.sign_once(&key, subject(120), &answer(120, 1)).await?;
    assert_eq!(same.signer(answer(120, 1).hash)?, account);
    stop.stop();
    Ok(())
}
