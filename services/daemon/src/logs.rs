//! Logs: a readable line for each event.

use std::io;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The variable that says what is logged: a level, or levels by target (`info,restake_oracle=debug`).
pub const VARIABLE: &str = "RESTAKE_LOG";

/// Writes what happens to the standard error output from now on, as [`VARIABLE`] says; what is worth knowing, unless it
/// says otherwise. A second call changes nothing.
pub fn start() {
    let asked = std::env::var(VARIABLE).ok().and_then(|text| text.parse::<Targets>().ok());
    let usual = Targets::new().with_default(LevelFilter::WARN).with_target("restake", LevelFilter::INFO);
    let line = fmt::layer().compact().with_target(false).with_writer(io::stderr);
    let _ = tracing_subscriber::registry().with(line).with(asked.unwrap_or(usual)).try_init();
}
