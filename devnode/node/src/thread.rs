//! The thread of the node.
//!
//! Everything happens in this thread: the chain is a sequence anyway, and a request that need not change threads is
//! answered in two thirds of the time.

use crate::chain::ChainState;
use crate::rpc::{Backend, Method, RpcResult, internal};
use crate::server::{self, Address};
use crate::shared::{NoAnswer, SharedBackend};
use serde_json::Value;
use std::io;
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// The stack of the thread in bytes. Frames of contracts live on the heap; this is for the deepest host functions.
const STACK_SIZE: usize = 16 << 20;

type Job = Box<dyn FnOnce(&SharedBackend) + Send>;

/// A running node's thread. Dropping this ends it.
#[derive(Debug)]
pub(crate) struct NodeThread {
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "nobody asks where a node listens that does not"))]
    address: Address,
    jobs: UnboundedSender<Job>,
    close: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl NodeThread {
    /// Starts a server for `backend` that listens on `address` (port 0: any free one).
    ///
    /// # Errors
    ///
    /// If the address is taken, or the operating system has no thread to give.
    pub(crate) async fn start(address: Address, backend: Backend) -> io::Result<Self> {
        let (started, wait_started) = oneshot::channel();
        let (close, wait_close) = oneshot::channel();
        let (jobs, queue) = unbounded_channel();
        let work = move || run(address, backend, queue, started, wait_close);
        let thread = Builder::new().name("devnode".into()).stack_size(STACK_SIZE).spawn(work)?;
        let listening = wait_started.await.map_err(|_| io::Error::other("the node's thread ended"))?;
        Ok(Self { address: listening?, jobs, close: Some(close), thread: Some(thread) })
    }

    /// Where the server listens.
    #[cfg(feature = "server")]
    pub(crate) fn address(&self) -> Address {
        self.address
    }

    /// Does something with the node's state, and blocks until it is done.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`].
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Backend) -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        self.give(move |shared| shared.run(job))?
    }

    /// Answers a request, and blocks until it is done.
    pub(crate) fn request(&self, name: &'static str, method: Method, params: Value) -> RpcResult {
        let answer = self.give(move |shared| shared.request(name, method, params));
        answer.unwrap_or_else(|error| Err(internal(error.to_string())))
    }

    fn give<T: Send + 'static>(&self, job: impl FnOnce(&SharedBackend) -> T + Send + 'static) -> Result<T, NoAnswer> {
        let (reply, answer) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |shared| {
            // Whoever asked may have gone.
            let _ = reply.send(job(shared));
        });
        self.jobs.send(job).map_err(|_| NoAnswer)?;
        answer.recv().map_err(|_| NoAnswer)
    }

    /// Closes the port and all connections, and returns the last snapshot of the chain when the thread has ended.
    ///
    /// # Errors
    ///
    /// If the thread panicked.
    pub(crate) fn stop(mut self) -> io::Result<ChainState> {
        self.close.take();
        let state = self.ask(|backend| backend.chain.state());
        self.end().map_err(|()| io::Error::other("the thread of the node panicked"))?;
        state.map_err(io::Error::other)
    }

    /// Lets the thread end, and waits for it.
    fn end(&mut self) -> Result<(), ()> {
        self.close.take();
        // Without this sender there are no more jobs to wait for.
        self.jobs = unbounded_channel().0;
        self.thread.take().map_or(Ok(()), |thread| thread.join().map_err(drop))
    }
}

impl Drop for NodeThread {
    fn drop(&mut self) {
        // It only fails if the thread panicked; then the port is closed too.
        let _ = self.end();
    }
}

/// What the thread does: it serves until it shall close, and then does the jobs that are left.
fn run(
    address: Address,
    backend: Backend,
    mut queue: UnboundedReceiver<Job>,
    started: oneshot::Sender<io::Result<Address>>,
    close: oneshot::Receiver<()>,
) {
    let shared = SharedBackend::new(backend);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            // Who wanted the node may have gone, here and below.
            let _ = started.send(Err(error));
            return;
        }
    };
    runtime.block_on(async {
        let listening = server::listen(address, shared.clone());
        let _ = started.send(listening);
        let work = async {
            while let Some(job) = queue.recv().await {
                job(&shared);
            }
        };
        // Stopping and dropping the node look the same from here.
        tokio::select! {
            _ = close => {}
            () = work => {}
            () = shared.mine_when_due() => {}
            () = shared.stay_awake() => {}
        }
    });
    // Nobody hears of a block any more that comes after this.
    drop(runtime);
    while let Some(job) = queue.blocking_recv() {
        job(&shared);
    }
}
