//! The `restake` command.

fn main() {}
