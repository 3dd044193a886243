//! `/metrics` and `/health` over HTTP.

use super::seen::Seen;
use eyre::{Result, WrapErr};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long a client may take to say what it wants, and the pause after the system had no connection to give.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves from now on. Returns the address, which has a port of its own where none was given.
pub(super) async fn serve(address: SocketAddr, seen: Arc<Seen>) -> Result<SocketAddr> {
    let listener = TcpListener::bind(address).await.wrap_err_with(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(PATIENCE).await;
                continue;
            };
            let seen = seen.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let answer = answer(&seen, request.method(), request.uri().path());
                async move { answer }
            });
            let mut server = http1::Builder::new();
            server.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false);
            // A client that goes away is its own affair.
            tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

fn answer(seen: &Seen, method: &Method, path: &str) -> hyper::http::Result<Response<String>> {
    const JSON: &str = "application/json";
    const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
    let (status, kind, text) = match (method, path) {
        (&Method::GET, "/metrics") => (StatusCode::OK, TEXT, seen.metrics()),
        (&Method::GET, "/health") => {
            let (is_well, text) = seen.health();
            (if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, JSON, text)
        }
        _ => (StatusCode::NOT_FOUND, TEXT, "There is /metrics, and /health.\n".to_owned()),
    };
    Response::builder().status(status).header("content-type", kind).body(text)
}
