//! What a part of a process does again and again, until everything stops.

use crate::health::Health;
use crate::stop::Stop;
use eyre::Result;
use std::time::Duration;
use tracing::error;

/// In how many rounds a part must be heard of.
const SILENT_ROUNDS: u32 = 3;

/// The least time in which it must be.
const LEAST_PATIENCE: Duration = Duration::from_secs(60);

/// The rounds of a part, which says in `/health` whether the last one ended well. What the end breaks off is found as
/// it is after the next start.
#[derive(Debug)]
pub struct Rounds {
    part: &'static str,
    every: Duration,
    health: Health,
    stop: Stop,
}

impl Rounds {
    /// Begins, with such pauses.
    pub fn new(part: &'static str, every: Duration, health: Health, stop: Stop) -> Self {
        let rounds = Self { part, every, health, stop };
        rounds.is_well();
        rounds
    }

    /// Does a round, and waits for the next; says whether there is one.
    pub async fn next(&self, round: impl Future<Output = Result<()>>) -> bool {
        match self.stop.or(round).await {
            None => {}
            Some(Ok(())) => self.is_well(),
            Some(Err(failure)) => {
                error!("{}: {failure:#}", self.part);
                self.health.ill(self.part, format!("{failure:#}"));
            }
        }
        self.stop.or(tokio::time::sleep(self.every)).await.is_some()
    }

    fn is_well(&self) {
        self.health.well(self.part, self.every.saturating_mul(SILENT_ROUNDS).max(LEAST_PATIENCE));
    }
}
