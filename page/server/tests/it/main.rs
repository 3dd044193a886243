//! The page's server and its index, on a chain with the suite.

mod answers;
mod figures;
mod guard;
mod index;
mod killing;
mod nodes;
#[cfg(feature = "postgres")]
mod postgres;
#[expect(dead_code, reason = "other tests have more whims")]
#[path = "../../../../scripts/tests/commands/proxy.rs"]
mod proxy;
mod reorganizations;
mod schema;
mod stage;
