//! Messages over HTTP: each is posted to every peer, from a queue of the peer's own, so that one that is gone delays
//! nobody. A message that cannot be delivered is tried again for a while, and given up.

mod peer;

pub use peer::{LOST, SENT};

use super::{Arrivals, Listener, Transport};
use crate::message::{Envelope, Inbox, LONGEST, Rejected};
use crate::metrics::Metrics;
use crate::serving::{Asked, Method, Reply, Route, StatusCode};
use crate::stop::Stop;
use alloy::transports::http::reqwest::{Client, Url};
use async_trait::async_trait;
use eyre::{Result, WrapErr};
use hyper::body::Bytes;
use peer::Peer;
use restake::attestation::Domain;
use std::sync::Arc;
use std::time::Duration;

/// Where messages are posted.
const PATH: &str = "/messages";

/// How long a peer may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Messages over HTTP. It is a [`Route`] of the process's own server as well: what peers post arrives there.
#[derive(Debug)]
pub struct HttpTransport {
    inbox: Inbox,
    arrivals: Arrivals,
    peers: Vec<Arc<Peer>>,
}

impl HttpTransport {
    /// One that sends to these peers (the addresses of their servers) until everything stops.
    ///
    /// # Errors
    /// If an address is not a URL.
    pub fn new(domain: Domain, peers: &[String], metrics: Metrics, stop: &Stop) -> Result<Arc<Self>> {
        let client = Client::builder().timeout(PATIENCE).build().wrap_err("cannot send over HTTP")?;
        let peer = |address: &String| {
            let url: Url = address.parse().wrap_err_with(|| format!("{address} is not a URL"))?;
            let url = url.join(PATH).wrap_err_with(|| format!("{address} is not a URL"))?;
            Ok(Peer::start(url, client.clone(), metrics.clone(), stop.clone()))
        };
        let peers = peers.iter().map(peer).collect::<Result<_>>()?;
        let (inbox, arrivals) = (Inbox::new(domain, metrics.clone()), Arrivals::new(metrics));
        Ok(Arc::new(Self { inbox, arrivals, peers }))
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn publish(&self, envelope: Envelope) {
        // What was just signed can be written.
        let Ok(bytes) = serde_json::to_vec(&envelope) else { return };
        let bytes = Bytes::from(bytes);
        for peer in &self.peers {
            peer.send(bytes.clone());
        }
        if self.inbox.take(&envelope).is_ok() {
            self.arrivals.arrive(envelope);
        }
    }

    fn listen(&self) -> Listener {
        self.arrivals.listen()
    }
}

#[async_trait]
impl Route for HttpTransport {
    fn longest_body(&self) -> usize {
        LONGEST
    }

    async fn reply(&self, asked: Asked) -> Reply {
        if asked.method != Method::POST || asked.path != PATH {
            return Reply::text(StatusCode::NOT_FOUND, format!("Messages are posted to {PATH}."));
        }
        match self.inbox.read(&asked.body) {
            Ok(envelope) => {
                self.arrivals.arrive(envelope);
                Reply::text(StatusCode::OK, "taken")
            }
            Err(Rejected::Repeated) => Reply::text(StatusCode::OK, Rejected::Repeated.to_string()),
            Err(why) => Reply::text(StatusCode::BAD_REQUEST, why.to_string()),
        }
    }
}
