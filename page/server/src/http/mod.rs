//! Listening, and what every answer has: only this machine is told anything, and the page may only ask this server and
//! the node.

mod guard;

use crate::Page;
use crate::api;
use crate::following::Following;
use axum::middleware;
use eyre::{Result, WrapErr};
use guard::Guard;
use restake_daemon::stop::Stop;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::{ServeDir, ServeFile};

/// A server that listens.
#[derive(Debug)]
pub struct Serving {
    /// Where: with a port of its own where none was given.
    pub address: SocketAddr,
    ended: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    /// Waits until everything that was asked is answered, after everything stops.
    ///
    /// # Errors
    /// If it could not go on listening.
    pub async fn ended(self) -> Result<()> {
        self.ended.await.wrap_err("the server was interrupted")?.wrap_err("the server cannot listen any more")
    }
}

pub(crate) async fn serve(page: &Page, folder: Option<PathBuf>, following: Following, stop: Stop) -> Result<Serving> {
    let wanted = SocketAddr::new(page.listen, page.port);
    let listener = TcpListener::bind(wanted).await.wrap_err_with(|| format!("cannot listen on {wanted}"))?;
    let address = listener.local_addr()?;
    let guard = Arc::new(Guard::new(address, &page.host, &page.place));
    let mut router = api::router(following);
    if let Some(folder) = folder {
        // What is no file is a view of the page.
        let page = ServeFile::new(folder.join("index.html"));
        router = router.fallback_service(ServeDir::new(folder).fallback(page));
    }
    let router = router.layer(middleware::from_fn_with_state(guard, guard::check));
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move { stop.stopped().await });
    Ok(Serving { address, ended: tokio::spawn(serving.into_future()) })
}
