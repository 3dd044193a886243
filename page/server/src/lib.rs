//! The page for wallets: a folder of files, and the API that they read (`openapi.json`), on this machine alone.
//!
//! The API is read only. It answers from the index ([`restake_indexer`]) and from the contracts, both as of one block,
//! which is the latest when it is asked.
#![deny(missing_docs)]

mod api;
mod bundle;
mod following;
mod http;
mod place;
mod site;
mod view;

pub use http::Serving;
pub use place::Place;

use clap::Args;
use eyre::{Result, ensure};
use restake_daemon::stop::Stop;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// What is served, and where.
#[derive(Debug, Clone, Args)]
pub struct Page {
    /// The port to listen on; 0 for any
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// The address to listen on. Whoever reaches it can read what is on the chain, and nothing else
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    pub listen: IpAddr,
    /// Another name that browsers call this machine by: requests to other names are refused
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// The folder of the page's files [default: page/app/dist of this checkout, which npm makes from page/app]
    #[arg(long, value_name = "FOLDER")]
    pub app: Option<PathBuf>,
    /// Serve the API alone
    #[arg(long, conflicts_with = "app")]
    pub api_only: bool,
    /// Where the suite is
    #[command(flatten)]
    pub place: Place,
}

impl Page {
    /// Serves until the process is told to end.
    ///
    /// # Errors
    /// If the page cannot be built, or nothing can listen there. A node that does not answer is waited for.
    pub async fn run(self) -> Result<()> {
        let stop = Stop::with_signals()?;
        let serving = self.serve(stop).await?;
        println!("The page is at http://{}", serving.address);
        serving.ended().await
    }

    /// Serves until `stop`. Returns once it listens.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn serve(self, stop: Stop) -> Result<Serving> {
        ensure!(self.place.rpc_url.contains("://"), "{} is not a URL", self.place.rpc_url);
        let folder = if self.api_only { None } else { Some(bundle::find(self.app.clone())?) };
        let following = following::Following::start(self.place.clone(), stop.clone());
        http::serve(&self, folder, following, stop).await
    }
}
