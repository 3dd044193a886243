//! How a process is told to end.

use std::io;

/// Ctrl-C, and on Unix the signals with which systems end their services and terminals what runs in them. From the
/// moment this exists, none of them ends the process by itself.
#[derive(Debug)]
pub(crate) struct Stop {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

#[cfg(unix)]
impl Stop {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// If the system does not let it.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = kinds.map(signal);
        Ok(Self { signals: [interrupt?, terminate?, hangup?] })
    }

    /// Waits until the process is told to end.
    pub(crate) async fn wait(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(windows)]
impl Stop {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// If the system does not let it.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { ctrl_c: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits until the process is told to end.
    pub(crate) async fn wait(&mut self) {
        self.ctrl_c.recv().await;
    }
}
