//! The methods over HTTP and WebSocket, on one port.

mod error;
mod ids;
mod module;
mod notifications;
mod subscriptions;

use crate::shared::SharedBackend;
use ids::AnyIds;
use jsonrpsee::server::middleware::rpc::RpcServiceBuilder;
use jsonrpsee::server::{IdProvider, Server as JsonRpcServer, ServerConfig};
use jsonrpsee::types::SubscriptionId;
use notifications::NamesReason;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpSocket;
use tower::ServiceBuilder;
use tower_http::cors::{Any, CorsLayer};

/// Where a server listens.
pub(crate) type Address = SocketAddr;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// How many connections may be open: load tests open many.
const MAX_CONNECTIONS: u32 = 10_000;

/// The longest request in bytes: as long as an answer, so that `anvil_loadState` takes what `anvil_dumpState` gave.
const MAX_REQUEST: u32 = MAX_RESPONSE;

/// The longest answer in bytes.
const MAX_RESPONSE: u32 = 128 << 20;

/// Listens on `address` (port 0: any free one) and answers from `backend`, until the caller's runtime is dropped.
///
/// # Errors
///
/// If the address is taken.
pub(crate) fn listen(address: Address, backend: SharedBackend) -> io::Result<Address> {
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
    let limit = usize::try_from(MAX_REQUEST).unwrap_or(usize::MAX);
    let server = JsonRpcServer::builder()
        .set_config(config)
        .set_http_middleware(ServiceBuilder::new().layer(cors).layer_fn(move |service| AnyIds { service, limit }))
        .set_rpc_middleware(RpcServiceBuilder::new().layer_fn(NamesReason))
        .build_from_tcp(listener.into_std()?)?;
    let module = module::module(backend).map_err(io::Error::other)?;
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
