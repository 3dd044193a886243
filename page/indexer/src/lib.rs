//! The events of a suite in a database: what the page reads from.
//!
//! * [`Index`] is the database, a file (SQLite) or a PostgreSQL server, behind one trait, [`storage::Storage`];
//! * [`Follower`] follows a chain into it: piece by piece, back where the chain goes back, and from the start where the
//!   chain began again;
//! * [`tables`] is what follows from events: who has stake with whom, what is on its way, what is disputed;
//! * [`events`] is what happened;
//! * [`catalog`] reads events by the interfaces of the contracts.
//!
//! What contracts can say themselves, such as what shares are worth now, is asked of them, at the block up to which the
//! index is: the index knows whom to ask about.
#![deny(missing_docs)]

pub mod catalog;
pub mod events;
mod follow;
mod index;
mod projection;
mod schema;
pub mod storage;
pub mod tables;

pub use follow::{FollowError, Follower, Rolled, Step};
pub use index::{Index, Snapshot};
pub use projection::ProjectionError;
pub use schema::{Block, Origin};
