//! The methods over HTTP and WebSocket, on one port.

mod module;
mod subscriptions;

use crate::thread::ChainHandle;
use jsonrpsee::server::{IdProvider, Server as JsonRpcServer, ServerConfig};
use jsonrpsee::types::SubscriptionId;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{Builder, JoinHandle};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tower::ServiceBuilder;
use tower_http::cors::{Any, CorsLayer};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// How many connections may be open: load tests open many.
const MAX_CONNECTIONS: u32 = 10_000;

/// The longest request in bytes: as long as an answer, so that `anvil_loadState` takes what `anvil_dumpState` gave.
const MAX_REQUEST: u32 = MAX_RESPONSE;

/// The longest answer in bytes.
const MAX_RESPONSE: u32 = 128 << 20;

/// A running server. It has a thread and a runtime of its own, so that dropping it closes the port at once, wherever it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on `address` (port 0: any free one) and answers from `chain`.
    ///
    /// # Errors
    ///
    /// If the address is taken, or the operating system has no thread to give.
    pub(crate) async fn start(address: SocketAddr, chain: ChainHandle) -> io::Result<Self> {
        let (started, wait_started) = oneshot::channel();
        let (stop, wait_stop) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = Builder::new().name("devnode-rpc".into()).spawn(move || {
            runtime.block_on(async {
                let listening = listen(address, chain);
                // The node may have been dropped before it was ready.
                let _ = started.send(listening);
                // Stopping and dropping the node look the same from here.
                let _ = wait_stop.await;
            });
        })?;
        let address = wait_started.await.map_err(|_| io::Error::other("the server's thread ended"))??;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    /// Closes the port and all connections.
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // It only fails if the thread panicked; then the port is closed too.
            let _ = thread.join();
        }
    }
}

/// Starts to serve on the runtime it is called in.
fn listen(address: SocketAddr, chain: ChainHandle) -> io::Result<SocketAddr> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;

    // Wallets live in browsers: pages of any origin may ask.
    let cors = CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any).allow_private_network(true);
    let config = ServerConfig::builder()
        .max_connections(MAX_CONNECTIONS)
        .max_request_body_size(MAX_REQUEST)
        .max_response_body_size(MAX_RESPONSE)
        .set_id_provider(HexIds::default())
        .build();
    let server = JsonRpcServer::builder()
        .set_config(config)
        .set_http_middleware(ServiceBuilder::new().layer(cors))
        .build_from_tcp(listener.into_std()?)?;
    let module = module::module(chain).map_err(io::Error::other)?;
    // Without its handle the server would stop: it runs until the runtime is dropped.
    tokio::spawn(server.start(module).stopped());
    Ok(address)
}

/// Subscription ids as Ethereum clients expect them: hexadecimal quantities.
#[derive(Debug, Default)]
struct HexIds {
    last: AtomicU64,
}

impl IdProvider for HexIds {
    fn next_id(&self) -> SubscriptionId<'static> {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        SubscriptionId::Str(format!("{id:#x}").into())
    }
}
