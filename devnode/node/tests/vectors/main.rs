//! What a running Nitro answered, asked again here: see README.md beside this file.

mod answers;
mod difference;
#[path = "../forks/far.rs"]
mod far;
mod fork;
mod replay;
mod suite;
#[path = "../../src/cli/vectors/tracer.rs"]
mod tracer;
mod traces;
mod transactions;
