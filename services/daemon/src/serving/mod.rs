//! Answering over HTTP: `/health`, `/metrics`, and the routes that others add.

mod connection;
mod pages;

use crate::health::Health;
use crate::metrics::Metrics;
use crate::stop::Stop;
use async_trait::async_trait;
use connection::Connections;
use eyre::{Result, WrapErr};
use hyper::body::Bytes;
pub use hyper::{Method, StatusCode};
use pages::Pages;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What a client asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// The path, from its first slash on.
    pub path: String,
    /// What comes after a question mark.
    pub query: Option<String>,
    /// What it sent with it.
    pub body: Bytes,
    /// Where it is.
    pub peer: SocketAddr,
}

/// What a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The type of the content.
    pub kind: &'static str,
    /// The content.
    pub body: Bytes,
}

impl Reply {
    /// A sentence.
    pub fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: (text.into() + "\n").into() }
    }

    /// JSON.
    pub fn json(status: StatusCode, json: &serde_json::Value) -> Self {
        Self { status, kind: "application/json", body: json.to_string().into() }
    }

    /// Bytes as they are.
    pub fn bytes(body: impl Into<Bytes>) -> Self {
        Self { status: StatusCode::OK, kind: "application/octet-stream", body: body.into() }
    }
}

/// Something that answers under a path.
#[async_trait]
pub trait Route: Send + Sync + 'static {
    /// The most bytes that a client may send with a question: more are refused before they are read.
    fn longest_body(&self) -> usize {
        0
    }

    /// Answers a question.
    async fn reply(&self, asked: Asked) -> Reply;
}

/// What is served.
#[derive(Clone)]
pub struct Server {
    /// The longest path first.
    routes: Vec<(String, Arc<dyn Route>)>,
}

/// A server that listens.
#[derive(Debug)]
pub struct Serving {
    /// Where: with a port of its own where none was given.
    pub address: SocketAddr,
    ended: JoinHandle<()>,
}

impl Serving {
    /// Waits until the last question that it took is answered, after everything stops.
    pub async fn ended(self) {
        // It ends early only with the runtime.
        let _ = self.ended.await;
    }
}

impl Server {
    /// One with the two pages.
    pub fn new(health: Health, metrics: Metrics) -> Self {
        let pages = Arc::new(Pages { health, metrics });
        Self { routes: Vec::new() }.route("/health", pages.clone()).route("/metrics", pages)
    }

    /// With a route for a path and all that is under it.
    #[must_use]
    pub fn route(mut self, path: &str, route: Arc<dyn Route>) -> Self {
        self.routes.push((path.trim_end_matches('/').to_owned(), route));
        self.routes.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        self
    }

    /// Listens until everything stops.
    ///
    /// # Errors
    /// If it cannot listen there.
    pub async fn serve(self, address: SocketAddr, stop: Stop) -> Result<Serving> {
        let listener = TcpListener::bind(address).await.wrap_err_with(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr()?;
        let ended = tokio::spawn(Connections::new(self, stop).accept(listener));
        Ok(Serving { address, ended })
    }

    fn find(&self, path: &str) -> Option<&Arc<dyn Route>> {
        let is_under =
            |under: &str| path.strip_prefix(under).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.routes.iter().find(|(under, _)| is_under(under)).map(|(_, route)| route)
    }
}
