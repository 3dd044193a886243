//! Where a process listens, and to whom it talks.

use crate::chain::Place;
use alloy::primitives::Address;
use clap::Args;
use eyre::{Result, WrapErr};
use restake::attestation::Domain;
use restake_daemon::health::Health;
use restake_daemon::metrics::Metrics;
use restake_daemon::serving::{Route, Server, Serving};
use restake_daemon::stop::Stop;
use restake_daemon::transport::HttpTransport;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The variable with which a process ends when its standard input does.
pub const ENDS_WITH_INPUT: &str = "RESTAKE_ENDS_WITH_INPUT";

/// Where it listens, whom it tells, and where it remembers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Process")]
pub struct Listening {
    /// Where it listens for messages, and serves /health and /metrics
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// The address of another process that shall hear what this one says (http://..); may be given several times
    #[arg(long = "peer", value_name = "URL")]
    pub peers: Vec<String>,
    /// The folder for what must not be forgotten
    #[arg(long, value_name = "FOLDER")]
    pub folder: PathBuf,
    /// How often the chain is looked at (milliseconds)
    #[arg(long, default_value_t = 500, value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub tick: u64,
}

/// What a process has in common with every other.
pub struct Process {
    /// What is counted.
    pub metrics: Metrics,
    /// How it is.
    pub health: Health,
    /// When it ends: also with Ctrl-C, or SIGTERM.
    pub stop: Stop,
    /// What carries messages.
    pub transport: Arc<HttpTransport>,
    /// How often the chain is looked at.
    pub tick: Duration,
}

impl Listening {
    /// What it has in common with others, for messages of a service.
    ///
    /// # Errors
    /// If its folder cannot be made, or a peer's address is none.
    pub async fn process(&self, place: &Place, service: Address) -> Result<Process> {
        std::fs::create_dir_all(&self.folder)
            .wrap_err_with(|| format!("cannot make the folder {}", self.folder.display()))?;
        let (metrics, stop) = (Metrics::default(), Stop::with_signals().wrap_err("no signals")?);
        if std::env::var_os(ENDS_WITH_INPUT).is_some() {
            let stop = stop.clone();
            std::thread::spawn(move || {
                // Nothing comes: it ends when whoever started this process does.
                let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
                stop.stop();
            });
        }
        let domain = Domain::new(place.chain.id().await?, service);
        let transport = HttpTransport::new(domain, &self.peers, metrics.clone(), &stop)?;
        let tick = Duration::from_millis(self.tick);
        Ok(Process { metrics, health: Health::default(), stop, transport, tick })
    }

    /// A file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        Path::new(&self.folder).join(name)
    }

    /// Listens from now on, for messages and with other routes.
    ///
    /// # Errors
    /// If it cannot listen there.
    pub async fn serve(&self, process: &Process, more: Option<(&str, Arc<dyn Route>)>) -> Result<Serving> {
        let mut server = Server::new(process.health.clone(), process.metrics.clone());
        server = server.route("/messages", process.transport.clone());
        if let Some((path, route)) = more {
            server = server.route(path, route);
        }
        let serving = server.serve(self.listen, process.stop.clone()).await?;
        tracing::info!("listens at http://{}", serving.address);
        Ok(serving)
    }
}
