//! The node as its users hold it.

use crate::DevAccount;
use crate::chain::{ChainState, Executed, Impersonation};
use crate::rpc::{Method, failure, internal, methods, unknown_method};
use crate::rpc_error::RpcError;
use crate::thread::NodeThread;
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, LazyLock};

/// All methods, by name.
static METHODS: LazyLock<HashMap<&'static str, Method>> = LazyLock::new(|| methods().collect());

/// A running development node.
///
/// Dropping it waits for the request it works on, and closes its port and all connections before it returns.
#[derive(Debug)]
pub struct Devnode {
    thread: NodeThread,
    accounts: Arc<[DevAccount]>,
}

impl Devnode {
    pub(crate) fn new(thread: NodeThread, accounts: Arc<[DevAccount]>) -> Self {
        Self { thread, accounts }
    }

    /// Where the node answers over HTTP, for example `http://127.0.0.1:8547`.
    #[cfg(feature = "server")]
    pub fn http_url(&self) -> String {
        format!("http://{}", self.thread.address())
    }

    /// Where the node answers over WebSocket: the same port.
    #[cfg(feature = "server")]
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.thread.address())
    }

    /// The accounts funded at genesis. The first one owns the chain.
    pub fn accounts(&self) -> &[DevAccount] {
        &self.accounts
    }

    /// A snapshot of the chain as it is now. Blocks until the requests before are answered.
    ///
    /// # Errors
    ///
    /// An internal error (-32603) if the node is broken.
    pub fn state(&self) -> Result<ChainState, RpcError> {
        let state = self.thread.ask(|backend| backend.chain.state());
        state.map_err(|error| internal(error.to_string()))
    }

    /// Mines a transaction in the name of any account, without a signature, and returns what came of it, with its
    /// output or revert data. Tests that send many transactions thus need not sign, encode or ask for receipts. Blocks
    /// until the transaction is mined.
    ///
    /// # Errors
    ///
    /// If the transaction cannot be mined, for example because the account cannot pay. One that fails is mined.
    pub fn impersonate(&self, transaction: Impersonation) -> Result<Executed, RpcError> {
        let mined = self.thread.ask(move |backend| backend.chain.impersonate(transaction).map_err(failure));
        mined.unwrap_or_else(|error| Err(internal(error.to_string())))
    }

    /// Calls a method without a socket. `params` is an array, or null for none. Blocks until the answer is there.
    /// Subscriptions are missing, because they need a connection.
    ///
    /// # Errors
    ///
    /// What a client would get.
    pub fn request(&self, method: &str, params: impl Into<Value>) -> Result<Value, RpcError> {
        match METHODS.get_key_value(method) {
            Some((name, known)) => self.thread.request(name, *known, params.into()),
            None => Err(unknown_method(method)),
        }
    }

    /// Stops the node and waits until its thread has ended.
    ///
    /// # Errors
    ///
    /// If the node's thread panicked.
    pub async fn stop(self) -> io::Result<()> {
        self.stop_with_state().await.map(drop)
    }

    /// Stops the node and returns the last snapshot of its chain: every block that a client ever heard of is in it.
    ///
    /// # Errors
    ///
    /// If the node's thread panicked.
    pub async fn stop_with_state(self) -> io::Result<ChainState> {
        tokio::task::spawn_blocking(move || self.thread.stop()).await?
    }
}
