//! A connection over WebSocket, with the implementation that the node's own server has: no other one is compiled.

use alloy::pubsub::{ConnectionHandle, ConnectionInterface, PubSubConnect};
use alloy::transports::http::reqwest::Url;
use alloy::transports::{TransportErrorKind, TransportResult};
use eyre::{OptionExt, Result};
use soketto::connection::Error;
use soketto::data::ByteSlice125;
use soketto::handshake::{Client, ServerResponse};
use soketto::{Incoming, Receiver, Sender};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

/// How often something is sent, so that what lies between keeps the connection, and that its end is noticed.
const KEEPALIVE: Duration = Duration::from_secs(10);

/// How many messages may wait to be read.
const WAITING: usize = 64;

/// Where to connect to.
#[derive(Debug, Clone)]
pub(super) struct WebSocket {
    url: Url,
    /// The host, with a port that is not the usual one.
    host: String,
    /// What comes after it.
    resource: String,
    patience: Duration,
}

impl WebSocket {
    pub(super) fn at(url: Url, patience: Duration) -> Result<Self> {
        let host = url.host_str().ok_or_eyre("the URL names no host")?;
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let resource = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        Ok(Self { url, host, resource, patience })
    }
}

impl PubSubConnect for WebSocket {
    fn is_local(&self) -> bool {
        // It would be asked more often, which who listens need not.
        false
    }

    async fn connect(&self) -> TransportResult<ConnectionHandle> {
        let client = tokio::time::timeout(self.patience, self.shake_hands());
        let client = client.await.map_err(TransportErrorKind::custom)??;
        let (sender, receiver) = client.into_builder().finish();
        let (handle, interface) = ConnectionHandle::new();
        tokio::spawn(carry(sender, receiver, interface));
        // Who asks decides what to do when the connection is lost.
        Ok(handle.with_max_retries(0))
    }
}

impl WebSocket {
    async fn shake_hands(&self) -> TransportResult<Client<'_, Compat<TcpStream>>> {
        let addresses = self.url.socket_addrs(|| None).map_err(TransportErrorKind::custom)?;
        let stream = TcpStream::connect(&*addresses).await.map_err(TransportErrorKind::custom)?;
        stream.set_nodelay(true).map_err(TransportErrorKind::custom)?;
        let mut client = Client::new(stream.compat(), &self.host, &self.resource);
        match client.handshake().await.map_err(TransportErrorKind::custom)? {
            ServerResponse::Accepted { .. } => Ok(client),
            ServerResponse::Redirect { status_code, .. } | ServerResponse::Rejected { status_code } => {
                Err(TransportErrorKind::http_error(status_code, String::new()))
            }
        }
    }
}

/// Carries messages in both directions until one end is gone.
async fn carry(
    mut sender: Sender<Compat<TcpStream>>,
    mut receiver: Receiver<Compat<TcpStream>>,
    mut interface: ConnectionInterface,
) {
    // A message that is half read must not be given up, as select would: somebody else reads.
    let (heard, mut hearing) = mpsc::channel(WAITING);
    let reading = tokio::spawn(async move {
        loop {
            let mut message = Vec::new();
            let heard_something = match receiver.receive(&mut message).await {
                // A sign of life is an empty message.
                Ok(Incoming::Data(_) | Incoming::Pong(_)) => true,
                Ok(Incoming::Closed(_)) | Err(_) => false,
            };
            if !heard_something || heard.send(message).await.is_err() {
                return;
            }
        }
    });
    let mut is_quiet = false;
    let is_over = loop {
        let sent: Result<(), Error> = tokio::select! {
            question = interface.recv_from_frontend() => match question {
                Some(question) => say(&mut sender, Some(question.get())).await,
                None => break true,
            },
            message = hearing.recv() => {
                is_quiet = false;
                match message.map(|message| hand_over(&interface, &message)) {
                    Some(true) => Ok(()),
                    _ => break false,
                }
            }
            () = tokio::time::sleep(KEEPALIVE) => {
                if is_quiet {
                    break false;
                }
                is_quiet = true;
                say(&mut sender, None).await
            }
        };
        if sent.is_err() {
            break false;
        }
    };
    reading.abort();
    if !is_over {
        interface.close_with_error();
    }
}

/// Hands a message to who asked. Returns whether it is one, or a sign of life.
fn hand_over(interface: &ConnectionInterface, message: &[u8]) -> bool {
    message.is_empty() || serde_json::from_slice(message).is_ok_and(|item| interface.send_to_frontend(item).is_ok())
}

/// Sends a text, or a sign of life.
async fn say(sender: &mut Sender<Compat<TcpStream>>, text: Option<&str>) -> Result<(), Error> {
    match text {
        Some(text) => sender.send_text(text).await?,
        None => sender.send_ping(ByteSlice125::try_from(&[][..]).map_err(|_| Error::Closed)?).await?,
    }
    sender.flush().await
}
