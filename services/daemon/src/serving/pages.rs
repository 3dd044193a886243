//! `/health` and `/metrics`.

use super::{Asked, Method, Reply, Route, StatusCode};
use crate::health::Health;
use crate::metrics::Metrics;
use async_trait::async_trait;

pub(super) struct Pages {
    pub(super) health: Health,
    pub(super) metrics: Metrics,
}

#[async_trait]
impl Route for Pages {
    async fn reply(&self, asked: Asked) -> Reply {
        match (asked.method, asked.path.as_str()) {
            (Method::GET, "/metrics") => {
                let (kind, body) = ("text/plain; version=0.0.4; charset=utf-8", self.metrics.text().into());
                Reply { status: StatusCode::OK, kind, body }
            }
            (Method::GET, "/health") => {
                let (is_well, told) = self.health.tell();
                Reply::json(if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &told)
            }
            _ => Reply::text(StatusCode::NOT_FOUND, "There is /metrics, and /health."),
        }
    }
}
