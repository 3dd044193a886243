//! Clients and what they ask, within limits: a client that is slow, many, or sends too much is its own affair.

use super::{Asked, Reply, Server, StatusCode};
use crate::stop::Stop;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How long a client may take to say what it wants, and the pause after the system had no connection to give.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a client may take to send what belongs to it.
const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// How many clients there may be at once. More wait until one goes.
const MOST_CLIENTS: usize = 512;

pub(super) struct Connections {
    server: Arc<Server>,
    stop: Stop,
}

impl Connections {
    pub(super) fn new(server: Server, stop: Stop) -> Self {
        Self { server: Arc::new(server), stop }
    }

    pub(super) async fn accept(self, listener: TcpListener) {
        let (room, mut clients) = (Arc::new(Semaphore::new(MOST_CLIENTS)), JoinSet::new());
        let next = async || {
            let place = room.clone().acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        while let Some(Some((place, accepted))) = self.stop.or(next()).await {
            match accepted {
                Ok((stream, peer)) => {
                    let (server, stop) = (self.server.clone(), self.stop.clone());
                    clients.spawn(async move {
                        serve(server, stop, stream, peer).await;
                        drop(place);
                    });
                }
                Err(_) => tokio::time::sleep(PATIENCE).await,
            }
            while clients.try_join_next().is_some() {}
        }
        let _ = tokio::time::timeout(BODY_PATIENCE, async { while clients.join_next().await.is_some() {} }).await;
    }
}

async fn serve(server: Arc<Server>, stop: Stop, stream: TcpStream, peer: SocketAddr) {
    let service = service_fn(move |request: Request<Incoming>| {
        let server = server.clone();
        async move { answer(&server, request, peer).await }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stop.stopped() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    server: &Server,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> hyper::http::Result<Response<Full<Bytes>>> {
    let Reply { status, kind, body } = reply(server, request, peer).await;
    Response::builder().status(status).header("content-type", kind).body(Full::new(body))
}

async fn reply(server: &Server, request: Request<Incoming>, peer: SocketAddr) -> Reply {
    let Some(route) = server.find(request.uri().path()) else {
        let paths: Vec<&str> = server.routes.iter().map(|(path, _)| path.as_str()).rev().collect();
        return Reply::text(StatusCode::NOT_FOUND, format!("There is {}.", paths.join(", ")));
    };
    let (head, body) = request.into_parts();
    let longest = route.longest_body();
    let too_long = || Reply::text(StatusCode::PAYLOAD_TOO_LARGE, format!("No more than {longest} bytes are taken."));
    if body.size_hint().lower() > u64::try_from(longest).unwrap_or(u64::MAX) {
        return too_long();
    }
    let body = match tokio::time::timeout(BODY_PATIENCE, Limited::new(body, longest).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => return too_long(),
        Ok(Err(_)) => return Reply::text(StatusCode::BAD_REQUEST, "What was sent broke off."),
        Err(_) => return Reply::text(StatusCode::REQUEST_TIMEOUT, "What was sent took too long."),
    };
    let (path, query) = (head.uri.path().to_owned(), head.uri.query().map(str::to_owned));
    route.reply(Asked { method: head.method, path, query, body, peer }).await
}
