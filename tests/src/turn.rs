//! The node of another process, which all tests share one after the other.

use eyre::{Result, WrapErr};
use restake::chain::Chain;
use std::sync::{Arc, PoisonError, Weak};
use std::thread::ThreadId;
use tokio::sync::{Mutex, MutexGuard};

/// The node, while a test has it.
static NODE: Mutex<()> = Mutex::const_new(());

/// The thread of the test that has it: each test has one of its own.
static HOLDER: std::sync::Mutex<Option<(ThreadId, Weak<Held>)>> = std::sync::Mutex::new(None);

/// A test's turn. The next one begins when the last of it is dropped.
pub(crate) struct Turn(#[expect(dead_code, reason = "held until it is dropped")] Arc<Held>);

/// The node, held by one test.
struct Held(#[expect(dead_code, reason = "held until it is dropped")] MutexGuard<'static, ()>);

impl Turn {
    /// Waits for the turn, and brings the chain at `url` to `picture`, encoded and in hexadecimal digits. A test that
    /// has the turn already begins anew: its first chain is gone.
    ///
    /// # Errors
    /// If the node does not answer or does not take the picture: it must be one of this repository's, with the same
    /// accounts.
    pub(crate) async fn take(url: &str, picture: &str) -> Result<Self> {
        let this = std::thread::current().id();
        let again = holder().as_ref().filter(|(of, _)| *of == this).and_then(|(_, held)| held.upgrade());
        let held = match again {
            Some(held) => held,
            None => {
                let held = Arc::new(Held(NODE.lock().await));
                *holder() = Some((this, Arc::downgrade(&held)));
                held
            }
        };
        let chain = Chain::connect(url, [])?;
        let node = chain.development().await.wrap_err_with(|| format!("the node at {url} cannot begin a test anew"))?;
        node.load(picture).await.wrap_err_with(|| format!("the node at {url} is not at the picture of the suite"))?;
        Ok(Self(held))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        *holder() = None;
    }
}

fn holder() -> std::sync::MutexGuard<'static, Option<(ThreadId, Weak<Held>)>> {
    HOLDER.lock().unwrap_or_else(PoisonError::into_inner)
}
