//! A node from its start to its end.

use super::state::{Kept, Start};
use super::stop::Stop;
use super::{CliError, NodeArguments};
use crate::{ChainState, Devnode, StateFile};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Prints a line. That nobody reads it any more is no reason to end, and to lose a chain that way.
macro_rules! say {
    ($quiet:expr, $($text:tt)*) => {{
        use std::io::Write;
        if !$quiet {
            let _ = writeln!(std::io::stdout(), $($text)*);
        }
    }};
}

/// A node that runs until its process is told to end, and keeps its chain in a file if asked to.
#[derive(Debug)]
pub struct Session {
    node: Devnode,
    stop: Stop,
    file: Option<StateFile>,
    every: Duration,
    quiet: bool,
}

impl Session {
    /// Starts the node that the options ask for. From here on its chain is written before the process ends, unless it
    /// is killed.
    ///
    /// # Errors
    ///
    /// If the options contradict themselves or a file, or the node does not start.
    pub async fn start(arguments: &NodeArguments) -> Result<Self, CliError> {
        let (mut builder, quiet) = (arguments.builder()?, arguments.quiet);
        let Kept { from, to } = arguments.state.open()?;
        if let Some(Start { state, dropped, path }) = from {
            say!(quiet, "Going on from block {} of {}.", state.block_number(), path.display());
            if dropped > 0 {
                say!(quiet, "Its last {dropped} bytes were not written to their end, and are dropped.");
            }
            builder = builder.state(state);
        }
        let stop = Stop::listen().map_err(CliError::Signals)?;
        let node = builder.spawn().await.map_err(|error| CliError::start(arguments.port, error))?;
        let mut session = Self { node, stop, file: to, every: arguments.state.every(), quiet };
        // If it cannot be written, better now than when there is something to lose.
        session.write().await?;
        Ok(session)
    }

    /// The node.
    pub fn node(&self) -> &Devnode {
        &self.node
    }

    /// Says where the node is, and waits for Ctrl-C or a signal to end.
    ///
    /// # Errors
    ///
    /// If the chain cannot be written, or the node breaks.
    pub async fn serve(mut self) -> Result<(), CliError> {
        self.introduce()?;
        let mut ticks = interval(self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first one comes at once.
        ticks.tick().await;
        loop {
            tokio::select! {
                () = self.stop.wait() => break,
                _ = ticks.tick() => self.write().await?,
            }
        }
        let Self { node, file, quiet, .. } = self;
        let state = node.stop_with_state().await.map_err(CliError::Stop)?;
        say!(quiet, "Stopped.");
        if let Some(file) = file {
            let number = state.block_number();
            let file = follow(file, state).await?;
            say!(quiet, "The chain up to block {number} is in {}.", file.path().display());
        }
        Ok(())
    }

    fn introduce(&self) -> Result<(), CliError> {
        let (node, quiet) = (&self.node, self.quiet);
        let chain_id = node.state().map_err(CliError::Broken)?.chain_id();
        say!(quiet, "\nListening on {} and {}, chain id {chain_id}.", node.http_url(), node.ws_url());
        say!(quiet, "Funded development accounts (their keys are public: never use them elsewhere):");
        for account in node.accounts() {
            say!(quiet, "  {}  key {}", account.address, account.key);
        }
        say!(quiet, "Stop with Ctrl-C.");
        Ok(())
    }

    /// Writes what is new.
    async fn write(&mut self) -> Result<(), CliError> {
        if let Some(file) = self.file.take() {
            let state = self.node.state().map_err(CliError::Broken)?;
            self.file = Some(follow(file, state).await?);
        }
        Ok(())
    }
}

/// Lets a file follow the chain, while the node goes on.
async fn follow(mut file: StateFile, state: ChainState) -> Result<StateFile, CliError> {
    let written = tokio::task::spawn_blocking(move || match file.follow(state) {
        Ok(()) => Ok(file),
        Err(error) => Err(CliError::write(file.path(), error)),
    });
    written.await.map_err(|error| CliError::Stop(error.into()))?
}
