//! What can be asked over HTTP: `POST /data/disperse`, `GET /data`, `GET /data/{root}/{index}`.

use super::{GIVEN, Keeper};
use crate::message::Dispersal;
use crate::opening::Opening;
use alloy::primitives::B256;
use alloy::sol_types::SolValue;
use async_trait::async_trait;
use restake_daemon::serving::{Asked, Method, Reply, Route, StatusCode};
use serde_json::json;

/// The most leaves of one answer.
pub(crate) const MOST_LEAVES: usize = 128;

/// What the encoding of a dispersal has beside the blob: six words, one of which is in part its filling.
const ENVELOPE: usize = 6 * 32;

const HELP: &str = "There is POST /data/disperse, GET /data, and GET /data/{root}/{index}, which takes ?count=.";

#[async_trait]
impl Route for Keeper {
    fn longest_body(&self) -> usize {
        self.limits.longest_blob.saturating_add(ENVELOPE)
    }

    async fn reply(&self, asked: Asked) -> Reply {
        let path: Vec<&str> = asked.path.split('/').filter(|part| !part.is_empty()).collect();
        match (&asked.method, path.as_slice()) {
            (&Method::POST, ["data", "disperse"]) => self.posted(&asked).await,
            (&Method::GET, ["data"]) => self.about().await,
            (&Method::GET, ["data", root, index]) => match (root.parse(), index.parse(), count(&asked)) {
                (Ok(root), Ok(index), Some(count)) => self.give(&asked, root, index, count).await,
                _ => Reply::text(StatusCode::BAD_REQUEST, HELP),
            },
            _ => Reply::text(StatusCode::NOT_FOUND, HELP),
        }
    }
}

/// How many leaves are asked for: one, or as the query says.
fn count(asked: &Asked) -> Option<usize> {
    match &asked.query {
        None => Some(1),
        Some(query) => query.strip_prefix("count=")?.parse().ok().map(|count: usize| count.min(MOST_LEAVES)),
    }
}

impl Keeper {
    async fn posted(&self, asked: &Asked) -> Reply {
        let client = asked.peer.ip();
        if !self.rates.allows(client) {
            return Reply::text(StatusCode::TOO_MANY_REQUESTS, "Too much at once.");
        }
        self.rates.spend(client, u64::try_from(asked.body.len()).unwrap_or(u64::MAX));
        let Ok(dispersal) = Dispersal::abi_decode_validate(&asked.body) else {
            return Reply::text(StatusCode::BAD_REQUEST, "An ABI-encoded Dispersal is taken.");
        };
        match self.disperse(dispersal).await {
            Ok(promise) => Reply::json(StatusCode::OK, &json!(promise)),
            Err(refusal) => {
                let (reason, status) = refusal.told();
                Reply::json(status, &json!({ "reason": reason, "error": refusal.to_string() }))
            }
        }
    }

    async fn about(&self) -> Reply {
        let store = self.store.clone();
        match tokio::task::spawn_blocking(move || store.used()).await {
            Ok(Ok((commitments, bytes))) => {
                let told = json!({ "key": self.key.address(), "commitments": commitments, "bytes": bytes });
                Reply::json(StatusCode::OK, &told)
            }
            _ => Reply::text(StatusCode::INTERNAL_SERVER_ERROR, "The store cannot be read."),
        }
    }

    /// Leaves from one on, as many as asked for and kept; none is an answer as well.
    async fn give(&self, asked: &Asked, root: B256, first: u64, count: usize) -> Reply {
        let client = asked.peer.ip();
        if !self.rates.allows(client) {
            return Reply::text(StatusCode::TOO_MANY_REQUESTS, "Too much at once.");
        }
        let found = if self.withholds { Ok(Ok(Vec::new())) } else { self.read(root, first, count).await };
        let Ok(Ok(leaves)) = found else {
            return Reply::text(StatusCode::INTERNAL_SERVER_ERROR, "The store cannot be read.");
        };
        let status = if leaves.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
        let reply = Reply::json(status, &json!({ "leaves": leaves }));
        self.rates.spend(client, u64::try_from(reply.body.len()).unwrap_or(u64::MAX));
        self.metrics.add(&GIVEN, &[], u64::try_from(leaves.len()).unwrap_or(u64::MAX));
        reply
    }

    async fn read(
        &self,
        root: B256,
        first: u64,
        count: usize,
    ) -> Result<Result<Vec<Opening>, crate::store::StoreError>, tokio::task::JoinError> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || match count {
            1 => Ok(store.leaf(root, first)?.into_iter().collect()),
            _ => store.leaves(root, first, count),
        })
        .await
    }
}
