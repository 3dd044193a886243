//! What the crate does to whole programs, written as text.

mod blocks;
mod costs;
mod frames;
mod hostile;
mod operators;
mod processing;
mod rules;
mod running;
mod support;
