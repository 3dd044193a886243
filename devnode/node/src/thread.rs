//! The thread that owns the chain.
//!
//! Everything happens there, one job after the other: the machine cannot be shared between threads, and a chain is a sequence anyway.
//! Between jobs it mines, if the chain was told to mine at an interval.

use crate::chain::{Block, ChainState};
use crate::rpc::{Backend, Method, Params, RpcResult, internal};
use serde_json::Value;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, mpsc};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::sync::{broadcast, oneshot};

/// The stack of the chain's thread in bytes. Frames of contracts live on the heap; this is for the deepest host functions.
const STACK_SIZE: usize = 16 << 20;

type Job = Box<dyn FnOnce(&mut Backend) + Send>;

/// A way to give jobs to the chain's thread. The thread ends when all of them are dropped.
#[derive(Clone, Debug)]
pub(crate) struct ChainHandle {
    jobs: mpsc::Sender<Job>,
}

/// The job got no answer: the thread is gone, or the job panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the chain did not answer")]
pub(crate) struct NoAnswer;

impl ChainHandle {
    /// Starts the thread of a chain.
    ///
    /// # Errors
    ///
    /// If the operating system has no thread to give.
    pub(crate) fn start(state: ChainState) -> io::Result<(Self, JoinHandle<()>)> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let work = move || {
            let mut backend = Backend::new(state);
            while let Some(job) = next(&queue, &backend) {
                run(&mut backend, job);
            }
        };
        let thread = Builder::new().name("devnode-chain".into()).stack_size(STACK_SIZE).spawn(work)?;
        Ok((Self { jobs }, thread))
    }

    /// Does something with the chain, and blocks until it is done.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`].
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Backend) -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.give(move |backend| {
            // Whoever asked may have gone.
            let _ = reply.send(job(backend));
        })?;
        answer.recv().map_err(|_| NoAnswer)
    }

    /// Answers a request, and blocks until it is done.
    pub(crate) fn request(&self, method: Method, params: Value) -> RpcResult {
        self.ask(move |backend| method(backend, Params::new(params)?))
            .unwrap_or_else(|error| Err(internal(error.to_string())))
    }

    /// Answers a request.
    pub(crate) async fn request_async(&self, method: Method, params: Value) -> RpcResult {
        let (reply, answer) = oneshot::channel();
        let given = self.give(move |backend| {
            // The client may have hung up.
            let _ = reply.send(Params::new(params).and_then(|params| method(backend, params)));
        });
        match given {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(internal(NoAnswer.to_string()))),
            Err(error) => Err(internal(error.to_string())),
        }
    }

    /// Every block that is mined from now on.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`].
    pub(crate) async fn heads(&self) -> Result<broadcast::Receiver<Arc<Block>>, NoAnswer> {
        let (reply, answer) = oneshot::channel();
        self.give(move |backend| {
            // The client may have hung up.
            let _ = reply.send(backend.chain.heads());
        })?;
        answer.await.map_err(|_| NoAnswer)
    }

    fn give(&self, job: impl FnOnce(&mut Backend) + Send + 'static) -> Result<(), NoAnswer> {
        self.jobs.send(Box::new(job)).map_err(|_| NoAnswer)
    }
}

/// The next job: to mine, if it is time for a block, and else what was asked for first. `None` when nobody can ask any more.
fn next(queue: &mpsc::Receiver<Job>, backend: &Backend) -> Option<Job> {
    let mine: Job = Box::new(|backend| backend.chain.mine_if_due());
    match backend.chain.until_due() {
        None => queue.recv().ok(),
        Some(Duration::ZERO) => Some(mine),
        Some(wait) => match queue.recv_timeout(wait) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => Some(mine),
            Err(RecvTimeoutError::Disconnected) => None,
        },
    }
}

/// Runs a job. A panic in it is a bug of the node; the client that hit it gets an error, and the chain goes on for all others. It is
/// as it was, because a transaction changes it only after it is executed; only the machine's memory is thrown away.
fn run(backend: &mut Backend, job: Job) {
    if catch_unwind(AssertUnwindSafe(|| job(backend))).is_err() {
        backend.chain.reset_machine();
    }
}

#[cfg(test)]
mod tests {
    use super::{ChainHandle, NoAnswer};
    use crate::chain::{L1BlockNumber, Settings, StoppedClock, genesis};

    #[test]
    fn a_panicking_job_does_not_end_the_chain() {
        let settings = Settings {
            config: stylus_vm::ChainConfig::default(),
            l1_block_number: L1BlockNumber::FollowsL2,
            accounts: [].into(),
            l1_price: Default::default(),
        };
        let (chain, thread) = ChainHandle::start(genesis(settings, StoppedClock::wall())).expect("a thread");
        chain.ask(|backend| backend.chain.mine()).expect("an answer");
        let crashed: Result<(), NoAnswer> = chain.ask(|_| panic!("on purpose"));
        assert_eq!(crashed, Err(NoAnswer));
        assert_eq!(chain.ask(|backend| backend.chain.head().number()), Ok(1));
        drop(chain);
        thread.join().expect("a thread that ended by itself");
    }
}
