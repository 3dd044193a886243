//! The options for forks.

use crate::ForkOptions;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// What is forked, and how patiently.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Fork")]
pub(super) struct ForkArguments {
    /// Go on from a block of the Arbitrum node at this URL: what is there is fetched when it is looked at.
    #[arg(long, value_name = "URL")]
    fork_url: Option<String>,
    /// The block. Default: the latest.
    #[arg(long, value_name = "N", alias = "fork-block-number", requires = "fork_url")]
    fork_block: Option<u64>,
    /// How often a request to that node is repeated that got no answer.
    #[arg(long, value_name = "N", default_value_t = 5, requires = "fork_url")]
    retries: u32,
    /// How many milliseconds an answer of that node may take.
    #[arg(long, value_name = "MS", default_value_t = 45_000, requires = "fork_url")]
    timeout: u64,
    /// How many milliseconds to wait before a request is repeated; before each further time it is twice as long.
    #[arg(long, value_name = "MS", default_value_t = 1_000, requires = "fork_url")]
    fork_retry_backoff: u64,
    /// The folder that keeps what was fetched. Default: stylus-devnode in the user's folder for such files.
    #[arg(long, value_name = "FOLDER", requires = "fork_url")]
    cache_path: Option<PathBuf>,
    /// Keep nothing of what was fetched on disk.
    #[arg(long, requires = "fork_url", conflicts_with = "cache_path")]
    no_storage_caching: bool,
}

impl ForkArguments {
    /// What the arguments ask for, if that is a fork.
    pub(super) fn options(self) -> Option<ForkOptions> {
        let mut options = ForkOptions::new(self.fork_url?)
            .retries(self.retries)
            .timeout(Duration::from_millis(self.timeout))
            .backoff(Duration::from_millis(self.fork_retry_backoff));
        if let Some(block) = self.fork_block {
            options = options.block(block);
        }
        match self.cache_path.or_else(usual_folder) {
            Some(folder) if !self.no_storage_caching => Some(options.cache(folder)),
            _ => Some(options),
        }
    }
}

/// Where a user's programs keep what they could fetch again.
fn usual_folder() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(caches.join("stylus-devnode"))
}
