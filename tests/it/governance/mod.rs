//! The owner's hands on the protocol: limits after a notice, pauses that end by themselves, ownership in two steps.

mod limits;
mod ownership;
mod pauses;
