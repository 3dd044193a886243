//! What a running Nitro answered, asked again here: see README.md beside this file.

mod answers;
mod difference;
#[path = "../forks/far.rs"]
mod far;
mod fork;
mod replay;
mod suite;
mod traces;
mod transactions;
