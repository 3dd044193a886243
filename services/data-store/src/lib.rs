//! A data store: clients disperse data to the operators of a service, who keep it until nobody can ask for it any more,
//! and prove on chain that they do, or are slashed.
//!
//! * [`coding`] makes leaves of a blob, any half of which give it back;
//! * [`opening`] is a leaf with its proof;
//! * [`assignment`] says which leaves each operator keeps;
//! * [`store`] keeps them on the disk.
#![deny(missing_docs)]

pub mod assignment;
pub mod coding;
pub mod opening;
pub mod store;
