//! Following the chain beside what is asked, and waiting until the index is as far as the chain.

use crate::api::ApiError;
use crate::place::Place;
use crate::site::Site;
use crate::view::View;
use restake_daemon::stop::Stop;
use restake_indexer::{FollowError, Follower, Step};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often the chain is looked at while nobody asks.
const POLL: Duration = Duration::from_secs(1);

/// How long somebody who asks waits for the index.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// How far it is.
#[derive(Clone)]
struct State {
    /// The number of the look at the chain that found this.
    look: u64,
    found: Found,
}

#[derive(Clone)]
enum Found {
    /// The index is as far as the chain.
    Ready(Arc<Site>),
    /// It is this far.
    Behind(u64),
    /// The node, the deployment or the index is not as it must be.
    Failed(String),
}

/// Following, to be asked.
#[derive(Clone)]
pub(crate) struct Following {
    pub(crate) place: Arc<Place>,
    state: watch::Receiver<State>,
    /// The looks at the chain that began.
    begun: Arc<AtomicU64>,
    wake: Arc<Notify>,
}

impl Following {
    /// Begins.
    pub(crate) fn start(place: Place, stop: Stop) -> Self {
        let first = State { look: 0, found: Found::Failed("the index is being opened".to_owned()) };
        let (told, state) = watch::channel(first);
        let place = Arc::new(place);
        let following = Self { place, state, begun: Arc::default(), wake: Arc::default() };
        let task = following.clone();
        tokio::spawn(async move { stop.or(task.follow(told)).await });
        following
    }

    /// The latest block, when the index is as far.
    pub(crate) async fn now(&self) -> Result<View, ApiError> {
        let (wanted, mut state) = (self.begun.load(Ordering::SeqCst).saturating_add(1), self.state.clone());
        let ready = async {
            loop {
                // A look that had begun before may have missed what whoever asks has seen.
                self.wake.notify_one();
                let now = state.borrow_and_update().clone();
                match now.found {
                    Found::Ready(site) if now.look >= wanted => return View::of(site).await,
                    Found::Failed(why) if now.look >= wanted => return Err(ApiError::Unavailable(why)),
                    _ => {}
                }
                if state.changed().await.is_err() {
                    return Err(ApiError::Unavailable("the page ends".to_owned()));
                }
            }
        };
        match tokio::time::timeout(PATIENCE, ready).await {
            Ok(answer) => answer,
            Err(_) => Err(match self.state.borrow().found.clone() {
                Found::Behind(block) => ApiError::Indexing(format!("the index is at block {block}: ask again")),
                Found::Failed(why) => ApiError::Unavailable(why),
                Found::Ready(_) => ApiError::Unavailable("the node has not answered in time".to_owned()),
            }),
        }
    }

    async fn follow(&self, told: watch::Sender<State>) {
        let tell = |look, found| {
            told.send_replace(State { look, found });
        };
        loop {
            let look = self.begun.fetch_add(1, Ordering::SeqCst).saturating_add(1);
            match Site::open(&self.place).await {
                Ok((site, follower)) => {
                    let why = self.follow_site(&site, follower, &tell).await;
                    tracing::info!(target: "restake_page", "opening everything again: {why}");
                }
                Err(failure) => {
                    tell(look, Found::Failed(format!("{failure:#}")));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Follows until everything has to be opened again. Returns why.
    async fn follow_site(&self, site: &Arc<Site>, mut follower: Follower, tell: &impl Fn(u64, Found)) -> String {
        loop {
            let look = self.begun.fetch_add(1, Ordering::SeqCst).saturating_add(1);
            match follower.step().await {
                Ok(Step::UpToDate(_)) => {
                    tell(look, Found::Ready(site.clone()));
                    // Nobody asking in time is no failure.
                    let _ = tokio::time::timeout(POLL, self.wake.notified()).await;
                }
                Ok(Step::Advanced(block)) => tell(look, Found::Behind(block.number)),
                Ok(Step::RolledBack(rolled)) => {
                    tracing::info!(target: "restake_page", "blocks {} to {} were taken back", rolled.to, rolled.from);
                }
                Ok(Step::Replaced) => {}
                Err(failure @ FollowError::BeganAgain) => return failure.to_string(),
                Err(failure) => {
                    tell(look, Found::Failed(failure.to_string()));
                    tokio::time::sleep(PAUSE).await;
                    // Another chain may be there when the node is back.
                    return failure.to_string();
                }
            }
        }
    }
}
