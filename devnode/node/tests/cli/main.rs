//! The command `stylus-devnode` as people run it.

mod options;
mod process;
mod state;
mod vectors;
