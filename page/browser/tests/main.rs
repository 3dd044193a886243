//! The page in a real browser, against a node, a suite and the page's server, each a process of its own.

mod abi;
mod bundle;
mod sizes;
mod stories;
