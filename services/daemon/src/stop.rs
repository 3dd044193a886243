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
        let caught = stop.clone();
        #[cfg(unix)]
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::spawn(async move {
            #[cfg(unix)]
            let told = async {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
            };
            #[cfg(not(unix))]
            let told = tokio::signal::ctrl_c();
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
