//! The node's state as the server and the node's thread hold it.

use crate::rpc::{Backend, Method, RpcResult, internal};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long the thread stays awake after it did something. A fast client asks again within this time, also on machines
/// where it is woken late.
const AWAKE: Duration = Duration::from_micros(100);

/// The state, behind a lock that nobody ever waits for: everything is done on the node's thread, one thing after the
/// other. The lock is there because the server shares the state among its methods.
#[derive(Clone, Debug)]
pub(crate) struct SharedBackend {
    backend: Arc<Mutex<Backend>>,
    due_changed: Arc<Notify>,
    worked: Arc<Notify>,
}

/// The node did not do it: its thread is gone, or panicked on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the chain did not answer")]
pub(crate) struct NoAnswer;

impl SharedBackend {
    /// Shares `backend`.
    pub(crate) fn new(backend: Backend) -> Self {
        Self { backend: Arc::new(Mutex::new(backend)), due_changed: Arc::default(), worked: Arc::default() }
    }

    /// Does a job with the state, after mining the block that is due, if there is one.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`] if the job panics, which is a bug of the node. The caller gets an error, and the chain goes on for
    /// all others. The chain is as before the job, because a transaction changes the chain only after its execution;
    /// only the machine's memory is thrown away.
    pub(crate) fn run<T>(&self, job: impl FnOnce(&mut Backend) -> T) -> Result<T, NoAnswer> {
        let mut backend = self.backend.lock().unwrap_or_else(PoisonError::into_inner);
        let due = backend.chain.due();
        let done = catch_unwind(AssertUnwindSafe(|| {
            backend.chain.mine_if_due();
            job(&mut backend)
        }));
        if done.is_err() {
            backend.chain.reset_machine();
        }
        if backend.chain.due() != due {
            self.due_changed.notify_one();
        }
        self.worked.notify_one();
        done.map_err(|_| NoAnswer)
    }

    /// Answers a client.
    #[cfg(feature = "server")]
    pub(crate) fn serve(&self, name: &'static str, method: Method, params: Value) -> RpcResult {
        self.run(|backend| backend.serve(name, method, params)).unwrap_or_else(|error| Err(internal(error.to_string())))
    }

    /// Answers whoever holds the node.
    pub(crate) fn request(&self, name: &'static str, method: Method, params: Value) -> RpcResult {
        self.run(|backend| backend.answer(name, method, params))
            .unwrap_or_else(|error| Err(internal(error.to_string())))
    }

    /// Keeps the thread from sleeping for a moment after it did something: a client that waits for answers asks again
    /// at once, and to be woken costs more than most answers do. Whoever else wants the processor gets it.
    pub(crate) async fn stay_awake(&self) {
        loop {
            self.worked.notified().await;
            let since = Instant::now();
            while since.elapsed() < AWAKE {
                std::thread::yield_now();
                tokio::task::yield_now().await;
            }
        }
    }

    /// Mines blocks when they are due, for ever.
    pub(crate) async fn mine_when_due(&self) {
        loop {
            match self.due() {
                None => self.due_changed.notified().await,
                Some(due) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(due.into()) => {
                            // What panics here is met again by the next request, which reports it.
                            let _ = self.run(|_| ());
                        }
                        () = self.due_changed.notified() => {}
                    }
                }
            }
        }
    }

    fn due(&self) -> Option<Instant> {
        self.backend.lock().unwrap_or_else(PoisonError::into_inner).chain.due()
    }
}

#[cfg(test)]
mod tests {
    use super::{AWAKE, NoAnswer, SharedBackend};
    use crate::chain::{ChainOptions, L1BlockNumber, Settings, StoppedClock, genesis};
    use crate::rpc::Backend;
    use alloy::primitives::U256;
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake, Waker};
    use std::time::Instant;

    fn shared() -> SharedBackend {
        let settings = Settings {
            config: stylus_vm::ChainConfig::default(),
            l1_block_number: L1BlockNumber::FollowsL2,
            accounts: [].into(),
            l1_price: Default::default(),
            nitro: false,
            archive: false,
            block_gas_limit: None,
        };
        SharedBackend::new(Backend::new(
            genesis(settings, U256::ZERO, StoppedClock::wall()),
            ChainOptions::default(),
            true,
        ))
    }

    #[test]
    fn a_panic_does_not_end_the_chain() {
        let shared = shared();
        shared.run(|backend| backend.chain.mine()).expect("an answer").expect("a block");
        let crashed: Result<(), NoAnswer> = shared.run(|_| panic!("on purpose"));
        assert_eq!(crashed, Err(NoAnswer));
        assert_eq!(shared.run(|backend| backend.chain.head().number()), Ok(1));
    }

    /// Counts how often a future wants to be polled again.
    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_thread_stays_awake_for_a_moment_after_work_and_sleeps_then() {
        let shared = shared();
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut awake = pin!(shared.stay_awake());
        let mut wants_more = || {
            let before = count.0.load(Ordering::Relaxed);
            assert_eq!(awake.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
            count.0.load(Ordering::Relaxed) > before
        };
        assert!(!wants_more(), "nothing was done yet");
        // The moment may pass within a single poll on a machine with much else to do.
        let stays_awake = (0..100).any(|_| {
            shared.run(|_| ()).expect("an answer");
            wants_more()
        });
        assert!(stays_awake);
        let since = Instant::now();
        while since.elapsed() < AWAKE {
            std::hint::spin_loop();
        }
        assert!(!wants_more(), "the moment is over");
    }
}
