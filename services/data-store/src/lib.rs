//! A data store: clients disperse data to the operators of a service, who keep it until nobody can ask for it any more,
//! and prove on chain that they do, or are slashed.
//!
//! * [`coding`] makes leaves of a blob, any half of which give it back;
//! * [`opening`] is a leaf with its proof;
//! * [`assignment`] says which leaves each operator keeps;
//! * [`store`] keeps them on the disk;
//! * [`setting`] asks the chain, and [`tasks`] a board what is to be kept;
//! * [`message`] is what clients and operators tell each other;
//! * [`keeper`] is an operator: it keeps, signs, and serves;
//! * [`client`] has data kept, gets it back and samples it, with a [`certificate`] of who promised what;
//! * [`answering`] answers for an operator that is challenged;
//! * [`watching`] samples, challenges who withholds, and claims what that brings.
#![deny(missing_docs)]

pub mod answering;
pub mod assignment;
pub mod certificate;
pub mod client;
pub mod coding;
mod cursor;
pub mod keeper;
pub mod message;
pub mod opening;
pub mod setting;
pub mod store;
pub mod tasks;
pub mod watching;
