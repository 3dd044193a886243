//! Messages in memory: a network whose nodes can be cut off, for tests and for whoever runs several in one process.

use super::{Arrivals, Listener, Transport};
use crate::message::{Envelope, Inbox};
use crate::metrics::Metrics;
use async_trait::async_trait;
use restake::attestation::Domain;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A network in memory. Copies are the same one.
#[derive(Debug, Clone, Default)]
pub struct Network(Arc<Mutex<Vec<Arc<Node>>>>);

#[derive(Debug)]
struct Node {
    inbox: Inbox,
    arrivals: Arrivals,
    is_cut: AtomicBool,
    is_deaf: AtomicBool,
}

/// A node's end of it.
#[derive(Debug, Clone)]
pub struct MemoryTransport {
    network: Network,
    node: Arc<Node>,
}

impl Network {
    /// Joins, with an inbox of one's own.
    pub fn join(&self, domain: Domain, metrics: Metrics) -> MemoryTransport {
        let (inbox, arrivals) = (Inbox::new(domain, metrics.clone()), Arrivals::new(metrics));
        let node = Arc::new(Node { inbox, arrivals, is_cut: AtomicBool::new(false), is_deaf: AtomicBool::new(false) });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(node.clone());
        MemoryTransport { network: self.clone(), node }
    }
}

impl MemoryTransport {
    /// Cuts the node off, or connects it again. What is sent meanwhile is lost.
    pub fn cut(&self, is_cut: bool) {
        self.node.is_cut.store(is_cut, Ordering::SeqCst);
    }
}

impl MemoryTransport {
    /// Lets the node speak and hear nothing, or hear again. What is said meanwhile is lost to it.
    pub fn deafen(&self, is_deaf: bool) {
        self.node.is_deaf.store(is_deaf, Ordering::SeqCst);
    }
}

#[async_trait]
impl Transport for MemoryTransport {
    async fn publish(&self, envelope: Envelope) {
        let nodes = self.network.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_cut = self.node.is_cut.load(Ordering::SeqCst);
        for node in nodes {
            let is_here = Arc::ptr_eq(&node, &self.node);
            let reaches =
                is_here || !is_cut && !node.is_cut.load(Ordering::SeqCst) && !node.is_deaf.load(Ordering::SeqCst);
            if reaches && node.inbox.take(&envelope).is_ok() {
                node.arrivals.arrive(envelope.clone());
            }
        }
    }

    fn listen(&self) -> Listener {
        self.node.arrivals.listen()
    }
}
