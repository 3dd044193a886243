//! What every process of a service needs, whatever the service is about.
//!
//! * [`record`] remembers what a key signed, before a signature leaves the process, so that a key answers once;
//! * [`caution`] decides after a start from when on a key signs;
//! * [`guard`] is both, as everything that signs with a key uses them;
//! * [`origin`] tells a chain that began again from the one before;
//! * [`lock`] keeps a second copy on one machine from running;
//! * [`claims`] sees an account's challenges through to the bounty;
//! * [`key`] signs typed data: a key of this process, or a signer elsewhere;
//! * [`message`] is what processes tell each other: signed, self-contained, and the same however often it arrives;
//! * [`transport`] carries messages: over HTTP, or in memory;
//! * [`serving`] answers over HTTP: `/health`, `/metrics`, and the routes that others add;
//! * [`metrics`] and [`health`] are what those two pages tell;
//! * [`rounds`] is what a part does again and again;
//! * [`stop`] ends everything gracefully, and [`logs`] writes a readable line for each event.
#![deny(missing_docs)]

pub mod caution;
pub mod claims;
pub mod guard;
pub mod health;
pub mod key;
pub mod lock;
pub mod logs;
pub mod message;
pub mod metrics;
pub mod origin;
pub mod record;
pub mod rounds;
pub mod serving;
pub mod stop;
pub mod transport;
