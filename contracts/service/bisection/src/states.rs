//! The states of a game, as [`interfaces::IBisection`] numbers them.

/// There is no such game.
pub(crate) const NONE: u8 = 0;
/// The operator names the state in the middle.
pub(crate) const OPERATOR: u8 = 1;
/// The challenger judges it, or executes the step where one is left.
pub(crate) const CHALLENGER: u8 = 2;
/// The challenger left the step to the operator.
pub(crate) const PASSED: u8 = 3;
/// The result is proven wrong, and the freeze has to wait.
pub(crate) const PROVEN: u8 = 4;
/// The result is wrong.
pub(crate) const UPHELD: u8 = 5;
/// It was not shown to be wrong.
pub(crate) const REJECTED: u8 = 6;
/// Nobody could execute the step.
pub(crate) const DRAWN: u8 = 7;
