//! What is forked, and how patiently.

use std::path::PathBuf;
use std::time::Duration;

/// What a node forks: [`DevnodeBuilder::fork`](crate::DevnodeBuilder::fork).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkOptions {
    pub(crate) url: String,
    pub(crate) block: Option<u64>,
    pub(crate) retries: u32,
    pub(crate) timeout: Duration,
    pub(crate) backoff: Duration,
    pub(crate) cache: Option<PathBuf>,
}

impl ForkOptions {
    /// The latest block of the node at this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            block: None,
            retries: 5,
            timeout: Duration::from_secs(45),
            backoff: Duration::from_secs(1),
            cache: None,
        }
    }

    /// Forks this block instead of the latest.
    pub fn block(mut self, number: u64) -> Self {
        self.block = Some(number);
        self
    }

    /// How often a request is repeated that got no answer. Default: 5.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long an answer may take. Default: 45 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long to wait before the first repetition; before each further one it is twice as long. Default: one second.
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// A folder that keeps what was fetched, by URL and block, so that it need not be fetched again. Default: none.
    pub fn cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(folder.into());
        self
    }
}

impl<U: Into<String>> From<U> for ForkOptions {
    fn from(url: U) -> Self {
        Self::new(url)
    }
}
