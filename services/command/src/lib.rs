//! What processes of services have in common on the command line: [`chain`] says which chain, service and key,
//! [`listening`] where a process listens and remembers, [`games`] who judges what is computed. A service of one's own
//! uses them, too (`restake service new`).
#![deny(missing_docs)]

pub mod chain;
pub mod games;
pub mod listening;
