//! Ending gracefully: one token that everything in a process looks at.

use tokio_util::sync::CancellationToken;

/// Whether the process shall end. Copies are the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(CancellationToken);

impl Stop {
    /// The same, which also stops with the signals by which processes are ended (SIGTERM, Ctrl-C).
    ///
    /// # Errors
    /// If the system gives no signals.
    pub fn with_signals() -> std::io::Result<Self> {
        let stop = Self::default();
        let told = signals()?;
        let caught = stop.clone();
        tokio::spawn(async move {
            told.await;
            caught.stop();
        });
        Ok(stop)
    }

    /// From now on everything ends.
    pub fn stop(&self) {
        self.0.cancel();
    }

    /// Whether it does.
    pub fn is_stopped(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until it does.
    pub async fn stopped(&self) {
        self.0.cancelled().await;
    }

    /// What `work` gives, or nothing if everything ends first.
    pub async fn or<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.0.run_until_cancelled(work).await
    }

    /// Stops with this one, and can be stopped alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child_token())
    }
}

/// What ends with a signal, of which none is missed from now on.
#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The same where there is only Ctrl-C.
#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
